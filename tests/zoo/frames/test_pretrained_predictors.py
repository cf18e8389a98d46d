"""The pretrained frame models: their cards, and the same quality on new balls."""

from pathlib import Path

import numpy as np
import pytest

import rnnzoo
from rnnzoo.datasets.bouncing_balls.load import new_balls
from rnnzoo.frames.evaluation import copied_error, squared_error
from rnnzoo.frames.free_run import GIVEN, HORIZONS, baselines, free_run, rows_at

FLAGSHIP, LITERATURE = "balls3-lstm-large", "balls3-lstm-sutskever"
SMALL = [
    f"balls{count}-{kind}" for count in (2, 3) for kind in ("lstm", "nemlstm", "rnn", "svdrnn")
]
GUIDE = Path(__file__).parents[3] / "docs/balls.md"


def test_all_ten_ship():
    assert rnnzoo.list_models("balls*", pretrained=True) == sorted([*SMALL, FLAGSHIP, LITERATURE])


def errors(rows):
    """Returns a dict from a step of the free run to the median centre error in pixels."""
    return {row["step"]: row["centre_error"] for row in rows}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["balls2", "balls3"])
def test_the_flagship_goes_on_from_balls_that_nobody_has_seen(name):
    balls = new_balls(name, 40, GIVEN + max(HORIZONS), seed=5)
    measured = errors(free_run(rnnzoo.load(FLAGSHIP), balls))
    card = errors(rnnzoo.info(FLAGSHIP)["metrics"]["free_run"][name]["by_seed"]["1"])
    straight = errors(baselines(balls)["extrapolated"])
    for step in (10, 20):
        assert measured[step] < straight[step]
    for step in (1, 2, 5, 10):
        assert measured[step] < 1.5 * card[step]


@pytest.mark.slow
def test_what_the_filter_says_is_corrected_by_all_that_was_seen():
    model = rnnzoo.load(FLAGSHIP)
    balls = new_balls("balls2", 300, GIVEN + 10, seed=6)
    seen = balls.frames[:, :GIVEN].astype("float32")
    predicted, states = model.advance(seen, model.initial_states(len(seen)))
    predictions = [np.asarray(predicted)[:, -1]]
    for _ in range(9):
        predicted, states = model.step(predictions[-1], states)
        predictions.append(np.asarray(predicted))
    filtered = rows_at(np.stack(predictions, axis=1), balls, GIVEN, [5, 10])
    smoothed = rows_at(model.rollout(seen, 10), balls, GIVEN, [5, 10])
    for smoothed_row, filtered_row in zip(smoothed, filtered, strict=True):
        assert smoothed_row["centre_error"] < 0.95 * filtered_row["centre_error"]


@pytest.mark.parametrize("name", SMALL)
def test_the_others_beat_a_copy_of_the_last_frame_by_far(name):
    card, balls = rnnzoo.info(name), new_balls(name.split("-")[0], 40, 60, seed=5)
    error = squared_error(rnnzoo.load(name), balls.frames)
    assert error == pytest.approx(card["metrics"]["by_seed"]["1"]["test"], rel=0.1)
    assert error < 0.6 * copied_error(balls.frames)
    assert len(card["metrics"]["by_seed"]) == 5


@pytest.mark.parametrize(("name", "words"), [("balls2", "two"), ("balls3", "three")])
def test_the_figures_of_the_guide_are_those_of_the_card(name, words):
    card = rnnzoo.info(FLAGSHIP)["metrics"]
    by_step = errors(card["free_run"][name]["by_seed"]["1"])
    figures = " | ".join(f"{by_step[step]:.2f}" for step in (1, 5, 10, 20, 30, 50))
    guide = GUIDE.read_text(encoding="utf-8")
    assert f"| {words} balls | {figures} |" in guide
    assert f"error of `{FLAGSHIP}` is {card['test']:.2f}, that of" in guide.replace("\n", " ")


def test_the_figure_of_the_literatures_balls_is_that_of_the_card():
    error = rnnzoo.info(LITERATURE)["metrics"]["test"]
    assert f"Its squared error is {error:.2f}; published" in GUIDE.read_text(encoding="utf-8")
