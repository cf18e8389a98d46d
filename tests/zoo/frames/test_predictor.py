import keras
import numpy as np
import pytest

from rnnzoo.datasets.bouncing_balls.simulator import bouncing_balls
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.frames.predictor import FramePredictor
from rnnzoo.layers import NEMLSTM, SVDSimpleRNN

SIZE = (6, 8)


def whole_frames():
    keras.utils.set_random_seed(1)
    return FramePredictor(SIZE, [keras.layers.GRU(5), keras.layers.SimpleRNN(4)])


def pixelwise():
    keras.utils.set_random_seed(1)
    layers = [NEMLSTM(4, noise_std=0.1)]
    return FramePredictor(SIZE, layers, encoder=[(3, 4), (3, 3)], decoder=[(2, 3)], patch=2)


def discs():
    keras.utils.set_random_seed(1)
    return FramePredictor(SIZE, [NEMLSTM(3, noise="none")], objects=2, radius=1.5, hidden=4)


# Discs take many times as long to trace.
KINDS = [whole_frames, pixelwise, pytest.param(discs, marks=pytest.mark.slow)]


def frames(batch=2, steps=5):
    return np.random.default_rng(0).random((batch, steps, *SIZE)).astype("float32")


@pytest.mark.parametrize("kind", KINDS)
def test_predictions_have_the_shape_of_the_frames_and_lie_between_0_and_1(kind):
    predictions = kind()(frames())
    assert tuple(predictions.shape) == (2, 5, *SIZE)
    assert 0 <= np.min(predictions) < np.max(predictions) < 1


