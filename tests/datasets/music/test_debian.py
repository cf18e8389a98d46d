"""Packages of Debian: what is unpacked of them, and on which side it is."""

import dataclasses
import hashlib
import io
import lzma
import os
import tarfile

import numpy as np
import pytest

from rnnzoo.datasets.audio.samples import Audio
from rnnzoo.datasets.audio.writer import write_audio
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.music.debian import debian_pieces, unpacked
from rnnzoo.datasets.music.mono import RATE, mono
from rnnzoo.datasets.music.sources import PACKAGES, PIECES

pytest.importorskip("soundfile", reason="the extra audio is not installed")


def package(files):
    """The bytes of a .deb: an ar archive of its version, its control files and its data."""

    def tar(files):
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w") as archive:
            for name, content in files.items():
                member = tarfile.TarInfo(name)
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
        return lzma.compress(buffer.getvalue())

    members = {
        "debian-binary": b"2.0\n",
        "control.tar.xz": tar({"./control": b"Package: tunes\n"}),
        "data.tar.xz": tar(files),
    }
    archive = b"!<arch>\n"
    for name, content in members.items():
        archive += f"{name:16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(content):<10}`\n".encode()
        archive += content + b"\n" * (len(content) % 2)
    return archive


@pytest.fixture
def sources(tmp_path, monkeypatch):
    """Two packages of six pieces each, in a folder of data, in the place of the real ones."""
    write_audio(tmp_path / "one.wav", 0.1 * np.sin(np.arange(4000)), 8000, "PCM_16")
    tone = (tmp_path / "one.wav").read_bytes()
    for name, source in PACKAGES.items():
        files = {f"./usr/share/{name}/music/{n}.wav": tone + bytes([n]) for n in range(6)}
        files |= {
            f"./usr/share/doc/{name}/copyright": b"",
            "./usr/../../x.wav": tone,
            "/y.wav": tone,
        }
        content = package(files)
        sha256 = hashlib.sha256(content).hexdigest()
        monkeypatch.setitem(PACKAGES, name, dataclasses.replace(source, sha256=sha256))
        path = tmp_path / "data" / source.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    monkeypatch.setenv("RNNZOO_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path / "cache"))
    return PACKAGES


def test_music_is_unpacked_once_and_nothing_else(sources, tmp_path):
    source = sources["singularity-music"]
    folder = unpacked(source)
    there = sorted(os.listdir(folder))
    assert there == ["music", "x.wav", "y.wav"]
    assert len(os.listdir(folder / "music")) == 6
    (tmp_path / "data" / source.path).write_bytes(b"")
    with pytest.raises(InputError, match="is not the singularity-music data: sha256"):
        unpacked(source)
    assert sorted(os.listdir(folder.parent)) == [folder.name]


def test_a_file_that_is_no_package(sources, tmp_path):
    content = b"no package"
    source = dataclasses.replace(
        sources["singularity-music"], sha256=hashlib.sha256(content).hexdigest()
    )
    (tmp_path / "data" / source.path).write_bytes(content)
    with pytest.raises(InputError, match="is no Debian package of music"):
        unpacked(source)
    assert not list(tmp_path.glob("cache/music/*"))


def test_what_is_evaluated_on_is_in_no_package(sources, tmp_path, monkeypatch):
    for name, source in PIECES.items():
        path = tmp_path / "data" / source.path
        path.write_bytes(name.encode())
        sha256 = hashlib.sha256(name.encode()).hexdigest()
        monkeypatch.setitem(PIECES, name, dataclasses.replace(source, sha256=sha256))
    parts = debian_pieces()
    names = {split: {piece.name for piece in part} for split, part in parts.items()}
    # Six pieces each, and two that would lead elsewhere.
    assert len(names["train"]) + len(names["validation"]) == 16
    assert not names["train"] & names["validation"]
    assert len(names["test"]) == 6 and all(name.startswith("librosa/") for name in names["test"])
    assert {name.split("/")[0] for name in names["train"]} == set(PACKAGES)


def test_one_channel_at_one_rate():
    n = np.arange(48_000)
    tone = np.sin(2 * np.pi * 440 * n / 48_000)
    samples = mono(Audio(np.stack([tone, np.zeros(48_000)]), 48_000))
    assert samples.dtype == np.float32 and len(samples) == RATE
    expected = 0.5 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)
    np.testing.assert_allclose(samples[500:-500], expected[500:-500], atol=2e-3)
    same = Audio(tone[None], RATE)
    np.testing.assert_array_equal(mono(same), tone.astype("float32"))
