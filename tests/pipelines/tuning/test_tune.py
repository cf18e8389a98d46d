"""Trials: the same at each run, on the validation split alone, continued after a kill."""

import json
import re

import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.families import recipes
from rnnzoo.pipelines.families.text.family import TextFamily
from rnnzoo.pipelines.pipeline import Pipeline
from rnnzoo.pipelines.tuning import trial as trial_module
from rnnzoo.pipelines.tuning.tune import plan_of, tune


def tuned(data, models, trials, seeds=1, name="sonnets-short"):
    """(`Plan`, `Tuning`) of a user's text."""
    pipeline = Pipeline(name, models, data, "fox")
    plan = plan_of(name, pipeline.parameters, trials, seeds)
    return plan, tune(pipeline, plan)


@pytest.fixture
def drawn(short):
    """The settings of trials that are not trained, in their order; their figure is the dropout."""
    settings = []

    def figures(parameters, data, chosen, seeds):
        settings.append(chosen)
        return [chosen["dropout"] + chosen["learning_rate"]] * len(seeds)

    short.setattr(trial_module, "validation_figures", figures)
    return settings


def test_the_first_trial_has_the_recipe_s_settings_and_the_others_are_drawn(drawn, fox, tmp_path):
    _, tuning = tuned(fox, tmp_path / "models", 4)
    assert [trial.number for trial in tuning.trials] == [0, 1, 2, 3, 4]
    own, *others = [trial.settings for trial in tuning.trials]
    assert own == {"units": 4, "learning_rate": 0.01, "dropout": 0.0}
    assert [own, *others] == drawn
    for settings in others:
        assert settings["units"] in (3, 5) and settings["dropout"] in (0.0, 0.2)
        assert 0.003 <= settings["learning_rate"] < 0.03
    assert len({trial["learning_rate"] for trial in others}) == 4
    figures = [trial.validation for trial in tuning.ordered()]
    assert figures == sorted(figures) and tuning.best.validation == figures[0]


def test_more_trials_continue_the_same_search(drawn, fox, tmp_path):
    plan, first = tuned(fox, tmp_path / "models", 2)
    assert len(drawn) == 3
    _, same = tuned(fox, tmp_path / "models", 2)
    assert same == first and len(drawn) == 3
    _, longer = tuned(fox, tmp_path / "models", 4)
    assert longer.trials[:3] == first.trials and len(drawn) == 5
    _, shorter = tuned(fox, tmp_path / "models", 1)
    assert shorter.trials == first.trials[:2]
    plan.journal().path.unlink()
    _, again = tuned(fox, tmp_path / "models", 4)
    assert again == longer and drawn[:5] == drawn[5:]


def test_another_search_has_a_journal_of_its_own(drawn, short, fox, tmp_path):
    tuned(fox, tmp_path / "models", 1)
    short.setitem(recipes(), "sonnets-short", {**recipes()["sonnets-short"], "epochs": 3})
    tuned(fox, tmp_path / "models", 1)
    short.setitem(recipes(), "sonnets-short", {**recipes()["sonnets-short"], "seeds": [1, 2]})
    _, tuning = tuned(fox, tmp_path / "models", 1, seeds=2)
    assert len(drawn) == 6 and len(tuning.best.figures) == 2
    assert len(list((tmp_path / "cache/pipelines/fox/tuning").iterdir())) == 3


def test_a_space_that_is_exhausted(drawn, short, fox, tmp_path, capsys):
    space = {"units": [4, 8], "dropout": [0.0, 0.2]}
    short.setitem(recipes(), "sonnets-short", {**recipes()["sonnets-short"], "search": space})
    figures = trial_module.validation_figures
    short.setattr(
        trial_module,
        "validation_figures",
        lambda p, d, chosen, s: figures(p, d, {"learning_rate": 0, **chosen}, s),
    )
    _, tuning = tuned(fox, tmp_path / "models", 10)
    assert len(tuning.trials) == 4  # the recipe's own settings among them, once
    assert "the search space has no more than 4 settings" in capsys.readouterr().err
    short.setattr(Pipeline, "prepared", None)  # nothing is left to do, of more trials too
    for trials in (10, 20):
        assert tuned(fox, tmp_path / "models", trials)[1] == tuning
        assert "nothing has changed: trials 0 to 3 are complete" in capsys.readouterr().err


