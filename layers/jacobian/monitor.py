"""How far back gradients reach, in TensorBoard."""

import numpy as np

from rnnzoo.layers.callbacks.event_file import EventFile
from rnnzoo.layers.common.arguments import whole_number
from rnnzoo.layers.jacobian.spectrum import last_gradients, log_norms, spectrum
from rnnzoo.layers.jacobian.trajectories import record_trajectories

# Products and gradients are shown at these lags, as far as the sequences reach.
LAGS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


class JacobianMonitor(EventFile):
    """Writes, for every recurrent layer after every epoch, measured on one batch:

    `jacobian/LAYER/singular_values`: histogram of those of `samples` steps;
    `jacobian/LAYER/smallest`, `median`, `largest`, `rms`: of the same;
    `jacobian/LAYER/log10_product/K`: of P(K), see `jacobian_product_norms`, its mean over samples;
    `gradient/LAYER/log10_norm/K`: of the loss's gradient K steps before the last one, likewise.

    A mean leaves out the samples whose product or gradient is 0. There is no gradient of a layer
    whose output is not its first state. A measurement takes some seconds where sequences have a
    thousand steps: `every` spares some. All state of the model is put back,
    so a training takes the same course with it and without. It writes with TensorFlow, whatever
    the backend.

    Args:
        folder: path of the folder for the event files.
        batch: (x, y), arrays of one batch; a few samples are enough.
        every: int, epochs between two measurements.
        samples: int, how many (sample, step) pairs the singular values are of; None for all.

    Raises:
        ValueError: an argument is none of these.
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
        visits = record_trajectories(self.model, x)
        states = {name: one for name, one in visits.items() if one.says_its_state()}
        gradients = last_gradients(self.model, x, y, states)
        for layer, one in visits.items():
            name, values = f"jacobian/{layer}", spectrum(one, self._samples, seed=step)
            tf.summary.histogram(f"{name}/singular_values", values)
            tf.summary.scalar(f"{name}/smallest", values.min())
            tf.summary.scalar(f"{name}/median", np.median(values))
            tf.summary.scalar(f"{name}/largest", values.max())
            tf.summary.scalar(f"{name}/rms", np.sqrt(np.mean(values**2)))
            products, *norms = log_norms(one, None, *gradients.get(layer, []))
            self._lags(f"{name}/log10_product", products)
            for found in norms:
                self._lags(f"gradient/{layer}/log10_norm", found)

    def _lags(self, name, logs):
        import tensorflow as tf

        for lag in LAGS:
            if lag < logs.shape[1]:
                finite = logs[:, lag][np.isfinite(logs[:, lag])]
                if len(finite):
                    tf.summary.scalar(f"{name}/{lag}", np.mean(finite) / np.log(10))
