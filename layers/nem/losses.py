"""Losses whose gradient is right for noisy targets."""

import keras
from keras import ops

from rnnzoo.layers.nem import rules


def from_step(values, first_step):
    """Weights the losses (batch, time) of the steps: 0 before t0, T / (T - t0) from t0 on.

    The mean over all steps is then the mean over the steps from t0, as the sum of (30) in [NB].
    Under a mask Keras takes the mean over the valid steps, which is the same up to a factor.

    Raises:
        ValueError: t0 is not below T.
    """
    if first_step == 0 or len(values.shape) < 2:
        return values
    if values.shape[1] is not None and first_step >= values.shape[1]:
        raise ValueError(
            f"first_step is {first_step}: targets have {values.shape[1]} steps, from 0"
        )
    steps = ops.shape(values)[1]
    mask = ops.cast(ops.arange(steps) >= first_step, values.dtype)
    return values * mask * (ops.cast(steps, values.dtype) / ops.sum(mask))


def match_targets(y_true, y_pred, accepted="targets in the form of the outputs"):
    """`y_true` as a tensor of the type of `y_pred`.

    Args:
        y_true, y_pred: tensors.
        accepted: str, what the error message asks for.

    Raises:
        ValueError: the rank or the number of outputs differs, and would be broadcast.
    """
    if len(y_true.shape) != len(y_pred.shape) or y_true.shape[-1] != y_pred.shape[-1]:
        raise ValueError(
            f"targets have shape {tuple(y_true.shape)} and outputs {tuple(y_pred.shape)}: "
            f"give {accepted}"
        )
    return ops.cast(y_true, y_pred.dtype)


def one_hot_targets(y_true, y_pred):
    """`y_true` as `match_targets`; class labels become one-hot vectors.

    Args:
        y_true: tensor of the shape of `y_pred`; or labels from 0 to K - 1, (...) or (..., 1).
        y_pred: tensor (..., K).

    Returns:
        tensor (..., K); NaN for a label out of range.

    Raises:
        ValueError: as `match_targets`.
    """
    rank, classes = len(y_pred.shape), y_pred.shape[-1]
    labels = None
    if len(y_true.shape) == rank - 1:
        labels = y_true
    elif len(y_true.shape) == rank and y_true.shape[-1] == 1 != classes:
        labels = ops.squeeze(y_true, axis=-1)
    if labels is None:
        return match_targets(y_true, y_pred, "one-hot classes, or their integer labels")
    labels = ops.cast(labels, "int32")
    valid = ops.logical_and(labels >= 0, labels < classes)
    one_hot = ops.one_hot(labels, classes, dtype=y_pred.dtype)
    return ops.where(valid[..., None], one_hot, float("nan"))


class NEMLoss(keras.losses.Loss):
    """Base of the NEM losses: the first step of the sum over time, and the rule for noise."""

    # Function (y_true, y_pred) -> the targets as a tensor of the shape and type of `y_pred`.
    targets = staticmethod(match_targets)

    def __init__(self, first_step=0, **kwargs):
        super().__init__(**kwargs)
        if isinstance(first_step, bool) or not isinstance(first_step, int) or first_step < 0:
            raise ValueError(f"first_step is {first_step!r}: give an int of at least 0")
        self.first_step = first_step

    def noisy_targets(self, y_true, y_pred, unit, scale, settings):
        """Adds noise to the targets of one training step (Algorithm 1 of [NB]).

        Args:
            y_true: tensor (..., K).
            y_pred: tensor (..., K).
            unit: tensor (..., K), unit noise.
            scale: float or scalar tensor, s.
            settings: `NoiseSettings`.

        Returns:
            tensor (..., K); no gradient reaches `y_pred` through it.
        """
        y_pred = ops.stop_gradient(y_pred)
        noisy = settings.noisy(y_true, unit, scale)
        return settings.select(y_true, noisy, lambda: self.gain(y_true, noisy, y_pred))

    def gain(self, y_true, noisy, y_pred):
        """log p(noisy target) - log p(target), tensor (...); defined by each loss."""
        raise NotImplementedError

    def get_config(self):
        """The arguments of the constructor."""
        return {**super().get_config(), "first_step": self.first_step}


@keras.saving.register_keras_serializable("rnnzoo")
class NEMCategoricalCrossentropy(NEMLoss):
    """Cross entropy of noisy targets: (39) of [NB], -sum_k y_k log a_k.

    Its gradient with respect to the logits is `a * sum(y) - y` for any y. A fused cross entropy
    returns `a - y`, which is right only for targets that sum to 1, and noisy ones do not.

    Args:
        from_logits: bool, whether `y_pred` are logits or probabilities. Logits are more exact,
            since a probability can round to 0.
        first_step: int, t0; with targets at every step, the first step in the loss.
        **kwargs: as for `keras.losses.Loss`.

    Call arguments:
        y_true: tensor (batch, K) or (batch, time, K), one-hot; or the integer labels of the
            classes, (batch,) or (batch, time). A label out of range makes the loss NaN.
        y_pred: tensor (batch, K) or (batch, time, K).
    """

    targets = staticmethod(one_hot_targets)

    def __init__(
        self, from_logits=False, first_step=0, name="nem_categorical_crossentropy", **kwargs
    ):
        super().__init__(first_step=first_step, name=name, **kwargs)
        self.from_logits = from_logits

    def log_activation(self, y_pred):
        """log a, tensor (..., K)."""
        if self.from_logits:
            return ops.log_softmax(y_pred, axis=-1)
        return ops.log(ops.maximum(y_pred, keras.config.epsilon()))

    def call(self, y_true, y_pred):
        """The loss of each sample (batch,), or of each sample and step (batch, time)."""
        y_true = self.targets(y_true, y_pred)
        return from_step(-ops.sum(y_true * self.log_activation(y_pred), axis=-1), self.first_step)

    def gain(self, y_true, noisy, y_pred):
        """(40) and (41) of [NB]."""
        return rules.categorical_gain(y_true, noisy, self.log_activation(y_pred))

    def get_config(self):
        """The arguments of the constructor."""
        return {**super().get_config(), "from_logits": self.from_logits}


@keras.saving.register_keras_serializable("rnnzoo")
class NEMMeanSquaredError(NEMLoss):
    """Mean squared error of noisy targets: (43) of [NB], as the mean over the K outputs.

    Args:
        first_step: int, t0; with targets at every step, the first step in the loss.
        **kwargs: as for `keras.losses.Loss`.

    Call arguments:
        y_true: tensor (batch, K) or (batch, time, K).
        y_pred: tensor of the same shape, the output of identity neurons.
    """

    def __init__(self, first_step=0, name="nem_mean_squared_error", **kwargs):
        super().__init__(first_step=first_step, name=name, **kwargs)

    def call(self, y_true, y_pred):
        """The loss of each sample (batch,), or of each sample and step (batch, time)."""
        y_true = self.targets(y_true, y_pred)
        return from_step(ops.mean(ops.square(y_true - y_pred), axis=-1), self.first_step)

    def gain(self, y_true, noisy, y_pred):
        """(48) of [NB]."""
        return rules.gaussian_gain(y_true, noisy, y_pred)
