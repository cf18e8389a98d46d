"""What a client is told of an exception: a status of HTTP, its code of gRPC, and one line."""

import sys
import traceback
from dataclasses import dataclass

from rnnzoo.datasets.common.errors import InputError


class NotServed(Exception):
    """No such model, or no such version of it."""


class Overloaded(Exception):
    """Too many rows are waiting."""


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
    NotServed: (404, "NOT_FOUND", None),
    Overloaded: (503, "UNAVAILABLE", 1),
    NotImplementedHere: (501, "UNIMPLEMENTED", None),
}


def status_of(problem):
    """The `Status` of an exception; of a defect only its type, and its traceback on stderr.

    Args:
        problem: Exception.
    """
    for kind, (http, code, retry_after) in KINDS.items():
        if isinstance(problem, kind):
            return Status(http, code, str(problem), retry_after)
    traceback.print_exception(problem, file=sys.stderr)
    return Status(500, "INTERNAL", f"{type(problem).__name__}: the server's log says more")
