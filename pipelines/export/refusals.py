"""Checks in a graph: what Python refuses, a served model refuses in the same words.

The words are templates of `str.format` beside the checks in Python. There a template is filled with
numbers, here with tensors.
"""

import contextlib
import contextvars
import functools
import string

import tensorflow as tf

from rnnzoo.datasets.common.errors import MOST_QUOTED

LATIN = 256  # characters whose `repr` is known to the graph

_UNCHECKED = contextvars.ContextVar("unchecked", default=False)


@contextlib.contextmanager
def unchecked():
    """Traces signatures without checks, and as one function: for runtimes without assertions."""
    token = _UNCHECKED.set(True)
    try:
        yield
    finally:
        _UNCHECKED.reset(token)


def stored_once(*specs):
    """Decorator of a part of several signatures: the SavedModel has it once, as a function.

    Args:
        specs: `tf.TensorSpec` of its arguments.
    """

    def decorated(function):
        stored = tf.function(function, input_signature=specs, autograph=False)

        @functools.wraps(function)
        def call(*arguments):
            return (function if _UNCHECKED.get() else stored)(*arguments)

        return call

    return decorated


def checked(values, checks):
    """`values`, if all checks hold; else the graph raises an error with the message of the first
    that does not.

    Args:
        values: tensor, or tuple of tensors.
        checks: list of (bool tensor, message as a str or string scalar).

    Returns:
        As `values`.
    """
    if _UNCHECKED.get():
        return values
    assertions = []
    for holds, message in checks:
        with tf.control_dependencies(assertions):
            assertions = [tf.debugging.Assert(holds, [message])]
    with tf.control_dependencies(assertions):
        return tf.nest.map_structure(tf.identity, values)


def message(template, **values):
    """A template filled in the graph, as `template.format(**values)` in Python.

    Args:
        template: str with named fields.
        values: of each field a number or str; or a tensor, of which a scalar is written as a number
            and a vector as a tuple.

    Returns:
        string scalar.
    """
    parts = []
    for text, name, form, _ in string.Formatter().parse(template):
        parts.append(text)
        if name is not None:
            value = values[name]
            parts.append(_written(value) if tf.is_tensor(value) else format(value, form))
    return tf.strings.join(parts)


def _written(tensor):
    if tensor.dtype == tf.string:
        return tensor
    text = tf.strings.as_string(tensor, shortest=tensor.dtype.is_floating)
    if text.shape.rank == 0:
        return text
    return tf.strings.join(["(", tf.strings.reduce_join(text, separator=", "), ")"])


def first_where(mask, *tensors):
    """The index of the first True of a mask, an int64 vector, and the scalars of tensors there.

    All are zeros where no value is True: a message may be computed and not be used.
    """
    indices = tf.where(mask)
    rows = [indices, *(tf.gather_nd(tensor, indices) for tensor in tensors)]
    padded = [tf.pad(row, [[0, 1]] + [[0, 0]] * (row.shape.rank - 1)) for row in rows]
    return [tf.gather(row, 0) for row in padded]


def quoted(characters):
    """Lists characters as `rnnzoo.datasets.common.errors.quoted`, in a graph.

    Invisible characters beyond Latin-1 are not escaped.

    Args:
        characters: strings (n,) of one character each.

    Returns:
        string scalar.
    """
    codes = tf.strings.unicode_decode(characters, "UTF-8").flat_values
    codes = tf.sort(tf.unique(codes)[0])
    listed = codes[:MOST_QUOTED]
    encoded = tf.raw_ops.UnicodeEncode(
        input_values=listed,
        input_splits=tf.range(tf.size(listed, out_type=tf.int64) + 1),
        output_encoding="UTF-8",
    )
    latin = tf.constant([repr(chr(code)) for code in range(LATIN)])
    listed = tf.where(
        listed < LATIN,
        tf.gather(latin, tf.minimum(listed, LATIN - 1)),
        tf.strings.join(["'", encoded, "'"]),
    )
    rest = tf.size(codes) - MOST_QUOTED
    more = tf.where(rest > 0, message(" and {rest} more", rest=rest), "")
    return tf.strings.reduce_join(listed, separator=", ") + more


def size_of(values):
    """int64 scalar, the number of elements of a tensor."""
    return tf.size(values, out_type=tf.int64)
