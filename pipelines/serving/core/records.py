"""What is known of the request that is being answered: for metrics and the access log.

A protocol opens a `Record`, and the engine completes it: it is the same for each protocol. Names
that a client sends are no part of it unless they are served, so that metrics do not grow by them.
"""

import contextlib
import contextvars
from dataclasses import dataclass

UNKNOWN = "unknown"  # a model or version that is not served
CANCELLED = "cancelled"  # the client has gone before there was a status

_CURRENT = contextvars.ContextVar("record", default=None)


@dataclass
class Record:
    """A request.

    Args:
        protocol: str, such as `"rest"`.
        model: str; empty where the request is for none.
        version: str.
        signature: str; empty until the model is run.
        rows: int.
        code: str, the status as the protocol writes it.
        seconds: float, until it was answered.
    """

    protocol: str
    model: str = ""
    version: str = ""
    signature: str = ""
    rows: int = 0
    code: str = CANCELLED
    seconds: float = 0.0


def current():
    """The `Record` of the running task; outside of `opened` one that nobody reads."""
    return _CURRENT.get() or Record("")


@contextlib.contextmanager
def opened(protocol):
    """A `Record` that is `current` in the block, which is to be in a single task.

    Args:
        protocol: str.
    """
    record = Record(protocol)
    token = _CURRENT.set(record)
    try:
        yield record
    finally:
        _CURRENT.reset(token)
