"""The layer between fields and the coefficients of their low-rank approximation."""

import keras
import numpy as np
from keras import ops

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.fields.incremental_svd import IncrementalSVD
from rnnzoo.fields.scales import mean_of, scaled, unscaled

HORIZONS = 24  # steps ahead whose errors are estimated each; further ones are as the last
LEVELS = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)
# Standard deviations of the normal distribution at these levels, until errors are estimated.
NORMAL = (-2.326, -1.645, -1.282, -0.674, 0.0, 0.674, 1.282, 1.645, 2.326)
BATCH = 64  # fields that are scaled at once: bounds memory
KEPT = 256  # vectors that the SVD keeps at least while it reads: truncation loses small ones
PART = 4  # coefficients are in units of the first one's root mean square over this


@keras.saving.register_keras_serializable(package="rnnzoo")
class FieldBasis(keras.layers.Layer):
    """Coefficients c of fields v, and fields of coefficients ([TH] (7.1)).

        u = scale(v),   c = V (u - m) / a,   u ~ m + a V^T c

    with the mean m and the right singular vectors V of the training fields, and a a quarter of the
    root mean square of the first coefficient. None is trained: `fit_fields` sets them. Cells
    outside the region are 0 in m and V.

    Args:
        size: (height, width, channels).
        rank: int, number of coefficients.
        scale: str, see `rnnzoo.fields.scales`.

    Call arguments:
        inputs: fields (batch, time, height, width, channels), outside the region anything; or
            coefficients (batch, time, rank).
        decode: bool, whether the inputs are coefficients.

    Returns:
        Coefficients of fields, fields of coefficients.
    """

    def __init__(self, size, rank, scale, **kwargs):
        super().__init__(**kwargs)
        self.size, self.rank, self.scale = tuple(size), rank, scale
        cells = int(np.prod(self.size))

        def weight(name, shape, initializer):
            return self.add_weight(
                shape=shape, initializer=initializer, trainable=False, name=name, dtype="float32"
            )

        self.mask = weight("mask", (cells,), "ones")
        self.mean = weight("mean", (cells,), "zeros")
        self.components = weight("components", (rank, cells), "zeros")
        self.unit = weight("unit", (), "ones")
        # Of the errors of predictions, on the scale: standard deviations, and quantiles in units
        # of these.
        self.spread = weight("spread", (HORIZONS, cells), "zeros")
        self.quantiles = weight("quantiles", (len(LEVELS),), "zeros")
        self.quantiles.assign(NORMAL)

    def call(self, inputs, decode=False):
        """Coefficients, or fields."""
        if decode:
            return self.grid(unscaled(self.scale, self.approximated(inputs)))
        deviations = (scaled(self.scale, self.flat(inputs)) - self.mean) * self.mask
        return ops.matmul(deviations, ops.transpose(self.components)) / self.unit

    def initial_states(self, batch):
        """None: a coefficient depends on its own field alone."""
        return []

    def observed(self, inputs, states):
        """([coefficients (batch, time, rank)] of fields, the states after them)."""
        return [self(inputs)], states

    def prepared(self, values):
        """float32 fields as the model reads them, of fields that are NaN outside the region."""
        return np.nan_to_num(values)

    def on_scale(self, fields):
        """Flat values (..., cells) on the scale, of the model's outputs."""
        return scaled(self.scale, self.flat(ops.convert_to_tensor(fields)))

    def is_known(self, u):
        """bool array (cells,): those inside the region."""
        return self.mask > 0

    def flat(self, fields):
        """Values (..., cells), 0 outside the region, of fields (..., height, width, channels)."""
        flat = ops.reshape(fields, (*ops.shape(fields)[:-3], self.mean.shape[0]))
        return ops.where(self.mask > 0, flat, ops.zeros_like(flat))

    def approximated(self, coefficients):
        """Values on the scale, (..., cells), of coefficients (..., rank)."""
        return self.mean + ops.matmul(coefficients * self.unit, self.components)

    def means(self, u, horizon=0):
        """Mean values (..., cells) of predictions u (..., cells) on the scale.

        Args:
            u: array.
            horizon: int, steps ahead from 0.
        """
        spread = self.spread[min(horizon, HORIZONS - 1)]
        return mean_of(self.scale, u, spread) * self.mask

    def at_levels(self, u, levels, horizon=0):
        """Quantiles (..., cells, levels) of predictions u (..., cells) on the scale.

        Args:
            u: array.
            levels: list of float.
            horizon: int, steps ahead from 0.
        """
        factors = ops.matmul(self.quantiles, ops.convert_to_tensor(level_weights(levels)))
        spread = self.spread[min(horizon, HORIZONS - 1)]
        u = u[..., None] + spread[:, None] * factors
        return unscaled(self.scale, u) * self.mask[:, None]

    def grid(self, flat):
        """Fields (..., height, width, channels) of values (..., cells), 0 outside the region."""
        return ops.reshape(flat * self.mask, (*ops.shape(flat)[:-1], *self.size))

    def fit_fields(self, values):
        """Sets mask, mean, vectors and unit by an incremental SVD of fields, in two passes.

        Args:
            values: float32 array (steps, height, width, channels), NaN outside the region.

        Raises:
            InputError: the fields have fewer independent cells or steps than `rank`.
        """
        rows = values.reshape(len(values), -1)
        inside = ~np.isnan(rows).any(axis=0)
        mean, svd = mean_and_svd(rows, inside, self.rank, self.scale)
        if len(svd.components) < self.rank:
            raise InputError(
                f"the fields have rank {len(svd.components)} after their mean is subtracted: a "
                f"model of rank {self.rank} needs as many cells and steps that differ"
            )
        self.mask.assign(inside.astype("float32"))
        self.mean.assign(_spread_out(mean, inside))
        self.components.assign(_spread_out(svd.components[: self.rank], inside))
        self.unit.assign(max(svd.singular_values[0] / np.sqrt(len(rows)) / PART, 1e-6))

    def get_config(self):
        """The constructor's arguments."""
        own = {"size": list(self.size), "rank": self.rank, "scale": self.scale}
        return {**super().get_config(), **own}


def level_weights(levels):
    """float32 array (`LEVELS`, levels): linear interpolation as a matrix.

    The levels are numbers, the quantiles that are interpolated may be symbolic.
    """
    return np.stack([np.interp(levels, LEVELS, row) for row in np.eye(len(LEVELS))]).astype(
        "float32"
    )


def mean_and_svd(rows, inside, rank, scale):
    """Mean on a scale, and the `IncrementalSVD` of the deviations, of which `rank` are accurate.

    Args:
        rows: float32 array (steps, cells).
        inside: bool array (cells,), the cells that are read.
        rank: int.
        scale: str, see `rnnzoo.fields.scales`.

    Returns:
        (float64 array (cells inside,), `IncrementalSVD`).
    """
    parts = [slice(start, start + BATCH) for start in range(0, len(rows), BATCH)]

    def on_scale(part):
        return ops.convert_to_numpy(scaled(scale, rows[part][:, inside]))

    mean = sum(on_scale(part).sum(axis=0, dtype="float64") for part in parts) / len(rows)
    svd = IncrementalSVD(max(2 * rank, KEPT))
    for part in parts:
        svd.update(on_scale(part) - mean)
    return mean, svd


def _spread_out(values, inside):
    """Values (..., cells inside) among zeros (..., cells)."""
    out = np.zeros((*values.shape[:-1], len(inside)), "float32")
    out[..., inside] = values
    return out
