"""What a library says of values that it cannot decode, in one line that names the file."""

import contextlib

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.common.system_errors import reason_of, system_reason


@contextlib.contextmanager
def decoding(path):
    """Names a file or store whose values the block cannot decode.

    Args:
        path: `pathlib.Path`.

    Raises:
        InputError: of any exception of the block, with the reason; one of the block's own passes.
    """
    try:
        yield
    except InputError:
        raise
    except Exception as problem:  # a file can hold anything
        if not isinstance(problem, FileNotFoundError) and system_reason(problem):
            raise InputError(f"{path} cannot be read: {system_reason(problem)}") from None
        raise InputError(
            f"{path} has values that cannot be decoded ({shown(reason_of(problem))}): give a whole "
            "file of numbers"
        ) from None
