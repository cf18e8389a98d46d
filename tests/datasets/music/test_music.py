"""Music: the pieces that imputation is judged by, and folders of one's own."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from rnnzoo.datasets.audio.fingerprint import correlation, fingerprint
from rnnzoo.datasets.audio.reader import read_audio
from rnnzoo.datasets.audio.writer import write_audio
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.music.folder import SPLITS, Piece, music_pieces, split_pieces, split_recordings
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


def recording(number, seconds=6.0, rate=22_050):
    """Notes that are drawn by number, a quarter of a second each."""
    random, n = np.random.default_rng(number), np.arange(int(0.25 * rate))
    notes = 220 * 2 ** (random.integers(24, size=int(4 * seconds)) / 12)
    tune = [np.sin(2 * np.pi * f * n / rate) * np.exp(-n / (0.1 * rate)) for f in notes]
    return 0.5 * np.concatenate(tune)


def test_files_of_one_recording_are_in_one_split(tmp_path, capsys):
    soundfile = pytest.importorskip("soundfile")
    for number in range(8):
        write_audio(tmp_path / f"{number}.wav", recording(number), 22_050, "PCM_16")
    # The same in another format, at another rate and level, without the first second.
    for number in range(8):
        again = np.stack([0.3 * recording(number, rate=16_000)[16_000:]] * 2, axis=1)
        soundfile.write(tmp_path / f"other name {9 - number}.ogg", again, 16_000)
    write_audio(tmp_path / "3.hq.wav", recording(20), 22_050, "PCM_16")
    parts = split_recordings(music_pieces(tmp_path))
    side = {piece.name: split for split, part in parts.items() for piece in part}
    assert len(side) == 17 and set(side.values()) == set(SPLITS)
    for number in range(8):
        assert side[f"{number}.wav"] == side[f"other name {9 - number}.ogg"]
    assert side["3.wav"] == side["3.hq.wav"]
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "kept in one split: 0.wav = other name 9.ogg; 1.wav = " in err and "and 5 more" in err


def test_real_music_in_two_qualities_is_one_recording_and_others_are_not(music):
    names = ["trumpet", "brahms", "sweetwaltz", "pistachio", "vibeace", "choice"]
    prints = {name: fingerprint(music(name)) for name in names}
    for name in ("trumpet", "brahms"):
        low = music(name).with_name(music(name).name.replace(".hq", ""))
        assert correlation(prints[name], fingerprint(low)) > 0.95
    others = [correlation(prints[a], prints[b]) for a in names for b in names if a < b]
    assert max(others) < 0.5


def test_fewer_than_three_recordings_are_no_three_splits(tmp_path):
    for number in range(4):
        write_audio(tmp_path / f"{number}.wav", recording(number // 2), 22_050, "PCM_16")
    with pytest.raises(InputError, match="4 files of music are 2 different recordings: give at"):
        split_recordings(music_pieces(tmp_path))


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
