"""The weather forecaster: invariances, missing values, streams, updates, and what it refuses."""

import keras
import numpy as np
import pytest
from keras import ops

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.weather.parameters import PARAMETERS
from rnnzoo.fields.basis import LEVELS
from rnnzoo.weather.evaluation import model_rows
from rnnzoo.weather.forecaster import WeatherForecaster
from rnnzoo.weather.place_test import PlaceTest

NAMES = list(PARAMETERS)
HERE = ["T2M", "RH2M", "PRECTOTCORR", "PS", "WS10M", "WD10M"]
T2M, RAIN, PS = (NAMES.index(name) for name in ("T2M", "PRECTOTCORR", "PS"))
HISTORY = 1700


@pytest.fixture
def model(fitted_weather):
    """A copy of `fitted_weather`, which may be changed."""
    copy = fitted_weather.reconfigured()
    copy.set_weights(fitted_weather.get_weights())
    return copy


@pytest.fixture
def here(small_weather):
    return small_weather["here"]


def test_it_is_better_than_persistence_and_the_season(fitted_weather, here):
    predicted = fitted_weather.walk_forward(here, 1820)[:, 0, 0]
    truth, before = here.values[1820:, 0, 0], here.values[1819:-1, 0, 0]
    for channel in (T2M, PS):
        error = np.square(predicted[:, channel] - truth[:, channel]).mean()
        assert error < np.square(before[:, channel] - truth[:, channel]).mean()
        assert error < 0.75 * truth[:, channel].var()
    assert np.isnan(predicted[:, NAMES.index("T2MDEW")]).all()


def test_another_level_and_scale_of_temperatures_are_those_of_the_forecast(fitted_weather, here):
    """A place's mean and unit are its own, but for what is forgotten before float32 rounds."""
    history = here.values[:HISTORY]
    means = fitted_weather.forecast(history, 5)[:, 0, 0]
    other = history.copy()
    other[..., T2M] = 2 * history[..., T2M] - 11
    scaled = fitted_weather.forecast(other, 5)[:, 0, 0]
    np.testing.assert_allclose(scaled[:, T2M], 2 * means[:, T2M] - 11, atol=0.03)
    np.testing.assert_allclose(scaled[:, PS], means[:, PS], atol=2e-3)


def test_streaming_is_the_whole_sequence(fitted_weather, here):
    inputs = here.values[None, :800]
    whole = np.asarray(fitted_weather(inputs))
    states, parts = fitted_weather.initial_states(1), []
    for part in (inputs[:, :750], inputs[:, 750:798]):
        outputs, states = fitted_weather.compiled_advance(part, states)
        parts.append(np.asarray(outputs))
    for day in (798, 799):
        outputs, states = fitted_weather.compiled_step(inputs[:, day], states)
        parts.append(np.asarray(outputs)[:, None])
    np.testing.assert_allclose(np.concatenate(parts, axis=1), whole, rtol=1e-3, atol=2e-3)


def test_a_missing_parameter_leaves_the_deviations_of_others(fitted_weather, here):
    values = here.values[None, :900]
    without = values.copy()
    without[..., PS] = np.nan
    cell = fitted_weather.basis.cells.first[PS]
    for whole, part in zip(fitted_weather.basis(values), fitted_weather.basis(without),
                           strict=True):  # fmt: skip
        whole, part = (ops.convert_to_numpy(x[0]) for x in (whole, part))
        others = np.arange(whole.shape[-1]) % fitted_weather.basis.rank != cell
        np.testing.assert_array_equal(whole[:, others], part[:, others])
        assert (part[:, ~others] == 0).all() and (whole[:, ~others] != 0).any()


def test_quantiles_cover_what_comes(fitted_weather, here):
    table = model_rows(fitted_weather, PlaceTest("here", here.values[:, 0, 0], 1830, 1600))
    assert list(table) == HERE
    coverage = np.array([row["coverage"] for row in table.values()])  # (parameters, leads)
    assert 0.86 < coverage.mean() < 0.94
    relative = np.array([row["relative"] for row in table.values()])
    assert relative[:, 0].mean() < 0.85 and relative[:, -1].mean() < 1.15


