"""Simulated sequences, read back."""

import numpy as np
import pytest

from rnnzoo.datasets.sequence_tasks import adding, copying
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
    found = [t for t in range(4990) if np.array_equal(x[t : t + PATTERN, 0], pattern)]
    assert 80 < len(found) < 120  # one in 50 steps
    expected = np.zeros(5000, int)
    for start in found:
        expected[start + PATTERN + delay :][:PATTERN] = 1
    np.testing.assert_array_equal(y, expected)
    distances = np.diff(found) - PATTERN
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
    deviations = [one.std() for one in (a, b, bias, c, bias_out)]
    expected = [0.3 / 8, 0.3 / np.sqrt(128), 0.03, 1 / np.sqrt(128), 0.1]
    np.testing.assert_allclose(deviations, expected, rtol=0.25)
    (x, y), (_, larger) = (taught(normal_teacher(8, 1, scale), 50, 2) for scale in (0.3, 1.0))
    assert y.shape == (50, 64) and np.std(larger) > np.std(y)


@pytest.mark.parametrize(
    "make",
    [
        lambda seed: adding.adding(3, 10, seed),
        lambda seed: copying.copying(3, 10, seed),
        lambda seed: subsequence(100, 10, 0, seed),
        lambda seed: taught(teacher(3, 0), 10, seed),
    ],
)
def test_a_seed_makes_the_same_again(make):
    first, again, other = make([1, 2]), make([1, 2]), make([1, 3])
    for one, two in zip(first, again, strict=True):
        np.testing.assert_array_equal(one, two)
    assert not np.array_equal(first[0], other[0])
