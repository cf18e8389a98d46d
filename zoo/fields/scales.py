"""Scales on which fields are compressed: counts have a variance that grows with their mean."""

from keras import ops

from rnnzoo.datasets.common.errors import InputError, shown

SCALES = ("sqrt", "log", "none")
HIGHEST = 20.0  # of a logarithm: the exponential of more is beyond any count


def checked_scale(scale):
    """A name of `SCALES`.

    Raises:
        InputError: it is none.
    """
    if scale not in SCALES:
        raise InputError(f"scale is {shown(scale)}: choose one of {', '.join(SCALES)}")
    return scale


def scaled(scale, values):
    """sqrt(v), log(1 + v) or v of values v; of values below 0, the first two are 0."""
    if scale == "sqrt":
        return ops.sqrt(ops.maximum(values, 0.0))
    return ops.log1p(ops.maximum(values, 0.0)) if scale == "log" else values


def unscaled(scale, u):
    """The values v of which `scaled` is u; 0 of values below 0, where there are none."""
    if scale == "sqrt":
        return ops.square(ops.relu(u))
    return ops.expm1(ops.clip(u, 0.0, HIGHEST)) if scale == "log" else u


def mean_of(scale, u, spread):
    """The mean of values whose scaled ones are normal, with mean u and standard deviation `spread`.

    E[u²] = u² + s², E[exp(u) - 1] = exp(u + s²/2) - 1.
    """
    if scale == "sqrt":
        return unscaled(scale, u) + ops.square(spread)
    return unscaled(scale, u + ops.square(spread) / 2) if scale == "log" else u
