"""JSON as TensorFlow Serving reads and writes it: with `NaN`, `Infinity` and `-Infinity`."""

import codecs
import json

import orjson

from rnnzoo.datasets.common.errors import InputError

BARE = (b"NaN", b"Infinity")  # numbers of TensorFlow Serving that standard JSON lacks


def decoded(body):
    """The value of a body in UTF-8, with or without a byte-order mark.

    Raises:
        InputError: it is no JSON.
    """
    body = body.removeprefix(codecs.BOM_UTF8)
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as problem:
        reason = problem
    if any(number in body for number in BARE):
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            pass
    raise InputError(f"body is no JSON: {reason}")


def encoded(value):
    """The bytes of a value without None; lone surrogates, which UTF-8 lacks, are escaped.

    Args:
        value: JSON value, in which lists of numbers may be arrays.
    """
    try:
        text = orjson.dumps(value, default=_plain, option=orjson.OPT_SERIALIZE_NUMPY)
    except orjson.JSONEncodeError:
        return json.dumps(value, default=_plain).encode()
    if b"null" not in text:
        return text
    # That is how orjson writes a number that is not finite.
    return json.dumps(value, default=_plain, ensure_ascii=False, separators=(",", ":")).encode()


def _plain(value):
    """The list or number of an array that orjson does not take, or of a number of NumPy's."""
    return value.tolist()