def test_it_is_the_equation():
    keras.utils.set_random_seed(1)
    model, x = FramePredictor(SIZE, [keras.layers.SimpleRNN(3)]), frames()
    kernel, recurrent, bias = model.recurrent[0].get_weights()
    readout, readout_bias = model.get_layer("readout").get_weights()
    h = np.zeros((2, 3))
    for t in range(5):
        h = np.tanh(x[:, t].reshape(2, -1) @ kernel + h @ recurrent + bias)
        y = 1 / (1 + np.exp(-(h @ readout + readout_bias)))
        np.testing.assert_allclose(model(x)[:, t], y.reshape(2, *SIZE), atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("threshold", [None, 0.5])
def test_a_rollout_sees_what_it_predicted(kind, threshold):
    model, seen = kind(), frames()
    predictions = model.rollout(seen, 4, threshold=threshold)
    assert predictions.shape == (2, 4, *SIZE)
    for step in range(4):
        # The whole history again, in one call without states.
        expected = np.asarray(model(seen, training=False))[:, -1]
        np.testing.assert_allclose(predictions[:, step], expected, atol=1e-5)
        fed = expected if threshold is None else expected > threshold
        if kind is discs and threshold is None:
            fed = np.zeros_like(expected)  # the discs are hidden and continue
        seen = np.concatenate([seen, fed[:, None].astype("float32")], axis=1)


def test_many_sequences_and_one_alone_are_rolled_out_alike():
    model, seen = whole_frames(), frames(60)
    many = model.rollout(seen, 3)
    np.testing.assert_allclose(model.rollout(seen[59], 3), many[59], atol=1e-6)
    assert model.rollout(seen[59], 3).shape == (3, *SIZE)


def test_a_shift_of_the_frame_shifts_the_prediction_away_from_the_walls():
    keras.utils.set_random_seed(1)
    model = FramePredictor((16, 16), [keras.layers.LSTM(4)], encoder=[(4, 4)], patch=2)
    x = np.zeros((1, 4, 16, 16), "float32")
    x[:, :, 6:9, 6:9] = frames(1, 4)[..., :3, :3]
    predictions, moved = model(x), model(np.roll(x, (2, -2), axis=(2, 3)))
    inner = np.roll(predictions, (2, -2), axis=(2, 3))[..., 4:12, 4:12]
    np.testing.assert_allclose(np.asarray(moved)[..., 4:12, 4:12], inner, atol=1e-6)


def test_walls_are_seen():
    keras.utils.set_random_seed(1)
    model = FramePredictor((16, 16), [keras.layers.LSTM(4)], encoder=[(4, 4)], patch=2)
    empty = np.asarray(model(np.zeros((1, 1, 16, 16), "float32")))[0, 0]
    assert abs(empty[0, 0] - empty[8, 8]) > 1e-4


@pytest.mark.parametrize("kind", KINDS)
def test_saved_and_loaded_it_is_the_same(kind, tmp_path):
    model = kind()
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras", compile=False, safe_mode=True)
    assert again.get_config() == model.get_config()
    np.testing.assert_array_equal(again.rollout(frames(), 3), model.rollout(frames(), 3))


@pytest.mark.parametrize("kind", KINDS)
def test_fit_lowers_the_error(kind):
    model = kind().compile_default()
    balls = bouncing_balls(20, 12, 1, balls=1, size=SIZE, radius=1.5).frames
    windows = model.windows(balls, length=8, batch_size=5)
    losses = model.fit(windows, epochs=4, verbose=0).history["loss"]
    assert losses[-1] < losses[0]


def test_trained_on_its_own_predictions_the_gradient_is_that_of_the_rollout():
    model, x = whole_frames(), frames(2, 5)
    model.free_run = 3
    predictions = np.asarray(model(x, training=True))
    np.testing.assert_allclose(predictions[:, :2], np.asarray(model(x))[:, :2], atol=1e-6)
    np.testing.assert_allclose(predictions[:, 1:], model.rollout(x[:, :2], 4), atol=1e-5)
    np.testing.assert_array_equal(model(x, training=False), model(x))

    model.free_run = 5
    with pytest.raises(InputError, match="free_run=5 of windows of 5 frames"):
        model(x, training=True)
    model.free_run = 3

    import tensorflow as tf

    def loss():
        return tf.reduce_sum(tf.square(model(x, training=True)[:, -1]))

    weight = model.get_layer("readout").kernel
    with tf.GradientTape() as tape:
        value = loss()
    gradient = np.asarray(tape.gradient(value, weight.value))[1, 3]
    step = np.zeros(weight.shape, "float32")
    step[1, 3] = 1e-2
    weight.assign_add(step)
    above = loss()
    weight.assign_sub(2 * step)
    assert float(above - loss()) / 2e-2 == pytest.approx(gradient, rel=0.02)


def test_in_training_discs_go_on_unseen():
    model, x = discs(), frames(2, 5)
    model.free_run = 3
    predictions = np.asarray(model(x, training=True))
    np.testing.assert_allclose(predictions[:, :2], np.asarray(model(x))[:, :2], atol=1e-6)
    x[:, 2:] = 0
    np.testing.assert_allclose(predictions, model(x), atol=1e-6)


def test_a_penalty_counts_in_training_and_not_in_a_rollout():
    model = FramePredictor(SIZE, [SVDSimpleRNN(4, rms_weight=1.0)]).compile_default()
    model.fit(frames(4, 6)[:, :-1], frames(4, 6)[:, 1:], verbose=0)
    np.testing.assert_array_equal(model.rollout(frames(), 2), model.rollout(frames(), 2))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"size": (6, 0)}, "size is 0"),
        ({"decoder": [(2, 3)]}, "give an encoder"),
        ({"encoder": [(3, 3)], "patch": 4}, "patch"),
        ({"patch": 2}, "patch"),
        ({"free_run": -1}, "free_run is -1"),
        ({"objects": -1}, "objects is -1"),
        ({"objects": 7, "radius": 1.5}, "objects is 7: give 6 at most"),
        ({"objects": 2}, "radius=0.0 of objects"),
        ({"objects": 2, "radius": 1.5, "hidden": 0}, "hidden is 0"),
        ({"objects": 2, "radius": 1.5, "encoder": [(3, 3)]}, "one layer and no encoder"),
    ],
)
def test_bad_settings(arguments, message):
    settings = {"size": SIZE, "recurrent": [keras.layers.GRU(2)], **arguments}
    with pytest.raises(InputError, match=message):
        FramePredictor(**settings)


@pytest.mark.parametrize(
    ("seen", "settings", "message"),
    [
        (frames(), {"steps": 0}, "steps is 0"),
        (frames(), {"steps": 2, "threshold": 1.5}, "threshold is 1.5"),
        (frames()[..., :4], {"steps": 2}, "6 x 4"),
        (frames()[:, :0], {"steps": 2}, "shape"),
        (frames() + 1, {"steps": 2}, "the value"),
        (np.full((1, 2, *SIZE), np.nan), {"steps": 2}, "nan"),
        (frames()[0, 0], {"steps": 2}, "shape"),
        ("nowhere.npy", {"steps": 2}, "nowhere.npy does not exist"),
    ],
)
def test_bad_rollouts(seen, settings, message):
    with pytest.raises(InputError, match=message):
        whole_frames().rollout(seen, **settings)


def test_a_path_is_read(tmp_path):
    model, seen = whole_frames(), frames(1, 4)
    np.save(tmp_path / "mine.npy", seen)
    np.testing.assert_array_equal(model.rollout(tmp_path / "mine.npy", 2), model.rollout(seen, 2))
    assert len(model.windows(str(tmp_path / "mine.npy"))) == 1
