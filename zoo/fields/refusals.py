"""Fields that cannot be used, in one line each; a served model refuses them in the same words."""

import numpy as np
from keras import ops

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.fields.basis import PART
from rnnzoo.fields.scales import scaled, unscaled

SHAPE = "fields of shape {shape}: this model reads {expected}"
STEP = "fields every {step} s: this model reads fields every {expected} s"
TOO_FEW = "{count} fields: give {least} or more{why}"
NEGATIVE = "the value {value} at {index}: give numbers of at least 0"
FAR = 10  # times as far from the mean of training as its fields usually are
LEVEL = (
    "values of about {level:.4g}: this model was trained on values of about {usual:.4g}; "
    "give fields in the units of its training"
)
NOT_FINITE = "the value {value} at {index}: give finite numbers inside the region"


def numbers(name, values):
    """A float32 array of numbers, which `name` names in messages.

    Raises:
        InputError: it is none.
    """
    try:
        array = np.asarray(values)
        if array.dtype.kind not in "biuf":
            raise ValueError
        with np.errstate(over="ignore"):  # an infinite value is refused by its index
            return array.astype("float32")
    except (TypeError, ValueError):
        raise InputError(f"no numbers as {name}: give an array") from None


def check_values(values, basis):
    """Refuses values inside the region that are not finite, or below 0 where they are counts.

    A model that has no region yet takes NaN for outside.

    Args:
        values: array (steps, height, width, channels).
        basis: `FieldBasis`.
    """
    flat = values.reshape(len(values), -1)
    mask = ops.convert_to_numpy(basis.mask) > 0
    inside = mask if _is_fitted(basis) else ~np.isnan(flat).all(axis=0)
    bad = [(~np.isfinite(flat), NOT_FINITE)]
    if basis.scale != "none":
        bad.append((flat < 0, NEGATIVE))
    for wrong, message in bad:
        wrong &= inside
        if wrong.any():
            row, cell = (int(i) for i in np.argwhere(wrong)[0])
            index = (row, *(int(i) for i in np.unravel_index(cell, values.shape[1:])))
            raise InputError(message.format(value=f"{flat[row, cell]:g}", index=index))


def check_level(values, basis):
    """Refuses fields in other units than those of training, such as kelvin for degrees Celsius.

    Another season, or ten times as many counts, are not: on the scale they are less than `FAR`.

    Args:
        values: array (steps, height, width, channels).
        basis: `FieldBasis`.

    Raises:
        InputError: the mean absolute deviation from the mean of training is `FAR` times the part
            of the fields' root mean square deviation in training that the first coefficient has.
    """
    if not _is_fitted(basis):
        return
    mask = ops.convert_to_numpy(basis.mask) > 0
    flat = values.reshape(len(values), -1)[:, mask]
    mean = ops.convert_to_numpy(basis.mean)[mask]
    usual = PART * float(basis.unit) / np.sqrt(mask.sum())
    deviation = np.abs(ops.convert_to_numpy(scaled(basis.scale, flat)) - mean)
    if deviation.mean() > FAR * usual:
        of_training = ops.convert_to_numpy(unscaled(basis.scale, mean)).mean()
        raise InputError(LEVEL.format(level=flat.mean(), usual=of_training))


def _is_fitted(basis):
    # The first vector alone: they may be gigabytes, and this is called per live field.
    return bool(ops.any(ops.not_equal(basis.components[0], 0)))
