"""Rows of an evaluation: the losses of a split, merged where all slices are the same."""

import numpy as np


def coded(values):
    """Labels and indices of values, as `merged_rows` takes a dimension.

    Args:
        values: array or list (items,), of str or of what `str` makes labels of.

    Returns:
        (list of str, int array (items,)).

    Example:

    >>> names, indices = coded([2021, 2020, 2021])
    >>> names, indices.tolist()
    (['2020', '2021'], [1, 0, 1])
    """
    labels, indices = np.unique(np.asarray(values), return_inverse=True)
    return [str(label) for label in labels], indices.ravel()


def binned(values, first, unit=""):
    """Labels and indices of whole numbers in bins, as `merged_rows` takes a dimension.

    Args:
        values: int array (items,), none below the first of `first`.
        first: list of int, the lowest number of each bin, ascending.
        unit: str, what follows the numbers in the labels.

    Example:

    >>> names, indices = binned(np.array([1, 2, 5, 9]), [1, 2, 6], " links")
    >>> names, indices.tolist()
    (['1 links', '2-5 links', '6 or more links'], [0, 1, 1, 2])
    """
    lasts = [last - 1 for last in first[1:]]
    names = [
        f"{low}{unit}" if low == high else f"{low}-{high}{unit}"
        for low, high in zip(first, lasts, strict=False)
    ]
    return [*names, f"{first[-1]} or more{unit}"], np.searchsorted(first, values, "right") - 1


def thirds(values, names=("low", "medium", "high")):
    """Labels and indices of the thirds of a split, as `merged_rows` takes a dimension.

    Args:
        values: array (items,) of numbers.
        names: three str, of the lowest third, the middle one and the highest.

    Example:

    >>> names, indices = thirds(np.array([7, 1, 3, 2, 9, 5]))
    >>> names, indices.tolist()
    (['1 low', '2 medium', '3 high'], [2, 0, 1, 0, 2, 1])
    """
    values = np.asarray(values)
    indices = np.searchsorted(np.quantile(values, [1 / 3, 2 / 3]), values, "left")
    return [f"{number} {name}" for number, name in enumerate(names, 1)], indices


def merged_rows(split, dimensions, losses, weights=None, baselines=None):
    """Yields a row per combination of slices, the weighted means of its items.

    Args:
        split: str.
        dimensions: dict from name to (list of str, int array (items,)): labels, and the index of
            the label of each item.
        losses: float array (items,), of which less is better.
        weights: float array (items,), above 0; None for 1 each.
        baselines: dict from name to losses like `losses`, NaN where a baseline has none; None for
            no baselines. A row has those that have a loss there.

    Yields:
        dict as `rnnzoo.pipelines.core.family.Family.evaluation_rows` describes it.

    Example:

    >>> dimensions = {"year": (["2020", "2021"], np.array([0, 0, 1]))}
    >>> next(merged_rows("test", dimensions, [1.0, 2.0, 5.0], baselines={"drift": [2, 2, 2]}))
    {'split': 'test', 'loss': 1.5, 'weight': 2.0, 'slices': {'year': '2020'}, 'baselines': \
{'drift': 2.0}}
    """
    losses = np.asarray(losses, "float64")
    weights = np.ones(len(losses)) if weights is None else np.asarray(weights, "float64")
    shape = tuple(len(names) for names, _ in dimensions.values())
    indices = [np.asarray(index) for _, index in dimensions.values()]
    cells = np.ravel_multi_index(indices, shape) if shape else np.zeros(len(losses), int)
    cells, index = np.unique(cells, return_inverse=True)
    sums = np.bincount(index, weights)
    of_baselines = {
        name: _means(index, np.asarray(values, "float64"), weights)
        for name, values in (baselines or {}).items()
    }
    means = np.bincount(index, weights * losses) / sums
    for number, cell in enumerate(cells):
        positions = np.unravel_index(cell, shape) if shape else ()
        pairs = zip(dimensions.values(), positions, strict=True)
        labels = (names[position] for (names, _), position in pairs)
        yield {
            "split": split,
            "loss": float(means[number]),
            "weight": float(sums[number]),
            "slices": dict(zip(dimensions, labels, strict=True)),
            "baselines": {
                name: float(values[number])
                for name, values in of_baselines.items()
                if not np.isnan(values[number])
            },
        }


def _means(index, values, weights):
    """Weighted means of the values of each index that are not NaN; NaN where all are."""
    known = ~np.isnan(values)
    sums = np.bincount(index, np.where(known, weights * values, 0))
    total = np.bincount(index, np.where(known, weights, 0))
    return np.where(total > 0, sums / np.where(total > 0, total, 1), np.nan)
