"""Linear least squares from sums over rows: they accumulate, stream, forget and distribute."""

import numpy as np

from rnnzoo.layers.common.arguments import check_finite, nonnegative

PART = 8192  # rows that are converted to float64 at a time


class NormalEquations:
    """Sums R'R and R'T over rows of regressors R = [r, 1] and of targets T, in float64.

    What has been added takes (n + 1) (n + 1 + m) numbers, however many rows there were.

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
            weights: array (count,) of numbers of at least 0, None for ones. A row of weight 0 is
                left out, whatever it holds.

        Returns:
            self.

        Raises:
            ValueError: a number that counts is not finite.
        """
        size = len(self.moments)
        weight, moments, products = 0.0, np.zeros((size, size)), np.zeros(self.products.shape)
        for start in range(0, len(rows), PART):
            part = slice(start, start + PART)
            some = rows[part], targets[part], None if weights is None else weights[part]
            r, t, count = self._prepared(*some)
            weight += count
            moments += r.T @ r
            products += r.T @ t
        self.weight += weight
        self.moments += moments
        self.products += products
        return self

    def _prepared(self, rows, targets, weights):
        """Rows and targets in float64, times the roots of their weights; the sum of those."""
        if weights is not None and not np.all(counts := weights > 0):
            rows, targets, weights = rows[counts], targets[counts], weights[counts]
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
        """Multiplies the weight of everything so far; returns self."""
        self.weight *= factor
        self.moments *= factor
        self.products *= factor
        return self

    def merge(self, other):
        """Adds the sums of another one; returns self."""
        self.weight += other.weight
        self.moments += other.moments
        self.products += other.products
        return self

    def sums(self):
        """Everything that has been added: dict from name to float or array."""
        return {"weight": self.weight, "moments": self.moments, "products": self.products}

    def solve(self, ridge=0.0):
        """The W that minimises the mean of |r W + w - t|² plus ridge |W|², the constant w free.

        Without a ridge, where several do, it is the one of the smallest norm.

        Args:
            ridge: float of at least 0, on the scale of a regressor's mean square.

        Returns:
            (W, w): arrays (n, m) and (m,); w is None if there is no constant.

        Raises:
            ValueError: there are no rows.
        """
        ridge = nonnegative("ridge", ridge)
        if not self.weight > 0:
            raise ValueError("there are no steps to learn from: give at least one that counts")
        inputs = len(self.moments) - self.intercept
        moments, products = self.moments / self.weight, self.products / self.weight
        if self.intercept:  # around the means, where a constant regressor does no harm
            mean_in, mean_out = moments[-1, :-1], products[-1]
            moments = moments[:-1, :-1] - np.outer(mean_in, mean_in)
            products = products[:-1] - np.outer(mean_in, mean_out)
        # In units of its root mean square each regressor is known to a rounding of 1, however
        # different their scales are; what is less is noise.
        scale = np.sqrt(np.diag(self.moments)[:inputs] / self.weight)
        scale = np.where(scale > 0, scale, 1)[:, None]
        values, vectors = np.linalg.eigh(moments / (scale * scale.T))
        kept = values > np.finfo("float64").eps * max(inputs, 10) * inputs
        found, unknown = vectors[:, kept] / scale, np.linalg.qr(vectors[:, ~kept] / scale)[0]
        found -= unknown @ (unknown.T @ found)  # the smallest of all that explain the same
        system = np.diag(values[kept]) + ridge * (found.T @ found)
        weights = found @ np.linalg.solve(system, vectors[:, kept].T @ (products / scale))
        return weights, mean_out - mean_in @ weights if self.intercept else None