def test_levels_ascend_and_physical_ranges_are_kept(fitted_weather, here):
    quantiles = fitted_weather.forecast(here, 14, quantiles=list(LEVELS))[:, 0, 0]
    for channel, name in enumerate(NAMES):
        if np.isnan(here.values[0, 0, 0, channel]):
            assert np.isnan(quantiles[:, channel]).all()
        elif PARAMETERS[name].scale != "angle":
            assert (np.diff(quantiles[:, channel]) >= 0).all()
            assert quantiles[:, channel].min() >= PARAMETERS[name].low
            assert quantiles[:, channel].max() <= PARAMETERS[name].high


def test_wet_days_are_as_frequent_as_said(fitted_weather, here):
    chance = fitted_weather.wet_days(here, 14)[:, 0, 0]
    wet = (here.values[:, 0, 0, RAIN] >= 0.1).mean()
    assert chance.shape == (14, 20) and np.isnan(np.delete(chance, RAIN, axis=1)).all()
    assert np.abs(chance[5:, RAIN] - wet).max() < 0.15


def test_a_live_series_is_the_forecast(model, here):
    model.read(here[:HISTORY], learn=False)
    for day in here.values[HISTORY : HISTORY + 3]:
        model.update(day, learn=False)
    expected = model.forecast(here[: HISTORY + 3], 2)
    np.testing.assert_allclose(model.ahead(2), expected, rtol=1e-3, atol=2e-2)
    ahead = model.ahead(1, quantiles=[0.05, 0.95])
    assert ahead.shape == (1, 1, 1, 20, 2) and np.isnan(ahead[..., NAMES.index("TS"), :]).all()


def test_an_unusual_day_is_an_anomaly(model, here):
    model.read(here[:HISTORY], learn=False)
    day = here.values[HISTORY].copy()
    usual, errors = model.anomaly(day)
    assert 0.2 < usual < 2.5 and errors.shape == (1, 1, 20)
    assert np.isnan(errors[0, 0, NAMES.index("TS")]) and np.isfinite(errors[0, 0, T2M])
    day[0, 0, PS] += 6
    unusual, errors = model.anomaly(day)
    assert unusual > 2 * usual and int(np.nanargmax(np.abs(errors[0, 0]))) == PS
    day[:] = np.nan
    with pytest.raises(InputError, match="no parameter of the day is known: give one or more"):
        model.anomaly(day)


def test_updates_learn_what_changed(model, here):
    """Warmer weather lasts less than before."""
    random, values = np.random.default_rng(5), here.values.copy()
    season = values[:, 0, 0, T2M] * 0 + 20
    values[:, 0, 0, T2M] = season + random.normal(0, 3, len(values))
    model.read(values[:HISTORY], forgetting=0.999)
    errors = []
    for day in values[HISTORY : HISTORY + 30]:
        errors.append(model.ahead(1)[0, 0, 0, T2M] - day[0, 0, T2M])
        model.update(day)
    assert np.isfinite(errors).all() and np.std(errors) < 1.2 * 3


