"""Kinds of audio files that users have: read, and written without loss, or refused in one line."""

import numpy as np
import pytest

from rnnzoo.audio import inpainting
from rnnzoo.cli import main
from rnnzoo.datasets.audio.metadata import read_metadata
from rnnzoo.datasets.audio.reader import open_audio, read_audio
from rnnzoo.datasets.audio.writer import audio_writer
from rnnzoo.datasets.common.errors import InputError

soundfile = pytest.importorskip("soundfile", reason="the extra audio is not installed")

# (suffix, format, subtype, rate, channels).
KINDS = [
    ("wav", "WAV", "PCM_U8", 8000, 1),
    ("wav", "WAV", "PCM_16", 44100, 1),
    ("wav", "WAV", "PCM_24", 48000, 2),
    ("wav", "WAV", "PCM_32", 96000, 2),
    ("wav", "WAV", "FLOAT", 192000, 1),
    ("wav", "WAV", "DOUBLE", 22050, 2),
    ("wav", "WAV", "ALAW", 8000, 1),
    ("wav", "WAV", "ULAW", 8000, 2),
    ("wav", "WAV", "IMA_ADPCM", 11025, 1),
    ("wav", "WAV", "MS_ADPCM", 11025, 2),
    ("wav", "WAV", "GSM610", 8000, 1),
    ("wav", "WAV", "PCM_16", 1, 1),
    ("wav", "WAVEX", "PCM_24", 48000, 6),
    ("wav", "WAVEX", "FLOAT", 48000, 8),
    ("wav", "RF64", "PCM_16", 44100, 2),
    ("w64", "W64", "PCM_24", 44100, 2),
    ("flac", "FLAC", "PCM_S8", 16000, 1),
    ("flac", "FLAC", "PCM_16", 44100, 2),
    ("flac", "FLAC", "PCM_24", 192000, 6),
    ("ogg", "OGG", "VORBIS", 44100, 2),
    ("ogg", "OGG", "VORBIS", 192000, 1),
    ("opus", "OGG", "OPUS", 48000, 1),
    ("mp3", "MP3", "MPEG_LAYER_III", 44100, 2),
    ("mp3", "MP3", "MPEG_LAYER_III", 16000, 1),
    ("aiff", "AIFF", "PCM_16", 44100, 2),
    ("aiff", "AIFF", "FLOAT", 44100, 1),
    ("au", "AU", "ULAW", 8000, 1),
    ("au", "AU", "PCM_16", 22050, 2),
    ("caf", "CAF", "ALAC_16", 44100, 2),
    ("caf", "CAF", "PCM_24", 44100, 6),
    ("voc", "VOC", "PCM_U8", 8000, 1),
    ("nist.sph", "NIST", "PCM_16", 16000, 1),
]


@pytest.fixture
def silence(monkeypatch):
    """Gaps are filled with zeros, instead of the methods that compute for long."""

    def zeros(samples, spans):
        filled = samples.copy()
        for start, stop in spans:
            filled[start:stop] = 0
        return filled

    monkeypatch.setattr(inpainting, "janssen", zeros)


def tones(channels, count=9000):
    n = np.arange(count)
    return np.stack([0.4 * np.sin((0.05 + 0.02 * k) * n + k) for k in range(channels)])


@pytest.mark.parametrize(("suffix", "form", "subtype", "rate", "channels"), KINDS)
def test_a_gap_is_filled_and_the_rest_of_every_bit_stays(
    silence, tmp_path, capsys, suffix, form, subtype, rate, channels
):
    path, out = tmp_path / f"in.{suffix}", tmp_path / "out.wav"
    soundfile.write(path, tones(channels).T, rate, subtype=subtype, format=form)
    expected, _ = soundfile.read(path, dtype="float64", always_2d=True)
    gap = f"{4500 / rate!r}:{4600 / rate!r}"
    status = main(["impute", str(path), "--gap", gap, "--out", str(out)])
    printed, err = capsys.readouterr()
    assert status == 0, err
    assert printed.endswith("by janssen; every sample outside them as it was\n")
    # Only that a container other than WAV and FLAC says nothing of its speakers is reported.
    assert err == "" or "layout of speakers" in err
    restored = read_audio(out)
    assert (restored.rate, restored.samples.shape) == (rate, expected.T.shape)
    outside = np.r_[:4500, 4600 : len(expected)]
    # The decoder of MP3 rounds its last bit one way or the other.
    last_bit = 1e-7 if form == "MP3" else 0
    difference = np.abs(restored.samples - expected.T)[:, outside]
    assert difference.max() <= last_bit
    blocks = np.concatenate(list(open_audio(path).blocks()), axis=1)
    assert np.abs(blocks - expected.T).max() <= last_bit


