import keras
import numpy as np

from rnnzoo.audio.batches import SpectrogramWindows
from rnnzoo.audio.build import build
from rnnzoo.audio.recipe import complete
from rnnzoo.pipelines.families.audio import prepared_windows
from rnnzoo.pipelines.families.audio.prepared_windows import PreparedWindows
from rnnzoo.pipelines.families.audio.training import train
from rnnzoo.registry import recipe

NAME = "music-bilstm"


def pieces():
    random = np.random.default_rng(0)
    steps = random.normal(size=(300, 129)).cumsum(axis=0)
    return [np.abs(steps).astype("float32")]


def prepared(seed=1):
    model = build(NAME, {**complete(recipe(NAME)), "units": 3})
    windows = SpectrogramWindows(pieces(), 100, 1, 4, seed=5)
    return model, windows, PreparedWindows(model.before, windows, 3, seed)


def test_crops_are_of_the_windows_as_the_whole_model_would_see_them(monkeypatch):
    monkeypatch.setattr(prepared_windows, "CROP", 40)
    model, windows, batches = prepared()
    assert len(batches) == 4  # 400 columns, 3 crops of 40 a batch
    whole = [(x[0], y[0], *(np.asarray(one) for one in model.before(x))) for x, y in windows]
    (cells, means, predicted), y = batches[0]
    assert cells.shape == means.shape == predicted.shape == y.shape == (3, 40, 129)
    for crop in range(3):
        found = [
            (window, at)
            for window, (_, true, *_) in enumerate(whole)
            for at in range(61)
            if np.array_equal(true[at : at + 40], y[crop])
        ]
        assert len(found) == 1
        window, at = found[0]
        some = slice(at, at + 40)
        np.testing.assert_array_equal(cells[crop], whole[window][0][some])
        np.testing.assert_allclose(means[crop], np.broadcast_to(whole[window][2][0], (40, 129)))
        np.testing.assert_allclose(predicted[crop], whole[window][3][0, some], atol=1e-4)


def test_crops_depend_on_the_seed_and_the_epoch_alone(monkeypatch):
    monkeypatch.setattr(prepared_windows, "CROP", 40)
    first, again, other = (prepared(seed)[2] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first[1][1], again[1][1])
    assert not np.array_equal(first[1][1], other[1][1])
    first.on_epoch_end()
    again.epoch = 1
    np.testing.assert_array_equal(first[1][1], again[1][1])
    assert not np.array_equal(first[1][1], first[0][1])


def test_a_training_learns_and_goes_on_where_it_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(prepared_windows, "CROP", 40)
    monkeypatch.setattr(keras.optimizers.schedules, "CosineDecay", lambda rate, *_, **__: rate)
    settings = {
        **complete(recipe(NAME)), "units": 3, "window": 100, "windows": 4, "batch_size": 2,
        "epochs": 2, "learning_rate": 0.01,
    }  # fmt: skip
    tune = 0.1 * np.sin(0.05 * np.arange(30_000))

    def trained(work, epochs=2):
        some = {**settings, "epochs": epochs}
        return train("made-up", some, pieces(), tune, 1, tmp_path / work)

    whole = trained("whole")
    trained("stopped", epochs=1)
    assert np.abs(whole.get_layer("readout").get_weights()[0]).max() > 0
    for other in (trained("stopped"), trained("whole")):  # goes on; is read, not trained again
        for one, two in zip(whole.get_weights(), other.get_weights(), strict=True):
            np.testing.assert_allclose(one, two, atol=1e-6)
