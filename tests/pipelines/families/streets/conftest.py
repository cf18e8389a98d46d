"""A path predictor of a user's city, pushed once."""

import pytest

SHORT = {"units": 16, "embedding": 8, "epochs": 10, "seeds": [1], "batch_size": 16}


@pytest.fixture(scope="module")
def pushed_city(pushed_alone, short_recipe, city_folder):
    """(folder of models, folder, card) of a short training on `city_folder`."""
    short = {**SHORT, "learning_rate": 0.02}
    with (
        short_recipe("shanghai-short", "shanghai-gru", short),
        pushed_alone("shanghai-short", city_folder, "grid-gru") as pushed,
    ):
        yield pushed
