"""Requests for a text, and the events of one that is being generated."""

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.pipelines.serving.core.generation import Settings
from rnnzoo.pipelines.serving.protocols.json_text import decoded, encoded
from rnnzoo.text import sampling

FIELDS = ("prompt", "length", "temperature", "top_k", "top_p", "stop", "seed", "stream")
LENGTH = 200  # characters, unless the request says how many
LONGEST = 10_000
MOST_STOPS = 16


def request_of(body):
    """(`Settings`, whether the characters are sent as they are generated) of a request.

    Args:
        body: bytes, a JSON object.

    Raises:
        InputError: names the field, and what it takes.
    """
    fields = decoded(body)
    if not isinstance(fields, dict):
        raise InputError("body has to be an object with a prompt")
    if unknown := sorted(fields.keys() - set(FIELDS)):
        raise InputError(f"unknown field {shown(unknown[0])}: fields are {', '.join(FIELDS)}")
    fields = {name: value for name, value in fields.items() if value is not None}
    prompt = _of_type(fields, "prompt", str, "a text", "")
    length = _of_type(fields, "length", int, f"1 to {LONGEST}", LENGTH)
    temperature = _of_type(fields, "temperature", (int, float), "a number from 0", 1.0)
    top_k = _of_type(fields, "top_k", int, "1 or more")
    top_p = _of_type(fields, "top_p", (int, float), "a number above 0, at most 1")
    seed = _of_type(fields, "seed", int, "0 or more")
    is_stream = _of_type(fields, "stream", bool, "true or false", True)
    if not 1 <= length <= LONGEST:
        raise InputError(f"length={shown(length)}: give 1 to {LONGEST}")
    if seed is not None and not 0 <= seed < 2**63:
        raise InputError(f"seed={shown(seed)}: give 0 or more, below 2^63")
    sampling.check(temperature, top_k, top_p)
    top_k = None if top_k is None else min(top_k, 2**31 - 1)
    settings = prompt, length, float(temperature), top_k, top_p, _stops(fields.get("stop")), seed
    return Settings(*settings), is_stream


def event(content):
    """The event of a JSON value, bytes."""
    return b"data: " + encoded(content) + b"\n\n"


def _of_type(fields, name, kind, accepted, default=None):
    value = fields.get(name, default)
    is_wrong_bool = isinstance(value, bool) and kind is not bool
    if value is not None and (is_wrong_bool or not isinstance(value, kind)):
        raise InputError(f"{name}={shown(value)}: give {accepted}")
    return value


def _stops(value):
    stops = [] if value is None else [value] if isinstance(value, str) else value
    if not (
        isinstance(stops, list)
        and len(stops) <= MOST_STOPS
        and all(isinstance(stop, str) and 1 <= len(stop) <= LONGEST for stop in stops)
    ):
        raise InputError(f"stop={shown(value)}: give a text, or a list of at most {MOST_STOPS}")
    return tuple(stops)