def test_a_silent_channel_stays_silent(tmp_path, capsys):
    samples = tones(2)
    samples[1] = 0
    soundfile.write(tmp_path / "in.wav", samples.T, 8000, subtype="PCM_16")
    for method in ("janssen", "linear", "wiener"):
        out = tmp_path / f"{method}.wav"
        arguments = ["--gap", "0.5:0.52", "--method", method, "--out", str(out)]
        assert main(["impute", str(tmp_path / "in.wav"), *arguments]) == 0
        assert not read_audio(out).samples[1].any(), method
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("suffix", ["wav", "flac", "aiff"])
def test_a_file_that_is_cut_off_is_restored_as_far_as_it_goes(silence, tmp_path, capsys, suffix):
    path, out = tmp_path / f"in.{suffix}", tmp_path / "out.wav"
    noise = np.random.default_rng(0).normal(0, 0.1, (40_000, 2))
    soundfile.write(path, noise, 8000, subtype="PCM_16")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    status = main(["impute", str(path), "--gap", "0.5:0.52", "--out", str(out)])
    err = capsys.readouterr().err
    assert err.count("\n") == 1 and str(path) in err
    if status:
        assert "is damaged after" in err and not out.exists()
    else:
        assert "is cut off: its header has more than the 2." in err
        assert 2 < read_audio(out).seconds < 3


@pytest.mark.parametrize("suffix", ["wav", "ogg", "aiff"])
def test_a_header_without_samples_is_refused(tmp_path, suffix):
    soundfile.write(tmp_path / f"in.{suffix}", np.zeros((0, 2)), 8000)
    with pytest.raises(InputError, match="has 0 samples in 2 channels"):
        read_audio(tmp_path / f"in.{suffix}")
    with pytest.raises(InputError, match="has 0 samples in 2 channels"):
        open_audio(tmp_path / f"in.{suffix}").checked_length()


def test_blocks_are_checked_as_the_whole_is(tmp_path):
    samples = np.full((2, 70_000), 0.5)
    samples[1, 66_000] = np.nan
    soundfile.write(tmp_path / "a.wav", samples.T, 8000, subtype="FLOAT")
    with pytest.raises(InputError, match="has nan at sample 66000 of channel 1"):
        open_audio(tmp_path / "a.wav").checked_length()
    soundfile.write(tmp_path / "a.wav", 0 * np.ones((70_000, 2)), 8000)
    with pytest.raises(InputError, match="is silent"):
        open_audio(tmp_path / "a.wav").checked_length()


TAGS = {"title": "Czárdás", "artist": "Monti", "album": "Airs", "date": "1904", "comment": "take 2"}


def tagged(path, rate=8000, form=None, tags=TAGS):
    with soundfile.SoundFile(path, "w", rate, 1, format=form) as file:
        for name, tag in tags.items():
            setattr(file, name, tag)
        file.write(tones(1)[0])


@pytest.mark.parametrize("source", ["wav", "flac", "ogg", "mp3"])
@pytest.mark.parametrize("target", ["wav", "flac", "caf"])
def test_tags_are_kept(silence, tmp_path, capsys, source, target):
    tagged(tmp_path / f"in.{source}", 16000)
    before = read_metadata(tmp_path / f"in.{source}").tags
    assert {"title", "artist", "album"} <= before.keys()
    out = tmp_path / f"out.{target}"
    assert (
        main(["impute", str(tmp_path / f"in.{source}"), "--gap", "0.1:0.11", "--out", str(out)])
        == 0
    )
    assert capsys.readouterr().err == ""
    after = read_metadata(out).tags
    for name, tag in before.items():
        assert after[name].startswith(tag)


