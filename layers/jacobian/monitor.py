"""How far back gradients reach, in TensorBoard."""

import numpy as np

from rnnzoo.layers.event_file import EventFile
from rnnzoo.layers.jacobian.spectrum import last_gradients, log_norms, spectrum
from rnnzoo.layers.jacobian.visits import visited

# Products and gradients are shown at these lags, as far as the sequences reach.
LAGS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


class JacobianMonitor(EventFile):
    """Writes, for every recurrent layer after every epoch, measured on one batch:

    `jacobian/LAYER/singular_values`: histogram of those of `samples` steps;
    `jacobian/LAYER/smallest`, `median`, `largest`, `rms`: of the same;
    `jacobian/LAYER/log10_product/K`: of P(K), see `jacobian_product_norms`, its mean over samples;
    `gradient/LAYER/log10_norm/K`: of the loss's gradient K steps before the last one, likewise.

    An infinite logarithm, of a product that is 0, is left out. All state of the model is put back,
    so a training takes the same course with it and without. It writes with TensorFlow, whatever
    the backend.

    Args:
        folder: path of the folder for the event files.
        batch: (x, y), arrays of one batch; a few samples are enough.
        every: int, epochs between two measurements.
        samples: int, how many (sample, step) pairs the singular values are of.
    """

    def __init__(self, folder, batch, every=1, samples=64):
        super().__init__(folder, every)
        self._batch, self._samples = batch, samples

    def write(self, step):
        """Measures and writes."""
        import tensorflow as tf

        x, y = self._batch
        visits = visited(self.model, x)
        gradients = last_gradients(self.model, x, y, visits)
        for one, gradient in zip(visits, gradients, strict=True):
            name, values = f"jacobian/{one.layer.name}", spectrum(one, self._samples, seed=step)
            tf.summary.histogram(f"{name}/singular_values", values)
            tf.summary.scalar(f"{name}/smallest", values.min())
            tf.summary.scalar(f"{name}/median", np.median(values))
            tf.summary.scalar(f"{name}/largest", values.max())
            tf.summary.scalar(f"{name}/rms", np.sqrt(np.mean(values**2)))
            products, norms = log_norms(one, None, gradient)
            self._lags(f"{name}/log10_product", products)
            self._lags(f"gradient/{one.layer.name}/log10_norm", norms)

    def _lags(self, name, logs):
        import tensorflow as tf

        for lag in LAGS:
            if lag < logs.shape[1]:
                mean = np.mean(logs[:, lag]) / np.log(10)
                if np.isfinite(mean):
                    tf.summary.scalar(f"{name}/{lag}", mean)
