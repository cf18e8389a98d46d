"""Audio is read as it is and written without loss."""

import os
import sys

import numpy as np
import pytest

from rnnzoo.datasets.audio.reader import read_audio
from rnnzoo.datasets.audio.samples import checked_rate, checked_samples
from rnnzoo.datasets.audio.writer import write_audio
from rnnzoo.datasets.common.errors import InputError

soundfile = pytest.importorskip("soundfile", reason="the extra audio is not installed")

PCM = {"PCM_U8": 8, "PCM_16": 16, "PCM_24": 24, "PCM_32": 32}


def whole_numbers(bits, channels=2, count=3000):
    """Samples at whole numbers of so many bits, both ends among them."""
    scale = 2 ** (bits - 1)
    drawn = np.random.default_rng(0).integers(-scale, scale, (channels, count))
    drawn[:, :2] = -scale, scale - 1
    return drawn / scale


@pytest.mark.parametrize("subtype", PCM)
def test_whole_numbers_come_back_bit_by_bit(tmp_path, subtype):
    path, samples = tmp_path / "a.wav", whole_numbers(PCM[subtype])
    assert write_audio(path, samples, 22050, subtype) == (subtype, True)
    audio = read_audio(path)
    assert (audio.rate, audio.subtype, audio.samples.dtype) == (22050, subtype, np.float64)
    np.testing.assert_array_equal(audio.samples, samples)
    assert os.listdir(tmp_path) == ["a.wav"]


def test_what_others_wrote_comes_back_bit_by_bit(tmp_path):
    samples = np.random.default_rng(1).integers(-(2**15), 2**15, (500, 1)).astype("int16")
    soundfile.write(tmp_path / "a.wav", samples, 8000, subtype="PCM_16")
    audio = read_audio(tmp_path / "a.wav")
    write_audio(tmp_path / "b.flac", audio.samples, audio.rate, audio.subtype)
    np.testing.assert_array_equal(
        soundfile.read(tmp_path / "b.flac", dtype="int16")[0], samples[:, 0]
    )


@pytest.mark.parametrize(
    ("suffix", "subtype", "written"),
    [
        (".wav", "FLOAT", ("FLOAT", True)),
        (".wav", "DOUBLE", ("DOUBLE", True)),
        (".wav", "VORBIS", ("FLOAT", True)),
        (".wav", "PCM_S8", ("PCM_U8", True)),
        (".flac", "PCM_U8", ("PCM_S8", True)),
        (".flac", "PCM_32", ("PCM_24", False)),
        (".flac", "VORBIS", ("PCM_24", False)),
        (".aiff", "PCM_24", ("PCM_24", True)),
        (".caf", "DOUBLE", ("DOUBLE", True)),
    ],
)
def test_the_closest_subtype_is_taken(tmp_path, suffix, subtype, written):
    path, samples = tmp_path / f"a{suffix}", whole_numbers(8, channels=1)
    assert write_audio(path, samples[0], 44100, subtype) == written
    np.testing.assert_array_equal(read_audio(path).samples, samples)


def test_lossy_audio_decodes_to_floats_that_a_wav_keeps(tmp_path):
    tone = 0.5 * np.sin(0.05 * np.arange(8000))
    soundfile.write(tmp_path / "a.ogg", tone, 8000)
    audio = read_audio(tmp_path / "a.ogg")
    assert write_audio(tmp_path / "b.wav", audio.samples, 8000, audio.subtype) == ("FLOAT", True)
    np.testing.assert_array_equal(read_audio(tmp_path / "b.wav").samples, audio.samples)


def test_what_is_too_loud_for_whole_numbers_is_cut_off(tmp_path):
    write_audio(tmp_path / "a.wav", np.array([0.0, 1.5, -1.5]), 8000, "PCM_16")
    np.testing.assert_array_equal(read_audio(tmp_path / "a.wav").samples, [[0, 1 - 2.0**-15, -1]])


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("no.wav", None, "does not exist: give an audio file"),
        ("a.wav", b"this is a text" * 100, "is no audio that can be read"),
        ("empty.wav", b"", "is no audio that can be read"),
        ("a.txt", b"words", "is no audio that can be read"),
    ],
)
def test_what_is_no_audio(tmp_path, name, content, said):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=said) as problem:
        read_audio(tmp_path / name)
    assert str(tmp_path / name) in str(problem.value)
    assert "\n" not in str(problem.value)


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(InputError, match="is no file"):
        read_audio(tmp_path)


