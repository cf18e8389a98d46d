import keras
import numpy as np
import pytest
from scipy.stats import norm

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.layers import NEMGRU
from rnnzoo.rates import volatility
from rnnzoo.rates.batches import SKIP, RateWindows
from rnnzoo.rates.forecaster import LEAST, Forecaster
from rnnzoo.rates.quantiles import LEVELS, QuantileLoss, at


def walk(count=200, seed=0, spread=0.005):
    random = np.random.default_rng(seed)
    return 60 * np.exp(spread * random.normal(size=count).cumsum())


@pytest.fixture(scope="module")
def model():
    """An untrained model; the kernel of its head is not 0."""
    keras.utils.set_random_seed(1)
    model = Forecaster([keras.layers.GRU(4), keras.layers.LSTM(3)])
    kernel, bias = model.head.linear.get_weights()
    model.head.linear.set_weights([np.random.default_rng(1).normal(size=kernel.shape) / 5, bias])
    return model


def test_the_volatility_is_its_equation():
    x = walk(30)
    returns = volatility.log_returns(keras.ops.convert_to_tensor(x[None], "float32"))
    estimates = np.asarray(volatility.volatilities(returns)[0])[0]
    r = np.diff(np.log(x))
    for t in (1, 2, 29):
        for i, decay in enumerate(volatility.DECAYS):
            weights = decay ** np.arange(t)[::-1]
            expected = np.sqrt(np.sum(weights * r[:t] ** 2) / np.sum(weights))
            assert estimates[t, i] == pytest.approx(expected, rel=1e-3)


def test_the_scale_of_the_outputs_is_the_volatility_after_each_step(model):
    x = keras.ops.convert_to_tensor(walk(40)[None].repeat(2, 0), "float32")
    s = volatility.volatilities(volatility.log_returns(x))[0]
    states = model.initial_states(2)
    for t in range(40):
        _, states = model.step(x[:, t], states)
        np.testing.assert_allclose(model.scale(states), s[:, t, 0], rtol=1e-3)


def test_a_new_model_says_the_normal_distribution():
    z = np.asarray(Forecaster([keras.layers.GRU(2)])(walk()[None]))
    np.testing.assert_allclose(z[0, -1], [0, *norm.ppf(LEVELS)], atol=1e-5)


def test_quantiles_do_not_cross(model):
    z = np.asarray(model(np.stack([walk(60, seed, 0.1) for seed in range(5)])))
    assert np.all(np.diff(z[..., 1:], axis=-1) > 0)


def test_quantiles_between_and_beyond_the_levels():
    normal = np.tile(norm.ppf(LEVELS), (2, 1))
    levels = np.array([0.001, 0.01, 0.075, 0.5, 0.95, 0.999])
    quantiles = at(normal, levels)
    assert quantiles[0, [1, 3, 4]] == pytest.approx(norm.ppf(levels[[1, 3, 4]]))
    assert quantiles[1, 2] == pytest.approx((norm.ppf(0.05) + norm.ppf(0.1)) / 2)
    # P(X < x) = p exp(-(q_p - x) / b): from 5% to 1% is log 5 of b, from 1% to 0.1% log 10.
    gap = norm.ppf(0.05) - norm.ppf(0.01)
    assert quantiles[0, 0] == pytest.approx(norm.ppf(0.01) - gap * np.log(10) / np.log(5))
    assert quantiles[0, -1] == pytest.approx(-quantiles[0, 0])


def test_the_loss_by_hand():
    y, z = np.zeros((1, 3), "float32"), np.zeros((1, 3, 1 + len(LEVELS)), "float32")
    z[0, 2, 0] = 6  # of the location: Huber, 4 (6 - 2)
    z[0, 1, 1:] = 1
    loss = QuantileLoss(skip=1).call(y, z)
    assert np.asarray(loss) == pytest.approx(np.array([[1 - np.mean(LEVELS), 1.6]]), abs=1e-6)


def test_the_unit_does_not_count(model):
    x = walk()
    for quantiles in (None, [0.05, 0.5, 0.95]):
        forecast, scaled = (model.forecast(k * x, 5, quantiles=quantiles) for k in (1, 100))
        np.testing.assert_allclose(scaled, 100 * forecast, rtol=1e-4)


def test_shapes_and_seeds(model):
    x = walk()
    assert model.forecast(x, 4).shape == (4,)
    quantiles = model.forecast(x, 4, quantiles=[0.05, 0.5, 0.95], seed=1)
    assert quantiles.shape == (4, 3) and quantiles.dtype == "float64"
    assert np.all(np.diff(quantiles, axis=1) > 0)
    assert np.all(np.diff(quantiles[:, 2] - quantiles[:, 0]) > 0)
    np.testing.assert_array_equal(
        quantiles, model.forecast(x, 4, quantiles=[0.05, 0.5, 0.95], seed=1)
    )
    assert np.any(quantiles != model.forecast(x, 4, quantiles=[0.05, 0.5, 0.95], seed=2))
    np.testing.assert_allclose(quantiles[:, 1], model.forecast(x, 4, quantiles=[0.5], seed=1)[:, 0])


def test_the_paths_are_of_independent_normal_steps_where_the_model_says_so():
    x = walk(500)
    quantiles = Forecaster([keras.layers.GRU(2)]).forecast(x, 5, quantiles=norm.cdf([-1, 0, 1]))
    logs = np.log(quantiles / x[-1])
    ratio = (logs[:, 2] - logs[:, 0]) / (logs[0, 2] - logs[0, 0])
    np.testing.assert_allclose(ratio, np.sqrt(np.arange(1, 6)), rtol=0.08)
    np.testing.assert_allclose(logs[:, 1], 0, atol=0.003)


