"""Models that are trained with settings instead of the recipe's."""

import json

import pytest

from rnnzoo.artifacts import read_card
from rnnzoo.cli import main
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.families import recipes
from rnnzoo.pipelines.pipeline import Pipeline
from rnnzoo.pipelines.tuning import trial as trial_module
from rnnzoo.pipelines.tuning.settings import (
    Hyperparameters,
    read_settings,
    settings_text,
    write_settings,
)

SETTINGS = {"units": 3, "learning_rate": 0.0271116236123278, "dropout": 0.2}


def train(*arguments):
    return main(["train", "sonnets-short", *map(str, arguments), "--push-anyway"])


def test_a_file_has_the_settings_with_all_digits(tmp_path):
    settings = {**SETTINGS, "rate": 1e-05, "bidirectional": True, "pool": 'a "b" é'}
    write_settings(tmp_path / "best.toml", settings, "a comment")
    read = read_settings(tmp_path / "best.toml")
    assert read == Hyperparameters(settings, ("--hyperparameters", "best.toml"))
    assert settings_text({"units": 3, "linear": False}) == "units = 3, linear = false"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("units 3", "is not TOML"),
        ("", r"has no setting: give one or more, such as `units = 32`"),
        ("unit = 3", "--hyperparameters best.toml: 'unit' cannot be chosen: only architecture, "),
        ("seeds = [1]", "'seeds' cannot be chosen"),
        ("must_beat = 1", "'must_beat' cannot be chosen"),
        ("units = 3.5", "units = 3.5: give an integer, 0 or more"),
        ("units = 0", "units = 0: give 1 or more"),
        ('learning_rate = "high"', "learning_rate = 'high': give a number, 0 or more"),
    ],
)
def test_files_that_are_refused(short, fox, tmp_path, capsys, content, message):
    path = tmp_path / "best.toml"
    path.write_text(content, encoding="utf-8")
    arguments = ["--data", fox, "--name", "fox-2", "--hyperparameters", path]
    assert train(*arguments) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert message in line and not list(tmp_path.glob("models/*"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--hyperparameters", "no.toml"], "no.toml cannot be read: No such file"),
        (["--tune", "0"], "0 trials: give 1 or more"),
        (["--tune", "2"], "--tune 2 makes another model of sonnets-short's recipe: give --name"),
        (["--tune", "2", "--hyperparameters", "a.toml"], "--tune 2 chooses settings: leave --hyp"),
    ],
)
def test_options_that_are_refused(short, capsys, arguments, message):
    assert train(*arguments) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert message in line


def test_a_recipe_without_a_search_space_is_not_tuned(short, capsys):
    assert main(["train", "shakespeare-rnn", "--tune", "2", "--name", "mine"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "the recipe of shakespeare-rnn has no search space: choose one of" in line


def test_a_model_of_the_recipe_s_data_has_another_name(short, tmp_path):
    chosen = Hyperparameters(SETTINGS, ("--hyperparameters", "best.toml"))
    with pytest.raises(InputError, match="sonnets-lstm' is a model of the zoo"):
        Pipeline("sonnets-short", tmp_path, new_name="sonnets-lstm", hyperparameters=chosen)
    with pytest.raises(InputError, match="'' is no model name"):
        Pipeline("sonnets-short", tmp_path, new_name="", hyperparameters=chosen)
    pipeline = Pipeline("sonnets-short", tmp_path, new_name="mine", hyperparameters=chosen)
    fields = pipeline.settings()["fields"]
    assert fields["command"] == (
        "rnnzoo train sonnets-short --hyperparameters best.toml --name mine"
    )
    assert SETTINGS.items() <= pipeline.parameters["training"].items()
    own = {**recipes()["sonnets-short"], **SETTINGS}
    del own["search"]
    assert fields["recipe"] == own


@pytest.mark.slow
def test_settings_of_a_file_and_of_trials_train_the_same_model(short, fox, tmp_path, capsys):
    figures = {4: 0.5, 3: 0.2, 5: 0.4}
    short.setattr(
        trial_module, "validation_figures", lambda p, d, chosen, s: [figures[chosen["units"]]]
    )
    common = ["--data", fox, "--name", "fox", "--out", tmp_path / "models"]
    assert train(*common, "--tune", 1, "--json") == 0
    tuned = json.loads(capsys.readouterr().out)
    assert tuned["recipe"]["units"] == 3 and "--tune 1 --name" not in tuned["command"]
    assert tuned["command"].endswith("--name fox --tune 1") and "search" not in tuned["recipe"]
    assert tuned["recipe"] == read_card(tmp_path / "models/fox/1")["recipe"]
    assert train(*common, "--tune", 1) == 0
    assert "nothing has changed" in capsys.readouterr().err

    chosen = {name: tuned["recipe"][name] for name in SETTINGS}
    write_settings(tmp_path / "best.toml", chosen, "best")
    file = ["--hyperparameters", tmp_path / "best.toml"]
    assert train(*common, *file, "--json") == 0
    by_file = json.loads(capsys.readouterr().out)
    assert by_file["content_digest"] == tuned["content_digest"]
    assert by_file["command"].endswith("--name fox --hyperparameters best.toml")


def test_a_setting_that_keras_refuses_is_named(short, fox, tmp_path):
    chosen = Hyperparameters({"dropout": 1.5}, ("--hyperparameters", "best.toml"))
    pipeline = Pipeline("sonnets-short", tmp_path, fox, "fox", hyperparameters=chosen)
    with pytest.raises(InputError, match=r"^dropout = 1.5 cannot be trained: Invalid value"):
        pipeline.run()
