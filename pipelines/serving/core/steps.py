"""Which step of which sequence a request is, as clients of every protocol write it."""

from dataclasses import dataclass

from rnnzoo.datasets.common.errors import InputError, shown

STEP = "step"  # the signature of a request that names none
FIELDS = ("sequence_id", "sequence_start", "sequence_end")
LONGEST_ID = 200  # characters


@dataclass(frozen=True)
class Step:
    """A step of a sequence.

    Args:
        sequence: str, the id.
        start, end: bool, whether the sequence begins and ends with it.
    """

    sequence: str
    start: bool = False
    end: bool = False


def step_of(fields):
    """The `Step` of a request; None without `sequence_id`.

    Args:
        fields: dict of JSON values.

    Raises:
        InputError: the id is no short string and no integer, start or end are no bool, or there is
            no id for them.
    """
    if "sequence_id" not in fields:
        if fields.keys() & {*FIELDS}:
            raise InputError("sequence_start and sequence_end need a sequence_id")
        return None
    for name in FIELDS[1:]:
        if not isinstance(fields.get(name, False), bool):
            raise InputError(f"{name}={shown(fields[name])}: give true or false")
    identity = fields["sequence_id"]
    is_number = isinstance(identity, int) and not isinstance(identity, bool)
    if not is_number and not (isinstance(identity, str) and 1 <= len(identity) <= LONGEST_ID):
        raise InputError(
            f"sequence_id={shown(identity)}: give a string of 1 to {LONGEST_ID} characters, or an "
            "integer"
        )
    return Step(str(identity), *(fields.get(name, False) for name in FIELDS[1:]))