def test_trials_that_diverge_are_recorded(drawn, short, fox, tmp_path):
    short.setattr(trial_module, "validation_figures", lambda p, d, s, seeds: None)
    for _ in range(2):
        with pytest.raises(InputError, match="all trials diverged"):
            tuned(fox, tmp_path / "models", 4)
    (journal,) = (tmp_path / "cache/pipelines/fox/tuning").iterdir()
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    assert len(lines) == 6 and all(line["figures"] is None for line in lines[1:])


def test_an_error_of_a_trial_ends_the_search(drawn, short, fox, tmp_path):
    def fail(*_):
        raise InputError("no room")

    short.setattr(trial_module, "validation_figures", fail)
    with pytest.raises(InputError, match="^no room$"):
        tuned(fox, tmp_path / "models", 2)
    assert not (tmp_path / "cache/pipelines/fox/tuning").exists()


@pytest.mark.parametrize(
    ("pattern", "replacement"),
    [
        ('"number": 1', '"number": 2'),
        (r'"figures": \[.*?\]', '"figures": []'),
        (r'"figures": \[.*?\]', '"figures": [1, 2]'),
        ('"units": [35]', '"units": [3]'),
        ('"units": [35], ', ""),
        ('"settings": .*', "[" * 100_000),
    ],
)
def test_a_damaged_journal_is_refused(drawn, fox, tmp_path, pattern, replacement):
    plan, _ = tuned(fox, tmp_path / "models", 1)
    path = plan.journal().path
    identity, *lines = path.read_text().splitlines()
    lines[1] = re.sub(pattern, replacement, lines[1])
    path.write_text("\n".join([identity, *lines]))
    with pytest.raises(InputError, match=r"tuning/\w+\.jsonl is damaged: remove it"):
        tuned(fox, tmp_path / "models", 1)


def test_it_trains_and_never_asks_for_the_test_split(short, fox, write_text, tmp_path):
    figure, splits = TextFamily.figure, []

    def watched(self, model, data, split):
        splits.append(split)
        return figure(self, model, data, split)

    short.setattr(TextFamily, "figure", watched)
    _, tuning = tuned(fox, tmp_path / "models", 1)
    assert splits == ["validation"] * 2
    assert all(0 < trial.validation < 4 for trial in tuning.trials)
    other = write_text(tmp_path / "other.txt", seed=1)
    assert other.read_text() != fox.read_text() and len(other.read_text()) == len(fox.read_text())
    short.setenv("RNNZOO_CACHE_DIR", str(tmp_path / "other cache"))
    _, same = tuned(other, tmp_path / "models", 1)
    assert same == tuning  # only the end of the test split differs


@pytest.mark.slow
def test_a_trial_is_the_training_of_rnnzoo_train(short, fox, tmp_path):
    from rnnzoo.pipelines.core import training

    _, tuning = tuned(fox, tmp_path / "models", 1)
    short.setattr(training, "new_run_folder", None)  # would fail: nothing is left to train
    _, card = Pipeline("sonnets-short", tmp_path / "models", fox, "fox").run(push_anyway=True)
    assert card["metrics"]["validation"] == pytest.approx(tuning.trials[0].validation, rel=1e-6)
    assert "search" not in card["recipe"]


@pytest.mark.slow
def test_a_learning_rate_that_diverges_is_no_error(short, fox, tmp_path):
    space = {"learning_rate": [0.01, 1e38]}
    short.setitem(recipes(), "sonnets-short", {**recipes()["sonnets-short"], "search": space})
    _, tuning = tuned(fox, tmp_path / "models", 1)
    diverged = tuning.ordered()[-1]
    assert diverged.settings == {"learning_rate": 1e38} and diverged.figures is None
    assert tuning.best.figures is not None


def test_a_value_that_keras_refuses_is_named(short, fox, tmp_path):
    space = {"dropout": [1.5, 2.5]}
    short.setitem(recipes(), "sonnets-short", {**recipes()["sonnets-short"], "search": space})
    with pytest.raises(InputError, match=r"dropout = \d.5 cannot be trained: Invalid value"):
        tuned(fox, tmp_path / "models", 1)
