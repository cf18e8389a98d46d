"""What the frame family tells the stages, on frames whose contents are known."""

import re

import numpy as np
import pytest

import rnnzoo
from rnnzoo.baselines.frames import copied_frames
from rnnzoo.datasets.bouncing_balls import load
from rnnzoo.datasets.bouncing_balls.simulator import bouncing_balls
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.splits import SPLITS
from rnnzoo.families import families
from rnnzoo.frames.free_run import HORIZONS
from rnnzoo.pipelines.core.transformed import Transformed
from rnnzoo.pipelines.families.frames.family import FRAMES
from rnnzoo.pipelines.families.frames.frame_data import FrameData
from rnnzoo.pipelines.families.frames.frame_examples import with_balls, without_balls
from rnnzoo.pipelines.stages.schema_gen import read_schema
from rnnzoo.pipelines.stages.statistics_gen import read_statistics
from rnnzoo.registry import recipe

BALLS = bouncing_balls(3, 12, 1, balls=2, size=9, radius=1.5)


def moving(seed, count=2):
    """Different sequences of 4 frames of 5 x 6 random pixels."""
    return np.random.default_rng(seed).random((count, 4, 5, 6)).astype("float32")


@pytest.fixture
def stages_of(data_stages, monkeypatch):
    """A function from the examples of each split to the folders of the stages up to Transform."""

    def run(examples, last="transformed"):
        monkeypatch.setattr(FRAMES, "examples", lambda *data: examples)
        return data_stages("FramePredictor", "n", "s", last=last)

    return run


@pytest.fixture
def checked(stages_of):
    """A function from the frames of splits to (statistics, schema, list of `Anomaly`)."""

    def check(**frames):
        frames = {"train": moving(0), "validation": moving(1), "test": moving(2), **frames}
        examples = {
            split: (example for sequence in part for example in without_balls(sequence[None]))
            for split, part in frames.items()
        }
        folders = stages_of(examples, "schema")
        statistics = read_statistics(folders["statistics"])
        schema = read_schema(folders["schema"])
        return statistics, schema, list(FRAMES.checks(statistics, schema))

    return check


def test_the_digest_of_the_balls_is_that_of_the_models_that_ship():
    card = rnnzoo.info("balls3-lstm-large")
    assert FRAMES.own_data({"data": "balls3"}) == ("balls3", card["data"]["sha256"])


@pytest.mark.parametrize(("rendering", "dtype"), [("binary", "uint8"), ("antialiased", "float32")])
def test_frames_and_balls_are_the_same_after_the_transform(stages_of, rendering, dtype):
    simulated = {
        split: bouncing_balls(3, 6, i, balls=2, radius=[1.5, 2.1], rendering=rendering)
        for i, split in enumerate(SPLITS)
    }
    folders = stages_of({split: with_balls(balls) for split, balls in simulated.items()})
    data = FRAMES.dataset(Transformed(folders["transformed"]))
    assert (data.name, data.sha256, data.size) == ("n", "s", (18, 18))
    for split, balls in simulated.items():
        assert data.frames[split].dtype == data.balls[split].frames.dtype == dtype
        np.testing.assert_array_equal(data.frames[split], balls.frames)
        for name in ("positions", "velocities", "radii", "masses"):
            array, expected = getattr(data.balls[split], name), getattr(balls, name)
            assert array.dtype == "float64"
            np.testing.assert_allclose(array, expected, atol=2e-6)
    assert FRAMES.describe_data(data) == {
        "sequences": dict.fromkeys(SPLITS, 3),
        "steps": dict.fromkeys(SPLITS, 6),
    }


def test_a_users_frames_are_kept_and_have_no_balls(data_stages, tmp_path):
    frames = moving(3, count=20)
    np.save(tmp_path / "mine.npy", frames)
    name, sha256 = FRAMES.user_data(tmp_path / "mine.npy", {})
    assert name == f"frames-{sha256[:16]}"
    folders = data_stages("FramePredictor", name, sha256)
    data = FRAMES.dataset(Transformed(folders["transformed"]))
    assert (data.name, data.sha256) == (name, sha256)
    np.testing.assert_array_equal(np.concatenate([data.frames[split] for split in SPLITS]), frames)
    assert data.balls == {}
    own = FRAMES.user_dataset(tmp_path / "mine.npy", {"size": [5, 6]})
    assert (own.name, own.sha256) == (name, sha256)
    np.testing.assert_array_equal(own.frames["test"], data.frames["test"])


def test_a_users_frames_are_refused_if_too_few_or_of_another_size(tmp_path):
    np.save(tmp_path / "few.npy", moving(0))
    with pytest.raises(InputError, match="2 sequences of 4 frames are too few"):
        FRAMES.user_data(tmp_path / "few.npy", {})
    np.save(tmp_path / "large.npy", np.zeros((30, 12, 10, 9)))
    with pytest.raises(InputError, match="10 x 9 pixels .*give 9 x 9"):
        FRAMES.user_dataset(tmp_path / "large.npy", {"size": [9, 9]})


def test_statistics_and_schema(checked):
    part = moving(0, count=4)
    part[0, 2:] = part[0, 1]  # moves in 1 of 3 steps
    statistics, schema, anomalies = checked(train=part, test=moving(2, count=1))
    numbers = {name: feature.num_stats for name, feature in statistics["train"].items()}
    assert numbers["frames"].common_stats.num_non_missing == part.size
    assert numbers["frames"].mean == pytest.approx(part.mean(), rel=1e-5)
    assert [numbers[name].max for name in ("steps", "height", "width")] == [4, 5, 6]
    assert numbers["moving"].min == pytest.approx(1 / 3)
    domains = {feature.name: feature.float_domain for feature in schema.feature}
    assert (domains["frames"].min, domains["frames"].max) == (0, 1)
    assert (domains["height"].min, domains["width"].max) == (5, 6)
    assert anomalies == []


