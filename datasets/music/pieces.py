"""The six pieces that imputation is evaluated on, as samples."""

from rnnzoo.datasets.audio.reader import read_audio
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.source import verified_path
from rnnzoo.datasets.music.sources import PIECES


def load_piece(name):
    """The `Audio` of one of `PIECES`.

    Raises:
        InputError: there is no such piece, or it cannot be had or read.
    """
    if name not in PIECES:
        raise InputError(f"unknown piece {name!r}: choose one of {', '.join(PIECES)}")
    return read_audio(verified_path(PIECES[name]))
