import pytest

import rnnzoo
from rnnzoo.cli import main
from rnnzoo.datasets.char_text.char_text_dataset_builder import FOLDER
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.folders import cache_dir
from rnnzoo.evaluation import verdict
from rnnzoo.pipelines.core import best_epoch
from rnnzoo.pipelines.finetune import finetune
from rnnzoo.training_logs import run_folder

SONNETS = (FOLDER / "sonnets.txt").read_text(encoding="utf-8")


@pytest.fixture
def own_models(small_model, tmp_path):
    return tmp_path / "models"


def finetuned(tmp_path, root, text, **settings):
    data = tmp_path / "my.txt"
    data.write_text(text, encoding="utf-8")
    return finetune("sonnets-lstm", data, "retold", root, **settings)


@pytest.mark.slow
def test_it_learns_a_new_text_with_new_characters(own_models, tmp_path, capsys, monkeypatch):
    text = SONNETS[:6000].replace("e", "é").upper()
    folder, card = finetuned(tmp_path, own_models, text, epochs=8, learning_rate=0.01)
    assert folder == own_models / "retold/1"
    assert card["metrics"]["test"] < card["metrics"]["before"]["test"] - 0.5
    assert card["base"]["name"] == "sonnets-lstm"
    log = capsys.readouterr().err
    assert "vocabulary: 58 characters keep their weights" in log
    assert "'É'" in log
    monkeypatch.setenv("RNNZOO_MODELS_DIR", str(own_models))
    rnnzoo.verify("retold")
    assert "É" in rnnzoo.load("retold").generate("É", 500, seed=1)[1:]


@pytest.mark.slow
def test_the_same_seed_gives_the_same_model_and_each_training_a_run(
    own_models, tmp_path, monkeypatch
):
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path / "cache"))
    digests = {
        finetuned(tmp_path, own_models, SONNETS[:3000], epochs=1, seed=4)[1]["content_digest"]
        for _ in range(2)
    }
    assert len(digests) == 1
    runs = [path.name for path in run_folder("retold", "").iterdir() if any(path.iterdir())]
    assert sorted(runs) == ["from-sonnets-lstm-seed-4", "from-sonnets-lstm-seed-4-run-2"]


def test_a_text_shorter_than_a_window(own_models, tmp_path):
    with pytest.raises(InputError, match="has 112 characters.* need at least 113"):
        finetuned(tmp_path, own_models, SONNETS[:112])
    assert not own_models.exists()


def test_the_shortest_text_is_enough(own_models, tmp_path):
    _, card = finetuned(tmp_path, own_models, SONNETS[:113], epochs=1)
    assert card["data"]["characters"] == {"train": 102, "validation": 5, "test": 6}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"epochs": 0}, "epochs=0"),
        ({"learning_rate": 0.0}, "learning_rate=0.0"),
        ({"learning_rate": float("nan")}, "learning_rate=nan"),
        ({"seed": -1}, "seed=-1"),
    ],
)
def test_a_wrong_setting_is_named(own_models, tmp_path, settings, message):
    with pytest.raises(InputError, match=message):
        finetuned(tmp_path, own_models, SONNETS[:1000], **settings)
    assert not own_models.exists()


def command(tmp_path, root, *options, characters=3000):
    """Arguments of the command that fine-tunes on the beginning of the sonnets."""
    (tmp_path / "my.txt").write_text(SONNETS[:characters], encoding="utf-8")
    fixed = ["finetune", "sonnets-lstm", "--data", tmp_path / "my.txt", "--name", "retold"]
    return [*map(str, [*fixed, "--out", root, *options])]


@pytest.mark.slow
def test_interrupted_it_is_continued_to_the_same_model(own_models, tmp_path, monkeypatch, capsys):
    _, whole = finetuned(tmp_path, tmp_path / "whole", SONNETS[:3000], epochs=3)

    class Stopped(best_epoch.EpochCheckpoints):
        def on_epoch_end(self, epoch, logs=None):
            if epoch == 1:
                raise KeyboardInterrupt
            super().on_epoch_end(epoch, logs)

    arguments = command(tmp_path, own_models, "--epochs", 3)
    with monkeypatch.context() as patch:
        patch.setattr(best_epoch, "EpochCheckpoints", Stopped)
        assert main(arguments) == 130
    line = capsys.readouterr().err.splitlines()[-1]
    assert line == "rnnzoo: interrupted: the same command continues after epoch 1"
    assert not any(own_models.iterdir())
    assert main(arguments) == 0
    done = capsys.readouterr()
    assert "retold from sonnets-lstm: continuing after epoch 1 of 3\n" in done.err
    assert "epoch 1/3" not in done.err
    card = rnnzoo.artifacts.read_card(own_models / "retold/1")
    assert card["content_digest"] == whole["content_digest"]
    assert done.out.splitlines()[-1] == verdict(card["metrics"])
    assert not list((cache_dir() / "runs").glob("retold-*")), "nothing is left to continue"


@pytest.mark.slow
def test_one_that_did_not_help_is_said_and_pushed_unless_refused(own_models, tmp_path, capsys):
    arguments = command(tmp_path, own_models, "--epochs", 3, "--learning-rate", 0.5)
    assert main([*arguments, "--require-better"]) == 2
    line = capsys.readouterr().err.splitlines()[-1]
    assert line.startswith("rnnzoo: error: not pushed: did not help: ")
    assert not any(own_models.iterdir())
    assert main(arguments) == 0
    done = capsys.readouterr()
    assert "epoch 1/" not in done.err, "it is not trained again"
    assert done.out.splitlines()[-1] == line.split("pushed: ")[1]
