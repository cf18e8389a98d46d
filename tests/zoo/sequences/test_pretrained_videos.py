"""The pretrained classifiers of videos: their cards and sizes."""

import pytest

import rnnzoo
from rnnzoo.artifacts import packaged_dir

NAMES = rnnzoo.list_models("ucf11-*", pretrained=True)
MISSING = ["swing", "volleyball_spiking"]


def card_of(name):
    return rnnzoo.info(name)


def test_all_four_ship_in_eight_megabytes():
    assert NAMES == ["ucf11-gru", "ucf11-lstm", "ucf11-nemgru", "ucf11-nemlstm"]
    files = [file for name in NAMES for file in (packaged_dir() / name).rglob("*")]
    assert sum(file.stat().st_size for file in files if file.is_file()) < 8e6


@pytest.mark.parametrize("name", NAMES)
def test_the_card_says_which_classes_are_missing(name):
    card = card_of(name)
    assert len(card["classes"]) == 9 and not {*MISSING} & {*card["classes"]}
    assert card["data"]["missing_classes"] == MISSING
    assert " 9 sports " in card["title"] and "9 of the eleven sports" in card["limits"]
    assert "research" in card["limits"].lower()
    reader = card["reader"]
    assert (reader["network"], reader["frames"]) == ("EfficientNet-Lite2", 24)
    assert len(card["metrics"]["by_seed"]) == 5


@pytest.mark.parametrize("name", NAMES)
def test_all_do_better_than_the_majority(name):
    card = card_of(name)
    tables, baselines = card["metrics"]["tables"], card["baselines"]
    for split in ("validation", "test", "by_clip"):
        mean = tables[split]["over_seeds"]["accuracy"]["mean"]
        assert mean > 2 * baselines[split]["majority"]["accuracy"]
