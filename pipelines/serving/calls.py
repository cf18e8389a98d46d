"""What is known of the request that is being answered: for metrics and the access log.

A protocol opens a `Call`, and the engine completes it: it is the same for each protocol. Names that
a client sends are no part of it unless they are served, so that metrics do not grow by them.
"""

import contextlib
import contextvars
from dataclasses import dataclass

UNKNOWN = "unknown"  # a model or version that is not served
CANCELLED = "cancelled"  # the client has gone before there was a status

_CURRENT = contextvars.ContextVar("call", default=None)


@dataclass
class Call:
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
    """The `Call` of the running task; outside of `opened` one that nobody reads."""
    return _CURRENT.get() or Call("")


@contextlib.contextmanager
def opened(protocol):
    """A `Call` that is `current` in the block, which is to be in a single task.

    Args:
        protocol: str.
    """
    call = Call(protocol)
    token = _CURRENT.set(call)
    try:
        yield call
    finally:
        _CURRENT.reset(token)
