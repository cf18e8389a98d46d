"""A training that ends before its last epoch says where the same command will continue it."""

import contextlib

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.system_errors import described


class DamagedCheckpoint(InputError):
    """What the same command would continue from cannot be read."""


@contextlib.contextmanager
def resumable(epochs):
    """Adds to an interrupt, or to a problem of the system, the epoch that is not lost.

    Args:
        epochs: function that returns the number of epochs in the checkpoint: int.

    Raises:
        KeyboardInterrupt: the block was interrupted; its message is what the command line prints.
        InputError: the block raised an `InputError` or `OSError`; a `DamagedCheckpoint` passes.
    """
    try:
        yield
    except KeyboardInterrupt:
        raise KeyboardInterrupt(_continued(epochs())) from None
    except DamagedCheckpoint:
        raise
    except (InputError, OSError) as problem:
        continued = _continued(epochs())
        if not continued:
            raise
        raise InputError(f"{described(problem)}; {continued}") from problem


def _continued(epochs):
    return f"the same command continues after epoch {epochs}" if epochs else ""
