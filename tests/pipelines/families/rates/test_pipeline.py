"""Nine stages end to end, fine-tuning on a user's rates, and `rnnzoo forecast`."""

import json

import keras
import numpy as np
import pytest
from scipy.stats import ttest_rel

import rnnzoo
from rnnzoo.baselines import rates as baselines
from rnnzoo.cards import headline
from rnnzoo.cli import main
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.rates.csv_reader import read_rates
from rnnzoo.datasets.rates.series import Rates
from rnnzoo.pipelines.core.blessing import blessing
from rnnzoo.pipelines.families.rates.family import RATES, RatesDataset
from rnnzoo.pipelines.finetune import finetune
from rnnzoo.pipelines.pipeline import Pipeline
from rnnzoo.rates import evaluation, scores
from rnnzoo.rates.evaluation import LEVELS
from rnnzoo.rates.forecaster import Forecaster

pytestmark = pytest.mark.slow


def test_the_card_has_the_table_of_every_seed_beside_the_baselines(pushed):
    _, _, card = pushed
    metrics, rivals = card["metrics"], card["baselines"]
    assert set(rivals["test"]) == {
        "persistence", "drift", "arima", "ets", "rolling_volatility", "garch", "garch_t"
    }  # fmt: skip
    of_model = metrics["tables"]["test"]["by_seed"]
    assert metrics["test"] == of_model["1"]["pinball"] != of_model["2"]["pinball"]
    assert of_model["1"]["pinball"] < rivals["test"]["rolling_volatility"]["pinball"]
    assert rivals["test"]["persistence"]["relative_mse"] == 1
    assert rivals["test"]["persistence"]["dm"] is None
    assert set(metrics["tables"]["test"]["over_seeds"]) == set(of_model["1"])
    assert 0 <= of_model["1"]["dm_p_garch_t"] <= 1
    assert metrics["coverage_ahead"].keys() == {"5", "20"}
    assert card["data"]["splits"]["train"] == {
        "rates": 900, "from": "2010-01-04", "to": "2013-06-14"
    }  # fmt: skip
    assert headline(card).startswith(f"test: pinball loss {metrics['test']:.4g}; rolling")


def test_the_figures_are_those_of_the_model_that_is_loaded(pushed, evaluated):
    card, (values, start) = pushed[2], evaluated
    model = rnnzoo.load("usdinr-short")
    row = card["metrics"]["tables"]["test"]["by_seed"]["1"]
    error = np.square(model.walk_forward(values, start) - values[start:]).mean()
    assert row["mse"] == pytest.approx(error, rel=1e-5)
    low, high = model.walk_forward(values, start, [0.05, 0.95]).T
    assert row["coverage"] == scores.coverage(values[start:], low, high)
    truth, before = values[start:], values[start - 1 : -1]
    forecasts = (model.walk_forward(values, start), before)
    errors = [np.square(forecast - truth) for forecast in forecasts]
    assert row["dm_p"] == pytest.approx(ttest_rel(*errors).pvalue, rel=1e-3)
    rolling = baselines.rolling_volatility(values, start, LEVELS)
    quantiles = model.walk_forward(values, start, LEVELS)
    losses = [scores.pinball_losses(truth, array, LEVELS) for array in (quantiles, rolling)]
    assert row["dm_p_rolling_volatility"] == pytest.approx(ttest_rel(*losses).pvalue, rel=1e-3)
    assert card["calibration"]["next_day"] == float(model.head.calibration.numpy())
    assert 0 <= card["calibration"]["trust_in_location"] == float(model.head.trust.numpy()) <= 1


def test_the_model_is_whole_and_a_second_run_does_nothing(pushed):
    models, folder, _ = pushed
    assert rnnzoo.verify("usdinr-short")["served_difference"] <= 1e-4
    assert Pipeline("usdinr-short", models).unchanged()[0] == folder


def dataset(evaluated):
    """A `RatesDataset` with that test split."""
    values, start = evaluated
    ends = {"train": start - 100, "validation": start, "test": len(values)}
    return RatesDataset("made-up", "ab", Rates(np.arange(len(values)), values), ends)


