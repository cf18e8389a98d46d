"""The frame models that ship: what their cards say, and that they are as good on new balls."""

import pytest

import rnnzoo
from rnnzoo.datasets.bouncing_balls.load import new_balls
from rnnzoo.pipelines.frames.free_run import GIVEN, HORIZONS, baselines, free_run

FLAGSHIP = "balls3-lstm-large"


def errors(rows):
    """From a step of the free run to the median centre error, pixels."""
    return {row["step"]: row["centre_error"] for row in rows}


@pytest.mark.parametrize("name", ["balls2", "balls3"])
def test_the_flagship_goes_on_from_balls_that_nobody_has_seen(name):
    balls = new_balls(name, 40, GIVEN + max(HORIZONS), seed=5)
    found = errors(free_run(rnnzoo.load(FLAGSHIP), balls))
    card = errors(rnnzoo.info(FLAGSHIP)["metrics"]["free_run"][name]["by_seed"]["1"])
    straight = errors(baselines(balls)["extrapolated"])
    for step in (10, 20):
        assert found[step] < straight[step]
    for step in (1, 2, 5, 10):
        assert found[step] < 1.5 * card[step]
