"""JSON values to arrays and back, by the rules of TensorFlow Serving's REST interface."""

import base64
import binascii
import functools

import numpy as np
import tensorflow as tf

from rnnzoo.datasets.common.errors import InputError, shown


def array(name, value, spec):
    """The array of a JSON value, of the type and shape of an input; of strings, bytes.

    Args:
        name: str, the input's name.
        value: a JSON value; strings may also be `{"b64": "..."}`, with or without padding, in
            either alphabet and with line breaks.
        spec: `tf.TensorSpec` of the input.

    Raises:
        InputError: names the input, and the type and shape it takes.
    """
    result = elements(name, value, spec)
    check_shape(name, result.shape, spec)
    return result


def elements(name, value, spec):
    """As `array`, of any shape."""
    dtype, _ = _parts(spec)
    try:
        return _strings_of(value) if dtype == tf.string else _numbers(value, dtype)
    except binascii.Error as problem:
        raise InputError(f"input {name!r} has a b64 that is no base64: {problem}") from None
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise InputError(f"input {name!r} has to be {expected(spec)}") from None


def check_shape(name, shape, spec):
    """Raises InputError for a shape that is not that of an input.

    Args:
        name: str, the input's name.
        shape: tuple of int.
        spec: `tf.TensorSpec` of the input.
    """
    _, dims = _parts(spec)
    if len(shape) != len(dims) or any(
        dim not in (None, size) for dim, size in zip(dims, shape, strict=True)
    ):
        raise InputError(
            f"input {name!r} has shape {shown(tuple(shape))}, it has to be {expected(spec)}"
        )


def check_names(names, specs):
    """Raises InputError for names that are not those of the inputs.

    Args:
        names: iterable of str.
        specs: dict from name to `tf.TensorSpec`.
    """
    if set(names) != specs.keys():
        listed = shown(", ".join(sorted(names))) if names else "none"
        raise InputError(f"inputs are {', '.join(sorted(specs))}, not {listed}")


def expected(spec):
    """What an input takes, as text for messages: its type and shape.

    Args:
        spec: `tf.TensorSpec`.
    """
    return f"{spec.dtype.name} of shape {tuple(spec.shape)}"


@functools.lru_cache(maxsize=1024)
def _parts(spec):
    """(dtype, tuple of sizes), which a `tf.TensorSpec` takes long to tell."""
    return spec.dtype, tuple(spec.shape)


def _strings_of(value):
    result = np.array(_decoded(value), object)
    # Of rows of different lengths, items are lists. `flat` has up to 32 axes, arrays more.
    if not all(type(item) is bytes for item in result.ravel()):
        raise ValueError(value)
    return result


def _decoded(value):
    if isinstance(value, list):
        return [_decoded(item) for item in value]
    if isinstance(value, dict):
        if value.keys() != {"b64"}:
            raise ValueError(value)
        return _from_base64(value["b64"])
    if not isinstance(value, str):
        raise TypeError(value)
    return value.encode()


def _from_base64(text):
    """The bytes of base64, strict in nothing but its characters."""
    if not isinstance(text, str):
        raise TypeError(text)
    text = "".join(text.split()).rstrip("=").replace("-", "+").replace("_", "/")
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)


def _check_no_text(value):
    """Raises TypeError for text: NumPy would give each element the size of the longest string."""
    kinds = set(map(type, value)) if isinstance(value, list) else {type(value)}
    if str in kinds:
        raise TypeError("text")
    if list in kinds:
        for item in value:
            _check_no_text(item)


def _numbers(value, dtype):
    _check_no_text(value)
    numbers = np.array(value)
    kinds = "b" if dtype.is_bool else "iu" if dtype.is_integer else "iuf"
    if numbers.size and numbers.dtype.kind not in kinds:
        raise TypeError(value)
    if (
        dtype.is_integer
        and numbers.size
        and not (dtype.min <= numbers.min() and numbers.max() <= dtype.max)
    ):
        raise OverflowError(value)
    with np.errstate(over="ignore"):
        converted = numbers.astype(dtype.as_numpy_dtype)
    # NaN and Infinity are for the model to refuse, or not.
    if np.isfinite(converted).sum() != np.isfinite(numbers).sum():
        raise OverflowError(value)
    return converted


def columns(instances):
    """The columns of TensorFlow Serving's row format: dict from name to list, or a bare list.

    Args:
        instances: list with an entry per row: a dict of named values, or a bare value.

    Raises:
        InputError: no list, an empty list, or rows with different names.
    """
    if not isinstance(instances, list) or not instances:
        raise InputError("'instances' has to be a list with one entry or more")
    named = [isinstance(row, dict) and row.keys() != {"b64"} for row in instances]
    if not any(named):
        return instances
    if not all(named) or any(row.keys() != instances[0].keys() for row in instances):
        raise InputError("every entry of 'instances' has to name the same inputs")
    return {name: [row[name] for row in instances] for name in instances[0]}


def rows(outputs):
    """Outputs in row format, a list: a dict per row, or a bare value if there is a single output.

    Args:
        outputs: dict from name to array (rows, ...).

    Raises:
        InputError: the outputs do not have the same number of rows.
    """
    sizes = {len(output) if output.ndim else None for output in outputs.values()}
    if None in sizes or len(sizes) != 1:
        raise InputError("outputs have no common first axis: send 'inputs', not 'instances'")
    lists = {name: json_value(name, output) for name, output in outputs.items()}
    if len(lists) == 1:
        return next(iter(lists.values()))
    return [dict(zip(lists, row, strict=True)) for row in zip(*lists.values(), strict=True)]


def json_value(name, output):
    """What is written of an output: strings if they are UTF-8 and no `_bytes`, else `{"b64": ...}`.

    Args:
        name: str, the output's name.
        output: array of numbers, bools or bytes.
    """
    if output.dtype.kind in "biuf":
        return output  # `json_text.encoded` writes its numbers
    return _strings(output.tolist(), name.endswith("_bytes"))


def _strings(value, as_bytes):
    if isinstance(value, list):
        return [_strings(item, as_bytes) for item in value]
    try:
        if not as_bytes:
            return value.decode()
    except UnicodeDecodeError:
        pass
    return {"b64": base64.b64encode(value).decode()}