def test_a_model_has_to_be_better_than_rolling_volatility(evaluated):
    values, start = evaluated
    model = Forecaster([keras.layers.LSTM(2)])
    series = {"validation": (values[:start], start - 100), "test": (values, start)}
    result = evaluation.evaluate({"1": model}, series, trained=True)
    bar = result.baselines["validation"]["rolling_volatility"]["pinball"]
    assert result.checks == [("rolling volatility", bar, bar)]
    assert not blessing(bar, "pinball loss", result.checks)["blessed"]
    assert blessing(0.99 * bar, "pinball loss", result.checks)["blessed"]
    assert result.figures["1"]["test"] == RATES.figures(model, dataset(evaluated))["test"]
    assert RATES.limit(1.0) == 1.01


def test_fine_tuning_on_rates_of_ones_own_and_forecasting_them(pushed, mine, capsys):
    models = pushed[0]
    folder, card = finetune(
        "usdinr-short", mine, "mine", models, epochs=2, data_options={"decimal": "."}
    )
    assert "--data 'My yen.csv' --decimal . --name mine" in card["command"]
    assert card["data"]["frequency"] == "business-daily"
    assert set(card["baselines"]["test"]) == {"persistence", "drift", "rolling_volatility"}
    assert card["data"]["splits"]["test"]["rates"] == 60
    assert "before" in card["metrics"]
    assert rnnzoo.verify("mine")["path"] == str(folder)
    capsys.readouterr()

    command = ["forecast", "mine", "--data", str(mine), "--steps", "3", "--quantiles", "0.1,0.9"]
    assert main([*command, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    values = read_rates(mine).values
    expected = rnnzoo.load("mine").forecast(values, 3, quantiles=[0.1, 0.9])
    quantiles = [list(row["quantiles"].values()) for row in report["forecast"]]
    np.testing.assert_allclose(quantiles, expected, rtol=1e-6)
    assert report["last"] == {"date": "2012-04-20", "value": pytest.approx(values[-1])}
    dates = [row["date"] for row in report["forecast"]]
    assert dates == ["2012-04-23", "2012-04-24", "2012-04-25"]  # from Monday on
    assert main(command) == 0
    assert capsys.readouterr().out.startswith("mine after ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--data", "nowhere.csv"], "nowhere.csv does not exist"),
        (["--steps", "0"], "steps is 0"),
        (["--seed", "-1"], "seed is -1"),
        (["--data", "few.csv"], "has 1 rates: give at least 21"),
    ],
)
def test_bad_input_is_one_line(pushed, mine, tmp_path, monkeypatch, capsys, arguments, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "few.csv").write_text("date,value\n2020-01-01,5\n", encoding="utf-8")
    assert main(["forecast", "usdinr-short", "--data", str(mine), *arguments]) == 2
    assert message in capsys.readouterr().err.splitlines()[-1]


def test_levels_and_models_that_are_none(pushed, mine, capsys):
    for levels in ("0.5,1", "", "a"):
        with pytest.raises(SystemExit) as ended:
            main(["forecast", "usdinr-short", "--data", str(mine), "--quantiles", levels])
        assert ended.value.code == 2
        assert "give levels between 0 and 1" in capsys.readouterr().err
    assert main(["forecast", "shakespeare-lstm", "--data", str(mine)]) == 2
    assert "is a TextGenerator: forecast is for models of rates" in capsys.readouterr().err


def test_too_few_rates_and_a_missing_extra(pushed, tmp_path, monkeypatch):
    import sys

    path = tmp_path / "short.csv"
    path.write_text("date,value\n2020-01-01,5\n", encoding="utf-8")
    with pytest.raises(InputError, match="has 1 rates: give at least 500"):
        finetune("usdinr-short", path, "short", pushed[0])
    monkeypatch.setitem(sys.modules, "arch", None)
    with pytest.raises(InputError, match=r"need arch: pip install 'rnnzoo\[rates\]'"):
        Pipeline("usdinr-short", pushed[0])


@pytest.mark.tfx
def test_the_engine_of_tfx_gives_the_same_model(pushed, digest_by_tfx):
    assert digest_by_tfx("usdinr-short") == pushed[2]["content_digest"]


@pytest.mark.tfx
def test_a_pipeline_for_kubeflow(few, checked_spec):
    checked_spec("usdinr-short")
