"""What a client is told of an exception: a status of HTTP, its code of gRPC, and one line."""

import sys
import traceback
from dataclasses import dataclass

from rnnzoo.datasets.common.errors import InputError


class NotServed(Exception):
    """No such model, or no such version of it."""


class Overloaded(Exception):
    """Too many rows are waiting."""


class SequenceEnded(Exception):
    """The server has no states of the sequence."""


class DeadlineExceeded(Exception):
    """A request has not been answered in time."""


class Unauthenticated(Exception):
    """The request has no valid API key."""


class Forbidden(Exception):
    """The API key may not use the model."""


class TooManyRequests(Exception):
    """The API key is above its rate or its number of concurrent requests.

    Args:
        message: str.
        retry_after: int, seconds.
    """

    def __init__(self, message, retry_after):
        super().__init__(message)
        self.retry_after = retry_after


class NotImplementedHere(Exception):
    """A request of the protocol that this server does not answer."""


@dataclass(frozen=True)
class Status:
    """A status.

    Args:
        http: int.
        code: str, the name of the code of gRPC.
        message: str, one line.
        retry_after: int, the seconds after which a client may try again; None if that is useless.
    """

    http: int
    code: str
    message: str
    retry_after: int | None = None


KINDS = {
    InputError: (400, "INVALID_ARGUMENT", None),
    Unauthenticated: (401, "UNAUTHENTICATED", None),
    Forbidden: (403, "PERMISSION_DENIED", None),
    NotServed: (404, "NOT_FOUND", None),
    SequenceEnded: (410, "FAILED_PRECONDITION", None),
    TooManyRequests: (429, "RESOURCE_EXHAUSTED", 1),
    Overloaded: (503, "UNAVAILABLE", 1),
    DeadlineExceeded: (504, "DEADLINE_EXCEEDED", None),
    NotImplementedHere: (501, "UNIMPLEMENTED", None),
}


def status_of(problem):
    """The `Status` of an exception; of a defect only its type, and its traceback on stderr.

    Args:
        problem: Exception.
    """
    for kind, (http, code, retry_after) in KINDS.items():
        if isinstance(problem, kind):
            seconds = getattr(problem, "retry_after", retry_after)
            return Status(http, code, str(problem), seconds)
    traceback.print_exception(problem, file=sys.stderr)
    return Status(500, "INTERNAL", f"{type(problem).__name__}: the server's log says more")
