"""The training in two parts."""

import shutil

import keras
import numpy as np
import pytest

from rnnzoo.datasets.bouncing_balls.simulator import bouncing_balls
from rnnzoo.families import families
from rnnzoo.pipelines.families.frames.family import FrameFamily
from rnnzoo.pipelines.families.frames.frame_data import FrameData
from rnnzoo.registry import recipe

FRAMES = bouncing_balls(8, 8, 1, balls=1, size=9, radius=1.5).frames
DATA = FrameData("balls", "s", {"train": FRAMES, "validation": FRAMES[:2]})
TWO_PARTS = {
    "units": 4, "window": 5, "batch_size": 4, "epochs": 2,
    "free_run": 2, "free_run_epochs": 2, "free_run_learning_rate": 0.001,
}  # fmt: skip


class Interrupted(FrameFamily):
    """The second epoch of the second part is interrupted, once."""

    stopped = False

    def callbacks(self, data, folder, every):
        def stop(epoch, logs):
            if epoch == 1 and folder.name.endswith("free-run-seed-1") and not self.stopped:
                self.stopped = True
                raise KeyboardInterrupt

        return [keras.callbacks.LambdaCallback(on_epoch_end=stop)]


@pytest.mark.slow
def test_its_second_part_is_continued_where_it_was_interrupted(tmp_path):
    settings = families()["FramePredictor"].complete({**recipe("balls2-rnn"), **TWO_PARTS})
    whole_family, family = FrameFamily(), Interrupted()
    with pytest.raises(KeyboardInterrupt):
        family.train("balls-short", settings, DATA, 1, tmp_path / "parts")
    shutil.copytree(tmp_path / "parts", tmp_path / "whole")  # the first part
    whole = whole_family.train("balls-short", settings, DATA, 1, tmp_path / "whole")
    resumed = family.train("balls-short", settings, DATA, 1, tmp_path / "parts")
    assert resumed.free_run == 0
    for weights, expected in zip(resumed.get_weights(), whole.get_weights(), strict=True):
        np.testing.assert_allclose(weights, expected, atol=1e-6)
    history = family.history(settings, tmp_path / "parts", 1)
    assert history == whole_family.history(settings, tmp_path / "whole", 1)
    assert [row["epoch"] for row in history] == [1, 2, 3, 4]
    first, second = history[0]["learning_rate"], history[2]["learning_rate"]
    assert 0.001 < first < settings["learning_rate"]
    assert second < settings["free_run_learning_rate"]
