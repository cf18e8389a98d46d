import keras
import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.fields.forecaster import FieldForecaster
from rnnzoo.fields.history import FieldHistory

START = 8 * 168


def test_it_is_the_equation(model, small_fields):
    """An independent NumPy version, step by step."""
    basis = {weight.name: np.asarray(weight) for weight in model.basis.weights}
    mean, v, unit = basis["mean"], basis["components"], basis["unit"]
    kernel, recurrent, bias = model.recurrent[0].get_weights()
    c, b = model.readout.get_weights()
    values = np.nan_to_num(small_fields.values[:900]).reshape(900, -1)
    coefficients = (np.sqrt(values) - mean) * basis["mask"] @ v.T / unit

    def before(t):
        return coefficients[t] if t >= 0 else np.zeros(3)

    h = np.zeros(6)
    for t in range(900):
        weeks = [week for week in (168, 336, 504, 672) if t + 1 > week] or [168]
        trend = [np.mean([before(t + 1 - o - week) for week in weeks], axis=0) for o in (0, 1)]
        x = np.concatenate([before(t), before(t - 1), before(t - 23), before(t - 24), *trend])
        h = np.tanh(x @ kernel + h @ recurrent + bias)
        y = np.concatenate([h, x]) @ c + b
        predicted = np.maximum(mean + unit * y @ v, 0) ** 2 * basis["mask"]
    outputs = model(np.nan_to_num(small_fields.values[None, :900]))
    np.testing.assert_allclose(np.ravel(outputs[0, -1]), predicted, rtol=2e-3, atol=1e-3)


def test_streaming_is_the_whole_sequence(model, small_fields):
    inputs = np.nan_to_num(small_fields.values[None, :400])
    whole = np.asarray(model(inputs))
    states, parts = model.initial_states(1), []
    for part in (inputs[:, :150], inputs[:, 150:399]):
        outputs, states = model.advance(part, states)
        parts.append(np.asarray(outputs))
    last, states = model.step(inputs[:, 399], states)
    parts.append(np.asarray(last)[:, None])
    np.testing.assert_allclose(np.concatenate(parts, axis=1), whole, rtol=1e-3, atol=1e-3)
    assert float(states[0][1][0]) == 400


def test_it_is_better_than_the_same_hour_a_week_ago(model, small_fields):
    values = small_fields.values
    predicted = model.walk_forward(small_fields, START)
    inside = ~np.isnan(values[0])
    errors = np.square(predicted - values[START:])[:, inside].mean()
    last_week = np.square(values[START - 168 : -168] - values[START:])[:, inside].mean()
    assert errors < 0.7 * last_week
    # About as good as can be: Poisson counts have their mean as their variance.
    assert errors < 1.25 * values[START:][:, inside].mean()


def test_forecasts_are_means_and_quantiles(model, small_fields):
    means = model.forecast(small_fields[:START], 48)
    quantiles = model.forecast(small_fields[:START], 48, quantiles=[0.05, 0.5, 0.95])
    assert means.shape == (48, 2, 3, 1) and quantiles.shape == (48, 2, 3, 1, 3)
    assert np.isnan(means[:, 0, 0]).all() and np.isnan(quantiles[:, 0, 0]).all()
    inside = ~np.isnan(means)
    assert (np.diff(quantiles[inside], axis=-1) >= 0).all()
    truth = small_fields.values[START : START + 48][inside]
    covered = (truth >= quantiles[inside][:, 0]) & (truth <= quantiles[inside][:, 2])
    assert 0.8 < covered.mean() < 0.99
    one_ahead = model.walk_forward(small_fields[: START + 1], START)[0]
    np.testing.assert_allclose(np.nan_to_num(means[0]), one_ahead, rtol=1e-4, atol=1e-4)


def test_a_model_is_saved_and_loaded(model, small_fields, tmp_path):
    path = tmp_path / "model.keras"
    model.save(path)
    loaded = keras.saving.load_model(path)
    history = small_fields[:START]
    np.testing.assert_array_equal(loaded.forecast(history, 3), model.forecast(history, 3))
    assert loaded.get_config() == model.get_config()


