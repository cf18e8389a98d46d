"""Linear least squares from sums over rows, which accumulate, stream, forget and distribute."""

import numpy as np
from scipy import linalg

from rnnzoo.layers.common.arguments import check_finite, nonnegative

CHUNK = 8192  # rows that are converted to float64 at a time
# Of a regressor's mean square with the ridge: a ridge above this outweighs all rounding errors.
DOMINANT = 1e-5


class NormalEquations:
    """Sums R'R and R'T over rows of regressors R = [r, 1] and of targets T, in float64.

    The sums take (n + 1) (n + 1 + m) numbers for any number of rows.

    Args:
        inputs: int, n, regressors without the constant.
        outputs: int, m, targets.
        intercept: bool, whether there is a constant.
    """

    def __init__(self, inputs, outputs, intercept=True):
        size = inputs + intercept
        self.intercept = intercept
        self.weight = 0.0
        self.moments = np.zeros((size, size))
        self.products = np.zeros((size, outputs))

    def add(self, rows, targets, weights=None):
        """Adds rows.

        Args:
            rows: array (count, n).
            targets: array (count, m).
            weights: array (count,) of numbers of at least 0, None for ones. Rows of weight 0 are
                ignored and may hold anything.

        Returns:
            self.

        Raises:
            ValueError: a number in a row of positive weight is not finite.
        """
        size = len(self.moments)
        weight, moments, products = 0.0, np.zeros((size, size)), np.zeros(self.products.shape)
        for start in range(0, len(rows), CHUNK):
            chunk = slice(start, start + CHUNK)
            chunk_weights = None if weights is None else weights[chunk]
            r, t, count = self._weighted(rows[chunk], targets[chunk], chunk_weights)
            weight += count
            moments += r.T @ r
            products += r.T @ t
        self.weight += weight
        self.moments += moments
        self.products += products
        return self

    def _weighted(self, rows, targets, weights):
        """Rows and targets in float64 times the roots of their weights, and the sum of weights."""
        if weights is not None and not np.all(mask := weights > 0):
            rows, targets, weights = rows[mask], targets[mask], weights[mask]
        for name, values in (("inputs", rows), ("targets", targets)):
            check_finite(f"the {name} hold", values)
        count, inputs = rows.shape
        r = np.ones((count, inputs + self.intercept))
        r[:, :inputs] = rows
        if weights is None or np.all(weights == 1):
            return r, targets.astype("float64"), float(count)
        roots = np.sqrt(weights)[:, None]
        r *= roots
        return r, targets * roots, float(weights.sum())

    def forget(self, factor):
        """Multiplies the weight of all rows so far; returns self."""
        self.weight *= factor
        self.moments *= factor
        self.products *= factor
        return self

    def merge(self, other):
        """Adds the sums of another `NormalEquations`; returns self."""
        self.weight += other.weight
        self.moments += other.moments
        self.products += other.products
        return self

    def sums(self):
        """The sums: dict from name to float or array."""
        return {"weight": self.weight, "moments": self.moments, "products": self.products}

    def solve(self, ridge=0.0):
        """The W that minimises the mean of |r W + w - t|² plus ridge |W|²; w is not penalised.

        Without a ridge, if the minimum is not unique, W is the solution of minimum norm.

        Args:
            ridge: float of at least 0, on the scale of a regressor's mean square.

        Returns:
            (W, w): arrays (n, m) and (m,); w is None without an intercept.

        Raises:
            ValueError: there are no rows.
        """
        ridge = nonnegative("ridge", ridge)
        if not self.weight > 0:
            raise ValueError("there are no valid steps: give at least one that is not masked")
        inputs = len(self.moments) - self.intercept
        moments, products = self.moments / self.weight, self.products / self.weight
        if self.intercept:  # centred, so that a constant regressor does no harm
            mean_in, mean_out = moments[-1, :-1], products[-1]
            moments = moments[:-1, :-1] - np.outer(mean_in, mean_in)
            products = products[:-1] - np.outer(mean_in, mean_out)
        squares = np.diag(self.moments)[:inputs] / self.weight
        if inputs and ridge > DOMINANT * (squares.max() + ridge):
            weights = _definite_solution(moments, products, ridge)
        else:
            weights = _smallest_solution(moments, products, squares, ridge)
        return weights, mean_out - mean_in @ weights if self.intercept else None


def _definite_solution(moments, products, ridge):
    """W by Cholesky's method, several times as fast; `moments` are overwritten."""
    # Its rounding errors do not depend on the scales of regressors. F order is not copied.
    moments[np.diag_indices_from(moments)] += ridge
    factor = linalg.cho_factor(moments.T, lower=True, overwrite_a=True, check_finite=False)
    return linalg.cho_solve(factor, products, check_finite=False)


def _smallest_solution(moments, products, squares, ridge):
    """W of minimum norm where the minimum is not unique.

    Args:
        moments: array (n, n), means of products of two regressors, minus products of their means.
        products: array (n, m).
        squares: array (n,), mean squares of regressors.
        ridge: float.
    """
    # In units of its root mean square each regressor has a rounding error relative to 1, for
    # any scales; smaller eigenvalues are noise.
    scale = np.sqrt(squares)
    scale = np.where(scale > 0, scale, 1)[:, None]
    values, vectors = np.linalg.eigh(moments / (scale * scale.T))
    significant = values > np.finfo("float64").eps * max(len(values), 10) * len(values)
    basis = vectors[:, significant] / scale
    null_space = np.linalg.qr(vectors[:, ~significant] / scale)[0]
    basis -= null_space @ (null_space.T @ basis)  # minimum norm
    system = np.diag(values[significant]) + ridge * (basis.T @ basis)
    return basis @ np.linalg.solve(system, vectors[:, significant].T @ (products / scale))
