"""Labelled sequences, as the stages hand them on."""

import hashlib
import itertools
from dataclasses import dataclass

import numpy as np

from rnnzoo.datasets.common.splits import SPLITS


@dataclass(frozen=True)
class Labelled:
    """Sequences and what they show.

    Args:
        names: list of str.
        sequences: list of float32 arrays (time, ...).
        labels: list of str, the class of each.
    """

    names: list
    sequences: list
    labels: list

    def __len__(self):
        return len(self.names)

    def __add__(self, other):
        pairs = ((self.names, other.names), (self.sequences, other.sequences))
        return Labelled(*(one + two for one, two in (*pairs, (self.labels, other.labels))))

    def where(self, kept):
        """Those that a list of bool keeps."""
        lists = (self.names, self.sequences, self.labels)
        return Labelled(*(list(itertools.compress(one, kept)) for one in lists))

    def numbers(self, classes):
        """int array, the place of each label among `classes`."""
        place = {name: number for number, name in enumerate(classes)}
        return np.array([place[label] for label in self.labels], int)


def sha256_of(parts):
    """sha256 of all that is in the splits.

    Args:
        parts: dict from split to `Labelled`.
    """
    sha = hashlib.sha256()
    for split, part in parts.items():
        for name, one, label in zip(part.names, part.sequences, part.labels, strict=True):
            sha.update(f"{split}\t{name}\t{label}\t{one.shape}\n".encode())
            sha.update(np.ascontiguousarray(one, "<f4").tobytes())
    return sha.hexdigest()


def write_parts(file, parts):
    """Writes splits to one .npz file.

    Args:
        file: open binary file.
        parts: dict from split to `Labelled`.
    """
    arrays = {}
    for split, part in parts.items():
        arrays[f"{split}_names"] = np.array(part.names, str)
        arrays[f"{split}_labels"] = np.array(part.labels, str)
        arrays[f"{split}_lengths"] = np.array([len(one) for one in part.sequences], int)
        arrays[f"{split}_values"] = np.concatenate(part.sequences).astype("float32")
    np.savez_compressed(file, **arrays)


def read_parts(path):
    """What `write_parts` wrote."""
    with np.load(path, allow_pickle=False) as kept:
        found = {}
        for split in SPLITS:
            names, labels, lengths, values = (
                kept[f"{split}_{part}"] for part in ("names", "labels", "lengths", "values")
            )
            sequences = np.split(values, np.cumsum(lengths)[:-1])
            found[split] = Labelled(names.tolist(), list(sequences), labels.tolist())
    return found
