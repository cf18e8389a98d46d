import keras
import numpy as np
import pytest

from rnnzoo.layers.discs.motion import DiscMotionCell

SIZE = (18, 18)


def cell(layer=None, objects=2):
    keras.utils.set_random_seed(1)
    tracker = DiscMotionCell(layer or keras.layers.LSTM(4), objects, SIZE, radius=2.0, hidden=5)
    tracker.build((None, objects * 3))
    return tracker


def strong(tracker):
    """The same with weights that are not nearly nothing."""
    random = np.random.default_rng(0)
    tracker.set_weights([random.normal(size=w.shape, scale=0.3) for w in tracker.get_weights()])
    return tracker


def numbers(array):
    return np.array(keras.ops.convert_to_numpy(array), "float64")


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def relu_network(weights, x):
    for kernel, bias in weights[:-1]:
        x = np.maximum(x @ kernel + bias, 0)
    return x @ weights[-1][0] + weights[-1][1]


@pytest.mark.portable
def test_it_is_the_equations():
    tracker = strong(cell(keras.layers.SimpleRNN(4)))
    p = np.array([[4.0, 5.0], [9.0, 12.0]])
    v = np.array([[0.5, -0.2], [0.1, 0.9]])
    observed = p + [[0.2, -0.1], [0.3, 0.4]]
    h = np.random.default_rng(1).normal(size=(4, 4))
    n = np.array([[1.0, 3.0], [2.5, 7.0]])
    u = np.array([[0.3, 0.0], [-0.3, 0.1]])
    states = [values.reshape(1, -1).astype("float32") for values in (p, v, n, u, np.ones(2), h)]
    inputs = np.concatenate([observed, np.ones((2, 1))], axis=1).reshape(1, -1).astype("float32")
    outputs, after = tracker(inputs, states)

    kernel, recurrent, bias = map(numbers, tracker.filter.weights)
    error = observed - p
    sizes = [np.sqrt((values**2).sum(axis=1, keepdims=True) + 1e-3) for values in (error / 0.2, u)]
    sizes = [np.repeat(values, 2, axis=1) for values in sizes]
    rows = np.stack([p / 9 - 1, v, error / 0.2, u, *sizes, 1 / (1 + n)], axis=-1).reshape(4, 7)
    h = np.tanh(rows @ kernel + h @ recurrent + bias)
    z = (h @ numbers(tracker.gains.kernel) + numbers(tracker.gains.bias)).reshape(2, 2, 3)
    n = 1 + sigmoid(4 * z[..., 2] + 4) * n
    p = p + 2 * sigmoid(z[..., 0]) * error * 2 * (2 * n - 1) / (n * (n + 1))
    v = v + 2 * sigmoid(z[..., 1]) * error * 6 / (n * (n + 1))
    walls, others = (
        [(numbers(layer.kernel), numbers(layer.bias)) for layer in network]
        for network in (tracker.walls, tracker.others)
    )
    of_wall, of_disc = numbers(tracker.bounces)
    changed, pushed, moved = np.zeros((2, 2)), np.zeros((2, 2)), np.zeros((2, 2))
    for disc, axis in np.ndindex(2, 2):
        for gap, away in ((p[disc, axis] - 2, 1), (18 - p[disc, axis] - 2, -1)):
            part, hit = relu_network(walls, np.array([min(gap / 2, 2), away * v[disc, axis]]))
            change = -of_wall * sigmoid(4 * hit) * v[disc, axis]
            changed[disc, axis] += change
            moved[disc, axis] += sigmoid(part) * change
    for i, j in ((0, 1), (1, 0)):
        away, speed = p[j] - p[i], v[j] - v[i]
        now, later = (np.sqrt(values @ values + 1e-3) for values in (away, away + speed))
        gaps = [min((values - 4) / 2, 2) for values in (now, later)]
        along, across = speed @ away / now, abs(np.cross(np.r_[away, 0], np.r_[speed, 0])[2]) / now
        part, hit = relu_network(others, np.array([*gaps, along, across]))
        away = away + (1 - sigmoid(part)) * speed
        away = away / np.sqrt(away @ away + 1e-3)
        push = of_disc * sigmoid(4 * hit) * (speed @ away) * away
        pushed[i] += push
        moved[i] += sigmoid(part) * push
    p = p + v + moved
    v = v + changed + pushed
    np.testing.assert_allclose(numbers(outputs).reshape(2, 3)[:, :2], p, atol=1e-5)
    np.testing.assert_allclose(numbers(after[0]).reshape(2, 2), p, atol=1e-5)
    np.testing.assert_allclose(numbers(after[1]).reshape(2, 2), v, atol=1e-5)
    np.testing.assert_allclose(numbers(after[2]).reshape(2, 2), n, atol=1e-5)
    np.testing.assert_allclose(numbers(after[3]).reshape(2, 2), pushed, atol=1e-5)
    np.testing.assert_allclose(numbers(after[5]).reshape(4, 4), h, atol=1e-5)


