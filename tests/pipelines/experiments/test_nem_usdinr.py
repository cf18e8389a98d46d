"""The grid of the dollar-rupee rate: its windows, its cells, and a short training of each kind."""

import keras
import numpy as np
import pytest

from rnnzoo.datasets.common.folders import data_dir
from rnnzoo.pipelines.experiments.studies import nem_usdinr, nem_usdinr_ohlc
from rnnzoo.pipelines.experiments.studies.common import rate_windows
from rnnzoo.rates import volatility

SERIES = 50 * np.exp(0.01 * np.random.default_rng(0).normal(size=200).cumsum())
START = 150
NOISES = ("none", "lstm additive outputs nem", "gru multiplicative gates blind")


def test_levels_are_standardised_by_what_is_trained_on():
    training, held_out = rate_windows.levels(SERIES, START)
    assert training.x.shape == (146, 4, 1) and held_out.x.shape == (50, 4, 1)
    mean, sd = SERIES[:START].mean(), SERIES[:START].std()
    np.testing.assert_allclose(held_out.x[0, :, 0] * sd + mean, SERIES[146:150], rtol=1e-5)
    np.testing.assert_allclose(held_out.y[:, 0] * sd + mean, SERIES[150:], rtol=1e-5)
    np.testing.assert_allclose(held_out.weight, sd**2, rtol=1e-6)
    np.testing.assert_allclose(held_out.no_change, np.diff(SERIES[149:]) ** 2)


def test_levels_of_several_columns_forecast_the_last():
    columns = np.stack([SERIES + 1, SERIES - 1, SERIES], axis=1)
    several, single = (rate_windows.levels(series, START)[1] for series in (columns, SERIES))
    assert several.x.shape == (50, 4, 3)
    np.testing.assert_allclose(several.x[:, :, 2:], single.x, rtol=1e-6)
    np.testing.assert_array_equal(several.y, single.y)


def test_relative_windows_are_what_the_forecasters_see():
    training, held_out = rate_windows.relative(SERIES, START)
    features = keras.ops.convert_to_numpy(
        volatility.ScaledReturns()(SERIES[None].astype("float32"))
    )[0]
    np.testing.assert_allclose(held_out.x[0], features[146:150], atol=2e-3)
    np.testing.assert_allclose(training.x[-1], features[145:149], atol=2e-3)


@pytest.mark.parametrize("protocol", [rate_windows.levels, rate_windows.relative])
def test_a_weighted_error_is_in_squared_rupees(protocol):
    _, held_out = protocol(SERIES, START)
    # Persistence: the last level, or 0.
    forecast = held_out.x[:, -1, 0] if protocol is rate_windows.levels else 0
    error = held_out.weight * (held_out.y[:, 0] - forecast) ** 2
    np.testing.assert_allclose(error, np.diff(SERIES[START - 1 :]) ** 2, rtol=1e-3, atol=1e-6)
    np.testing.assert_allclose(held_out.no_change, np.diff(SERIES[START - 1 :]) ** 2)


def test_no_window_has_the_rate_it_is_to_forecast():
    changed = SERIES.copy()
    changed[170:] *= 2
    for protocol in (rate_windows.levels, rate_windows.relative):
        before, after = (protocol(series, START)[1].x[:21] for series in (SERIES, changed))
        np.testing.assert_array_equal(before, after)


def test_every_cell_of_the_tables_has_an_arm():
    arms = {arm.name: arm for arm in nem_usdinr.EXPERIMENT.arms}
    assert len(arms) == 2 * 2 * (1 + 2 * 3 * 2)
    assert len(nem_usdinr.EXPERIMENT.pairs) == 24
    pair = ("sound gru additive both nem", "sound gru additive both blind")
    assert pair in nem_usdinr.EXPERIMENT.pairs
    errors, speed_ups = (nem_usdinr.source(of) for of in ("error", "speed-up"))
    assert len(errors) == 26 and len(speed_ups) == 24
    assert set(errors) == {name for name in arms if name.startswith("paper")}
    assert errors["paper lstm additive both nem"] == "[NB] table 5: 1.059"
    assert speed_ups["paper gru multiplicative both nem"] == "[NB] table 8: 37%"


def test_the_speed_up_is_that_of_the_source():
    speed_up = nem_usdinr.EXPERIMENT.measures[-1]
    control = {"held_out_loss": [5.0, 4.0, 3.0, 2.0]}
    assert speed_up.of({"held_out_loss": [5.0, 2.0, 1.0, 1.0]}, control) == 50
    assert speed_up.of({"held_out_loss": [9.0, 9.0, 9.0, 9.0]}, control) == 0


@pytest.mark.parametrize("protocol", nem_usdinr.PROTOCOLS)
@pytest.mark.parametrize("name", NOISES)
def test_a_short_training(protocol, name):
    arms = {arm.name: arm for arm in nem_usdinr.EXPERIMENT.arms}
    arm = arms[f"{protocol} lstm none" if name == "none" else f"{protocol} {name}"]
    settings = arm.candidates[0]
    if arm.follows:
        settings = arms[arm.follows].candidates[0] | settings
    make = {"paper": rate_windows.levels, "sound": rate_windows.relative}[protocol]
    training, held_out = make(SERIES, START)
    keras.utils.set_random_seed(1)
    data = {protocol: training}, {protocol: held_out}
    results = nem_usdinr.run(settings, 1, *data, quick=True)
    assert results["error"] == results["held_out_loss"][-1] > 0
    assert results["no_change"] == held_out.no_change.mean()  # 50 windows: all of them


@pytest.mark.slow
@pytest.mark.parametrize("experiment, days", [(nem_usdinr, 1634), (nem_usdinr_ohlc, 521)])
def test_the_phases_of_the_real_rates(experiment, days):
    if data_dir() is None:
        pytest.skip("RNNZOO_DATA_DIR is not set: no rates")
    choosing, testing = (experiment.EXPERIMENT.load(phase) for phase in ("validation", "test"))
    for protocol in experiment.PROTOCOLS:
        assert len(testing[1][protocol].x) == days
        held_back = len(choosing[1][protocol].x)
        assert len(testing[0][protocol].x) == len(choosing[0][protocol].x) + held_back
