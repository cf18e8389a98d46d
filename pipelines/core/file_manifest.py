"""Where the files of a run lie: a list in the cache, by the digest of their content."""

import hashlib
import json
from pathlib import Path

from rnnzoo.datasets.common.atomic_write import write_text
from rnnzoo.datasets.common.folders import cache_dir


def keep_list(kind, parts, known=lambda one: (), beside=lambda one: ()):
    """Keeps which files are in which split, and returns the sha256 that `kept_list` finds them by.

    Args:
        kind: str, what they are: the name of a folder of the cache.
        parts: dict from split to list of things with a `name` and a `path`.
        known: function from one of them to strings that are a part of its identity, as its split,
            its name and its content are.
        beside: function from one of them to strings that are kept with it, and are not.
    """
    sha, rows = hashlib.sha256(), []
    for split, files in parts.items():
        for one in files:
            with open(one.path, "rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
            sha.update(("\t".join([split, one.name, *known(one), content]) + "\n").encode())
            path = str(Path(one.path).absolute())
            rows.append([split, one.name, path, *known(one), *beside(one)])
    sha256 = sha.hexdigest()
    # The same files may lie elsewhere now.
    write_text(_place(kind, sha256), json.dumps(rows))
    return sha256


def kept_list(kind, sha256, splits, make):
    """dict from split to list of what was kept, or None if nothing was.

    Args:
        kind, sha256: see `keep_list`.
        splits: collection of str, all splits that there are.
        make: class or function (name, path, *what was kept with it) of one of the list.
    """
    place = _place(kind, sha256)
    if not place.is_file():
        return None
    parts = {split: [] for split in splits}
    for split, name, path, *rest in json.loads(place.read_text(encoding="utf-8")):
        parts[split].append(make(name, Path(path), *rest))
    return parts


def _place(kind, sha256):
    return cache_dir() / kind / f"{sha256}.json"
