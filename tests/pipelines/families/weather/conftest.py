"""A forecaster of a user's weather, pushed once."""

import pytest

SHORT = {"units": 4, "epochs": 1, "seeds": [1]}


@pytest.fixture(scope="module")
def pushed_weather(pushed_alone, short_recipe, weather_file):
    """(folder of models, folder, card) of a short training on `weather_file`."""
    with (
        short_recipe("power-short", "power-gru", SHORT),
        pushed_alone("power-short", weather_file, "station-gru") as pushed,
    ):
        yield pushed
