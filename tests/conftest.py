"""What many tests share: real data where it can be had, and models of a few weights."""

import contextlib
import gc
import json
import os
import resource
from pathlib import Path

import pytest


@pytest.fixture(scope="session", autouse=True)
def collected_once():
    """What the imports left is for good: not to be looked through at every `clear_session`."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def needs_data():
    """Returns a function that skips where the file of a `Source`, or of one's name, is not here."""
    from rnnzoo.datasets.common.source_registry import source_named

    def check(source):
        path = source_named(source).path if isinstance(source, str) else source.path
        folder = os.environ.get("RNNZOO_DATA_DIR")
        if not folder or not (Path(folder) / path).is_file():
            pytest.skip(f"{path} is not in RNNZOO_DATA_DIR={folder}")

    return check


@pytest.fixture
def real_text(needs_data):
    """Returns a function from a text's name to its prepared `CharText`; skips without the data."""
    from rnnzoo.datasets.char_text.load import load_char_text

    def load(name):
        needs_data(name)
        return load_char_text(name)

    return load


@pytest.fixture
def models(tmp_path, monkeypatch):
    """An empty folder as the user's models."""
    folder = tmp_path / "models"
    monkeypatch.setenv("RNNZOO_MODELS_DIR", str(folder))
    return folder


@pytest.fixture
def full_disk():
    """A context in which files can have so many bytes: for writers, a disk that is full."""

    @contextlib.contextmanager
    def limited(size):
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

    return limited


@pytest.fixture
def tiny():
    """A new, untrained text model of a few weights."""
    import keras

    from rnnzoo.text.generator import TextGenerator

    keras.utils.set_random_seed(0)
    return TextGenerator("abc d", [keras.layers.LSTM(4), keras.layers.SimpleRNN(3)])


@pytest.fixture
def music():
    """Returns a function from a name of `librosa.ex` to its file; skips without the file."""

    def path(name):
        folder = Path(os.environ.get("RNNZOO_DATA_DIR") or ".") / "audio"
        if not (folder / "index.json").is_file():
            pytest.skip(f"the audio of librosa.ex is not in RNNZOO_DATA_DIR/audio: {folder}")
        stem = json.loads((folder / "index.json").read_text(encoding="utf-8"))[name]["path"]
        return folder / f"{stem}.hq.ogg"

    return path
