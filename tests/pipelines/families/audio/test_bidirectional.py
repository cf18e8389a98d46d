import keras
import numpy as np
import pytest

from rnnzoo.families import families
from rnnzoo.pipelines.families.audio.family import AUDIO
from rnnzoo.pipelines.families.audio.music import Music
from rnnzoo.registry import recipe

SHORT = {"units": 3, "window": 100, "windows": 4, "batch_size": 2, "epochs": 2}


@pytest.mark.slow
def test_a_training_learns_and_is_continued_where_it_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(keras.optimizers.schedules, "CosineDecay", lambda rate, *_, **__: rate)
    complete = families()["SpectrogramImputer"].complete
    settings = complete({**recipe("music-bilstm"), **SHORT, "learning_rate": 0.01})
    steps = np.random.default_rng(0).normal(size=(300, 129)).cumsum(axis=0)
    tone = 0.1 * np.sin(0.05 * np.arange(6_000))
    pieces = {split: {"steps": np.abs(steps)} for split in ("train", "validation")}
    music = Music("steps", "0" * 64, 22_050, pieces, tone)

    def trained(work, epochs=2):
        changed = {**settings, "epochs": epochs}
        return AUDIO.train("steps-bilstm", changed, music, 1, tmp_path / work)

    whole = trained("whole")
    stopped = trained("stopped", epochs=1)
    readouts = [model.get_layer("readout").get_weights()[0] for model in (whole, stopped)]
    assert np.abs(readouts[0]).max() > 0 and not np.array_equal(*readouts)
    for other in (trained("stopped"), trained("whole")):  # continued; read, not trained again
        for weights, others in zip(whole.get_weights(), other.get_weights(), strict=True):
            np.testing.assert_allclose(weights, others, atol=1e-6)
    assert len(AUDIO.history(settings, tmp_path / "stopped", 1)) == 2
