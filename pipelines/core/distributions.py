"""Columns of two data sets compared: their distances beside the thresholds of a recipe.

The recipe's `skew` is for the training split and what the model is used on: the other splits, or
data of a user; its `drift` for the training splits of two versions. Both are a number for all
columns, or a table from a column to a number.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.pipelines.core.distances import distance

KEYS = ("drift", "skew")
FEWEST = 30  # values of a column that is compared: histograms of fewer differ by chance


@dataclass(frozen=True)
class Comparison:
    """A column in two data sets.

    Args:
        column: str.
        measure: str, `L_INFINITY` or `JENSEN_SHANNON` of `rnnzoo.pipelines.core.distances`; empty
            if the columns cannot be compared, or one has fewer than `FEWEST` values.
        distance: float from 0 to 1, or None.
        threshold: float.
    """

    column: str
    measure: str
    distance: float | None
    threshold: float

    @property
    def exceeded(self):
        """bool, whether the distance is above the threshold."""
        return self.distance is not None and self.distance > self.threshold


def thresholds_of(recipe):
    """The thresholds of a complete recipe: dict with `KEYS`.

    Raises:
        InputError: one is neither a number from 0 to 1 nor a table of such numbers.
    """
    for key in KEYS:
        value = recipe[key]
        numbers = value.values() if isinstance(value, Mapping) else [value]
        if not all(map(_is_share, numbers)):
            raise InputError(
                f"{key} = {shown(str(value))} in the recipe: give a number from 0 to 1, or a table "
                "from columns to such numbers"
            )
    return {key: recipe[key] for key in KEYS}


def compared(first, second, threshold, key):
    """Compares the columns that have a threshold.

    Args:
        first, second: dict from column to `FeatureNameStatistics`; the first is the training's.
        threshold: float or dict, see `thresholds_of`.
        key: str, one of `KEYS`, for messages.

    Returns:
        list of `Comparison`.

    Raises:
        InputError: a threshold is for a column that the first data set does not have.
    """
    if not isinstance(threshold, Mapping):
        threshold = dict.fromkeys(first, threshold)
    if unknown := sorted(threshold.keys() - first.keys()):
        raise InputError(
            f"the recipe's {key} names the column {shown(unknown[0])}: the data has "
            f"{', '.join(sorted(first))}"
        )
    comparisons = []
    for column, limit in threshold.items():
        enough = column in second and min(map(_size, (first[column], second[column]))) >= FEWEST
        both = distance(first[column], second[column]) if enough else None
        comparisons.append(Comparison(column, *(both or ("", None)), float(limit)))
    return comparisons


def _size(feature):
    """int, the number of values of a column."""
    return getattr(feature, feature.WhichOneof("stats")).common_stats.num_non_missing


def _is_share(value):
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and 0 <= value <= 1
