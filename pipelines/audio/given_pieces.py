"""Where the pieces of music of a run lie: a list in the cache, by the digest of their content."""

import hashlib
import json
from pathlib import Path

from rnnzoo.datasets.folders import cache_dir
from rnnzoo.datasets.music.folder import Piece
from rnnzoo.datasets.name_splits import SPLITS
from rnnzoo.pipelines.given import keep


def kept_pieces(parts):
    """The sha256 of pieces, by which `listed_pieces` finds them.

    Args:
        parts: dict from split to list of `Piece`.
    """
    sha, rows = hashlib.sha256(), []
    for split, pieces in parts.items():
        for piece in pieces:
            with open(piece.path, "rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
            sha.update(f"{split}\t{piece.name}\t{content}\n".encode())
            rows.append([split, piece.name, str(Path(piece.path).absolute())])
    sha256 = sha.hexdigest()
    # The same pieces may lie elsewhere now.
    keep(_place(sha256), lambda file: file.write(json.dumps(rows).encode()), replace=True)
    return sha256


def listed_pieces(sha256):
    """dict from split to list of `Piece`."""
    parts = {split: [] for split in SPLITS}
    for split, name, path in json.loads(_place(sha256).read_text(encoding="utf-8")):
        parts[split].append(Piece(name, Path(path)))
    return parts


def _place(sha256):
    return cache_dir() / "pieces" / f"{sha256}.json"
