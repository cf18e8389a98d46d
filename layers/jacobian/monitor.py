"""How far back gradients reach: singular values and norms by lag, in TensorBoard."""

import numpy as np

from rnnzoo.layers.callbacks.event_file import EventFile
from rnnzoo.layers.common.arguments import whole_number
from rnnzoo.layers.jacobian.spectrum import last_gradients, log_norms, spectrum
from rnnzoo.layers.jacobian.trajectories import record_trajectories

# Lags at which products and gradients are written, up to the length of the sequences.
LAGS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


class JacobianMonitor(EventFile):
    """Writes Jacobian and gradient norms of every recurrent layer, measured on one batch.

    `jacobian/LAYER/singular_values`: histogram of those of `samples` steps;
    `jacobian/LAYER/smallest`, `median`, `largest`, `rms`: of the same;
    `jacobian/LAYER/log10_product/K`: of P(K), see `jacobian_product_norms`, its mean over samples;
    `gradient/LAYER/log10_norm/K`: of the loss's gradient K steps before the last one, likewise.

    Means leave out samples whose product or gradient is 0. No gradient is written for a layer whose
    output is not its first state. A measurement takes some seconds for sequences of a thousand
    steps; `every` reduces their number. All state of the model is restored, so that a training
    gives the same weights with the callback and without. It writes with TensorFlow on every
    backend.

    Args:
        folder: path of the folder for the event files.
        batch: (x, y), arrays of one batch; a few samples are enough.
        every: int, epochs between two measurements.
        samples: int, number of (sample, step) pairs for the singular values; None for all.

    Raises:
        ValueError: `batch` is not a pair, or `every` or `samples` is no integer of at least 1.
    """

    def __init__(self, folder, batch, every=1, samples=64):
        super().__init__(folder, every)
        if not (isinstance(batch, tuple | list) and len(batch) == 2):
            raise ValueError(f"batch is of type {type(batch).__name__}: give (x, y), arrays")
        self._batch = batch
        self._samples = samples if samples is None else whole_number("samples", samples)

    def write(self, step):
        """Measures and writes."""
        import tensorflow as tf

        x, y = self._batch
        trajectories = record_trajectories(self.model, x)
        observable = {name: t for name, t in trajectories.items() if t.outputs_first_state()}
        gradients = last_gradients(self.model, x, y, observable)
        for layer, trajectory in trajectories.items():
            name, values = f"jacobian/{layer}", spectrum(trajectory, self._samples, seed=step)
            tf.summary.histogram(f"{name}/singular_values", values)
            tf.summary.scalar(f"{name}/smallest", values.min())
            tf.summary.scalar(f"{name}/median", np.median(values))
            tf.summary.scalar(f"{name}/largest", values.max())
            tf.summary.scalar(f"{name}/rms", np.sqrt(np.mean(values**2)))
            products, *norms = log_norms(trajectory, None, *gradients.get(layer, []))
            self._write_lags(f"{name}/log10_product", products)
            for gradient_norms in norms:
                self._write_lags(f"gradient/{layer}/log10_norm", gradient_norms)

    def _write_lags(self, name, logs):
        """Writes the mean over samples of natural logarithms (batch, lags), as log10, by lag."""
        import tensorflow as tf

        for lag in LAGS:
            if lag < logs.shape[1]:
                finite = logs[:, lag][np.isfinite(logs[:, lag])]
                if len(finite):
                    tf.summary.scalar(f"{name}/{lag}", np.mean(finite) / np.log(10))
