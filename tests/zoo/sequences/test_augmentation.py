"""Drawn time steps, and mixup, against hand-worked values and their statistics."""

import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.sequences.augmentation import drawn_steps, mixed
from rnnzoo.sequences.batches import SequenceBatches


def test_drawn_steps_are_of_the_sequence_in_its_order():
    features = np.arange(10.0)[:, None] * [1, -1]
    drawn = drawn_steps(features, [1, 2], 6)
    assert drawn.shape == (6, 2) and (np.diff(drawn[:, 0]) >= 0).all()
    assert set(drawn[:, 0]) <= set(range(10)) and (drawn[:, 1] == -drawn[:, 0]).all()
    np.testing.assert_array_equal(drawn, drawn_steps(features, [1, 2], 6))
    counts = np.zeros(10)
    for seed in range(400):
        np.add.at(counts, drawn_steps(features, seed, 5)[:, 0].astype(int), 1)
    assert counts.min() > 150 and counts.max() < 250  # 200 each, standard deviation 13
    assert drawn_steps(features[:1], 0, 3)[:, 0].tolist() == [0, 0, 0]
    with pytest.raises(InputError, match="steps is 0: give a whole number of at least 1"):
        drawn_steps(features, 0, 0)


class Fixed:
    """A generator whose share is 0.2, and whose permutation is a rotation."""

    def beta(self, a, b):
        assert a == b == 0.5
        return 0.2

    def permutation(self, count):
        return np.roll(np.arange(count), 1)


def test_mixed_is_the_equation():
    features = np.array([[[1.0]], [[10.0]], [[100.0]]], "float32")
    targets = np.eye(3, dtype="float32")
    x, y = mixed(features, targets, 0.5, Fixed())
    np.testing.assert_allclose(x[:, 0, 0], [0.8 + 20, 8 + 0.2, 80 + 2], rtol=1e-6)
    np.testing.assert_allclose(y, [[0.8, 0, 0.2], [0.2, 0.8, 0], [0, 0.2, 0.8]], rtol=1e-6)
    assert x.dtype == y.dtype == np.float32


def batches(**settings):
    sequences = [np.full((4, 2), i + 1, "float32") for i in range(9)]
    return SequenceBatches(sequences, np.arange(9) % 3, 3, lambda s: s, 4, 5, **settings)


def test_batches_are_mixed_for_fit_only_and_repeatably():
    mixing, plain = batches(mixup=1.0), batches()
    assert len(mixing) == 3
    for batch in range(3):
        (x, y), (x2, y2) = mixing[batch], plain[batch]
        assert not np.array_equal(y, y2) or len(y) == 1
        np.testing.assert_allclose(y.sum(axis=1), 1, rtol=1e-6)
        assert x.shape == x2.shape
        np.testing.assert_array_equal(x, mixing[batch][0])
    first = mixing[0][0].copy()
    mixing.on_epoch_end()
    assert not np.array_equal(first, mixing[0][0])
    mixing.begin_at(0)
    np.testing.assert_array_equal(first, mixing[0][0])
    calm = batches(mixup=1.0, shuffle=False)
    np.testing.assert_array_equal(calm[0][1], np.eye(3)[[0, 1, 2, 0]])


@pytest.mark.parametrize("mixup", [-0.1, "1", float("nan"), None])
def test_mixup_that_is_no_number_of_at_least_zero(mixup):
    with pytest.raises(InputError, match="mixup is .*: give 0 or more"):
        batches(mixup=mixup)
