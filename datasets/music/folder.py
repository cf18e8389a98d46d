"""A folder of music, listed without opening any file, and split by recording."""

import os
from dataclasses import dataclass
from pathlib import Path

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.near_duplicates import first_of_each, report
from rnnzoo.datasets.common.nested_files import nested_files
from rnnzoo.datasets.common.splits import SPLITS, split_by_name
from rnnzoo.datasets.music.same_recording import same_recordings

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


def split_pieces(pieces, first=None):
    """Splits pieces by their names, see `split_by_name`.

    Args:
        pieces: list of `Piece`.
        first: dict from the name of each piece to that of the first one that it has to be in one
            split with; None for none.

    Returns:
        dict from split to list of `Piece`.

    Raises:
        InputError: fewer than three different ones.
    """
    first = first or {piece.name: piece.name for piece in pieces}
    names = sorted(set(first.values()))
    if len(names) < len(SPLITS):
        raise InputError(
            f"{len(pieces)} files of music are {len(names)} different recordings: give at least 3, "
            "one for each split"
        )
    side = split_by_name(names)
    return {
        split: [piece for piece in pieces if side[first[piece.name]] == split] for split in SPLITS
    }


def split_recordings(pieces):
    """Splits pieces by recording: see `split_pieces`.

    Files of the same content, of the same name in another format or quality, or with nearly the
    same duration and fingerprint, are in one split, which is reported on standard error.
    """
    first = first_of_each(pieces, same_recordings(pieces))
    report(first)
    return split_pieces(pieces, first)
