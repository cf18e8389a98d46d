"""`rnnzoo rollout`: pictures of a model's free run."""

import json

import numpy as np
import pytest
from PIL import Image

import rnnzoo
from rnnzoo.cli import main
from rnnzoo.datasets.bouncing_balls import load
from rnnzoo.datasets.bouncing_balls.load import new_balls
from rnnzoo.pipelines.finetune import finetune

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def small_balls(pushed):
    """Balls to roll out from, as large as those that the model was trained on."""
    from rnnzoo.datasets.bouncing_balls.simulator import bouncing_balls

    def few(name, count, steps, seed):
        assert name == "balls2"
        return bouncing_balls(count, steps, seed, balls=1, size=9, radius=1.5)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "new_balls", few)
        yield


def pages(path):
    with Image.open(path) as image:
        for page in range(image.n_frames):
            image.seek(page)
            yield np.asarray(image.convert("L"))


def test_a_gif_of_truth_and_prediction(tmp_path, capsys):
    out = tmp_path / "balls.gif"
    assert main(["rollout", "balls-short", "--out", str(out), "--given", "8", "--steps", "12"]) == 0
    output, progress = capsys.readouterr()
    assert output.startswith(f"{out}: 8 frames given, 12 predicted by balls-short\nstep 1 ")
    assert "compiling balls-short: some seconds\nrollout: 11 of 11 frames\n" in progress
    shown = list(pages(out))
    assert len(shown) == 20
    assert shown[0].max() > 200
    # The line above is white from the first predicted frame on.
    assert [page[4, -4] for page in shown] == [shown[0][4, -4]] * 8 + [255] * 12


def test_a_strip_and_json(tmp_path, capsys):
    out = tmp_path / "balls.png"
    command = ["rollout", "balls-short", "--out", str(out), "--steps", "6", "--every", "2"]
    command.append("--json")
    assert main(command) == 0
    report = json.loads(capsys.readouterr().out)
    assert [row["step"] for row in report["steps"]] == [1, 2, 5, 6]
    assert next(pages(out)).shape[1] > next(pages(out)).shape[0]


def test_the_same_seed_is_the_same_picture_and_another_is_not(tmp_path):
    pictures = []
    for i, seed in enumerate((3, 3, 4)):
        out = tmp_path / f"{i}.png"
        main(["rollout", "balls-short", "--out", str(out), "--steps", "5", "--seed", str(seed)])
        pictures.append(out.read_bytes())
    assert pictures[0] == pictures[1] != pictures[2]


def test_frames_of_ones_own_with_and_without_what_follows(tmp_path, capsys):
    frames = np.random.default_rng(0).random((14, 9, 9)) > 0.8
    np.save(tmp_path / "mine.npy", frames)
    heights = []
    for steps in ("4", "40"):  # of 40 steps the truth is not known
        out = tmp_path / f"{steps}.png"
        command = ["rollout", "balls-short", "--data", str(tmp_path / "mine.npy"), "--steps", steps]
        command += ["--every", "25"]
        assert main([*command, "--out", str(out)]) == 0
        heights.append(next(pages(out)).shape[0])
    assert heights[0] > heights[1]
    assert "centre_error" not in capsys.readouterr().out


def test_a_model_of_frames_of_ones_own_needs_some(tmp_path, pushed, capsys):
    np.save(tmp_path / "mine.npy", np.random.default_rng(0).random((24, 12, 9, 9)))
    finetune("balls-short", tmp_path / "mine.npy", "own-frames", pushed[0], epochs=1)
    assert main(["rollout", "own-frames", "--out", str(tmp_path / "a.gif")]) == 2
    assert "give some with --data" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "output"),
    [
        (["--out", "a.mp4"], "a.mp4 does not end in .gif or .png"),
        (["--out", "nowhere/a.gif"], "is no folder"),
        (["--out", "a.gif", "--every", "2"], "--every 2 is for a strip"),
        (["--out", "a.png", "--every", "0"], "every is 0"),
        (["--out", "a.gif", "--steps", "0"], "steps is 0"),
        (["--out", "a.gif", "--given", "0"], "given is 0"),
        (["--out", "a.gif", "--seed", "-1"], "seed is -1"),
        (["--out", "a.gif", "--threshold", "2"], "threshold is 2.0"),
        (["--out", "a.gif", "--data", "nowhere.npy"], "nowhere.npy does not exist"),
    ],
)
def test_bad_input_is_one_line_and_writes_nothing(tmp_path, monkeypatch, capsys, arguments, output):
    monkeypatch.chdir(tmp_path)
    assert main(["rollout", "balls-short", *arguments]) == 2
    problem = capsys.readouterr().err
    assert output in problem.splitlines()[-1]
    assert not list(tmp_path.iterdir())


def test_a_model_of_another_task(tmp_path, capsys):
    assert main(["rollout", "shakespeare-lstm", "--out", str(tmp_path / "a.gif")]) == 2
    assert "is a TextGenerator: rollout is for frame models" in capsys.readouterr().err


def test_new_balls_are_of_no_split_and_as_many_as_asked_for():
    pictures = new_balls("balls3", 2, 7, seed=1)
    assert pictures.frames.shape == (2, 7, 18, 18)
    assert pictures.positions.shape[2] == 3
    np.testing.assert_array_equal(pictures.frames, new_balls("balls3", 2, 7, seed=1).frames)
    assert rnnzoo.load("balls-short").size == (9, 9)
