"""The pretrained classifiers of videos: their cards and sizes, and their metrics reproduced."""

import pytest

import rnnzoo
from rnnzoo.artifacts import packaged_dir
from rnnzoo.sequences.evaluation import confusion, of_model

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


@pytest.mark.slow
def test_the_figures_of_the_cards_are_those_of_the_real_videos(monkeypatch, tmp_path):
    from rnnzoo.datasets.ucf11.clips import part_folder
    from rnnzoo.datasets.ucf11.load import load_clips
    from rnnzoo.pipelines.families.sequences.clips import keep_clips, labelled_clips
    from rnnzoo.sequences.readers import reader_of

    if part_folder() is None:
        pytest.skip("no part of UCF-11 in RNNZOO_DATA_DIR")
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path))
    if keep_clips(load_clips()) != card_of(NAMES[0])["data"]["sha256"]:
        pytest.skip("another part of UCF-11 than that of the training")
    reader = reader_of(card_of(NAMES[0])["reader"])
    clips = {"test": load_clips()["test"]}
    test = labelled_clips(clips, reader.network, reader.sampling)[0]["test"]
    for name in NAMES:
        card, model = card_of(name), rnnzoo.load(name)
        shipped = card["metrics"]["tables"]["test"]["by_seed"][str(card["metrics"]["seed"])]
        metrics = of_model(model, test)
        assert metrics["accuracy"] == pytest.approx(shipped["accuracy"], abs=0.5 / len(test))
        assert metrics["cross_entropy"] == pytest.approx(shipped["cross_entropy"], rel=1e-3)
        assert confusion(model, test) == card["metrics"]["confusion"]
        ranked = model.classify(clips["test"][0].path, top=3)
        assert len(ranked) == 3 and ranked[0][1] > ranked[1][1]