@pytest.mark.parametrize(
    ("samples", "said"),
    [
        (np.zeros(100), "is silent"),
        (np.array([0.1, np.nan, 0.2]), "has nan at sample 1 of channel 0"),
        (np.array([0.1, 0.2, np.inf]), "has inf at sample 2"),
        (np.zeros(0), "has 0 samples"),
    ],
)
def test_audio_that_nothing_can_be_restored_from(tmp_path, samples, said):
    soundfile.write(tmp_path / "a.wav", samples, 8000, subtype="DOUBLE")
    with pytest.raises(InputError, match=said):
        read_audio(tmp_path / "a.wav")


def test_too_short(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.full(9, 0.5), 8000)
    assert read_audio(tmp_path / "a.wav", 9).samples.shape == (1, 9)
    with pytest.raises(InputError, match="has 9 samples in 1 channels: give 10 or more"):
        read_audio(tmp_path / "a.wav", 10)


def test_samples_of_an_array():
    assert checked_samples("it", np.ones(5, "float32")).dtype == np.float64
    assert checked_samples("it", np.ones((2, 5))).shape == (2, 5)
    for wrong in (np.ones(5, int), np.ones((2, 5, 1)), np.ones((5, 2)), np.ones((0, 5))):
        with pytest.raises(InputError, match="^it "):
            checked_samples("it", wrong)


def test_rates():
    assert checked_rate(44100.0) == 44100
    for wrong in (0, -1, 0.5, True, "44100", np.nan, np.inf, 10**9):
        with pytest.raises(InputError, match="samples per second"):
            checked_rate(wrong)


@pytest.mark.parametrize("name", ["a.mp3", "a", "folder.wav", "no/a.wav"])
def test_where_nothing_can_be_written(tmp_path, name):
    (tmp_path / "folder.wav").mkdir()
    with pytest.raises(InputError, match="give"):
        write_audio(tmp_path / name, np.ones(9), 8000)
    assert os.listdir(tmp_path) == ["folder.wav"]


def test_an_interrupted_write_leaves_what_was_there(tmp_path, monkeypatch):
    path = tmp_path / "a.wav"
    write_audio(path, np.full(50, 0.25), 8000)

    def interrupted(file, samples):
        raise KeyboardInterrupt

    monkeypatch.setattr(soundfile.SoundFile, "write", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_audio(path, np.full(50, 0.5), 8000)
    monkeypatch.undo()
    assert os.listdir(tmp_path) == ["a.wav"]
    assert read_audio(path).samples[0, 0] == 0.25


def test_more_channels_than_a_format_has(tmp_path):
    with pytest.raises(InputError, match="cannot be written with 9 channels at 8000 Hz"):
        write_audio(tmp_path / "a.flac", np.ones((9, 20)), 8000, "PCM_16")
    assert os.listdir(tmp_path) == []


def test_a_missing_extra_is_named(tmp_path, monkeypatch):
    (tmp_path / "a.wav").write_bytes(b"RIFF")
    monkeypatch.setitem(sys.modules, "soundfile", None)
    with pytest.raises(InputError, match=r"audio needs soundfile: pip install 'rnnzoo\[audio\]'"):
        read_audio(tmp_path / "a.wav")


def test_what_libsndfile_does_not_know_is_read_by_librosa(tmp_path, monkeypatch):
    librosa = pytest.importorskip("librosa", reason="the extra audio is not installed")
    (tmp_path / "a.m4a").write_bytes(b"of another kind")
    decoded = np.full((2, 30), 0.5), 48000.0
    monkeypatch.setattr(librosa, "load", lambda *arguments, **more: decoded)
    audio = read_audio(tmp_path / "a.m4a")
    assert (audio.rate, audio.subtype, audio.samples.shape) == (48000, "PCM_16", (2, 30))


def test_real_music(tmp_path, music):
    path = music("trumpet")
    audio = read_audio(path)
    assert audio.rate == 44100
    assert audio.samples.shape[0] == 2
    assert 5 < audio.seconds < 6
    write_audio(tmp_path / "a.wav", audio.samples, audio.rate, audio.subtype)
    np.testing.assert_array_equal(read_audio(tmp_path / "a.wav").samples, audio.samples)
