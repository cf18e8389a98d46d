"""A Keras model trained on noisy targets."""

import inspect
import warnings

import keras
from keras import ops

from rnnzoo.layers.nem.annealing import Annealing
from rnnzoo.layers.nem.losses import NEMCategoricalCrossentropy, NEMLoss
from rnnzoo.layers.nem.rules import ADDITIVE
from rnnzoo.layers.nem.schedule import NoiseSchedule
from rnnzoo.layers.nem.settings import NoiseSettings


@keras.saving.register_keras_serializable("rnnzoo")
class NEMModel(keras.Model):
    """Wraps a model and trains it on noisy targets; sets the epoch of all NEM noise inside.

    Theorems 2 and 3 of [NB], with Algorithm 1: the noise n of a target y is kept only where it
    makes the target more probable under the current output a, for each sample, and each step of a
    sequence, on its own:

        classification   y + n  where  n . log a >= 0;   y o n  where  (y o n - y) . log a >= 0
        regression       y + n  or  y o n  where  |y' - a|² <= |y - a|²

    Noise is added in `fit` and `train_on_batch` only; metrics, validation, `evaluate`, `predict`
    and exports use the clean targets. The `loss` in the logs of `fit` is that of the noisy targets,
    which may be negative. A noisy cross entropy has no lower bound: with additive noise keep
    `noise_anneal` above 1.

    Args:
        model: `keras.Model`, with `NEMLSTM` or `NEMGRU` layers or without.
        noise: str, of the targets: `"nem"`, `"blind"`, `"blind_half"`, or `"none"`.
        noise_std, noise_mode, noise_distribution: as for `NEMLSTM`.
        noise_anneal: float; in epoch e (from 0) the deviation is `s (e + 1)^-noise_anneal`.
        seed: int, of the noise.
        **kwargs: as for `keras.Model`.

    Raises:
        ValueError: a setting is out of range; in `compile`, no loss is a NEM loss.

    Example:

    >>> network = keras.Sequential([keras.Input((3, 5)), keras.layers.LSTM(4)])
    >>> model = NEMModel(network)
    >>> model.compile("sgd", NEMCategoricalCrossentropy(from_logits=True))
    """

    def __init__(
        self,
        model,
        *,
        noise="nem",
        noise_std=0.1,
        noise_mode="additive",
        noise_anneal=1.1,
        noise_distribution="gaussian",
        seed=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if not isinstance(model, keras.Model):
            raise ValueError(f"model is {model!r}: give a keras.Model to wrap")
        if isinstance(model, NEMModel):
            raise ValueError("model is an NEMModel already: give the model inside, its .model")
        self.model = model
        self.noise = NoiseSettings(noise, noise_std, noise_mode, noise_anneal, noise_distribution)
        self.annealing = Annealing(self.noise.anneal)
        self.seed = seed
        self.noise_seeds = keras.random.SeedGenerator(seed)
        if model.built:
            self.built = True

    def call(self, inputs, training=None, mask=None):
        """Calls the wrapped model."""
        if mask is not None and not keras.tree.is_nested(mask):
            return self.model(inputs, training=training, mask=mask)
        return self.model(inputs, training=training)

    def compute_output_shape(self, input_shape):
        """That of the wrapped model."""
        return self.model.compute_output_shape(input_shape)

    @property
    def output_names(self):
        """Those of the wrapped model, if it names its outputs."""
        return self.model.output_names

    def compile(self, optimizer="rmsprop", loss=None, *args, **kwargs):
        """As `keras.Model.compile`; noise goes into those outputs whose loss is a NEM loss."""
        losses = [part for part in keras.tree.flatten(loss) if isinstance(part, NEMLoss)]
        if self.noise.on and not losses:
            raise ValueError(
                f"loss is {loss!r}: noisy targets need NEMCategoricalCrossentropy or "
                "NEMMeanSquaredError; for another loss choose noise='none'"
            )
        unsafe = self.noise.on and self.noise.mode == ADDITIVE and self.noise.anneal <= 1
        if unsafe and any(isinstance(part, NEMCategoricalCrossentropy) for part in losses):
            warnings.warn(
                f"noise_anneal={self.noise.anneal}: the cross entropy of noisy targets has no "
                "lower bound, and training can diverge; above 1 it did not",
                stacklevel=2,
            )
        super().compile(optimizer, loss, *args, **kwargs)

    def compile_from_config(self, config):
        """Compiles a loaded model as the saved one was."""
        self.compile(**keras.saving.deserialize_keras_object(config))
        if self.built:
            self.optimizer.build(self.trainable_variables)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        """As `keras.Model.compute_loss`, on noisy targets in training."""
        if training and self.noise.on:
            y = self.noisy_targets(y, y_pred)
        return super().compute_loss(x, y, y_pred, sample_weight, training=training)

    def noisy_targets(self, y, y_pred):
        """Adds noise to the targets of those outputs whose loss is a NEM loss.

        Args:
            y: targets: a tensor, or a list or dict with a tensor per output; or None.
            y_pred: outputs: a tensor, or a list or dict of tensors.

        Returns:
            the targets of one training step, in the structure of `y`.
        """
        if y is None:
            return None
        outputs = self._outputs_by_name(y_pred)
        losses = self._losses_by_name(outputs)
        if isinstance(y, dict):
            return {
                name: self._noisy_target(losses.get(name), target, outputs[name])
                for name, target in y.items()
            }
        targets, names = keras.tree.flatten(y), list(outputs)
        if len(targets) != len(names):  # as Keras: of the outputs that have a loss
            names = [name for name in names if losses.get(name) is not None]
        if len(targets) != len(names):
            return y  # which Keras refuses
        noisy = [
            self._noisy_target(losses.get(name), target, outputs[name])
            for name, target in zip(names, targets, strict=True)
        ]
        return keras.tree.pack_sequence_as(y, noisy)

    def _outputs_by_name(self, y_pred):
        """Dict from the name of an output, or its index if it has none, to its tensor."""
        if isinstance(y_pred, dict):
            return dict(y_pred)
        outputs = keras.tree.flatten(y_pred)
        names = getattr(self, "output_names", range(len(outputs)))
        return dict(zip(names, outputs, strict=True))

    def _losses_by_name(self, names):
        """Dict from the name of an output to its loss; a single loss is that of every output."""
        if isinstance(self.loss, dict):
            return self.loss
        if self.loss is None or isinstance(self.loss, NEMLoss):
            return dict.fromkeys(names, self.loss)
        losses = keras.tree.flatten(self.loss)
        if len(names) == 1 < len(losses):  # their sum
            losses = [next((loss for loss in losses if isinstance(loss, NEMLoss)), losses[0])]
        return dict(zip(names, losses, strict=True))

    def _noisy_target(self, loss, y, y_pred):
        """The noisy target of one output, (..., K); `y` itself without a NEM loss."""
        if not isinstance(loss, NEMLoss):
            return y
        y_pred = ops.cast(y_pred, "float32")
        y = loss.targets(y, y_pred)
        unit = self.noise.draw(tuple(ops.shape(y_pred)), self.noise_seeds)
        scale = self.noise.std * self.annealing.scale()
        return loss.noisy_targets(y, y_pred, unit, scale, self.noise)

    def fit(self, *args, **kwargs):
        """As `keras.Model.fit`, with a `NoiseSchedule`."""
        arguments = inspect.signature(super().fit).bind(*args, **kwargs).arguments
        schedule, callbacks = NoiseSchedule(), arguments.get("callbacks")
        if isinstance(callbacks, keras.callbacks.CallbackList):
            schedule.set_model(self)
            callbacks.callbacks.insert(0, schedule)
        else:
            arguments["callbacks"] = [schedule, *keras.tree.flatten(callbacks or [])]
        return super().fit(**arguments)

    def export(self, *args, **kwargs):
        """Exports the wrapped model, which has the same outputs."""
        self.model.export(*args, **kwargs)

    def set_noise_epoch(self, epoch):
        """Sets the epoch of all noise, an int from 0, for loops of `train_on_batch`."""
        schedule = NoiseSchedule()
        schedule.set_model(self)
        schedule.on_epoch_begin(epoch)

    @property
    def variables(self):
        """All state, with the scale of annealed noise, which is not a weight."""
        return [*super().variables, *self.annealing.variables]

    def get_config(self):
        """The arguments of the constructor."""
        return {
            **super().get_config(),
            **self.noise.get_config(),
            "model": keras.saving.serialize_keras_object(self.model),
            "seed": self.seed,
        }

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """The model that `get_config` describes."""
        config = dict(config)
        model = keras.saving.deserialize_keras_object(
            config.pop("model"), custom_objects=custom_objects
        )
        return cls(model, **config)
