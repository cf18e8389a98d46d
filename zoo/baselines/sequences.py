"""Baselines of the classification of sequences.

Each takes (features, labels, test_features): float arrays (sequences, time, features) of one length
and an int array of labels, and returns the predicted labels of `test_features`, an int array.
"""

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax

from rnnzoo.blas_threads import one_blas_thread

# Share of the mean square of a sequence's features; not tuned.
RIDGE = 0.01
# Of half the squared weights, beside the summed cross entropy; not tuned.
DECAY = 1.0


def majority(features, labels, test_features):
    """The majority class."""
    del features
    return np.full(len(test_features), np.bincount(labels).argmax())


def linear(features, labels, test_features):
    """Ridge regression of one-hot classes on all features of all time steps.

    y = z' X' (X X' + r I)^-1 Y,   X standardized, r = RIDGE times the mean of its rows' squares
    """
    x, z = _standardized(features, test_features)
    y = np.eye(labels.max() + 1)[labels]
    inner = x @ x.T
    ridge = RIDGE * np.trace(inner) / len(x)
    weights = np.linalg.solve(inner + ridge * np.eye(len(x)), y - y.mean(axis=0))
    return (z @ x.T @ weights + y.mean(axis=0)).argmax(axis=1)


def logistic(features, labels, test_features):
    """Multinomial logistic regression on the mean of the features over time, standardized.

    Minimizes  sum_n -log p_n(y_n) + DECAY |W|² / 2,   p = softmax(W m + b)

    Time steps that are all zeros are padding.
    """
    x, z = _standardized(_means(features), _means(test_features))
    y = np.eye(labels.max() + 1)[labels]
    shape = (x.shape[1] + 1, y.shape[1])

    def objective(flat):
        weights = flat.reshape(shape)
        scores = log_softmax(x @ weights[:-1] + weights[-1], axis=1)
        gradient = np.concatenate([x.T, np.ones((1, len(x)))]) @ (np.exp(scores) - y)
        gradient[:-1] += DECAY * weights[:-1]
        loss = -(scores * y).sum() + DECAY / 2 * (weights[:-1] ** 2).sum()
        return loss, gradient.ravel()

    with one_blas_thread():
        start = np.zeros(shape[0] * shape[1])
        weights = minimize(objective, start, jac=True, method="L-BFGS-B").x.reshape(shape)
        return (z @ weights[:-1] + weights[-1]).argmax(axis=1)


def nearest(features, labels, test_features):
    """The class of the nearest training sequence: Euclidean over all steps, standardized."""
    x, z = _standardized(features, test_features)
    squares = (x**2).sum(axis=1) - 2 * z @ x.T  # without z², which all have in common
    return labels[squares.argmin(axis=1)]


def _means(features):
    valid = np.any(features != 0, axis=-1, keepdims=True)
    return (features * valid).sum(axis=1) / np.maximum(valid.sum(axis=1), 1)


def _standardized(features, test_features):
    x, z = (np.reshape(f, (len(f), -1)).astype("float64") for f in (features, test_features))
    mean, scale = x.mean(axis=0), x.std(axis=0)
    scale = np.where(scale > 0, scale, 1)
    return (x - mean) / scale, (z - mean) / scale


BASELINES = {"majority": majority, "linear": linear, "logistic": logistic, "nearest": nearest}
