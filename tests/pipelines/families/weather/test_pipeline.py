"""From a user's weather to a model that is pushed, evaluated and fine-tuned."""

import re

import pytest

import rnnzoo
from rnnzoo.cards import headline
from rnnzoo.pipelines.evaluate import evaluate
from rnnzoo.pipelines.finetune import finetune

pytestmark = pytest.mark.slow  # minutes of exports


def test_the_card_has_figures_beside_those_of_baselines(pushed_weather):
    _, _, card = pushed_weather
    assert list(card["baselines"]) == ["climatology", "persistence", "damped persistence"]
    table = card["metrics"]["tables"]["test"]["places"]["place"]
    assert list(table) == ["T2M", "RH2M", "PRECTOTCORR", "PS", "WS10M", "WD10M"]
    assert f"{card['metrics']['test']:.4g} of the climatology's RMSE" in headline(card)


def test_it_is_evaluated_and_fine_tuned(pushed_weather, weather_file):
    rows = evaluate(["station-gru"], weather_file)
    assert "damped persistence" in {row["model"] for row in rows}
    assert re.fullmatch(r"test: days 438, from 2005-10-2., to 2006-12-31", rows[0]["split"])
    assert rows[0]["unit"].endswith("mean over parameters and 1 to 3 days ahead")
    assert "coverage" in rows[0]["details"]["places"]["place"]["RH2M"]
    _, card = finetune("station-gru", weather_file, "moved", pushed_weather[0], epochs=1)
    assert card["metrics"]["before"]["test"] > 0
    assert rnnzoo.load("moved").parameters[0] == "T2M"


@pytest.mark.tfx
def test_the_engine_of_tfx_gives_the_same_model(pushed_weather, weather_file, digest_by_tfx):
    assert (
        digest_by_tfx("power-short", weather_file, "station-gru")
        == pushed_weather[2]["content_digest"]
    )


@pytest.mark.tfx
def test_a_pipeline_for_kubeflow(pushed_weather, weather_file, checked_spec):
    checked_spec("power-short", weather_file, "station-gru")