def test_what_cannot_be_kept_is_named_in_one_line(silence, tmp_path, capsys):
    tagged(tmp_path / "in.wav")
    with open(tmp_path / "in.wav", "ab") as file:
        file.write(b"bext" + (4).to_bytes(4, "little") + b"abcd")
        file.write(b"LIST" + (16).to_bytes(4, "little") + b"INFOIENG" + (4).to_bytes(4, "little"))
        file.write(b"Ann\0")
    out = tmp_path / "out.au"
    arguments = ["impute", str(tmp_path / "in.wav"), "--gap", "0.5:0.52", "--out", str(out)]
    assert main(arguments) == 0
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert err.startswith(f"{out} does not keep, of {tmp_path / 'in.wav'}: title, artist, ")
    assert err.endswith(", bext, IENG\n")


def surround(path, mask, channels=6):
    samples = tones(channels)
    soundfile.write(path, samples.T, 48000, subtype="PCM_24", format="WAVEX")
    content = bytearray(path.read_bytes())
    content[40:44] = mask.to_bytes(4, "little")
    path.write_bytes(content)
    assert read_metadata(path).layout == mask


@pytest.mark.parametrize("mask", [0x3F, 0x60F, 0x137])
def test_the_layout_of_speakers_is_kept(silence, tmp_path, capsys, mask):
    surround(tmp_path / "in.wav", mask)
    out = tmp_path / "out.wav"
    arguments = ["impute", str(tmp_path / "in.wav"), "--gap", "0.05:0.06", "--out"]
    assert main([*arguments, str(out)]) == 0
    assert capsys.readouterr().err == ""
    assert soundfile.info(out).format == "WAVEX"
    assert out.read_bytes()[40:44] == mask.to_bytes(4, "little")
    # A FLAC of six channels is 5.1 with speakers behind, and an AIFF has no layout.
    for suffix, kept in ((".flac", mask == 0x3F), (".aiff", False)):
        assert main([*arguments, str(tmp_path / f"out{suffix}")]) == 0
        err = capsys.readouterr().err
        assert (err == "") == kept
        assert kept or err.endswith(f"layout of speakers {mask:#x}\n")


def test_surround_of_a_flac_is_surround_in_a_wav(silence, tmp_path):
    soundfile.write(tmp_path / "in.flac", tones(6).T, 48000, subtype="PCM_24")
    out = tmp_path / "out.wav"
    assert main(["impute", str(tmp_path / "in.flac"), "--gap", "0.05:0.06", "--out", str(out)]) == 0
    assert read_metadata(out).layout == 0x3F


def test_more_than_a_wav_can_count_is_written_as_rf64(tmp_path, monkeypatch):
    monkeypatch.setattr("rnnzoo.datasets.audio.writer._LARGEST_WAV", 10_000)
    surround(tmp_path / "in.wav", 0x60F)
    metadata, samples = read_metadata(tmp_path / "in.wav"), read_audio(tmp_path / "in.wav").samples
    with audio_writer(tmp_path / "out.wav", 6, 48000, "PCM_24", metadata, 9000) as writer:
        writer.write(samples)
    assert writer.dropped == ()
    assert soundfile.info(tmp_path / "out.wav").format == "RF64"
    np.testing.assert_array_equal(read_audio(tmp_path / "out.wav").samples, samples)


def test_why_a_file_cannot_be_written_is_passed_on(tmp_path):
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**16, limits[1]))
    try:
        with pytest.raises(InputError, match="full.wav cannot be written: File too large"):
            with audio_writer(tmp_path / "full.wav", 1, 8000) as writer:
                for _ in range(20):
                    writer.write(tones(1))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert not list(tmp_path.iterdir())
