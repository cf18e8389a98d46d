"""A text and a short recipe, of which a trial takes a second."""

import random

import pytest

SHORT = {
    "units": 4,
    "window": 20,
    "epochs": 1,
    "search": {
        "units": [3, 5],
        "learning_rate": {"low": 0.003, "high": 0.03, "log": True},
        "dropout": [0.0, 0.2],
    },
}
WORDS = "the quick brown fox jumps over a lazy dog and runs home to its den".split()


def written(path, seed=0, lines=60):
    """Writes a text of random words; the seed decides on their order in the last lines."""
    draw = random.Random(0)
    text = [" ".join(draw.choices(WORDS, k=7)) for _ in range(lines)]
    draw = random.Random(seed)
    text[-2:] = [" ".join(draw.sample(line.split(), 7)) for line in text[-2:]]
    path.write_text(".\n".join(text) + ".\n", encoding="utf-8")
    return path


@pytest.fixture
def short(short_recipe, tmp_path, monkeypatch):
    """The recipe `sonnets-short`, and folders of the test's own."""
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("RNNZOO_MODELS_DIR", str(tmp_path / "models"))
    with short_recipe("sonnets-short", "sonnets-lstm", SHORT) as patch:
        yield patch


@pytest.fixture
def fox(tmp_path):
    """Path of a text of a user."""
    return written(tmp_path / "fox.txt")


@pytest.fixture
def write_text():
    """The function that writes a text: (path, seed of the last two lines) -> path."""
    return written
