"""Values of weather parameters as cells on which their deviations are about normal, and back."""

import numpy as np
from keras import ops

from rnnzoo.datasets.common.errors import InputError, shown

SCALES = ("none", "percent", "fraction", "sqrt", "angle", "rain")
HIGHEST = {"percent": 100.0, "fraction": 1.0}
WET = 0.1  # mm: a day with less rain is dry
RARE = 0.05  # probability of rain, at least, that an amount is divided by
# Of the unit of the place's amounts: the mean of a wet day is not less. See benchmarks/rain.py.
LEAST_SHARE = 0.5
TINY = 1e-6
KNOTS = np.linspace(0.0, 1.0, 21)  # levels of the distribution of the amount of a wet day
DEGREE = np.pi / 180


class ParameterCells:
    """The cells of weather parameters.

    A direction is the two cells sin and cos; rain the two cells 1 on a wet day, else 0, and the
    amount; a speed or an amount of vapour its square root; other values themselves.

    Rain is 0 with the probability of a dry day, else a multiple of the mean of a wet day, which is
    the amount over the probability, or more: a regression of the amount can be about 0, or below,
    where rain is rare.

    Args:
        scales: dict from parameter to one of `SCALES`, in the order of the channels.

    Attributes:
        parameter: int array (cells,), of which channel each cell is.
        first: int array (parameters,), the first cell of each channel.
        directions: bool array (cells,), the first cells of directions.
        least_share: float, of the unit of amounts: the least mean of a wet day.

    Raises:
        InputError: there is no parameter, or a scale is none of `SCALES`.

    Example:

    >>> cells = ParameterCells({"WD10M": "angle", "PRECTOTCORR": "rain"})
    >>> cells.names
    ['WD10M sin', 'WD10M cos', 'PRECTOTCORR wet', 'PRECTOTCORR amount']
    >>> [round(float(cell), 3) for cell in cells.scaled([[30.0, 2.5]])[0]]
    [0.5, 0.866, 1.0, 2.5]
    """

    def __init__(self, scales):
        for parameter, scale in scales.items():
            if scale not in SCALES:
                raise InputError(
                    f"the scale of {parameter} is {shown(scale)}: choose one of {', '.join(SCALES)}"
                )
        if not scales:
            raise InputError("there is no parameter: give one or more")
        parts = {"angle": ("sin", "cos"), "rain": ("wet", "amount")}
        rows = [
            (channel, f"{parameter} {part}".strip(), part or scale)
            for channel, (parameter, scale) in enumerate(scales.items())
            for part in parts.get(scale, ("",))
        ]
        self.scales, self.least_share = dict(scales), LEAST_SHARE
        self.parameter = np.array([channel for channel, _, _ in rows])
        self.first = np.searchsorted(self.parameter, np.arange(len(scales)))
        self._last = np.append(self.first[1:], len(rows)) - 1
        self.names = [name for _, name, _ in rows]
        self.directions = np.array([kind == "sin" for _, _, kind in rows])
        self._kinds = np.array([kind for _, _, kind in rows])
        self._scale_of = np.array(list(scales.values()))
        bounds = {"wet": (0.0, 1.0), "amount": (0.0, np.inf), "sqrt": (0.0, np.inf)}
        bounds |= {scale: (0.0, highest) for scale, highest in HIGHEST.items()}
        limits = [bounds.get(kind, (-np.inf, np.inf)) for kind in self._kinds]
        self._low, self._high = np.array(limits, "float32").T

    def __len__(self):
        return len(self.names)

    def scaled(self, values):
        """Cells (..., cells) of values (..., parameters) without NaN."""
        v = ops.take(ops.convert_to_tensor(values, "float32"), self.parameter, axis=-1)
        u = ops.where(self._kinds == "sqrt", ops.sqrt(ops.maximum(v, 0.0)), v)
        u = ops.where(self._kinds == "sin", ops.sin(v * DEGREE), u)
        u = ops.where(self._kinds == "cos", ops.cos(v * DEGREE), u)
        return ops.where(self._kinds == "wet", ops.cast(v >= WET, "float32"), u)

    def possible(self, u):
        """Cells (..., cells) inside the range of their parameters."""
        return ops.clip(u, self._low, self._high)

    def means(self, u, spread, unit):
        """Mean values (..., parameters) of cells.

        Args:
            u: array (..., cells), predictions.
            spread: array (..., cells), standard deviations of their errors.
            unit: array (..., cells), units of the place.
        """
        first, second, scale = self._parts(u)
        deviation = ops.take(spread, self.first, axis=-1)
        mean = ops.where(scale == "sqrt", ops.square(first) + ops.square(deviation), first)
        mean = ops.where(scale == "angle", _degrees(first, second), mean)
        return ops.where(scale == "rain", first * self.wet_means(u, unit), mean)

    def wet_means(self, u, unit):
        """Mean amounts (..., parameters) of wet days, at least `WET`; anything of what is no rain.

        Args:
            u, unit: see `means`.
        """
        probability, amount, _ = self._parts(u)
        least = ops.maximum(self.least_share * ops.take(unit, self._last, axis=-1), WET)
        return ops.maximum(amount / ops.maximum(probability, RARE), least)

    def at_levels(self, u, spread, unit, factors, wet, levels):
        """Quantiles (..., parameters, levels) of cells.

        Those of a direction are on both sides of its mean, modulo 360. Those of rain are 0 up to
        the probability of a dry day, and at least `WET` beyond.

        Args:
            u, spread, unit: see `means`; the spread of a direction is that of its first cell, in
                degrees.
            factors: array (parameters, levels), quantiles of errors in units of their spread.
            wet: array (knots,), quantiles at `KNOTS` of the amount of a wet day over its mean.
            levels: array (levels,).
        """
        first, second, scale = self._parts(u)
        deviation = ops.take(spread, self.first, axis=-1)
        error = deviation[..., None] * factors
        scale = scale[:, None]
        value = first[..., None] + error
        low, high = (limit[self.first][:, None] for limit in (self._low, self._high))
        value = ops.clip(value, low, high)
        value = ops.where(scale == "sqrt", ops.square(value), value)
        direction = _degrees(first, second)[..., None] + error
        value = ops.where(scale == "angle", ops.mod(direction, 360.0), value)
        dry = 1.0 - first[..., None]
        level = ops.clip((levels - dry) / ops.maximum(first, TINY)[..., None], 0.0, 1.0)
        share = ops.clip((level[..., None] - KNOTS[:-1]) / np.diff(KNOTS), 0.0, 1.0)
        relative = wet[0] + ops.sum(share * (wet[1:] - wet[:-1]), axis=-1)
        rain = ops.maximum(self.wet_means(u, unit)[..., None] * relative, WET)
        rain = ops.where(levels > dry, rain, ops.zeros_like(rain))
        return ops.where(scale == "rain", rain, value)

    def _parts(self, u):
        """(first cells, second cells or the same (..., parameters), scales (parameters,))."""
        u = self.possible(u)
        second = ops.take(u, self._last, axis=-1)
        return ops.take(u, self.first, axis=-1), second, self._scale_of


def wrapped(degrees):
    """Differences of directions, from -180 to below 180.

    Args:
        degrees: array (...).

    Example:

    >>> wrapped(np.array([350.0, -200.0])).tolist()
    [-10.0, 160.0]
    """
    return (degrees + 180) % 360 - 180


def _degrees(sine, cosine):
    return ops.mod(ops.arctan2(sine, cosine) / DEGREE, 360.0)