def test_it_is_trained_by_fit(small_fields):
    keras.utils.set_random_seed(2)
    model = FieldForecaster((2, 3, 1), 3600, [keras.layers.GRU(8)], rank=3, scale="log")
    model.basis.fit_fields(small_fields.values)
    model.compile_default()
    batches = model.windows(small_fields, length=400, seed=1)
    losses = model.fit(batches, epochs=8, verbose=0).history["loss"]
    assert losses[-1] < 0.7 * losses[0]


def test_another_region_keeps_the_network(model, small_fields):
    wide = np.concatenate([small_fields.values, 2 * small_fields.values], axis=2)
    other = type(small_fields)(small_fields.times, wide, ["people"])
    moved = model.with_fields(other[: 7 * 168])
    assert moved.size == (2, 6, 1)
    for new, old in zip(moved.recurrent[0].weights, model.recurrent[0].weights, strict=True):
        np.testing.assert_array_equal(new, old)
    predicted = moved.walk_forward(other, START)
    inside = ~np.isnan(wide[0])
    errors = np.square(predicted - wide[START:])[:, inside].mean()
    assert errors < np.square(wide[START - 168 : -168] - wide[START:])[:, inside].mean()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"size": (2, 3)}, r"size is \(2, 3\): give \(height, width, channels\)"),
        ({"size": (2, 0, 1)}, "width is 0"),
        ({"step": 7000}, "step is 7000 s: give a divisor of a day"),
        ({"rank": 0}, "rank is 0"),
        ({"rank": 7}, "rank is 7: give 6 at most, the cells of"),
        ({"dropout": 1}, "dropout=1: give a rate from 0 to below 1"),
        ({"scale": "cube"}, "scale is 'cube': choose one of sqrt, log, none"),
        ({"recurrent": []}, "recurrent is empty"),
    ],
)
def test_constructor_arguments_are_checked(settings, message):
    arguments = {"size": (2, 3, 1), "step": 3600, "recurrent": [keras.layers.GRU(2)], "rank": 2}
    with pytest.raises(InputError, match=message):
        FieldForecaster(**{**arguments, **settings})


def test_fields_that_cannot_be_used_are_refused(model, small_fields):
    values = small_fields.values[:200]
    for wrong, message in [
        (values[:100], "100 fields: give 168 or more, a week"),
        (values[:, :, :2], r"fields of shape \(200, 2, 2, 1\): this model reads \(time, 2, 3, 1\)"),
        ("rows", "no numbers as the fields: give an array"),
        (small_fields[::2], "fields every 7200 s: this model reads fields every 3600 s"),
    ]:
        with pytest.raises(InputError, match=message):
            model.forecast(wrong, 3)
    for value, message in [
        (-2, r"the value -2 at \(5, 1, 2, 0\): give numbers of at least 0"),
        (np.nan, r"the value nan at \(5, 1, 2, 0\): give finite numbers inside"),
        (np.inf, r"the value inf at \(5, 1, 2, 0\): give finite numbers inside"),
    ]:
        wrong = values.copy()
        wrong[5, 1, 2] = value
        with pytest.raises(InputError, match=message):
            model.forecast(wrong, 3)
    for settings, message in [
        ({"steps": 0}, "steps is 0"),
        ({"quantiles": [0.999]}, "quantiles has 0.999: give levels from 0.01 to 0.99"),
        ({"quantiles": []}, "quantiles is empty"),
        ({"quantiles": [[0.1], [0.2, 0.3]]}, "quantiles has .*: give levels from"),
    ]:
        with pytest.raises(InputError, match=message):
            model.forecast(values, **{"steps": 3, **settings})


def test_fields_of_a_lower_rank_are_refused(small_fields):
    model = FieldForecaster((2, 3, 1), 3600, [keras.layers.GRU(2)], rank=6)
    with pytest.raises(InputError, match="the fields have rank 5 .*: a model of rank 6 needs"):
        model.fit_fields(small_fields)


def test_errors_have_to_be_estimated_before_intervals(small_fields):
    model = FieldForecaster((2, 3, 1), 3600, [keras.layers.GRU(2)], rank=2)
    model.fit_fields(small_fields)
    assert np.isfinite(model.forecast(small_fields, 2)[:, 1]).all()
    with pytest.raises(InputError, match="errors have not been estimated: call calibrate first"):
        model.forecast(small_fields, 2, quantiles=[0.5])


