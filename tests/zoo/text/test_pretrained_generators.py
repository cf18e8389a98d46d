"""The models that come with the package, each against its own card."""

import pytest

import rnnzoo
from rnnzoo.artifacts import files, packaged_dir, versions
from rnnzoo.registry import recipe
from rnnzoo.text.evaluation import ngram_nats

NAMES = sorted(folder.name for folder in packaged_dir().iterdir() if versions(folder))

# Nats per character of the test split. The large models are trained once, for half an hour.
BARS = {"shakespeare-lstm": 1.69, "shakespeare-lstm-large": 1.58}


@pytest.mark.core
def test_there_are_some():
    assert {"shakespeare-rnn", "shakespeare-lstm"} <= set(NAMES)


@pytest.mark.core
@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_it_is_whole_and_answers_as_recorded(name):
    report = rnnzoo.verify(name)
    assert report["golden_difference"] < 1e-4
    assert report["served_difference"] < 1e-4


@pytest.mark.core
def test_all_together_stay_under_95_mb():
    size = sum((packaged_dir() / name).stat().st_size for name in files(packaged_dir()))
    assert size < 95e6


@pytest.mark.core
@pytest.mark.parametrize("name", NAMES)
def test_its_card_is_filled_in(name):
    card = rnnzoo.info(name)
    assert card["recipe"] == recipe(name), "the recipe has changed since it was trained"
    assert set(card["metrics"]["by_seed"]) == {str(seed) for seed in card["recipe"]["seeds"]}
    alone = name.endswith(("-large", "-sutskever"))  # long trainings, of one seed
    assert len(card["recipe"]["seeds"]) >= (1 if alone else 3)
    assert card["metrics"]["seed"] == card["recipe"]["seeds"][0]
    for field in ("licence", "limits", "paper", "command", "date", "versions", "cores"):
        assert card[field], field
    assert card["metrics"]["test"] <= BARS.get(name, float("inf"))


TEXTS = sorted(
    {card["data"]["name"] for card in map(rnnzoo.info, NAMES) if card["task"] == "TextGenerator"}
)

# One small model per text; the golden tensors test the others in less time.
READ = sorted({"shakespeare-rnn", "artusi-svdrnn"} & set(NAMES))


@pytest.mark.parametrize("name", READ)
def test_its_figures_on_the_real_text(name, real_text):
    card = rnnzoo.info(name)
    text = real_text(card["data"]["name"])
    model = rnnzoo.load(name)
    for split in ("validation", "test"):
        nats = model.nats_per_character(getattr(text, split))
        assert nats == pytest.approx(card["metrics"][split], abs=1e-3)


@pytest.mark.parametrize("data", TEXTS)
def test_its_baseline_on_the_real_text(data, real_text):
    rows = {row["order"]: row for row in ngram_nats(real_text(data))}
    assert sorted(rows) == list(range(1, 9))
    for name in NAMES:
        card = rnnzoo.info(name)
        if card["data"]["name"] == data:
            assert len(card["baselines"]["ngram"]) >= 7
            for recorded in card["baselines"]["ngram"]:
                assert recorded == pytest.approx(rows[recorded["order"]], abs=1e-6)
