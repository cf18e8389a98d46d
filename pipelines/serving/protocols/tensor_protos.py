"""TensorProto to arrays and back: a shape is compared with the values before memory is taken."""

import math

import tensorflow as tf

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.pipelines.serving.protocols.values import check_shape, expected

# The field of a TensorProto that has the values of a type, where they are not in `tensor_content`.
FIELDS = {
    tf.float32: "float_val",
    tf.float64: "double_val",
    tf.int32: "int_val",
    tf.int64: "int64_val",
    tf.bool: "bool_val",
    tf.string: "string_val",
}


def array(name, proto, spec):
    """The array of a TensorProto, of the type and shape of an input; of strings, bytes.

    Each element has to be sent: TensorFlow would repeat the last value up to a shape of any size.

    Args:
        name: str, the input's name.
        proto: `tensorflow.TensorProto`.
        spec: `tf.TensorSpec` of the input.

    Raises:
        InputError: names the input, and the type and shape it takes.
    """
    if proto.dtype != spec.dtype.as_datatype_enum:
        raise InputError(f"input {name!r} is {_type(proto.dtype)}, it has to be {expected(spec)}")
    shape = tuple(dim.size for dim in proto.tensor_shape.dim)
    if proto.tensor_shape.unknown_rank or any(size < 0 for size in shape):
        raise InputError(f"input {name!r} has no known shape, it has to be {expected(spec)}")
    check_shape(name, shape, spec)
    count, elements = _count(proto, spec.dtype), math.prod(shape)
    if count != elements:
        raise InputError(
            f"input {name!r} has {count:g} values for the {elements} elements of shape "
            f"{shown(shape)}: send as many"
        )
    return tf.make_ndarray(proto)


def _type(number):
    try:
        return tf.as_dtype(number).name
    except TypeError:
        return f"no type ({number})"


def _count(proto, dtype):
    """The number of values, with a fraction if bytes are left over."""
    if proto.tensor_content and dtype != tf.string:
        return len(proto.tensor_content) / dtype.size
    proto.tensor_content = b""  # which TensorFlow would read in place of the strings
    return len(getattr(proto, FIELDS[dtype]))


def tensor_proto(output):
    """The TensorProto of an output.

    Args:
        output: array of numbers, bools or bytes.
    """
    dtype = tf.string if output.dtype.kind in "OS" else None
    return tf.make_tensor_proto(output, dtype, output.shape)
