"""How a family predicts users' files in bulk, see `rnnzoo.pipelines.bulk_inference`.

A `Predictor` names the files in a folder, reads the items of a file, and predicts several items at
once. This one is that of a family that has none of its own.
"""

import numpy as np

from rnnzoo.datasets.common.arguments import whole
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.nested_files import nested_files
from rnnzoo.datasets.common.npy_file import read_npy

FORM = "an .npy file of an input of the model, or of several (items, ...)"


class Predictor:
    """Predicts arrays as the model takes them: an item is an input of the model.

    Args:
        card: dict, that of the model.
        options: dict, the `data_options` and `predict_options` of the family that were given.

    Attributes:
        suffixes: tuple of str, of the files that it reads in a folder.
        most: int, the most items that `predict` predicts at once; None for any number.

    Raises:
        InputError: an option has an unsuitable value.
    """

    suffixes, most = (".npy",), None

    def __init__(self, card, options):
        self.card, self.options = card, dict(options)

    def files(self, folder):
        """The files in a folder, at any depth, in natural order; or the folder itself.

        Args:
            folder: `pathlib.Path`.

        Returns:
            list of `pathlib.Path`.
        """
        return nested_files(folder, self.suffixes)

    def items(self, path, model):
        """The items of a file, in their order.

        Args:
            path: `pathlib.Path`, a file or what `files` returned.
            model: the task model.

        Returns:
            list of what `predict` takes.

        Raises:
            InputError: it cannot be read, or does not fit the model.
        """
        (tensor,) = model.inputs
        array, shape = np.asarray(read_npy(path, FORM)), tensor.shape[1:]
        items = array[None] if array.ndim == len(shape) else array
        fits = items.ndim == len(shape) + 1 and all(
            expected in (None, size) for expected, size in zip(shape, items.shape[1:], strict=True)
        )
        if not fits or array.dtype.kind not in "biuf":
            raise InputError(f"{path} is {array.dtype} {array.shape}: give numbers {tensor.shape}")
        return list(items.astype(tensor.dtype))

    def predict(self, items, model):
        """Predictions of items, which do not depend on each other.

        Args:
            items: list of what `items` returned, of one file or several.
            model: the task model.

        Returns:
            list with a dict per item, the keys of its record; or with a list of dict, the records
            of an item that has several, such as the steps of a forecast. Values are str, numbers,
            arrays, and lists and dicts of them.

        Raises:
            InputError: an item cannot be predicted.
        """
        return by_shape(
            items,
            lambda group: [
                {"outputs": outputs}
                for outputs in np.asarray(model(np.stack(group), training=False))
            ],
        )


def whole_option(options, name, default, most=None):
    """Takes an option that is a whole number of at least 1 out of a dict.

    Args:
        options: dict from name to str, changed in place.
        name: str.
        default: int.
        most: int, the largest accepted number, or None.

    Returns:
        int.

    Raises:
        InputError: it is none.
    """
    text = options.pop(name, str(default))
    number = whole(f"--{name}", int(text) if text.isdecimal() else text)
    if most is not None and number > most:
        raise InputError(f"--{name} is {number}: give 1 to {most}")
    return number


def by_shape(items, predict, shape=np.shape):
    """Predicts items of the same shape together.

    Args:
        items: list.
        predict: function from a list of items of one shape to a list with a result for each.
        shape: function from an item to its shape.

    Returns:
        list, the result of each item, in their order.

    Example:

    >>> by_shape(["a", "bcd", "e"], lambda group: ["+".join(group)] * len(group), len)
    ['a+e', 'bcd', 'a+e']
    """
    groups = {}
    for index, item in enumerate(items):
        groups.setdefault(shape(item), []).append(index)
    results = [None] * len(items)
    for indices in groups.values():
        group = predict([items[index] for index in indices])
        for index, result in zip(indices, group, strict=True):
            results[index] = result
    return results
