"""How far regenerated results are from those of a file, cell by cell."""

import math
from dataclasses import dataclass

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.experiments.harness.ledger import Ledger


@dataclass(frozen=True)
class Distance:
    """The largest relative difference of a raw scalar over the cells that both have.

    `cells` is how many there are here, `common` how many of them the file has, `where` the
    result that is furthest off; `largest` is None if nothing is in common.
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


def ledger_at(path):
    """The `Ledger` of a results file that has to be there.

    Raises:
        InputError: it is not, or it is something else.
    """
    if not path.is_file():
        raise InputError(f"{path} does not exist: name a results.csv to compare with")
    return Ledger(path)


def distance(here, there, digests):
    """Compares the scalars of cells.

    Args:
        here: `Ledger` that has all the cells.
        there: `Ledger` to compare with.
        digests: list of str, the cells.

    Returns:
        `Distance`.
    """
    common = [digest for digest in digests if digest in there.digests()]
    largest, where = (0.0 if common else None), ""
    for digest in common:
        ours, theirs = here.results(digest), there.results(digest)
        for name in sorted(ours.keys() | theirs.keys()):
            one, other = ours.get(name, math.nan), theirs.get(name, math.nan)
            if isinstance(one, list) or isinstance(other, list):
                continue
            apart = relative(one, other)
            if apart > largest:
                row = here.row(digest)
                largest, where = apart, f"{name} of {row['arm']}, seed {row['seed']}"
    return Distance(len(digests), len(common), largest, where)


def relative(one, other):
    """The difference of two floats relative to the larger one.

    >>> relative(2.0, 1.0), relative(float("nan"), float("nan")), relative(float("nan"), 1.0)
    (0.5, 0.0, inf)
    """
    if one == other or (math.isnan(one) and math.isnan(other)):
        return 0.0
    if not (math.isfinite(one) and math.isfinite(other)):
        return math.inf
    return abs(one - other) / max(abs(one), abs(other))
