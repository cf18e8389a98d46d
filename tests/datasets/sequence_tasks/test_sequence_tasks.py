"""Simulated sequences, read back."""

import numpy as np
import pytest

from rnnzoo.datasets.sequence_tasks import adding, copying
from rnnzoo.datasets.sequence_tasks.mackey_glass import mackey_glass
from rnnzoo.datasets.sequence_tasks.narma import narma
from rnnzoo.datasets.sequence_tasks.subsequence import PATTERN, subsequence
from rnnzoo.datasets.sequence_tasks.teacher_student import normal_teacher, taught, teacher


def test_adding():
    x, y = adding.adding(500, 30, 1)
    assert x.shape == (500, 30, 2) and y.shape == (500, 1)
    marks = x[..., 1]
    assert (marks[:, :15].sum(axis=1) == 1).all() and (marks[:, 15:].sum(axis=1) == 1).all()
    np.testing.assert_allclose((x[..., 0] * marks).sum(axis=1), y[:, 0], rtol=1e-6)
    _, many = adding.adding(50_000, 2, 2)
    assert np.mean((many - 1) ** 2) == pytest.approx(adding.BASELINE, rel=0.03)


def test_copying():
    x, y = copying.copying(50, 7, 1)
    assert x.shape == (50, 27, 10) and (x.sum(axis=-1) == 1).all()
    tokens = x.argmax(axis=-1)
    np.testing.assert_array_equal(tokens[:, :10], y[:, -10:])
    assert (tokens[:, 10:16] == copying.BLANK).all() and (tokens[:, 17:] == copying.BLANK).all()
    assert (tokens[:, 16] == copying.GO).all()
    assert (y[:, :17] == copying.BLANK).all() and (y[:, 17:] < copying.SYMBOLS).all()
    assert copying.baseline(7) == pytest.approx(10 * np.log(8) / 27)


@pytest.mark.parametrize("delay", [0, 15])
def test_subsequence(delay):
    x, y = subsequence(5000, 40, [3], [1], delay)
    assert x.shape == (5000, 1) and y.shape == (5000,)
    pattern = np.random.default_rng([3]).normal(size=PATTERN).astype("float32")
    starts = [t for t in range(4990) if np.array_equal(x[t : t + PATTERN, 0], pattern)]
    assert 80 < len(starts) < 120  # one in 50 steps
    expected = np.zeros(5000, int)
    for start in starts:
        expected[start + PATTERN + delay :][:PATTERN] = 1
    np.testing.assert_array_equal(y, expected)
    distances = np.diff(starts) - PATTERN
    assert distances.min() >= 0 and distances.max() <= 80


@pytest.mark.parametrize("state", [4, 80])
def test_teacher_student(state):
    weights = teacher(state, 1)
    s = np.linalg.svd(weights[1], compute_uv=False)
    assert 0.9 <= s.min() and s.max() <= 1.1
    x, y = taught(weights, 300, 2)
    assert x.shape == y.shape == (300, 64)
    h = np.tanh(weights[0] @ x[0])
    np.testing.assert_allclose(y[0], np.tanh(weights[3] @ h), rtol=1e-4, atol=1e-6)


def test_a_teacher_of_normal_weights():
    a, b, bias, c, bias_out = normal_teacher(128, 1, 0.3)
    deviations = [weights.std() for weights in (a, b, bias, c, bias_out)]
    expected = [0.3 / 8, 0.3 / np.sqrt(128), 0.03, 1 / np.sqrt(128), 0.1]
    np.testing.assert_allclose(deviations, expected, rtol=0.25)
    (x, y), (_, larger) = (taught(normal_teacher(8, 1, scale), 50, 2) for scale in (0.3, 1.0))
    assert y.shape == (50, 64) and np.std(larger) > np.std(y)


@pytest.mark.parametrize("state", [16, 64])
def test_a_teacher_whose_inputs_are_small_does_not_forget(state):
    a, b, *_ = weights = teacher(state, [7, state], drive=0.01)
    x, y = taught(weights, 1000, 2)
    h, product, log = np.zeros(state), np.eye(state), 0.0
    for row in x:
        h = np.tanh(a @ row + b @ h)
        product = (1 - h**2)[:, None] * b @ product
        size = np.linalg.norm(product, 2)
        product, log = product / size, log + np.log(size)
    assert log > np.log(0.001)
    assert 0.3 < y.std() < 0.9


def test_narma():
    x, y = narma(300, 1)
    assert x.shape == y.shape == (300, 1) and 0 <= x.min() and x.max() < 0.5
    for t in range(10, 299):
        last = y[t - 9 : t + 1, 0].astype("float64")
        expected = 0.3 * last[-1] + 0.05 * last[-1] * last.sum() + 1.5 * x[t - 8, 0] * x[t + 1, 0]
        assert y[t + 1, 0] == pytest.approx(expected + 0.1, rel=1e-4)


def test_mackey_glass():
    y = mackey_glass(2000, 1)[:, 0]
    assert y.shape == (2000,)
    assert 0.2 < y.min() < 0.5 and 1.2 < y.max() < 1.4 and y.mean() == pytest.approx(0.93, abs=0.02)
    # The equation, from the samples: a central difference beside the slope.
    slope = 0.2 * y[1:-35] / (1 + y[1:-35].astype("float64") ** 10) - 0.1 * y[18:-18]
    assert np.sqrt(np.mean(((y[19:-17] - y[17:-19]) / 2 - slope) ** 2)) < 0.005
    # Two histories part: the series is chaotic.
    assert np.std(mackey_glass(500, 2)[:, 0] - y[:500]) > 0.1


@pytest.mark.parametrize(
    "make",
    [
        lambda seed: narma(50, seed),
        lambda seed: (mackey_glass(20, seed),),
        lambda seed: adding.adding(3, 10, seed),
        lambda seed: copying.copying(3, 10, seed),
        lambda seed: subsequence(100, 10, 0, seed),
        lambda seed: taught(teacher(3, 0), 10, seed),
    ],
)
def test_a_seed_makes_the_same_again(make):
    first, again, other = make([1, 2]), make([1, 2]), make([1, 3])
    for weights, same in zip(first, again, strict=True):
        np.testing.assert_array_equal(weights, same)
    assert not np.array_equal(first[0], other[0])
