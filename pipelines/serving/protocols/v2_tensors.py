"""Tensors of the Open Inference Protocol: datatypes, and binary data.

Binary data are little-endian and row by row. An element of `BYTES` is its length, an unsigned
integer of 4 bytes, and the bytes themselves.
"""

import math
import struct

import numpy as np
import tensorflow as tf

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.pipelines.serving.protocols.values import check_shape, expected

DATATYPES = {
    "BOOL": tf.bool,
    "INT8": tf.int8,
    "INT16": tf.int16,
    "INT32": tf.int32,
    "INT64": tf.int64,
    "UINT8": tf.uint8,
    "UINT16": tf.uint16,
    "UINT32": tf.uint32,
    "UINT64": tf.uint64,
    "FP16": tf.float16,
    "FP32": tf.float32,
    "FP64": tf.float64,
    "BYTES": tf.string,
}
NAMES = {dtype: name for name, dtype in DATATYPES.items()}
MOST_EMPTY = 2**16  # product of the axes that are not 0, of a tensor without elements
MOST_AXES = 32  # that NumPy and TensorFlow both have
LENGTH_BYTES = 4


def datatype(dtype):
    """The protocol's name of a type.

    Args:
        dtype: `tf.DType`.

    Raises:
        InputError: it has none.
    """
    if dtype not in NAMES:
        raise InputError(f"{dtype.name} is no datatype of the protocol: use /v1/models")
    return NAMES[dtype]


def datatype_of(output):
    """The protocol's name of the type of an array of numbers, bools or bytes."""
    is_number = output.dtype.kind in "biuf"
    return datatype(tf.as_dtype(output.dtype) if is_number else tf.string)


def check_size(name, shape, spec, most_bytes):
    """Raises InputError for a shape that does not fit the input, or that no body has room for.

    Args:
        name: str, the input's name.
        shape: tuple of int, of 0 and more.
        spec: `tf.TensorSpec` of the input.
        most_bytes: int, of a body.
    """
    if len(shape) <= MOST_AXES and max(shape, default=0) <= most_bytes:
        check_shape(name, shape, spec)
        most = most_bytes if 0 not in shape else MOST_EMPTY
        if math.prod(size or 1 for size in shape) <= most:
            return
    raise InputError(f"input {name!r} has shape {shown(shape)}: a body has no room for it")


def from_binary(name, content, shape, spec):
    """The array of binary data; nothing is allocated for a size that is not that of the data.

    Args:
        name: str, the input's name.
        content: memoryview, the data.
        shape: tuple of int, see `check_size`.
        spec: `tf.TensorSpec` of the input.

    Raises:
        InputError: the data are not those of such a tensor.
    """
    count = math.prod(shape)
    if spec.dtype == tf.string:
        return _strings(name, content, count).reshape(shape)
    dtype = np.dtype(spec.dtype.as_numpy_dtype).newbyteorder("<")
    if count * dtype.itemsize != len(content):
        raise InputError(
            f"input {name!r} has binary_data_size {len(content)}: {spec.dtype.name} of shape "
            f"{shape} has {count * dtype.itemsize} bytes"
        )
    if spec.dtype == tf.bool and count and max(content) > 1:
        raise InputError(f"input {name!r} has to be {expected(spec)}: a byte is 0 or 1")
    return np.frombuffer(content, dtype).reshape(shape)


def _strings(name, content, count):
    strings, start = [], 0
    while len(strings) < count and start + LENGTH_BYTES <= len(content):
        (length,) = struct.unpack_from("<I", content, start)
        start += LENGTH_BYTES + length
        if start > len(content):
            break
        strings.append(bytes(content[start - length : start]))
    if len(strings) != count or start != len(content):
        raise InputError(
            f"input {name!r} has binary data that are not {count} strings, each with its length "
            f"before it"
        )
    array = np.empty(count, object)
    array[:] = strings
    return array


def binary(output):
    """The binary data of an array, bytes.

    Args:
        output: array of numbers, bools or bytes.
    """
    if output.dtype.kind in "biuf":
        return output.astype(output.dtype.newbyteorder("<")).tobytes()
    return b"".join(struct.pack("<I", len(item)) + item for item in output.ravel().tolist())


def texts(name, output):
    """list of the strings of an array (...,), row by row.

    Args:
        name: str, the output's name.
        output: array of bytes.

    Raises:
        InputError: JSON has no such strings.
    """
    try:
        return [item.decode() for item in output.ravel().tolist()]
    except UnicodeDecodeError:
        raise InputError(
            f"output {name!r} has bytes that are not UTF-8: request it with binary_data"
        ) from None
