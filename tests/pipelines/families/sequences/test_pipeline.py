"""Nine stages end to end, fine-tuning on a user's skeletons, and `rnnzoo classify`."""

import json

import numpy as np
import pytest

import rnnzoo
from rnnzoo.cards import headline
from rnnzoo.cli import main
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.folders import cache_dir
from rnnzoo.pipelines.finetune import finetune
from rnnzoo.pipelines.pipeline import Pipeline
from rnnzoo.pipelines.stages.trainer import TrainedModels

pytestmark = pytest.mark.slow


def test_the_card_has_accuracy_confusion_and_baselines(pushed, skeletons):
    _, _, card = pushed
    metrics, test = card["metrics"], skeletons("test")
    model = rnnzoo.load("action3d-short")
    predicted = [model.classify(joints, top=1)[0][0] for joints in test.sequences]
    right = np.mean([name == label for name, label in zip(predicted, test.labels, strict=True)])
    of_model = metrics["tables"]["test"]["by_seed"]
    assert of_model["1"]["accuracy"] == pytest.approx(right)
    assert metrics["test"] == pytest.approx(1 - right)
    baselines = card["baselines"]["test"]
    best = max(baselines[name]["accuracy"] for name in ("linear", "logistic"))
    figure, _, beside = headline(card).partition("; ")
    assert figure == f"test: {right:.1%} right"
    assert beside.startswith(("linear classifier ", "logistic regression of the mean "))
    assert beside.endswith(f" {best:.1%}")
    counts = np.zeros((3, 3), int)
    for name, label in zip(predicted, test.labels, strict=True):
        counts[card["classes"].index(label), card["classes"].index(name)] += 1
    assert metrics["confusion"] == counts.tolist()
    first = card["classes"][0]
    assert metrics["classes"][first]["recall"] == pytest.approx(counts[0, 0] / counts[0].sum())
    assert card["baselines"]["test"]["majority"]["accuracy"] == pytest.approx(1 / 3)
    assert card["data"]["splits"] == {"train": 150, "validation": 12, "test": 12}
    shares = model.probabilities(test.sequences)
    truth = test.indices(card["classes"])
    nats = -np.log(shares[np.arange(len(truth)), truth]).mean()
    assert of_model["1"]["cross_entropy"] == pytest.approx(nats, rel=1e-4)


def test_the_validation_figure_is_of_a_model_that_has_not_seen_that_split(pushed, skeletons):
    (config,) = cache_dir().glob("pipelines/action3d-short/**/held_out/config.json")
    models = TrainedModels(config.parents[1], "SequenceClassifier", [1])
    held_out = models("held_out")["1"]
    shipped = rnnzoo.load("action3d-short")
    unlike = [not np.allclose(a, b) for a, b in zip(held_out.get_weights(), shipped.get_weights())]  # noqa: B905
    assert any(unlike)
    part = skeletons("validation")
    truth = part.indices(held_out.classes)
    right = (held_out.probabilities(part.sequences).argmax(axis=1) == truth).mean()
    assert pushed[2]["metrics"]["validation"] == pytest.approx(1 - right)


def test_the_model_is_whole_and_a_second_run_does_nothing(pushed):
    models, folder, _ = pushed
    assert rnnzoo.verify("action3d-short")["served_difference"] <= 1e-4
    assert Pipeline("action3d-short", models).unchanged()[0] == folder


def test_fine_tuning_on_skeletons_of_ones_own_and_classifying_them(pushed, mine, capsys):
    folder, card = finetune("action3d-short", mine, "mine", pushed[0], epochs=2)
    assert card["data"]["splits"] == {"train": 9, "validation": 6, "test": 15}
    assert "before" in card["metrics"]
    assert rnnzoo.verify("mine")["path"] == str(folder)
    capsys.readouterr()

    file = next(mine.glob("a03_s02*"))
    assert main(["classify", "mine", str(file), "--top", "2", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["classes"]
    joints = np.loadtxt(file).reshape(-1, 20, 4)[..., :3]
    expected = rnnzoo.load("mine").classify(joints, top=2)
    assert [(row["class"], pytest.approx(row["probability"], abs=1e-5)) for row in rows] == expected
    # A byte order mark, as some editors write; and Python takes the path that the command takes.
    marked = mine / "marked.txt"
    marked.write_text("\ufeff" + file.read_text(encoding="ascii"), encoding="utf-8")
    assert main(["classify", "mine", str(marked), "--top", "2", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["classes"] == rows
    assert rnnzoo.load("mine").classify(str(marked), top=2) == expected
    np.save(mine / "one.npy", joints)
    assert main(["classify", "mine", str(mine / "one.npy")]) == 0
    assert capsys.readouterr().out.splitlines()[0].endswith(expected[0][0])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.txt"], "nowhere.txt is no file: give an .npy file of joints"),
        (["wrong.npy"], "joints have shape (2, 3): give (frames, 20, 3)"),
        (["no.npy"], "no.npy is no .npy file of numbers"),
        (["short.txt"], "short.txt has 1 rows, which are no multiple of 20"),
        (["poem.txt"], "poem.txt, row 1 is 'è l’ora': give a row of numbers, x y z confidence"),
        (["utf16.txt"], "utf16.txt is binary or UTF-16"),
        (["wrong.npy", "--top", "0"], "--top 0: give 1 to 3"),
    ],
)
def test_bad_input_is_one_line(pushed, tmp_path, monkeypatch, capsys, arguments, message):
    monkeypatch.chdir(tmp_path)
    np.save("wrong.npy", np.zeros((2, 3)))
    (tmp_path / "no.npy").write_text("no", encoding="ascii")
    (tmp_path / "short.txt").write_text("0 0 0 1\n", encoding="ascii")
    (tmp_path / "poem.txt").write_text("è l’ora\n", encoding="utf-8")
    (tmp_path / "utf16.txt").write_text("0 0 0 1\n", encoding="utf-16")
    assert main(["classify", "action3d-short", *arguments]) == 2
    assert message in capsys.readouterr().err.splitlines()[-1]


def test_what_cannot_be_classified_or_fine_tuned(pushed, mine, capsys):
    assert main(["classify", "shakespeare-lstm", "x.npy"]) == 2
    assert "is a TextGenerator: classify is for models of seq" in capsys.readouterr().err
    for file in mine.glob("a*_s07*"):
        file.rename(file.with_name(file.name.replace("a0", "a1", 1)))
    with pytest.raises(InputError, match="validation of .* has .*, which the model has not"):
        finetune("action3d-short", mine, "other", pushed[0])
    for file in (*mine.glob("a*_s07*"), *mine.glob("a*_s09*")):
        file.unlink()
    with pytest.raises(
        InputError, match="no skeletons for the split validation: give subjects 7, 9 too"
    ):
        Pipeline("action3d-short", pushed[0], data=mine)


@pytest.mark.tfx
def test_the_engine_of_tfx_gives_the_same_model(pushed, digest_by_tfx):
    assert digest_by_tfx("action3d-short") == pushed[2]["content_digest"]


@pytest.mark.tfx
def test_a_pipeline_for_kubeflow(few, checked_spec):
    checked_spec("action3d-short")
