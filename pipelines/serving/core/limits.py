"""What a server takes at most: of a request, of all that wait, and of connections."""

from dataclasses import dataclass, fields

from rnnzoo.datasets.common.arguments import is_number, whole
from rnnzoo.datasets.common.errors import InputError, shown

# Bytes of the inputs of all requests that wait or run, in bodies of the largest size.
WAITING_BODIES = 64


@dataclass(frozen=True)
class Limits:
    """The limits of a server.

    Args:
        most_bytes: int, of a body, unpacked too.
        most_rows: int, of a request; None for any number.
        most_elements: int, of a tensor of a request; None for any number.
        most_waiting: int, rows that wait for a signature of a model.
        most_connections: int; requests on more are answered with status 503.
        seconds: float, until a request is answered; None for any time.
        sequence_seconds: float, after which a sequence that nobody continues ends.
        sequence_bytes: int, of the states of all sequences; those used longest ago end first.

    Raises:
        InputError: names the first that is not positive.
    """

    most_bytes: int = 4 * 2**20
    most_rows: int | None = None
    most_elements: int | None = None
    most_waiting: int = 4096
    most_connections: int = 1000
    seconds: float | None = None
    sequence_seconds: float = 600.0
    sequence_bytes: int = 2**28

    def __post_init__(self):
        for field in fields(self):
            value = getattr(self, field.name)
            if value is None and field.default is None:
                continue
            if field.name.endswith("seconds"):
                if not (is_number(value) and value > 0):
                    raise InputError(f"{field.name} is {shown(value)}: give a number above 0")
            else:
                whole(field.name, value)

    def check(self, inputs):
        """Checks the size of a request.

        Args:
            inputs: dict from name to array.

        Raises:
            InputError: an input has too many rows or elements.
        """
        for name, array in inputs.items():
            if self.most_rows is not None and array.ndim and len(array) > self.most_rows:
                raise InputError(
                    f"input {name!r} has {len(array)} rows: send at most {self.most_rows}"
                )
            if self.most_elements is not None and array.size > self.most_elements:
                raise InputError(
                    f"input {name!r} has {array.size} elements: send at most {self.most_elements}"
                )


def memory_of(inputs):
    """Bytes of the inputs of a request, those of strings included.

    Args:
        inputs: dict from name to array of numbers, or of bytes.
    """
    return sum(
        array.nbytes + (sum(map(len, array.flat)) if array.dtype == object else 0)
        for array in inputs.values()
    )
