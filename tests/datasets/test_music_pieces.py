"""The pieces that imputation is judged by."""

import os
from pathlib import Path

import pytest

from rnnzoo.datasets.errors import InputError
from rnnzoo.datasets.music.pieces import PIECES, load_piece
from rnnzoo.pipelines.experiments import imputation


@pytest.mark.parametrize("name", PIECES)
def test_a_real_piece(name):
    folder = os.environ.get("RNNZOO_DATA_DIR")
    if not folder or not (Path(folder) / PIECES[name].path).is_file():
        pytest.skip(f"{PIECES[name].path} is not in RNNZOO_DATA_DIR={folder}")
    audio = load_piece(name)
    assert (audio.rate, len(audio.samples)) == (22_050, 1)
    assert 5 < audio.seconds < 90


def test_an_unknown_piece_and_those_of_the_experiment():
    with pytest.raises(InputError, match="^unknown piece 'nope': choose one of brahms, "):
        load_piece("nope")
    assert tuple(PIECES) == imputation.PIECES