STILL = np.ones((1, 4, 5, 6), "float32")


@pytest.mark.parametrize(
    ("frames", "name", "description", "error"),
    [
        ({"test": STILL[:, :, :4]}, "size", "test has frames of another size than 5 x 6", True),
        ({"test": 2 * moving(0)}, "range", "test has pixels from 0.* to 1.*: give 0 to 1", True),
        ({"test": moving(0) * np.nan}, "range", "pixels from nan to nan", True),
        ({"train": STILL}, "still", "in train nothing moves: there is nothing to learn", True),
        ({"test": STILL}, "still", "in test nothing moves", False),
        ({"test": [*STILL, *moving(2)]}, "still", "test has a sequence in which nothing", False),
        ({"test": [*moving(0), *moving(2)]}, "repeated", "50% of the sequences of test", False),
    ],
)
def test_each_anomaly(checked, frames, name, description, error):
    anomalies = {anomaly.name: anomaly for anomaly in checked(**frames)[2]}
    anomaly = anomalies[name]
    assert (anomaly.split, anomaly.error) == (*frames, error)
    assert re.search(description, anomaly.description)


class Copy:
    """Predicts the last frame."""

    def __call__(self, frames, training):
        return frames

    def rollout(self, frames, steps, threshold=None):
        return copied_frames(frames, steps)


def test_a_model_that_copies_has_the_figures_of_the_copy(monkeypatch):
    def few(name, split):
        assert (name, split) == ("balls3", "test")
        return bouncing_balls(2, 61, 2, balls=1, size=9, radius=1.5)

    monkeypatch.setattr(load, "load_bouncing_balls", few)
    balls = {split: few("balls3", "test") for split in SPLITS}
    frames = {split: part.frames for split, part in balls.items()}
    data = FrameData("balls2", "s", frames, balls)
    evaluation = FRAMES.evaluate(lambda: {"1": Copy(), "2": Copy()}, data, {"also": ["balls3"]})
    exact = frames["test"].astype(int)
    error = np.square(exact[:, 1:] - exact[:, :-1]).sum(axis=(2, 3)).mean()
    assert evaluation.baselines["copied"]["test"] == pytest.approx(error)
    assert evaluation.baselines["extrapolated"]["test"] < error / 2
    for seed in ("1", "2"):
        assert evaluation.figures[seed]["validation"] == pytest.approx(error)
    # A figure below the limit passes: a copy does not.
    (check,) = evaluation.checks
    assert check == ("a copy of the last frame", *[pytest.approx(error)] * 2)
    assert set(evaluation.metrics["free_run"]) == {"balls2", "balls3"}
    for part in evaluation.metrics["free_run"].values():
        assert [row["step"] for row in part["by_seed"]["2"]] == list(HORIZONS)
        assert part["by_seed"]["2"] == part["baselines"]["copied"]


def test_frames_without_known_balls_are_compared_with_a_copy_only():
    data = FrameData("mine", "s", {split: moving(i) for i, split in enumerate(SPLITS)})
    evaluation = FRAMES.evaluate(lambda: {"1": Copy()}, data, None)
    assert set(evaluation.baselines) == {"copied"}
    assert evaluation.metrics == {}
    assert FRAMES.figures(Copy(), data) == evaluation.figures["1"]


def test_a_model_may_be_worse_than_the_last_version_by_a_hundredth():
    assert FRAMES.limit(2.0) == pytest.approx(2.02)


DATA = FrameData("balls", "s", dict.fromkeys(SPLITS, BALLS.frames))


def built(name, **changes):
    complete = families()["FramePredictor"].complete(recipe(name))
    return FRAMES.build(name, {**complete, "units": 3, "hidden": 4, **changes}, DATA)


def test_a_model_is_described():
    model = built("balls2-lstm", encoder=[[2, 3]], decoder=[[4, 1]])
    assert FRAMES.layers(model) == ["Conv2D(2, 3)", "NEMLSTM(3) per pixel", "Conv2D(4, 1)"]
    assert FRAMES.layers(built("balls3-lstm-large", objects=2).finished()) == [
        "LSTM(3) for each disc"
    ]
    description = FRAMES.describe(model, DATA)
    assert description["size"] == [9, 9]
    assert description["input"] == "float32 frames (batch, time, 9, 9), 0 to 1"


def test_the_question_to_an_export_is_compared_with_the_next_frame():
    model = built("balls2-rnn")
    instances, difference = FRAMES.question(model, DATA)
    inputs = np.array(instances, "float32")
    np.testing.assert_array_equal(inputs, BALLS.frames[:1, :6])
    expected = np.asarray(model(inputs))[:, -1]
    assert difference({"next_frame": expected}) == 0
    assert difference({"next_frame": expected + 0.5}) == pytest.approx(0.5, abs=1e-6)


def test_what_ships_of_discs_predicts_as_what_was_trained():
    trained = built("balls3-lstm-large", objects=2)
    ships = trained.finished()
    assert type(ships.recurrent[0].cell.layer).__name__ == "LSTM"
    frames = BALLS.frames[:, :5].astype("float32")
    np.testing.assert_allclose(ships(frames), trained(frames), atol=1e-6)


def test_discs_are_not_followed_with_noise():
    with pytest.raises(InputError, match="a layer without noise or penalty, not by nemlstm"):
        built("balls3-lstm-large", architecture="nemlstm", noise_std=0.1)
