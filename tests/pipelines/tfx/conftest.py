"""A recipe of rates that is trained in seconds, and its data."""

import numpy as np
import pytest

SHORT = {"units": 4, "window": 60, "batch_size": 8, "epochs": 1, "seeds": [1]}


@pytest.fixture(scope="session")
def rates_file(tmp_path_factory):
    """A user's rates: volatility alternates, so that a model can be better than a rolling one."""
    random = np.random.default_rng(0)
    spread = 0.004 * np.exp(0.8 * np.sin(np.arange(900) / 9))
    days = np.arange("2010-01-04", "2020-01-01", dtype="datetime64[D]")
    values = 60 * np.exp(np.cumsum(spread * random.standard_t(5, 900)))
    path = tmp_path_factory.mktemp("rates") / "yen.csv"
    rows = zip(days[np.is_busday(days)], values, strict=False)
    path.write_text("date,value\n" + "\n".join(f"{day},{value:.4f}" for day, value in rows))
    return path


@pytest.fixture(scope="module")
def yen_recipe(short_recipe):
    """The recipe `usdinr-short`, as long as the module's tests run."""
    with short_recipe("usdinr-short", "usdinr-gru", SHORT):
        yield
