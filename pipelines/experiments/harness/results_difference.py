"""How far regenerated results differ from those of a file, cell by cell."""

import math
from dataclasses import dataclass

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.experiments.harness.ledger import Ledger


@dataclass(frozen=True)
class ResultsDifference:
    """The largest relative difference of a scalar result over the cells that both files have.

    Args:
        cells: int, number of new cells.
        common: int, how many of them the other file has.
        largest: float; None if no cell is in both.
        where: str, the result with the largest difference.
    """

    cells: int
    common: int
    largest: float | None
    where: str

    def __str__(self):
        if self.largest is None:
            return f"none of {self.cells} cells is in it"
        where = f" ({self.where})" if self.largest else ""
        return (
            f"{self.common} of {self.cells} cells are in it, "
            f"largest relative difference {self.largest:.2g}{where}"
        )


def existing_ledger(path):
    """Returns the `Ledger` of a results file.

    Raises:
        InputError: the file does not exist or holds something else.
    """
    if not path.is_file():
        raise InputError(f"{path} does not exist: name a results.csv to compare with")
    return Ledger(path)


def compare_results(new, reference, digests):
    """Compares the scalar results of cells.

    Args:
        new: `Ledger` that has all the cells.
        reference: `Ledger` to compare with.
        digests: list of str, the cells.

    Returns:
        `ResultsDifference`.
    """
    common = [digest for digest in digests if digest in reference.digests()]
    largest, where = (0.0 if common else None), ""
    for digest in common:
        ours, theirs = new.results(digest), reference.results(digest)
        for name in sorted(ours.keys() | theirs.keys()):
            values = ours.get(name, math.nan), theirs.get(name, math.nan)
            if any(isinstance(value, list) for value in values):
                continue
            difference = relative_difference(*values)
            if difference > largest:
                row = new.provenance(digest)
                largest, where = difference, f"{name} of {row['arm']}, seed {row['seed']}"
    return ResultsDifference(len(digests), len(common), largest, where)


def relative_difference(a, b):
    """|a - b| / max(|a|, |b|); 0 if both are NaN, infinite if one of them is.

    >>> nan = float("nan")
    >>> relative_difference(2.0, 1.0), relative_difference(nan, nan), relative_difference(nan, 1.0)
    (0.5, 0.0, inf)
    """
    if a == b or (math.isnan(a) and math.isnan(b)):
        return 0.0
    if not (math.isfinite(a) and math.isfinite(b)):
        return math.inf
    return abs(a - b) / max(abs(a), abs(b))
