"""The weather of a user's station."""

import numpy as np
import pytest

SHORT = {"units": 4, "epochs": 1, "seeds": [1]}


@pytest.fixture(scope="session")
def weather_file(small_weather, tmp_path_factory):
    """Path of a CSV file of NASA POWER; temperature and humidity follow the pressure of a day ago.

    A forecaster can so be better than damped persistence.
    """
    series = small_weather["here"]
    path = tmp_path_factory.mktemp("weather") / "station.csv"
    names = ["T2M", "RH2M", "PRECTOTCORR", "PS", "WS10M", "WD10M"]
    columns = [series.channels.index(name) for name in names]
    values = series.values[1:, 0, 0, columns].copy()
    pressure = series.values[:-1, 0, 0, columns[3]] - 91
    values[:, 0] += 10 * pressure
    values[:, 1] = np.clip(values[:, 1] - 40 * pressure, 5, 100)
    lines = [",".join(["date", *names])]
    for time, row in zip(series.times[1:], values, strict=True):
        lines.append(",".join([str(time)[:10], *(f"{value:g}" for value in row)]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def pushed_weather(pushed_alone, short_recipe, weather_file):
    """(folder of models, folder, card) of a short training on `weather_file`."""
    with (
        short_recipe("power-short", "power-gru", SHORT),
        pushed_alone("power-short", weather_file, "station-gru") as pushed,
    ):
        yield pushed
