"""Nine stages end to end, fine-tuning on skeletons of one's own, and `rnnzoo classify`."""

import json

import numpy as np
import pytest

import rnnzoo
from rnnzoo.baselines import sequences as baselines
from rnnzoo.cards import headline
from rnnzoo.cli import main
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.folders import cache_dir
from rnnzoo.pipelines.core.blessing import blessed_report
from rnnzoo.pipelines.families.sequences import evaluator, model_stages
from rnnzoo.pipelines.families.sequences.labelled import Labelled
from rnnzoo.pipelines.finetune import finetune
from rnnzoo.pipelines.pipeline import Pipeline


def test_the_card_has_accuracy_confusion_and_baselines(pushed, made):
    _, _, card = pushed
    metrics, test = card["metrics"], made("test")
    model = rnnzoo.load("action3d-short")
    said = [model.classify(one, top=1)[0][0] for one in test.sequences]
    right = np.mean([one == label for one, label in zip(said, test.labels, strict=True)])
    of_model = metrics["tables"]["test"]["by_seed"]
    assert of_model["1"]["accuracy"] == pytest.approx(right)
    assert metrics["test"] == pytest.approx(1 - right)
    assert headline(card).startswith(f"test: {right:.1%} right; linear classifier ")
    counts = np.zeros((3, 3), int)
    for one, label in zip(said, test.labels, strict=True):
        counts[card["classes"].index(label), card["classes"].index(one)] += 1
    assert metrics["confusion"] == counts.tolist()
    first = card["classes"][0]
    assert metrics["classes"][first]["recall"] == pytest.approx(counts[0, 0] / counts[0].sum())
    assert card["baselines"]["test"]["majority"]["accuracy"] == pytest.approx(1 / 3)
    assert card["data"]["splits"] == {"train": 150, "validation": 12, "test": 12}
    shares = model.probabilities(test.sequences)
    truth = test.numbers(card["classes"])
    nats = -np.log(shares[np.arange(len(truth)), truth]).mean()
    assert of_model["1"]["cross_entropy"] == pytest.approx(nats, rel=1e-4)


def test_the_validation_figure_is_of_a_model_that_has_not_seen_that_split(pushed, made):
    (config,) = cache_dir().glob("pipelines/action3d-short/**/held_out/config.json")
    held_out = model_stages.read_model(config.parent, 1)
    shipped = rnnzoo.load("action3d-short")
    unlike = [not np.allclose(a, b) for a, b in zip(held_out.get_weights(), shipped.get_weights())]  # noqa: B905
    assert any(unlike)
    part = made("validation")
    truth = part.numbers(held_out.classes)
    right = (held_out.probabilities(part.sequences).argmax(axis=1) == truth).mean()
    assert pushed[2]["metrics"]["validation"] == pytest.approx(1 - right)


def test_the_model_is_whole_and_a_second_run_does_nothing(pushed):
    models, folder, _ = pushed
    assert rnnzoo.verify("action3d-short")["served_difference"] <= 1e-4
    assert Pipeline("action3d-short", models).unchanged()[0] == folder


def test_a_model_no_better_than_the_most_frequent_class_is_not_pushed(
    pushed, tmp_path, monkeypatch
):
    from rnnzoo.pipelines.families.sequences import evaluator

    always = {"majority": {"accuracy": 1.0}, "linear": {"accuracy": 0.0}}
    monkeypatch.setattr(evaluator, "of_baselines", lambda *given: always)
    (config,) = cache_dir().glob("pipelines/action3d-short/**/held_out/config.json")
    (transformed,) = cache_dir().glob("pipelines/action3d-short/**/data.json")
    model_stages.evaluation.function(
        tmp_path,
        model=config.parents[1],
        transformed=transformed.parent,
        seeds=[1],
        by_clip=False,
        last_pushed=None,
    )
    with pytest.raises(InputError, match="not pushed: .* error rate .* most frequent class"):
        blessed_report(tmp_path)


def test_fine_tuning_on_skeletons_of_ones_own_and_classifying_them(pushed, mine, capsys):
    folder, card = finetune("action3d-short", mine, "mine", pushed[0], epochs=2)
    assert card["data"]["splits"] == {"train": 9, "validation": 6, "test": 15}
    assert "before" in card["metrics"]
    assert rnnzoo.verify("mine")["path"] == str(folder)
    capsys.readouterr()

    file = next(mine.glob("a03_s02*"))
    assert main(["classify", "mine", str(file), "--top", "2", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["classes"]
    joints = np.loadtxt(file).reshape(-1, 20, 4)[..., :3]
    expected = rnnzoo.load("mine").classify(joints, top=2)
    assert [
        (row["class"], pytest.approx(row["probability"], abs=1e-5)) for row in found
    ] == expected
    np.save(mine / "one.npy", joints)
    assert main(["classify", "mine", str(mine / "one.npy")]) == 0
    assert capsys.readouterr().out.splitlines()[0].endswith(expected[0][0])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.txt"], "nowhere.txt is no file: give an .npy file of joints"),
        (["wrong.npy"], "joints have shape (2, 3): give (frames, 20, 3)"),
        (["no.npy"], "no.npy is no .npy file of numbers"),
        (["short.txt"], "short.txt: 1 rows, expected a multiple of 20 joints"),
        (["wrong.npy", "--top", "0"], "--top 0: give 1 to 3"),
    ],
)
def test_bad_input_is_one_line(pushed, tmp_path, monkeypatch, capsys, arguments, said):
    monkeypatch.chdir(tmp_path)
    np.save("wrong.npy", np.zeros((2, 3)))
    (tmp_path / "no.npy").write_text("no", encoding="ascii")
    (tmp_path / "short.txt").write_text("0 0 0 1\n", encoding="ascii")
    assert main(["classify", "action3d-short", *arguments]) == 2
    assert said in capsys.readouterr().err.splitlines()[-1]


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
        InputError, match="no skeletons to make validation of: give subjects 7, 9 too"
    ):
        Pipeline("action3d-short", pushed[0], data=mine)


def test_confusion_and_classes_by_hand():
    class Stub:
        classes = ("a", "b", "c")

        def probabilities(self, sequences):
            return np.eye(3)[[int(one[0]) for one in sequences]]

    said = [np.array([one]) for one in (0, 1, 1, 2, 0)]
    part = Labelled(list("12345"), said, list("aabba"))
    counts = evaluator.confusion(Stub(), part)
    assert counts == [[2, 1, 0], [0, 1, 1], [0, 0, 0]]
    rows = evaluator.by_class(Stub(), counts)
    assert rows["a"] == {"sequences": 3, "recall": pytest.approx(2 / 3), "precision": 1.0}
    assert rows["b"] == {"sequences": 2, "recall": 0.5, "precision": 0.5}
    assert rows["c"] == {"sequences": 0, "recall": None, "precision": 0.0}
    of_stub = evaluator.of_model(Stub(), part)
    assert of_stub["accuracy"] == 0.6
    assert of_stub["cross_entropy"] == pytest.approx(-2 / 5 * np.log(1e-12))


def test_the_baselines_are_what_they_say():
    random = np.random.default_rng(0)
    labels = random.integers(3, size=60)
    x = random.normal(size=(60, 4, 5)) + 3 * np.eye(5)[labels][:, None]
    known, unseen = slice(40), slice(40, 60)
    for name in ("linear", "nearest"):
        found = baselines.BASELINES[name](x[known], labels[known], x[unseen])
        assert (found == labels[unseen]).mean() > 0.9
    frequent = baselines.majority(x[known], labels[known], x[unseen])
    assert set(frequent) == {np.bincount(labels[known]).argmax()}
