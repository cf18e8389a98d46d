"""The artifact of Transform: arrays by name, and a description in JSON."""

import json

import numpy as np

FILE = "data.json"


def write_transformed(folder, about, arrays):
    """Writes `<name>.npy` of each array, and `data.json`.

    Args:
        folder: Path of the artifact's folder.
        about: dict of JSON values.
        arrays: iterable of (str, array).
    """
    for name, array in arrays:
        np.save(folder / f"{name}.npy", array, allow_pickle=False)
    text = json.dumps(about, indent=1, ensure_ascii=False)
    (folder / FILE).write_text(text, encoding="utf-8")


class Transformed:
    """Reads what `write_transformed` wrote.

    Args:
        folder: Path of the artifact's folder.
    """

    def __init__(self, folder):
        self._folder = folder
        self.about = json.loads((folder / FILE).read_text(encoding="utf-8"))

    def array(self, name):
        """The array of that name, memory-mapped from its file."""
        return np.load(self._folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