@pytest.mark.portable
@pytest.mark.once
def test_what_is_not_seen_goes_on_and_what_was_not_there_begins():
    tracker = strong(cell())
    states = tracker.get_initial_state(1)
    nothing = np.zeros((1, 6), "float32")
    outputs, states = tracker(nothing, states)
    assert numbers(outputs).tolist() == [[0] * 6]
    for index in (4, 5):
        _, states = tracker(np.array([[index, 5, 1, 0, 0, 0]], "float32"), states)
    assert numbers(states[4]).tolist() == [[1, 0]]
    before = numbers(states[5])
    outputs, after = tracker(nothing, states)
    assert numbers(outputs)[0, 2] == 1
    assert (numbers(after[5]) == before).all(), "the filter had no input"
    assert not np.allclose(numbers(after[0]), numbers(states[0])), "and the disc has moved"


@pytest.mark.portable
@pytest.mark.once
def test_untrained_and_without_walls_it_draws_a_straight_line_through_what_it_saw():
    tracker, random = cell(objects=1), np.random.default_rng(0)
    tracker.bounces.assign([0, 0])
    t = np.arange(8)
    path = np.stack([4 + 0.8 * t, 14 - 0.6 * t], axis=1) + random.normal(size=(8, 2), scale=0.1)
    states = tracker.get_initial_state(1)
    for index in path:
        outputs, states = tracker(np.array([[*index, 1]], "float32"), states)
    straight = [np.polyval(np.polyfit(t, path[:, axis], 1), 8) for axis in (0, 1)]
    np.testing.assert_allclose(numbers(outputs)[0, :2], straight, atol=0.1)


@pytest.mark.portable
@pytest.mark.once
@pytest.mark.parametrize("layer", [keras.layers.LSTM(3), keras.layers.GRU(3)])
def test_the_order_of_discs_does_not_matter(layer):
    tracker = strong(cell(layer, 3))
    random = np.random.default_rng(0)
    frames = [random.uniform(2, 16, (3, 3)) for _ in range(4)]
    for frame in frames:
        frame[:, 2] = 1
    ends = []
    for order in ([0, 1, 2], [2, 0, 1]):
        states = tracker.get_initial_state(1)
        for frame in frames:
            # Each disc near where it is expected, in this order in the first frame.
            expected = numbers(states[0]).reshape(3, 2)
            near = frame[order] if frame is frames[0] else np.c_[expected + 0.1, np.ones(3)]
            outputs, states = tracker(near.reshape(1, -1).astype("float32"), states)
        ends.append(numbers(outputs).reshape(3, 3))
    np.testing.assert_allclose(ends[0][[2, 0, 1]], ends[1], atol=1e-4)


def test_it_is_saved_with_its_layer(tmp_path):
    tracker = strong(cell())
    inputs = keras.Input((None, 6))
    model = keras.Model(inputs, keras.layers.RNN(tracker, return_sequences=True)(inputs))
    model.save(tmp_path / "discs.keras")
    x = np.random.default_rng(0).uniform(2, 16, (2, 5, 6)).astype("float32")
    x[..., 2::3] = 1
    again = keras.models.load_model(tmp_path / "discs.keras")
    np.testing.assert_array_equal(numbers(again(x)), numbers(model(x)))
