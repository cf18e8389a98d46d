import numpy as np
import pytest

from rnnzoo.datasets.bouncing_balls.simulator import bouncing_balls
from rnnzoo.frames import evaluation
from rnnzoo.frames.free_run import GIVEN, HORIZONS, baselines, rows_at

BALLS = bouncing_balls(20, GIVEN + max(HORIZONS), 3, balls=2)


def test_the_truth_itself_has_no_error_but_that_of_its_pixels():
    for row in rows_at(BALLS.frames[:, GIVEN:].astype("float32"), BALLS, GIVEN, HORIZONS):
        assert row["centre_error"] < 0.3
        assert row["mass_drift"] == 0
        assert row["count_right"] == 1


def test_a_late_truth_is_as_far_away_as_the_balls_have_moved():
    late = BALLS.frames[:, GIVEN - 1 : -1].astype("float32")
    errors = [row["centre_error"] for row in rows_at(late, BALLS, GIVEN, HORIZONS)]
    assert errors == pytest.approx([1.0] * len(HORIZONS), abs=0.2)  # the speed is 1 pixel per frame


def test_dark_frames_have_no_balls():
    rows = rows_at(np.zeros_like(BALLS.frames[:, GIVEN:], "float32"), BALLS, GIVEN, [1, 5])
    for row, step in zip(rows, (1, 5), strict=True):
        assert row == {"step": step, "centre_error": None, "mass_drift": 1, "count_right": 0}


def test_straight_lines_are_right_at_first_and_a_copy_is_not():
    rows = baselines(BALLS)
    straight = [row["centre_error"] for row in rows["extrapolated"]]
    copied = [row["centre_error"] for row in rows["copied"]]
    assert straight[0] < 0.01
    assert copied[0] == pytest.approx(1, abs=0.2)
    assert straight[-1] > copied[-1] > 3  # straight through the walls


def test_one_step_errors_of_the_baselines_by_hand():
    frames = BALLS.frames[:2, :4].astype(float)
    few = bouncing_balls(2, 4, 3, balls=2)
    copied = [(frames[i, t] - frames[i, t - 1]) ** 2 for i in range(2) for t in range(1, 4)]
    assert evaluation.copied_error(BALLS.frames[:2, :4]) == pytest.approx(np.sum(copied) / 6)
    # A straight line is where the ball is if no wall is near: only a few pixels can be wrong.
    assert evaluation.extrapolated_error(few) < evaluation.copied_error(few.frames)
