"""A forecaster that is trained in seconds, on simulated rates."""

import numpy as np
import pytest

from rnnzoo.datasets.rates.series import Rates

SHORT = {
    "units": 4,
    "window": 60,
    "batch_size": 8,
    "epochs": 2,
    "learning_rate": 0.01,
    "seeds": [1, 2],
    "data": "made-up",
}
ENDS = {"train": 900, "validation": 1100, "test": 1300}


def made_up(count=1300, seed=0):
    """Rates with periodic volatility, of which each step reverts a part of the one before."""
    random = np.random.default_rng(seed)
    spread = 0.004 * np.exp(0.8 * np.sin(np.arange(count) / 9))
    shock = spread * random.standard_t(5, count)
    steps = shock - 0.3 * np.concatenate([[0], shock[:-1]])
    days = np.arange("2010-01-04", "2020-01-01", dtype="datetime64[D]")
    return Rates(days[np.is_busday(days)][:count], 60 * np.exp(np.cumsum(steps)))


def few_rates(name, split):
    """As `load_split`."""
    assert name == "made-up"
    begins = dict(zip(ENDS, [0, *ENDS.values()], strict=False))
    return made_up()[begins[split] : ENDS[split]]


@pytest.fixture
def made_up_rates():
    """The function that simulates rates."""
    return made_up


@pytest.fixture
def evaluated():
    """(values, first index of the test split) that the short recipe's models are evaluated on."""
    return made_up().values, ENDS["validation"]


@pytest.fixture(scope="module")
def few(short_recipe):
    """Few rates, and a short recipe, `usdinr-short`, as long as the module's tests run."""
    from rnnzoo.datasets.usdinr import load

    source = load.source("fred")
    with short_recipe("usdinr-short", "usdinr-gru", SHORT) as patch:
        patch.setattr(load, "load_split", few_rates)
        patch.setattr(load, "source", lambda name: source)
        yield


@pytest.fixture(scope="module")
def pushed(few, pushed_alone):
    """(folder of models, folder, card) of a `usdinr-short` of few rates."""
    with pushed_alone("usdinr-short") as pushed_model:
        yield pushed_model


@pytest.fixture
def mine(tmp_path):
    """A user's rates in a file: yen, newest first."""
    rates = made_up(600, seed=5)
    lines = [
        f"{date},{100 * value:.4f}"
        for date, value in zip(rates.dates[::-1], rates.values[::-1], strict=True)
    ]
    path = tmp_path / "My yen.csv"
    path.write_text("\n".join(["date,value", *lines]) + "\n", encoding="utf-8")
    return path
