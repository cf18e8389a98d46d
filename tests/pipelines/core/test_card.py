import types

import pytest

from rnnzoo.evaluation import over_seeds
from rnnzoo.pipelines.core.card import card_of, metrics_of
from rnnzoo.pipelines.core.family import Family


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


def test_the_fields_of_any_card(tiny):
    class Toys(Family):
        digest_key = "sha256_of_toys"

        def filled_in(self, sentence, model):
            return sentence.replace("{toys}", "3")

        def describe(self, model, data):
            return {"input": "ids"}

        def describe_data(self, data):
            return {"toys": 3}

    data = types.SimpleNamespace(name="toys", sha256="ab")
    fields = {
        "name": "a-lstm",
        "title": "Of {toys} toys",
        "source": {"url": "u"},
        "licence": "{toys}",
    }
    card = card_of(Toys(), tiny, data, fields, metrics={"test": 1.0})
    assert (card["name"], card["title"], card["task"]) == ("a-lstm", "Of 3 toys", "TextGenerator")
    assert card["architecture"] == {
        "layers": ["LSTM(4)", "SimpleRNN(3)"], "parameters": tiny.count_params()
    }  # fmt: skip
    assert (card["input"], card["licence"], card["metrics"]) == ("ids", "{toys}", {"test": 1.0})
    assert card["data"] == {"name": "toys", "sha256_of_toys": "ab", "url": "u", "toys": 3}
    assert card["versions"].keys() == {"rnnzoo", "python", "tensorflow", "keras", "numpy"}
    assert "source" in fields, "the caller's own"
