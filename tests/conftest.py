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
def disk_calls(monkeypatch):
    """The calls of `os.fsync` and `os.replace` from now on: pairs (name, Path of the source)."""
    calls, fsync, replace = [], os.fsync, os.replace

    def synced(handle):
        calls.append(("fsync", Path(os.readlink(f"/proc/self/fd/{handle}"))))
        fsync(handle)

    def renamed(source, target):
        calls.append(("replace", Path(source)))
        replace(source, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", renamed)
    return calls


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


@pytest.fixture(scope="session")
def city_folder(tmp_path_factory):
    """A user's city: a grid of 4 x 4 crossings, and 300 trips without detours.

    The link `r0c0-r0c1` leads from the crossing `r0c0` to its neighbour `r0c1`.
    """
    import random

    draw, side = random.Random(1), range(4)
    neighbours = {
        (r, c): [(r + i, c + j) for i, j in ((0, 1), (1, 0), (0, -1), (-1, 0))]
        for r in side
        for c in side
    }
    rows, trips = [], []
    for (r, c), others in neighbours.items():
        for i, j in others:
            if (i, j) in neighbours:
                ends = f"r{r}c{c}-r{i}c{j},r{r}c{c},r{i}c{j}"
                rows.append(f"{ends},100,{45 + r / 1000},{7 + c / 1000},Street {r}{c}")
    while len(trips) < 300:
        here, goal = draw.choice(list(neighbours)), draw.choice(list(neighbours))
        path = [here]
        while here != goal:
            nearer = [
                n
                for n in neighbours[here]
                if n in neighbours and _apart(n, goal) < _apart(here, goal)
            ]
            here = draw.choice(nearer)
            path.append(here)
        if len(path) > 2:
            trips.append(" ".join(f"r{r}c{c}" for r, c in path))
    folder = tmp_path_factory.mktemp("city")
    (folder / "edges.csv").write_text("id,from,to,length,lat,lon,name\n" + "\n".join(rows))
    (folder / "paths.csv").write_text("nodes\n" + "\n".join(trips))
    return folder


def _apart(a, b):
    return abs(a[0] - b[0]) + abs(a[1] - b[1])


@pytest.fixture(scope="session")
def city(city_folder):
    """(`StreetGraph`, `Trips`) of `city_folder`."""
    from rnnzoo.datasets.streets.reader import read_city

    return read_city(city_folder)


@pytest.fixture(scope="session")
def small_fields():
    """`FieldSeries` of ten weeks: hourly counts in 2 x 3 cells, of which one is outside."""
    import numpy as np

    from rnnzoo.datasets.fields.series import FieldSeries

    random, steps = np.random.default_rng(0), 10 * 168
    hour = np.arange(steps) % 24
    day = np.stack([1 + np.sin(2 * np.pi * (hour - shift) / 24) for shift in (6, 9, 14)], axis=-1)
    weekend = np.where(np.arange(steps) // 24 % 7 >= 5, 0.4, 1.0)[:, None]
    means = (day * weekend) @ random.gamma(2, 5, size=(3, 6))
    values = random.poisson(means).reshape(steps, 2, 3, 1).astype("float32")
    values[:, 0, 0] = np.nan
    times = np.datetime64("2024-01-01", "s") + np.arange(steps) * np.timedelta64(3600, "s")
    return FieldSeries(times, values, ["people"])


@pytest.fixture(scope="session")
def small_weather():
    """dict from place to `FieldSeries` of six years of six daily parameters, about those of AR(1).

    The others of `PARAMETERS` are NaN. In `here` the direction of the wind is about north; `there`
    is colder, and lacks humidity and wind.
    """
    import numpy as np

    from rnnzoo.datasets.fields.series import FieldSeries
    from rnnzoo.datasets.weather.parameters import PARAMETERS

    days, names = 6 * 365 + 1, list(PARAMETERS)
    times = np.datetime64("2001-01-01", "s") + np.arange(days) * np.timedelta64(86400, "s")
    season = np.cos(2 * np.pi * (np.arange(days) - 20) / 365.25)
    places = {}
    for seed, (place, mean) in enumerate({"here": 20, "there": 5}.items()):
        random = np.random.default_rng(seed)
        weather = random.normal(0, 1, (days, 6))
        for day in range(1, days):
            weather[day] = 0.7 * weather[day - 1] + 0.714 * weather[day]
        warm, humid, wet, pressure, wind, turn = weather.T
        columns = {
            "T2M": mean - 8 * season + 3 * warm,
            "RH2M": np.clip(60 + 10 * season + 10 * humid, 5, 100),
            "PRECTOTCORR": np.where(wet > 0.3, random.gamma(0.8, 8, days), 0),
            "PS": 91 + 0.5 * pressure,
            "WS10M": np.square(2 + 0.3 * wind),
            "WD10M": (355 + 30 * turn) % 360,
        }
        values = np.full((days, 1, 1, len(names)), np.nan, "float32")
        for name, column in columns.items():
            if place == "here" or name in ("T2M", "PRECTOTCORR", "PS"):
                values[:, 0, 0, names.index(name)] = np.round(column, 2)
        places[place] = FieldSeries(times, values, names)
    return places


@pytest.fixture(scope="session")
def fitted_weather(small_weather):
    """A weather forecaster by least squares of `small_weather`, not to be changed.

    Its quantiles are of a whole year after that of the fit: those of a season are not of others.
    """
    import keras

    from rnnzoo.datasets.weather.parameters import PARAMETERS
    from rnnzoo.weather.forecaster import WeatherForecaster

    keras.utils.set_random_seed(1)
    scales = {name: parameter.scale for name, parameter in PARAMETERS.items()}
    model = WeatherForecaster(scales, [keras.layers.GRU(4)], name="small_weather")
    places = list(small_weather.values())
    model.fit_fields([series[:1455] for series in places])
    model.calibrate([series[:1820] for series in places], [1455, 1455])
    return model
