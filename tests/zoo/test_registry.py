import subprocess
import sys

import pytest

import rnnzoo
from rnnzoo.artifacts import models_dir
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.families import families, recipes
from rnnzoo.registry import located, recipe

pytestmark = pytest.mark.core


def test_names_are_filtered():
    names = rnnzoo.list_models()
    assert names == sorted(names)
    assert {"shakespeare-lstm", "shakespeare-rnn", "sonnets-lstm"} <= set(names)
    assert rnnzoo.list_models("shakespeare-l*") == ["shakespeare-lstm", "shakespeare-lstm-large"]
    assert rnnzoo.list_models("SHAKESPEARE-L*") == rnnzoo.list_models("shakespeare-l*")
    assert "shakespeare-lstm" in rnnzoo.list_models(task="textgenerator")
    music = ["music-bilstm", "music-lstm", "music-rnn"]
    assert rnnzoo.list_models(task="SpectrogramImputer") == music
    assert rnnzoo.list_models(task="Nothing") == []
    assert {"shakespeare-lstm", "shakespeare-rnn"} <= set(rnnzoo.list_models(pretrained=True))


def test_a_model_without_weights_says_how_to_make_them(models):
    card = rnnzoo.info("sonnets-lstm")
    assert card["pretrained"] is False
    assert card["data"] == "sonnets"
    with pytest.raises(InputError, match="make them with `rnnzoo train sonnets-lstm`"):
        located("sonnets-lstm")
    assert "sonnets-lstm" in rnnzoo.list_models(pretrained=False)


@pytest.mark.parametrize("ask", [rnnzoo.info, rnnzoo.load, rnnzoo.verify, recipe])
def test_an_unknown_name_is_answered_with_the_nearest(ask):
    with pytest.raises(InputError, match="unknown model.* 'shakespear-lstm': choose one of shakes"):
        ask("shakespear-lstm")


def test_folders_that_are_no_models_are_passed_over(models):
    (models / "My_Model/1").mkdir(parents=True)
    (models / "My_Model/1/SHA256SUMS").write_text("")
    (models / "notes.txt").write_text("")
    assert not {"My_Model", "notes.txt"} & set(rnnzoo.list_models())


def test_a_home_folder_of_nobody(monkeypatch):
    monkeypatch.setenv("RNNZOO_MODELS_DIR", "~no-such-user/models")
    with pytest.raises(InputError, match="RNNZOO_MODELS_DIR=~no-such-user/models is no folder"):
        rnnzoo.list_models()


@pytest.mark.parametrize("task", ["FramePredictor", "TextGenerator"])
def test_recipes_of_a_family_have_the_same_keys_but_for_its_defaults(task):
    optional = families()[task].complete({})
    own = {name: recipe for name, recipe in recipes().items() if recipe["task"] == task}
    optional = {*optional, "search"}  # some have a search space
    keys = {name: frozenset(recipe.keys() - optional) for name, recipe in own.items()}
    assert len(set(keys.values())) == 1, keys


def test_both_text_families_are_whole():
    kinds = ("rnn", "svdrnn", "lstm", "gru", "nemlstm", "nemgru")
    for data in ("shakespeare", "artusi"):
        assert all(recipe(f"{data}-{kind}")["units"] == 128 for kind in kinds)
        assert recipe(f"{data}-lstm-large")["units"] > 128


@pytest.mark.parametrize("call", ["import rnnzoo", "from rnnzoo.cli import main; main(['list'])"])
def test_importing_and_listing_read_plain_data_only(call):
    script = (
        f"{call}\nimport sys; print(sorted({{'tensorflow', 'keras', 'numpy'}} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


def test_the_users_models_have_a_folder_of_their_own(monkeypatch):
    monkeypatch.setenv("RNNZOO_MODELS_DIR", "~/here")
    assert models_dir().is_absolute()
    monkeypatch.delenv("RNNZOO_MODELS_DIR")
    assert models_dir().name == "models"
