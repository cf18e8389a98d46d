"""From a folder of feature sequences to a classifier of them, and fine-tuning on another folder."""

import json

import numpy as np
import pytest

import rnnzoo
from rnnzoo.cli import main
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.finetune import finetune

RECIPE = {
    "sees": "features",
    "data": "none",
    "units": 4,
    "batch_size": 8,
    "epochs": 15,
    "learning_rate": 0.05,
    "seeds": [1],
    "by_clip": False,
}


def written(folder, classes, features=2):
    """Six sequences per class, of different lengths, every other one as a table."""
    for label, mean in classes.items():
        (folder / label).mkdir(parents=True)
        for n in range(6):
            values = np.full((3 + n % 3, features), mean) + 0.1 * np.arange(3 + n % 3)[:, None] + n
            if n % 2:
                np.save(folder / label / f"{n}.npy", values)
            else:
                np.savetxt(folder / label / f"{n}.csv", values, delimiter=",")
    return folder


@pytest.fixture(scope="module")
def pushed(short_recipe, pushed_alone, tmp_path_factory):
    """(folder of models, folder, card) of a classifier of `low` and `high` sequences."""
    folder = written(tmp_path_factory.mktemp("features"), {"high": 30, "low": -30})
    with short_recipe("steps-lstm", "ucf11-lstm", RECIPE):
        with pushed_alone("steps-lstm", folder, "steps") as result:
            yield result


@pytest.mark.slow
def test_a_folder_of_features_makes_a_classifier(pushed, tmp_path, capsys):
    _, _, card = pushed
    assert card["classes"] == ["high", "low"]
    assert card["reader"] == {"kind": "features", "features": 2}
    assert card["data"]["name"].startswith("features-")
    assert sum(card["data"]["splits"].values()) == 12
    assert card["metrics"]["test"] == 0
    assert rnnzoo.verify("steps")["served_difference"] <= 1e-4
    (tmp_path / "a.csv").write_text("x,y\n-25,-26\n-24,-25\n", encoding="utf-8")
    capsys.readouterr()
    assert main(["classify", "steps", str(tmp_path / "a.csv"), "--top", "1", "--json"]) == 0
    (best,) = json.loads(capsys.readouterr().out)["classes"]
    assert best["class"] == "low"
    (tmp_path / "a.txt").write_text("1", encoding="utf-8")
    assert main(["classify", "steps", str(tmp_path / "a.txt"), "--top", "1"]) == 2
    assert "a.txt is no .npy or .csv file: give an .npy file of num" in capsys.readouterr().err


@pytest.mark.slow
def test_fine_tuning_on_features_with_a_class_of_ones_own(pushed, tmp_path):
    folder = written(tmp_path / "three", {"high": 30, "middle": 0, "low": -30})
    _, card = finetune("steps", folder, "three", pushed[0], epochs=1)
    assert card["classes"] == ["high", "low", "middle"]
    assert card["base"]["name"] == "steps"
    assert rnnzoo.verify("three")["served_difference"] <= 1e-4
    wider = written(tmp_path / "wider", {"high": 30, "low": -30}, features=3)
    with pytest.raises(InputError, match="has 3 features per time step, steps takes 2"):
        finetune("steps", wider, "wider", pushed[0])


@pytest.mark.slow
def test_there_is_no_data_but_the_users(pushed, capsys):
    assert main(["train", "steps-lstm"]) == 2
    assert "'none' is no data set of rnnzoo: give --data" in capsys.readouterr().err