def test_a_walk_forward_is_a_forecast_a_day(model):
    x = walk(60)
    intervals = model.walk_forward(x, 40, [0.1, 0.9])
    points = model.walk_forward(x, 40)
    for row in (40, 59):
        np.testing.assert_allclose(
            intervals[row - 40], model.forecast(x[:row], 1, quantiles=[0.1, 0.9])[0], rtol=1e-6
        )
        np.testing.assert_allclose(points[row - 40], model.forecast(x[:row], 1)[0], rtol=1e-6)


def test_a_walk_forward_in_parts_is_the_whole(model, monkeypatch):
    from rnnzoo.rates import forecaster

    x = walk(900)
    whole = model.walk_forward(x, 600, [0.1])
    monkeypatch.setattr(forecaster, "CHUNK", 130)
    np.testing.assert_allclose(model.walk_forward(x, 600, [0.1]), whole, rtol=1e-5)


def test_saved_and_loaded_it_is_the_same(model, tmp_path):
    model.head.calibration.assign(1.2)
    model.head.trust.assign(0.7)
    model.head.widening.assign([1, 1.1, 1.3])
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras", compile=False, safe_mode=True)
    assert again.get_config() == model.get_config()
    settings = {"steps": 3, "quantiles": [0.1, 0.9]}
    np.testing.assert_array_equal(
        again.forecast(walk(), **settings), model.forecast(walk(), **settings)
    )
    for weight in (model.head.calibration, model.head.trust, model.head.widening):
        weight.assign(np.ones(weight.shape))


def test_fit_lowers_the_loss_and_learns_that_a_rate_returns():
    random = np.random.default_rng(0)
    x = 50 * np.exp(0.01 * random.normal(size=1500))  # a mean: half of each step reverts
    keras.utils.set_random_seed(0)
    model = Forecaster([NEMGRU(8, noise_std=0.1)]).compile_default()
    model.optimizer.learning_rate = 0.01
    windows = model.windows(x[:1200], length=60, batch_size=8)
    losses = model.fit(windows, epochs=6, verbose=0).history["loss"]
    assert losses[-1] < losses[0]
    error = np.square(model.walk_forward(x, 1200) - x[1200:]).mean()
    assert error < 0.7 * np.square(x[1199:-1] - x[1200:]).mean()


def test_windows_end_where_the_series_ends_and_follow_the_seed():
    x = walk(131)
    whole = RateWindows(x, 50, 2, shuffle=False)
    rates, y = (np.concatenate(parts) for parts in zip(whole[0], whole[1], strict=True))
    assert rates.shape == y.shape == (4, 50)
    np.testing.assert_allclose(rates[:, 0], x[[0, 30, 60, 80]], rtol=1e-6)
    np.testing.assert_allclose(rates[3, -1], x[129], rtol=1e-6)
    returns = volatility.log_returns(keras.ops.convert_to_tensor(x[None, 80:130], "float32"))
    s = np.asarray(volatility.volatilities(returns)[0])[0, -1, 0]
    assert y[3, -1] == pytest.approx(np.log(x[130] / x[129]) / s, rel=1e-3)

    windows, same = RateWindows(x, 50, 2, seed=3), RateWindows(x, 50, 2, seed=3, first_epoch=1)
    first = windows[0][0]
    windows.on_epoch_end()
    np.testing.assert_array_equal(windows[0][0], same[0][0])
    assert np.any(first != same[0][0])
    assert {bool(row[0] < 1) for i in range(len(windows)) for row in windows[i][0]} <= {True, False}


@pytest.mark.parametrize(
    ("history", "settings", "message"),
    [
        (walk(LEAST - 1), {}, "has 20 rates: give at least 21"),
        (walk()[None], {}, r"has shape \(1, 200\)"),
        (["a"] * 30, {}, "no array of numbers"),
        ([*walk(), 0], {}, "rate 200 of the history is 0: give numbers above 0"),
        ([*walk(), -1.0], {}, "rate 200 of the history is -1"),
        ([*walk(), np.nan], {}, "is nan"),
        ([*walk(), np.inf], {}, "is inf"),
        (1e300 * walk(), {}, r"rate 0 of .* is .*e\+30[0-9]: give numbers from 1e-30 to 1e\+30"),
        (1e-300 * walk(), {}, "rate 0 of .*: give numbers from 1e-30 to 1e.30, in another unit"),
        ([*walk(), 6000], {}, "rate 200 of the history is 6000 after"),
        (walk(), {"steps": 0}, "steps is 0"),
        (walk(), {"steps": 1.5}, "steps is 1.5"),
        (walk(), {"quantiles": [0.5, 1]}, "quantiles has .*1"),
        (walk(), {"quantiles": []}, "quantiles is empty"),
        (walk(), {"seed": -1, "steps": 2}, "seed is -1"),
    ],
)
def test_bad_forecasts(model, history, settings, message):
    with pytest.raises(InputError, match=message):
        model.forecast(history, **{"steps": 1, **settings})


def test_bad_windows(model):
    with pytest.raises(InputError, match="21 rates"):
        model.windows(walk(SKIP + 1))
    with pytest.raises(InputError, match="length is 20"):
        model.windows(walk(), length=SKIP)
    with pytest.raises(InputError, match="start is 200"):
        model.walk_forward(walk(), 200)