def test_arguments_of_fit_fields_are_checked_before_anything_changes(model, small_fields):
    before = model.get_weights()
    for settings, message in [
        ({"ridge": -1}, "ridge=-1: give a number of at least 0"),
        ({"iterations": -1}, "iterations is -1"),
    ]:
        with pytest.raises(InputError, match=message):
            model.fit_fields(small_fields, **settings)
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    gru = FieldForecaster((2, 3, 1), 3600, [keras.layers.GRU(2)], rank=2)
    with pytest.raises(InputError, match="iterations=3 are for a single SimpleRNN"):
        gru.fit_fields(small_fields, iterations=3)


@pytest.mark.parametrize("take", [lambda s: s.values, lambda s: s[:1]])
def test_another_region_is_a_series(model, small_fields, take):
    with pytest.raises(InputError, match="give a FieldSeries of two steps"):
        model.with_fields(take(small_fields))


def test_predictions_that_diverge_are_refused(model, small_fields):
    kernel, bias = model.readout.get_weights()
    model.readout.set_weights([100 * kernel, bias])
    with pytest.raises(InputError, match="predictions diverge from step [1-9]"):
        model.forecast(small_fields, 60)


def test_the_trend_of_days_is_the_mean_at_that_hour_of_two_weeks():
    random = np.random.default_rng(0)
    coefficients = random.normal(size=(1, 80, 2)).astype("float32")
    history = FieldHistory(6 * 3600, "days")
    features = keras.ops.convert_to_numpy(history(coefficients))
    assert history.length == 56 and features.shape == (1, 80, 12)
    for step in (60, 79):
        # Of the step that is predicted, 1 to 14 days before; and of the one before it.
        for part, last in ((4, step + 1), (5, step)):
            expected = coefficients[0, last - 4 * np.arange(1, 15)].mean(axis=0)
            of_part = features[0, step, 2 * part : 2 * part + 2]
            np.testing.assert_allclose(of_part, expected, rtol=1e-5)
    with pytest.raises(InputError, match="trend is 'years': choose one of weeks, days"):
        FieldHistory(6 * 3600, "years")


def test_a_model_with_another_trend_streams_and_is_saved_with_it():
    layers = [keras.layers.GRU(3)]
    model = FieldForecaster((1, 4, 1), 6 * 3600, layers, rank=2, scale="none", trend="days")
    fields = np.random.default_rng(0).normal(size=(120, 1, 4, 1)).astype("float32")
    model.fit_fields(fields)
    again = model.reconfigured()
    again.set_weights(model.get_weights())
    assert again.lags.trend == "days" and again.reach == 56
    whole = keras.ops.convert_to_numpy(again(fields[None]))
    first, states = model.advance(fields[None, :70], model.initial_states(1))
    second, _ = model.advance(fields[None, 70:], states)
    streamed = np.concatenate([np.asarray(first), np.asarray(second)], axis=1)
    np.testing.assert_allclose(streamed, whole, atol=1e-4)


def test_fields_far_from_those_of_training_are_refused(model, small_fields):
    """In another unit; not in another season, or of ten times as many counts."""
    values = small_fields.values[:1000]
    message = r"values of about .*: this model was trained on values of about .*; give fields in"
    for call in (
        lambda: model.forecast(1e4 * values, 1),
        lambda: model.read(1e4 * values, learn=False),
    ):
        with pytest.raises(InputError, match=message):
            call()
    assert np.isfinite(model.forecast(10 * values, 1)).any()


def test_kelvin_are_refused_by_a_model_of_degrees_celsius():
    random = np.random.default_rng(0)
    season = 10 * np.sin(2 * np.pi * np.arange(1460)[:, None, None, None] / 1460)
    values = (5 + season + random.normal(0, 3, (1460, 2, 3, 1))).astype("float32")
    model = FieldForecaster(
        (2, 3, 1), 6 * 3600, [keras.layers.GRU(2)], rank=3, scale="none", trend="days"
    )
    model.fit_fields(values[:700])  # the warm half of the year
    assert np.isfinite(model.forecast(values[700:], 1)).all()
    with pytest.raises(InputError, match=r"about 27\d.*: this model was trained on"):
        model.forecast(values + 273.15, 1)
