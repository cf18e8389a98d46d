"""A folder of music, listed without opening any file, and split by piece."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from rnnzoo.datasets.errors import InputError
from rnnzoo.datasets.frame_folders import natural

SUFFIXES = (
    ".aif", ".aiff", ".au", ".caf", ".flac", ".m4a", ".mp3", ".oga", ".ogg", ".opus", ".w64",
    ".wav",
)  # fmt: skip
SPLITS = ("train", "validation", "test")

# Of the pieces: a sixth to judge by, and a twelfth to choose by, one at least of each.
TEST, VALIDATION = 6, 12


@dataclass(frozen=True)
class Piece:
    """A file of music.

    Args:
        name: str, its path below the folder, with `/`: what splits and messages call it.
        path: `pathlib.Path`.
    """

    name: str
    path: Path


def music_pieces(folder):
    """The pieces of a folder, at any depth, in natural order; what is hidden is passed over.

    Raises:
        InputError: it is no folder, or has fewer than three files of music.
    """
    folder = Path(folder)
    if not os.path.isdir(folder):
        raise InputError(f"{folder} is no folder: give one with music ({', '.join(SUFFIXES)})")
    found = [
        Piece(path.relative_to(folder).as_posix(), path)
        for path in folder.rglob("*")
        if path.suffix.lower() in SUFFIXES and path.is_file() and not _hidden(path, folder)
    ]
    if len(found) < len(SPLITS):
        raise InputError(
            f"{folder} has {len(found)} files of music ({', '.join(SUFFIXES)}): give at least 3, "
            "to learn from, to choose by and to judge by"
        )
    return sorted(found, key=lambda piece: (piece.path.parent, natural(piece.path)))


def split_pieces(pieces):
    """dict from split to list of `Piece`, by the sha256 of their names: not by order or date."""
    ordered = sorted(pieces, key=lambda piece: hashlib.sha256(piece.name.encode()).digest())
    test = max(1, round(len(pieces) / TEST))
    held = test + max(1, round(len(pieces) / VALIDATION))
    side = {
        piece: "test" if place < test else "validation" if place < held else "train"
        for place, piece in enumerate(ordered)
    }
    return {split: [piece for piece in pieces if side[piece] == split] for split in SPLITS}


def _hidden(path, folder):
    return any(part.startswith(".") for part in path.relative_to(folder).parts)
