"""The pretrained classifiers of skeletons: their cards, and their metrics reproduced."""

import pytest

import rnnzoo
from rnnzoo.sequences.evaluation import confusion, of_model

NAMES = rnnzoo.list_models("action3d-*", pretrained=True)


@pytest.fixture(scope="module")
def evaluation_set(needs_data):
    """The sequences of the test subjects."""
    needs_data("action3d")
    from rnnzoo.datasets.action3d.load import labelled, load_action3d

    return labelled(load_action3d("test"))


def over_seeds(name):
    return rnnzoo.info(name)["metrics"]["tables"]["test"]["over_seeds"]["accuracy"]["mean"]


def test_all_four_ship():
    assert NAMES == ["action3d-gru", "action3d-lstm", "action3d-nemgru", "action3d-nemlstm"]


def test_the_best_meets_the_bar_in_the_mean_of_five_seeds():
    assert max(map(over_seeds, NAMES)) >= 0.87


@pytest.mark.parametrize("name", NAMES)
def test_all_do_better_than_the_baselines(name):
    card = rnnzoo.info(name)
    assert len(card["metrics"]["by_seed"]) == 5
    for baseline in card["baselines"]["test"].values():
        assert over_seeds(name) > baseline["accuracy"]
    assert "research" in card["data"]["licence"].lower() + card["limits"].lower()


@pytest.mark.parametrize("name", NAMES)
def test_the_figures_of_the_card_are_found_on_the_real_skeletons(name, evaluation_set):
    card, model = rnnzoo.info(name), rnnzoo.load(name)
    metrics = of_model(model, evaluation_set)
    shipped = card["metrics"]["tables"]["test"]["by_seed"][str(card["metrics"]["seed"])]
    assert metrics["accuracy"] == pytest.approx(shipped["accuracy"], abs=0.5 / len(evaluation_set))
    assert metrics["cross_entropy"] == pytest.approx(shipped["cross_entropy"], rel=1e-3)
    assert confusion(model, evaluation_set) == card["metrics"]["confusion"]
