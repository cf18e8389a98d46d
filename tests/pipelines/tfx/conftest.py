"""A recipe of rates that is trained in seconds."""

import pytest

SHORT = {"units": 4, "window": 60, "batch_size": 8, "epochs": 1, "seeds": [1]}


@pytest.fixture(scope="module")
def yen_recipe(short_recipe):
    """The recipe `usdinr-short`, as long as the module's tests run."""
    with short_recipe("usdinr-short", "usdinr-gru", SHORT):
        yield
