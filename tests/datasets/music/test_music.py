"""Music: the pieces that imputation is judged by, and folders of one's own."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from rnnzoo.datasets.audio.reader import read_audio
from rnnzoo.datasets.audio.writer import write_audio
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.music.folder import SPLITS, Piece, music_pieces, split_pieces
from rnnzoo.datasets.music.load import load_music
from rnnzoo.datasets.music.pieces import load_piece
from rnnzoo.datasets.music.sources import PIECES
from rnnzoo.pipelines.experiments.studies import imputation


@pytest.mark.parametrize("name", PIECES)
def test_a_real_piece(name, needs_data):
    needs_data(PIECES[name])
    audio = load_piece(name)
    assert (audio.rate, len(audio.samples)) == (22_050, 1)
    assert 5 < audio.seconds < 90


def test_an_unknown_piece_and_those_of_the_experiment():
    with pytest.raises(InputError, match="^unknown piece 'nope': choose one of brahms, "):
        load_piece("nope")
    names = [measure.name for measure in imputation.EXPERIMENT.measures]
    assert [name for name in names if name.split()[-1] in PIECES] == [
        f"relative error of {piece}" for piece in PIECES
    ]


@pytest.fixture
def folder(tmp_path):
    """Seven pieces, of which one is none, and things that are passed over."""
    for number in range(6):
        wave = 0.5 * np.sin(0.01 * (number + 1) * np.arange(4_000))
        below = tmp_path / "mine" / ("a" if number % 2 else "b")
        below.mkdir(parents=True, exist_ok=True)
        write_audio(below / f"{number}.wav", np.stack([wave, -wave]), 8_000, "PCM_16")
    (tmp_path / "mine/bad.flac").write_bytes(b"no music")
    (tmp_path / "mine/.hidden.wav").write_bytes(b"")
    (tmp_path / "mine/cover.png").write_bytes(b"")
    return tmp_path / "mine"


def test_a_folder_is_split_by_piece_and_what_cannot_be_read_is_left_out(
    folder, monkeypatch, capsys
):
    from rnnzoo.datasets.music import music_dataset_builder

    monkeypatch.setattr(music_dataset_builder, "LONGEST", 0.2)
    sides = {}
    for split in SPLITS:
        examples, skipped = load_music(split, folder)
        for example in examples.as_numpy_iterator():
            name = example["piece"].decode()
            sides.setdefault(name, set()).add(split)
            assert example["rate"] == 8_000
            assert example["samples"].shape[0] == 2
            whole = read_audio(folder / name).samples
            start = round(float(example["start"]) * 8_000)
            part = whole[:, start : start + example["samples"].shape[1]]
            np.testing.assert_allclose(example["samples"], part, atol=1e-7)
    assert {len(side) for side in sides.values()} == {1}
    readable = {piece.name for piece in music_pieces(folder)} - {"bad.flac"}
    assert set(sides) == readable
    assert list(skipped) == ["bad.flac"]
    assert "bad.flac is no audio that can be read" in skipped["bad.flac"]


def test_sides_hang_on_names_alone():
    pieces = [Piece(f"{n}.ogg", Path(f"{n}.ogg")) for n in range(24)]
    parts = split_pieces(pieces)
    assert [len(parts[split]) for split in SPLITS] == [18, 2, 4]
    again = split_pieces(pieces[::-1])
    assert {split: set(part) for split, part in again.items()} == {
        split: set(part) for split, part in parts.items()
    }
    assert [len(split_pieces(pieces[:3])[split]) for split in SPLITS] == [1, 1, 1]


def test_errors(folder, tmp_path):
    with pytest.raises(InputError, match=r"nope is no folder: give one with music \(.aif, "):
        load_music("test", tmp_path / "nope")
    (tmp_path / "few").mkdir()
    with pytest.raises(InputError, match="few has 0 files of music"):
        load_music("test", tmp_path / "few")
    for number in range(2):
        shutil.copy(folder / f"a/{2 * number + 1}.wav", tmp_path / "few")
    shutil.copy(folder / "bad.flac", tmp_path / "few")
    with pytest.raises(InputError, match="^no piece of a split is left: .*bad.flac is no audio"):
        load_music("test", tmp_path / "few")
    with pytest.raises(InputError, match="^unknown split 'train': choose one of test$"):
        load_music("train")
    with pytest.raises(InputError, match="^unknown split 'dev': choose one of train, validation, "):
        load_music("dev", folder)