def test_another_place_has_the_weights_of_this_one(model, small_weather):
    moved = model.with_fields(small_weather["there"])
    assert moved is not model and moved.loss is not None
    for new, old in zip(moved.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(new, old)


def test_errors_of_what_a_place_lacks_are_kept(model, small_weather):
    before = ops.convert_to_numpy(model.basis.spread).copy()
    model.calibrate(small_weather["there"][:HISTORY], 1620)
    after = ops.convert_to_numpy(model.basis.spread)
    cells = model.basis.cells
    lacking = np.isin(cells.parameter, [NAMES.index("RH2M"), NAMES.index("WD10M")])
    np.testing.assert_array_equal(after[:, lacking], before[:, lacking])
    assert (after[:, cells.first[PS]] != before[:, cells.first[PS]]).any()
    # No place has had soil wetness: its errors are those of the season, not none.
    assert (after[:, cells.first[NAMES.index("GWETTOP")]] == 1).all()


def test_it_is_saved_and_loaded(model, here, tmp_path):
    path = tmp_path / "model.keras"
    model.save(path)
    loaded = keras.saving.load_model(path)
    np.testing.assert_array_equal(loaded.forecast(here, 2), model.forecast(here, 2))
    assert loaded.get_config() == model.get_config()


def test_it_is_trained_by_fit(model, small_weather):
    batches = model.windows(list(small_weather.values()), length=1500, seed=1)
    model.compile_default()
    before = model.get_weights()
    losses = model.fit(batches, epochs=1, verbose=0).history["loss"]
    assert 0 < losses[0] < 1.2
    assert any((old != new).any() for old, new in zip(before, model.get_weights(), strict=True))


def test_bad_input_is_refused_in_one_line(fitted_weather, here):
    values = here.values[:800]
    negative, infinite = values.copy(), values.copy()
    negative[7, 0, 0, RAIN], infinite[9, 0, 0, T2M] = -3, np.inf
    for wrong, message in [
        (values[:700], "700 fields: give 730 or more, two years"),
        (negative, "PRECTOTCORR is -3 in row 7: give mm/day from 0 to 2000, or NaN"),
        (infinite, "T2M is inf in row 9: give degrees Celsius from -95 to 62, or NaN"),
        (-999 + 0 * values, "T2M is -999 in row 0: give degrees Celsius"),
        (values[..., :4], r"fields of shape \(800, 1, 1, 4\): this model reads \(time, 1, 1, 20\)"),
        ("rows", "no numbers as the fields"),
        (here[::2], "fields every 172800 s: this model reads fields every 86400 s"),
        (type(here)(here.times, here.values, NAMES[::-1]), "the series has the channels"),
    ]:
        with pytest.raises(InputError, match=message):
            fitted_weather.forecast(wrong, 3)
    for call, message in [
        (lambda: fitted_weather.forecast(values, 0), "steps is 0"),
        (lambda: fitted_weather.wet_days(values, 0), "steps is 0"),
        (lambda: fitted_weather.forecast(values, 1, quantiles=[2]), "quantiles has 2"),
        (lambda: fitted_weather.fit_fields(here, ridge=-1), "ridge=-1: give a number"),
        (lambda: fitted_weather.calibrate(here, len(here) - 5), "5 days to estimate errors on"),
        (lambda: fitted_weather.walk_forward(here, len(here)), "start is 2191: give a step"),
        (lambda: fitted_weather.windows(here, length=0), "length is 0"),
        (lambda: fitted_weather.with_fields(here[:100]), "100 fields: give 730 or more"),
    ]:
        with pytest.raises(InputError, match=message):
            call()


def test_nothing_is_read_before_read_and_nothing_is_known_before_calibrate(here):
    scales = {name: PARAMETERS[name].scale for name in NAMES}
    new = WeatherForecaster(scales, [keras.layers.GRU(2)])
    with pytest.raises(InputError, match="no field has been read yet"):
        new.update(here.values[0])
    with pytest.raises(InputError, match="errors have not been estimated: call calibrate first"):
        new.forecast(here[:800], 1, quantiles=[0.5])
    with pytest.raises(InputError, match="scale of T2M is 'cube'"):
        WeatherForecaster({"T2M": "cube"}, [keras.layers.GRU(2)])
    with pytest.raises(InputError, match="dropout=1: give a rate"):
        WeatherForecaster(scales, [keras.layers.GRU(2)], dropout=1)


def test_a_parameter_of_no_training_place_is_read_in_units_of_its_changes(fitted_weather):
    basis = fitted_weather.basis
    known = {"T2M", "RH2M", "PRECTOTCORR", "PS", "WS10M", "WD10M"}
    missing = [name.split()[0] not in known for name in basis.cells.names]
    assert (np.asarray(basis.ratio)[missing] == 1).all()
