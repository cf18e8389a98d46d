import numpy as np

from rnnzoo.audio.batches import SpectrogramWindows
from rnnzoo.audio.prepared_windows import PreparedWindows
from rnnzoo.families import families
from rnnzoo.pipelines.families.audio.family import AUDIO
from rnnzoo.registry import recipe

NAME = "music-bilstm"


def pieces():
    random = np.random.default_rng(0)
    steps = random.normal(size=(300, 129)).cumsum(axis=0)
    return [np.abs(steps).astype("float32")]


def prepared(seed=1):
    settings = families()["SpectrogramImputer"].complete({**recipe(NAME), "units": 3})
    model = AUDIO.build(NAME, settings, None)
    windows = SpectrogramWindows(pieces(), 100, 1, 4, seed=5)
    return model, windows, PreparedWindows(model.before, windows, 3, seed, crop=40)


def test_crops_are_of_windows_as_the_whole_model_reads_them():
    model, windows, batches = prepared()
    assert len(batches) == 4  # 400 columns, 3 crops of 40 per batch
    whole = [(x[0], y[0], *(np.asarray(part) for part in model.before(x))) for x, y in windows]
    (cells, means, predicted), y = batches[0]
    assert cells.shape == means.shape == predicted.shape == y.shape == (3, 40, 129)
    for crop in range(3):
        matches = [
            (window, start)
            for window, (_, true, *_) in enumerate(whole)
            for start in range(61)
            if np.array_equal(true[start : start + 40], y[crop])
        ]
        ((window, start),) = matches
        columns = slice(start, start + 40)
        np.testing.assert_array_equal(cells[crop], whole[window][0][columns])
        np.testing.assert_allclose(means[crop], np.broadcast_to(whole[window][2][0], (40, 129)))
        np.testing.assert_allclose(predicted[crop], whole[window][3][0, columns], atol=1e-4)


def test_crops_depend_on_the_seed_and_the_epoch_alone():
    first, again, other = (prepared(seed)[2] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first[1][1], again[1][1])
    assert not np.array_equal(first[1][1], other[1][1])
    first.on_epoch_end()
    again.epoch = 1
    np.testing.assert_array_equal(first[1][1], again[1][1])
    assert not np.array_equal(first[1][1], first[0][1])
