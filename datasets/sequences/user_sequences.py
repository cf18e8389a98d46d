"""Labelled sequences of a user in the cache, by their sha256."""

import hashlib

import numpy as np

from rnnzoo.datasets.common.atomic_write import atomic_file
from rnnzoo.datasets.common.folders import cache_dir
from rnnzoo.datasets.common.splits import SPLITS
from rnnzoo.datasets.sequences.labelled import Labelled


def sha256_of(parts):
    """sha256 of the names, labels and values of all splits.

    Args:
        parts: dict from split to `Labelled`.
    """
    sha = hashlib.sha256()
    for split, part in parts.items():
        for name, values, label in zip(part.names, part.sequences, part.labels, strict=True):
            sha.update(f"{split}\t{name}\t{label}\t{values.shape}\n".encode())
            sha.update(np.ascontiguousarray(values, "<f4").tobytes())
    return sha.hexdigest()


def keep_sequences(parts):
    """Writes splits into the cache and returns their sha256.

    Args:
        parts: dict from split to `Labelled`.
    """
    sha256 = sha256_of(parts)
    if not _path(sha256).is_file():
        with atomic_file(_path(sha256)) as partial:
            np.savez_compressed(partial, **_arrays(parts))
    return sha256


def _arrays(parts):
    arrays = {}
    for split, part in parts.items():
        arrays[f"{split}_names"] = np.array(part.names, str)
        arrays[f"{split}_labels"] = np.array(part.labels, str)
        arrays[f"{split}_lengths"] = np.array([len(values) for values in part.sequences], int)
        arrays[f"{split}_values"] = np.concatenate(part.sequences).astype("float32")
    return arrays


def read_sequences(sha256):
    """dict from split to `Labelled`, as `keep_sequences` wrote them, or None."""
    path = _path(sha256)
    if not path.is_file():
        return None
    with np.load(path, allow_pickle=False) as arrays:
        parts = {}
        for split in SPLITS:
            names, labels, lengths, values = (
                arrays[f"{split}_{column}"] for column in ("names", "labels", "lengths", "values")
            )
            parts[split] = Labelled(names.tolist(), split_rows(values, lengths), labels.tolist())
    return parts


def split_rows(values, lengths):
    """list of arrays (length, ...), of their concatenation (sum of lengths, ...)."""
    return list(np.split(values, np.cumsum(lengths)[:-1]))


def _path(sha256):
    return cache_dir() / "sequences" / f"{sha256}.npz"
