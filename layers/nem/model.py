"""A Keras model that is trained on noisy targets."""

import inspect
import warnings

import keras
from keras import ops

from rnnzoo.layers.nem.annealing import Annealing
from rnnzoo.layers.nem.losses import NEMCategoricalCrossentropy, NEMLoss, in_form
from rnnzoo.layers.nem.rules import ADDITIVE
from rnnzoo.layers.nem.schedule import NoiseSchedule
from rnnzoo.layers.nem.settings import NoiseSettings


@keras.saving.register_keras_serializable("rnnzoo")
class NEMModel(keras.Model):
    """Wraps a model: noise in the targets, and the epoch for all NEM noise inside.

    Theorems 2 and 3 of [NB], with Algorithm 1: for each sample, and each step where there are
    several, the noise n of a target y is kept where it makes the target more probable under the
    current output a, and only there:

        classification   y + n  where  n . log a >= 0;   y o n  where  (y o n - y) . log a >= 0
        regression       y + n  or  y o n  where  |y' - a|² <= |y - a|²

    Noise is added in `fit` and `train_on_batch` only; metrics, validation, `evaluate`, `predict`
    and exports see the clean targets. The `loss` that `fit` shows is the noisy one, which may be
    negative. Training on a noisy cross entropy has no lower bound: with additive noise keep
    `noise_anneal` above 1.

    Args:
        model: `keras.Model`, with `NEMLSTM` or `NEMGRU` layers or without.
        noise: of the targets: `"nem"`, `"blind"`, `"blind_half"`, or `"none"`.
        noise_std, noise_mode, noise_distribution: as for `NEMLSTM`.
        noise_anneal: float; in epoch e (from 0) the deviation is `s (e + 1)^-noise_anneal`.
        seed: int, of the noise.
        **kwargs: as for `keras.Model`.

    Raises:
        ValueError: a setting is wrong; in `compile`, no loss is one of the NEM losses.

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
        """The output of the model inside."""
        if mask is not None and not keras.tree.is_nested(mask):
            return self.model(inputs, training=training, mask=mask)
        return self.model(inputs, training=training)

    def compute_output_shape(self, input_shape):
        """As the model inside."""
        return self.model.compute_output_shape(input_shape)

    @property
    def output_names(self):
        """As the model inside, where it has names for its outputs."""
        return self.model.output_names

    def compile(self, optimizer="rmsprop", loss=None, *args, **kwargs):
        """As `keras.Model.compile`; noise goes into those outputs whose loss is a NEM loss."""
        losses = [one for one in keras.tree.flatten(loss) if isinstance(one, NEMLoss)]
        if self.noise.on and not losses:
            raise ValueError(
                f"loss is {loss!r}: noisy targets need NEMCategoricalCrossentropy or "
                "NEMMeanSquaredError; for another loss choose noise='none'"
            )
        unsafe = self.noise.on and self.noise.mode == ADDITIVE and self.noise.anneal <= 1
        if unsafe and any(isinstance(one, NEMCategoricalCrossentropy) for one in losses):
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
        """The targets of one training step, in the structure of `y`."""
        if y is None:
            return None
        if isinstance(y_pred, dict):
            outputs = dict(y_pred)
        else:
            flat = keras.tree.flatten(y_pred)
            outputs = dict(zip(getattr(self, "output_names", range(len(flat))), flat, strict=True))
        if isinstance(self.loss, dict):
            losses = self.loss
        elif self.loss is None or isinstance(self.loss, NEMLoss):
            losses = dict.fromkeys(outputs, self.loss)
        else:
            losses = dict(zip(outputs, keras.tree.flatten(self.loss), strict=True))
        if isinstance(y, dict):
            return {
                name: self._noisy_target(losses.get(name), target, outputs[name])
                for name, target in y.items()
            }
        targets = zip(outputs.items(), keras.tree.flatten(y), strict=True)
        noisy = [
            self._noisy_target(losses.get(name), target, output)
            for (name, output), target in targets
        ]
        return keras.tree.pack_sequence_as(y, noisy)

    def _noisy_target(self, loss, y, y_pred):
        if not isinstance(loss, NEMLoss):
            return y
        y_pred = ops.cast(y_pred, "float32")
        y = in_form(y, y_pred)
        unit = self.noise.draw(tuple(ops.shape(y_pred)), self.noise_seeds)
        scale = self.noise.std * self.annealing.scale()
        return loss.noisy_targets(y, y_pred, unit, scale, self.noise)

    def fit(self, *args, **kwargs):
        """As `keras.Model.fit`, with a `NoiseSchedule`."""
        given = inspect.signature(super().fit).bind(*args, **kwargs).arguments
        schedule, callbacks = NoiseSchedule(), given.get("callbacks")
        if isinstance(callbacks, keras.callbacks.CallbackList):
            schedule.set_model(self)
            callbacks.callbacks.insert(0, schedule)
        else:
            given["callbacks"] = [schedule, *keras.tree.flatten(callbacks or [])]
        return super().fit(**given)

    def export(self, *args, **kwargs):
        """Exports the model inside, whose outputs are these."""
        self.model.export(*args, **kwargs)

    def set_noise_epoch(self, epoch):
        """Tells all noise the epoch, an int from 0, for `train_on_batch` loops."""
        schedule = NoiseSchedule()
        schedule.set_model(self)
        schedule.on_epoch_begin(epoch)

    @property
    def variables(self):
        """All state, with the scale of an annealed noise, which is none of the weights."""
        return [*super().variables, *self.annealing.variables]

    def get_config(self):
        """The arguments of the constructor."""
        return {
            **super().get_config(),
            **self.noise.config(),
            "model": keras.saving.serialize_keras_object(self.model),
            "seed": self.seed,
        }

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """The model of `get_config`."""
        config = dict(config)
        inner = config.pop("model")
        inner = keras.saving.deserialize_keras_object(inner, custom_objects=custom_objects)
        return cls(inner, **config)
