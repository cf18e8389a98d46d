"""Logistic regression of the mean beside scikit-learn's, and padding."""

import numpy as np
import pytest

from rnnzoo.baselines.sequences import logistic


def data(seed=0):
    random = np.random.default_rng(seed)
    labels = random.integers(3, size=90)
    x = random.normal(size=(90, 6, 8)) + 0.8 * np.eye(8)[labels][:, None]
    return x, labels


def test_logistic_regression_is_that_of_scikit_learn():
    linear_model = pytest.importorskip("sklearn.linear_model")
    x, labels = data()
    mean = x.mean(axis=1)
    scaled = (mean - mean[:60].mean(axis=0)) / mean[:60].std(axis=0)
    theirs = linear_model.LogisticRegression(C=1.0, max_iter=1000).fit(scaled[:60], labels[:60])
    ours = logistic(x[:60], labels[:60], x[60:])
    np.testing.assert_array_equal(ours, theirs.predict(scaled[60:]))
    assert 0.4 < (ours == labels[60:]).mean() < 1  # neither trivial


def test_padding_is_no_part_of_the_mean():
    x, labels = data(1)
    padded = np.concatenate([x, np.zeros((90, 3, 8))], axis=1)
    expected = logistic(x[:60], labels[:60], x[60:])
    np.testing.assert_array_equal(logistic(padded[:60], labels[:60], padded[60:]), expected)
