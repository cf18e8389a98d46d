"""Frames by number, change and bounce."""

import keras
import numpy as np

from rnnzoo.datasets.bouncing_balls.simulator import bouncing_balls
from rnnzoo.frames.predictor import FramePredictor
from rnnzoo.frames.slices import bounces
from rnnzoo.pipelines.families.frames.family import FRAMES
from rnnzoo.pipelines.families.frames.frame_data import FrameData


def test_rows_are_the_figures(checked_rows):
    balls = {
        split: bouncing_balls(6, 12, seed, balls=1, size=9, radius=1.5)
        for seed, split in enumerate(("train", "validation", "test"))
    }
    frames = {split: of_split.frames for split, of_split in balls.items()}
    keras.utils.set_random_seed(0)
    model = FramePredictor((9, 9), [keras.layers.SimpleRNN(4)])
    for known in (balls, {}):
        rows = checked_rows(FRAMES, model, FrameData("few", "0", frames, known))
        assert ("bounce" in rows[0]["slices"]) == bool(known)
    first = [r for r in rows if r["split"] == "test" and r["slices"]["frames known"] == "1"]
    assert sum(row["weight"] for row in first) == 6


def test_a_ball_bounces_where_its_path_is_not_straight():
    balls = bouncing_balls(20, 30, 3, balls=1, size=9, radius=1.5)
    straight = np.abs(np.diff(balls.positions, 2, axis=1)).max(axis=(2, 3)) < 1e-6
    bounced = bounces(balls)
    assert bounced.shape == (20, 29) and bounced.any() and not bounced.all()
    # Between two frames without a bounce, and the same before them, the path is straight.
    assert (straight[~bounced[:, 1:] & ~bounced[:, :-1]]).all()
    assert not straight[bounced[:, 1:] & ~bounced[:, :-1]].any()
