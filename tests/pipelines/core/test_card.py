import pytest

from rnnzoo.pipelines.core.card import card_of, metrics_of, over_seeds


def test_any_figures_over_seeds():
    summary = over_seeds({"1": {"test": 1.0, "error": 4.0}, "2": {"test": 3.0, "error": 4.0}})
    assert list(summary) == ["test", "error"]
    assert summary["test"] == {"mean": 2.0, "standard_deviation": pytest.approx(2**0.5)}
    assert summary["error"]["standard_deviation"] == 0
    assert over_seeds({"1": {"test": 1.0}})["test"]["standard_deviation"] is None


def test_the_figures_of_the_model_are_those_of_the_first_seed():
    metrics = metrics_of({"7": {"test": 1.0}, "2": {"test": 3.0}}, "nats")
    assert (metrics["unit"], metrics["seed"], metrics["test"]) == ("nats", 7, 1.0)
    assert metrics["over_seeds"]["test"]["mean"] == 2.0


def test_what_any_card_says(tiny):
    card = card_of("a-lstm", "A title", tiny, ["LSTM(4)"], {"input": "ids"}, licence="free")
    assert card["task"] == "TextGenerator"
    assert card["architecture"] == {"layers": ["LSTM(4)"], "parameters": tiny.count_params()}
    assert (card["input"], card["licence"]) == ("ids", "free")
    assert card["versions"].keys() == {"rnnzoo", "python", "tensorflow", "keras", "numpy"}
