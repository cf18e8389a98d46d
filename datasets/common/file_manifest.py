"""Manifests: the paths of the files of each split, stored in the cache by the files' digest.

A stage that takes the digest as a parameter reads the manifest, and then the files.
"""

import hashlib
import json
from pathlib import Path

from rnnzoo.datasets.common.atomic_write import write_text
from rnnzoo.datasets.common.folders import cache_dir


def write_manifest(kind, files, identity=lambda file: (), extra=lambda file: ()):
    """Writes a manifest and returns the digest of its files.

    Args:
        kind: str, what the files are: the name of a folder of the cache.
        files: dict from split to list of objects with a `name` and a `path`.
        identity: function from a file to strings that the digest covers, besides its split, name
            and content.
        extra: function from a file to strings that are stored, and not covered by the digest.

    Returns:
        str, the sha256 that `read_manifest` takes.
    """
    sha, rows = hashlib.sha256(), []
    for split, in_split in files.items():
        for file in in_split:
            with open(file.path, "rb") as stream:
                content = hashlib.file_digest(stream, "sha256").hexdigest()
            sha.update(("\t".join([split, file.name, *identity(file), content]) + "\n").encode())
            path = str(Path(file.path).absolute())
            rows.append([split, file.name, path, *identity(file), *extra(file)])
    sha256 = sha.hexdigest()
    # An existing one is replaced: the same files may have been moved.
    write_text(_path(kind, sha256), json.dumps(rows))
    return sha256


def read_manifest(kind, sha256, splits, build):
    """Returns the files of a manifest.

    Args:
        kind, sha256: as for `write_manifest`.
        splits: collection of str, all splits.
        build: function (name, path, *identity, *extra) to an object.

    Returns:
        dict from split to list of the objects, or None if there is no such manifest.
    """
    path = _path(kind, sha256)
    if not path.is_file():
        return None
    files = {split: [] for split in splits}
    for split, name, file, *rest in json.loads(path.read_text(encoding="utf-8")):
        files[split].append(build(name, Path(file), *rest))
    return files


def _path(kind, sha256):
    return cache_dir() / kind / f"{sha256}.json"
