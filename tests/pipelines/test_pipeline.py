"""Ten stages end to end, on the embedded text."""

import csv
import os
import re
import shutil
import signal
import subprocess
import sys

import numpy as np
import pytest

import rnnzoo
from rnnzoo.artifacts.digest import content_digest
from rnnzoo.artifacts.records import write_card
from rnnzoo.cli import main
from rnnzoo.datasets.char_text.sources import EMBEDDED
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.folders import cache_dir
from rnnzoo.datasets.common.locks import folder_lock
from rnnzoo.pipelines.core.runner import Runner, Stage
from rnnzoo.pipelines.pipeline import Pipeline
from rnnzoo.pipelines.stages import STAGES
from rnnzoo.registry import recipes

NAMES = [*(stage.name for stage in STAGES), "pushed"]


# Enough to beat the unigrams.
SHORT = {"epochs": 8, "must_beat": 1}


@pytest.fixture
def short_recipe(monkeypatch):
    monkeypatch.setitem(recipes(), "sonnets-lstm", {**recipes()["sonnets-lstm"], **SHORT})


@pytest.fixture(scope="module")
def mine(own_folders, tmp_path_factory):
    """A model of a user's text by the short recipe: (file of the text, folder, card)."""
    folder = tmp_path_factory.mktemp("mine")
    data = folder / "my.txt"
    data.write_text(EMBEDDED["sonnets"].read_text(encoding="utf-8") * 2, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(recipes(), "sonnets-lstm", {**recipes()["sonnets-lstm"], **SHORT})
        return data, *Pipeline("sonnets-lstm", folder / "models", data, "mine").run()


def stages_run(capsys):
    """Names of the stages that were reported as run, in order."""
    lines = capsys.readouterr().err.splitlines()
    return [line.split(":")[0] for line in lines if ": made in" in line or "pushed: " in line]


@pytest.mark.slow
def test_a_second_run_does_no_work_and_no_tensorflow(small_model, own_folders):
    script = (
        "import sys; from rnnzoo.cli import main\n"
        f"status = main(['train', 'sonnets-lstm', '--out', {str(own_folders / 'models')!r}])\n"
        "print(status, sorted({'tensorflow', 'keras'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "0 []"
    assert done.stderr == "nothing has changed: all ten stages are cached\n"
    assert f"is in {small_model[0]}" in done.stdout


def test_another_folder_is_pushed_to_without_training_again(small_model, models, capsys):
    folder, card = Pipeline("sonnets-lstm", models).run()
    assert stages_run(capsys) == ["pushed"]
    assert folder == models / "sonnets-lstm/1"
    assert card["content_digest"] == small_model[1]["content_digest"] == content_digest(folder)


@pytest.mark.slow
def test_a_pushed_model_that_was_altered_or_removed_is_pushed_again(
    small_model, tmp_path, monkeypatch
):
    monkeypatch.setenv("RNNZOO_MODELS_DIR", str(tmp_path))
    folder, card = Pipeline("sonnets-lstm", tmp_path).run()
    shutil.rmtree(folder)
    assert Pipeline("sonnets-lstm", tmp_path).run()[0] == folder
    with open(folder / "golden.npz", "ab") as file:
        file.write(b"x")
    assert Pipeline("sonnets-lstm", tmp_path).unchanged() is None
    newer, again = Pipeline("sonnets-lstm", tmp_path).run()
    assert newer.name == "2"
    assert again["content_digest"] == card["content_digest"]


@pytest.mark.slow
def test_another_text_under_the_same_name_is_trained_again(mine, short_recipe, tmp_path):
    """Text a, then its model removed, then text b under the same name, then a again."""
    a, _, before = mine
    b = tmp_path / "b.txt"
    b.write_text(a.read_text(encoding="utf-8")[700:], encoding="utf-8")
    digests = []
    for file in (b, a):
        shutil.rmtree(tmp_path / "models", ignore_errors=True)
        _, card = Pipeline("sonnets-lstm", tmp_path / "models", file, "mine").run()
        assert card["data"]["file"] == file.name
        digests.append(card["content_digest"])
    assert digests[1] == before["content_digest"] != digests[0]


@pytest.mark.slow
def test_the_same_text_in_another_file_is_not_trained_again(mine, short_recipe, tmp_path, capsys):
    data, folder, _ = mine
    shutil.copytree(folder, tmp_path / "mine/1")
    shutil.copy(data, tmp_path / "other.txt")
    _, card = Pipeline("sonnets-lstm", tmp_path, tmp_path / "other.txt", "mine").run()
    assert stages_run(capsys) == ["evaluation", "pushed"], "only the card says another file"
    assert card["data"]["file"] == "other.txt"


def test_a_second_process_is_refused(small_model, own_folders):
    pipeline = Pipeline("sonnets-lstm", own_folders / "models")
    with folder_lock(cache_dir() / "pipelines/sonnets-lstm"):
        with pytest.raises(InputError, match="another process is at work in"):
            pipeline.run()
    assert pipeline.run()[0] == small_model[0]


def test_a_changed_parameter_and_a_changed_stage(small_model, models, capsys, monkeypatch):
    Pipeline("sonnets-lstm", models).run()
    capsys.readouterr()
    changed = {**recipes()["sonnets-lstm"], "must_beat": 3}
    monkeypatch.setitem(recipes(), "sonnets-lstm", changed)
    with pytest.raises(InputError, match="not pushed: .* per character on validation, 3-grams"):
        Pipeline("sonnets-lstm", models).run()
    assert stages_run(capsys) == ["evaluation"]
    monkeypatch.undo()
    monkeypatch.setenv("RNNZOO_MODELS_DIR", str(models))
    newer = [
        Stage(stage.function, stage.version + (stage.name == "transformed")) for stage in STAGES
    ]
    monkeypatch.setattr("rnnzoo.pipelines.pipeline.STAGES", newer)
    Pipeline("sonnets-lstm", models).run()
    ran = stages_run(capsys)
    assert "transformed" in ran
    assert "model" not in ran, "its input is the same as before"


@pytest.mark.slow
def test_killed_in_every_stage_the_next_start_continues_to_the_same_model(small_model, tmp_path):
    """SIGKILL at the end of each stage, before its artifact has its final name.

    Each start is a process, forked from one that has imported TensorFlow and has not used it.
    """
    script = """
import inspect, os, signal, sys
from rnnzoo.native_stderr import import_keras
import_keras()
from rnnzoo.pipelines import pipeline
from rnnzoo.pipelines.core.runner import Stage
def deadly(function):
    def killed(*arguments, **needs):
        function(*arguments, **needs)
        os.kill(os.getpid(), signal.SIGKILL)
    killed.__name__ = function.__name__
    killed.__signature__ = inspect.signature(function)
    return killed
def train(name):
    pipeline.STAGES[:] = [
        Stage(deadly(s.function), s.version) if s.name == name else s for s in pipeline.STAGES
    ]
    if name == "pushed":
        pipeline.pushed = deadly(pipeline.pushed)
    pipeline.Pipeline("sonnets-lstm", sys.argv[1]).run()
    print("whole", flush=True)
for name in sys.argv[2:]:
    child = os.fork()
    if not child:
        train(name)
        os._exit(0)
    print(name, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
    models = tmp_path / "models"
    environment = {
        **os.environ,
        "RNNZOO_CACHE_DIR": str(tmp_path / "cache"),
        "RNNZOO_MODELS_DIR": str(models),
    }
    # Another test interrupts the training itself; here its checkpoint is there already.
    runs = tmp_path / "cache/runs"
    runs.parent.mkdir()
    shutil.copytree(os.path.join(os.environ["RNNZOO_CACHE_DIR"], "runs"), runs)
    done = subprocess.run(
        [sys.executable, "-c", script, str(models), *NAMES, "none"],
        env=environment, capture_output=True, text=True,
    )  # fmt: skip
    killed = [f"{name} {-signal.SIGKILL}" for name in NAMES]
    assert done.stdout.splitlines() == [*killed, "whole", "none 0"], done.stderr
    (only,) = (models / "sonnets-lstm").iterdir()
    assert content_digest(only) == small_model[1]["content_digest"]


def trained_epochs(lines):
    """The numbers of the epochs that a training reported, in order."""
    matches = [re.search(r"epoch (\d+)/", line) for line in lines]
    return [int(match[1]) for match in matches if match]


@pytest.mark.slow
def test_interrupted_and_killed_in_training_it_continues_to_the_same_model(
    mine, short_recipe, tmp_path, monkeypatch, capsys
):
    """Ctrl-C after an epoch or two leaves no model; SIGKILL after two more does not either."""
    data, _, card = mine
    script = (
        "import sys; from rnnzoo.registry import recipes; from rnnzoo.cli import entry; "
        f"recipes()['sonnets-lstm'].update({SHORT}); sys.argv[0] = 'rnnzoo'; entry()"
    )
    arguments = ["train", "sonnets-lstm", "--json", "--data", str(data), "--name", "mine"]
    arguments += ["--out", str(tmp_path / "models")]
    command = [sys.executable, "-c", script, *arguments]
    environment = {**os.environ, "RNNZOO_CACHE_DIR": str(tmp_path / "cache")}

    def stopped(signal_number, after):
        """The lines of a start that receives a signal after that many epochs, and its status."""
        process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
        lines = []
        while len(trained_epochs(lines)) < after:
            lines.append(process.stderr.readline())
            assert lines[-1], "it ended before"
        process.send_signal(signal_number)
        lines += process.stderr.readlines()
        assert not any((tmp_path / "models").rglob("*.json"))
        return lines, process.wait()

    first, status = stopped(signal.SIGINT, 1)
    assert status == 130
    assert re.fullmatch(
        r"rnnzoo: interrupted: the same command continues after epoch \d+\n", first[-1]
    )
    assert not any((tmp_path / "cache").rglob(".partial-*"))
    second, status = stopped(signal.SIGKILL, 1)
    assert status == -signal.SIGKILL
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path / "cache"))
    capsys.readouterr()
    assert main(arguments) == 0
    done = capsys.readouterr()
    trained = [trained_epochs(lines) for lines in (first, second, done.err.splitlines())]
    assert all(trained), "it had already ended"
    epochs = sum(trained, [])
    assert epochs == sorted(set(epochs)), "an epoch that had ended was trained again"
    assert (epochs[0], epochs[-1]) == (1, SHORT["epochs"])
    assert f'"content_digest": "{card["content_digest"]}"' in done.out


@pytest.mark.slow
def test_a_text_of_a_user(mine, short_recipe, tmp_path, monkeypatch):
    data, folder, card = mine
    assert folder == data.parent / "models/mine/1"
    assert card["data"]["file"] == "my.txt"
    assert card["command"] == "rnnzoo train sonnets-lstm --data my.txt --name mine"
    assert str(data.parent) not in (folder / "card.json").read_text(), "a path of this machine"
    assert any("is in train too" in warning for warning in card["warnings"])
    monkeypatch.setenv("RNNZOO_MODELS_DIR", str(data.parent / "models"))
    rnnzoo.verify("mine")
    with pytest.raises(InputError, match="does not exist"):
        Pipeline("sonnets-lstm", data.parent / "models", tmp_path / "gone.txt", "mine").run()


def test_names_of_models_of_own_data(tmp_path):
    with pytest.raises(InputError, match="^--name mine names a model of your own data: give --da"):
        Pipeline("sonnets-lstm", tmp_path, new_name="mine")
    with pytest.raises(InputError, match="is a model of the zoo"):
        Pipeline("sonnets-lstm", tmp_path, __file__, "shakespeare-lstm")
    assert Pipeline("shakespeare-rnn", tmp_path, __file__).name == "test-pipeline-rnn"
    shutil.copy(EMBEDDED["sonnets"], tmp_path / "One Text.txt")
    named = Pipeline("sonnets-lstm", tmp_path, tmp_path / "One Text.txt").name
    assert named == "one-text-lstm"


@pytest.mark.slow
def test_a_damaged_checkpoint_is_trained_anew(
    mine, short_recipe, own_folders, tmp_path, monkeypatch, capsys
):
    data, _, card = mine
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path / "cache"))
    shutil.copytree(own_folders / "cache/runs", tmp_path / "cache/runs")
    damaged = [*(tmp_path / "cache/runs").glob("mine-*/seed-1.keras")]
    for checkpoint in damaged:
        checkpoint.write_bytes(b"")
    _, again = Pipeline("sonnets-lstm", tmp_path / "models", data, "mine").run()
    assert damaged
    assert "is damaged" in capsys.readouterr().err
    assert again["content_digest"] == card["content_digest"]


@pytest.mark.slow
def test_a_model_worse_than_the_last_one_is_pushed_only_if_asked(
    small_model, models, monkeypatch, capsys
):
    Pipeline("sonnets-lstm", models).run()
    monkeypatch.setitem(recipes(), "sonnets-lstm", {**recipes()["sonnets-lstm"], "epochs": 3})
    capsys.readouterr()
    assert main(["train", "sonnets-lstm"]) == 2
    line = capsys.readouterr().err.splitlines()[-1]
    assert line.startswith("rnnzoo: error: not pushed: ")
    assert " version 1 has " in line
    assert line.endswith("evaluation.json); --push-anyway pushes it, and its card says so")
    assert [path.name for path in (models / "sonnets-lstm").iterdir()] == ["1"]
    assert main(["train", "sonnets-lstm", "--push-anyway"]) == 0
    assert "model" not in stages_run(capsys), "it is not trained again"
    warnings = [w for w in rnnzoo.info("sonnets-lstm/2")["warnings"] if "anyway" in w]
    assert warnings[-1].startswith("not blessed, pushed anyway: ")
    assert warnings[-1].split(": ", 1)[1] in line


def test_the_name_of_a_model_of_another_task_is_refused(mine, short_recipe, tmp_path):
    """The figures of two tasks cannot be compared."""
    data, folder, card = mine
    shutil.copytree(folder, tmp_path / "mine/1")
    write_card(tmp_path / "mine/1", {**card, "task": "Forecaster"})
    with pytest.raises(InputError, match="mine is a Forecaster: give another name"):
        Pipeline("sonnets-lstm", tmp_path, data, "mine").run()


def test_lineage_is_on_the_card(small_model):
    _, card = small_model
    lineage = {record["stage"]: record for record in card["lineage"]}
    assert list(lineage) == NAMES[:-1]
    assert lineage["examples"]["parameters"]["data_sha256"] == card["data"]["sha256_of_text"]
    assert lineage["model"]["parameters"]["training"]["epochs"] == card["recipe"]["epochs"]
    for record in card["lineage"]:
        for name, digest in record["inputs"].items():
            assert digest == lineage[name]["digest"]


def test_the_card_describes_the_model(small_model):
    _, card = small_model
    assert card["architecture"] == {"layers": ["LSTM(64)"], "parameters": 35258}
    assert card["metrics"]["test"] == card["metrics"]["by_seed"]["1"]["test"]
    assert [row["order"] for row in card["baselines"]["ngram"]] == list(range(1, 9))
    for field in ("data", "licence", "limits", "command", "recipe", "date", "versions"):
        assert card[field], field


def test_the_slices_of_the_shipped_model_are_beside_the_report(small_model, own_folders):
    (record,) = [r for r in small_model[1]["lineage"] if r["stage"] == "evaluation"]
    runner = Runner(own_folders / "cache/pipelines/sonnets-lstm")
    folder = runner.artifact("evaluation", record["digest"]).path
    assert (folder / "evaluation.json").is_file()
    with open(folder / "slices.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0])[:5] == ["split", "dimension", "value", "weight", "figure"]
    whole = {row["split"]: float(row["figure"]) for row in rows if row["dimension"] == "all"}
    metrics = small_model[1]["metrics"]
    assert whole == pytest.approx({split: metrics[split] for split in ("validation", "test")})


def test_its_figures_are_those_of_the_loaded_model(small_model):
    from rnnzoo.datasets.char_text.load import load_char_text

    text = load_char_text("sonnets")
    model = rnnzoo.load("sonnets-lstm")
    for split in ("validation", "test"):
        assert model.nats_per_character(getattr(text, split)) == pytest.approx(
            small_model[1]["metrics"][split], abs=1e-5
        )
    assert small_model[1]["metrics"]["test"] < np.log(len(text.vocabulary)) - 1


def test_another_engine_compares_with_a_model_in_another_folder(small_model, own_folders, tmp_path):
    _, card = small_model
    in_its_folder = Pipeline("sonnets-lstm", own_folders / "models").settings()["parameters"]
    assert in_its_folder["last_pushed"] is None  # the run that pushed it is the same one
    in_another = Pipeline("sonnets-lstm", tmp_path).settings()["parameters"]["last_pushed"]
    assert in_another["content_digest"] == card["content_digest"]


@pytest.mark.tfx
def test_the_engine_of_tfx_gives_the_same_model(mine, short_recipe, digest_by_tfx):
    data, _, card = mine
    assert digest_by_tfx("sonnets-lstm", data, "mine") == card["content_digest"]


@pytest.mark.tfx
def test_a_pipeline_for_kubeflow(mine, short_recipe, checked_spec):
    checked_spec("sonnets-lstm", mine[0], "mine")
