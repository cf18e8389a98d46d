"""A folder of music, listed without opening any file, and split by piece."""

import os
from dataclasses import dataclass
from pathlib import Path

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.nested_files import nested_files
from rnnzoo.datasets.common.splits import SPLITS, split_by_name

SUFFIXES = (
    ".aif", ".aiff", ".au", ".caf", ".flac", ".m4a", ".mp3", ".oga", ".ogg", ".opus", ".w64",
    ".wav",
)  # fmt: skip


@dataclass(frozen=True)
class Piece:
    """A file of music.

    Args:
        name: str, its path below the folder, with `/`, which splits and messages use.
        path: `pathlib.Path`.
    """

    name: str
    path: Path


def music_pieces(folder):
    """The pieces of a folder, at any depth, in natural order, without hidden files.

    Raises:
        InputError: it is no folder, or has fewer than three files of music.
    """
    folder = Path(folder)
    if not os.path.isdir(folder):
        raise InputError(f"{folder} is no folder: give one with music ({', '.join(SUFFIXES)})")
    pieces = [
        Piece(path.relative_to(folder).as_posix(), path) for path in nested_files(folder, SUFFIXES)
    ]
    if len(pieces) < len(SPLITS):
        raise InputError(
            f"{folder} has {len(pieces)} files of music ({', '.join(SUFFIXES)}): give at least 3, "
            "one for each split"
        )
    return pieces


def split_pieces(pieces):
    """dict from split to list of `Piece`, see `split_by_name`."""
    side = split_by_name([piece.name for piece in pieces])
    return {split: [piece for piece in pieces if side[piece.name] == split] for split in SPLITS}
