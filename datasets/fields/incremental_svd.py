"""A low-rank SVD of rows that arrive in batches, in one pass.

Brand, "Fast low-rank modifications of the thin singular value decomposition" (2006), section 4.1,
for several rows at once; [TH] 7.2 compresses fields with it. With V the right singular vectors and
s the singular values of the rows so far, and B new rows,

    C = B V,   R = B - C V^T = L Q^T,   [ f s  0 ]
                                        [ C    L ] = U' s' W^T,   V' = [V Q] W

of which the first k columns are kept; f is the forgetting factor.
"""

from pathlib import Path

import numpy as np

from rnnzoo.datasets.common.arguments import is_number, whole
from rnnzoo.datasets.common.atomic_write import atomic_file
from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.fields.projection import project_out

BATCH = 64  # rows per update, of more that arrive at once
CELLS = 2**16  # columns that are multiplied at once: bounds memory
OVERSAMPLING = 10  # singular values beyond the rank that are kept while parts are merged
SMALLEST = 1e-6  # a residual is none below this share of the largest singular value


class IncrementalSVD:
    """The k largest singular values and right singular vectors of all rows so far.

    Memory is that of `rank + 64` rows.

    Args:
        rank: int, k.
        forgetting: float, above 0, at most 1: what the earlier rows are multiplied by per row that
            arrives.

    Attributes:
        components: float32 array (k, cells), orthonormal rows; fewer than `rank` until as many
            independent rows have arrived. None before the first.
        singular_values: float64 array (k,), descending.
        rows: int, rows so far.

    Raises:
        InputError: the rank is no whole number of at least 1, or the factor outside (0, 1].

    Example:

    >>> import numpy as np
    >>> svd = IncrementalSVD(2).update(np.array([[3.0, 0, 0], [0, 4.0, 0], [3.0, 4.0, 0]]))
    >>> svd.singular_values.round(3).tolist(), svd.decode(svd.encode([[1, 2, 5]])).round(3).tolist()
    ([6.236, 3.333], [[1.0, 2.0, 0.0]])
    """

    def __init__(self, rank, *, forgetting=1.0):
        self.rank = whole("rank", rank)
        if not is_number(forgetting) or not 0 < forgetting <= 1:
            raise InputError(f"forgetting={shown(forgetting)}: give a number above 0, at most 1")
        self.forgetting = float(forgetting)
        self.components, self.singular_values, self.rows = None, np.zeros(0), 0

    def update(self, rows):
        """Takes further rows into account.

        Args:
            rows: array (rows, cells) of finite numbers.

        Returns:
            This object.

        Raises:
            InputError: the shape is another, or a value is not finite.
        """
        rows = self._checked(rows)
        for first in range(0, len(rows), BATCH):
            self._update(rows[first : first + BATCH])
        return self

    def merge(self, other):
        """Takes the rows of another into account, as if they had arrived after those of this one.

        The result is that of the stacked rows [f^n s V^T; s' V'^T], n being the rows of the other:
        exact while neither has left a singular value out.

        Args:
            other: `IncrementalSVD` of the same cells and forgetting factor; it is not changed, and
                its rank may differ.

        Returns:
            This object.

        Raises:
            InputError: the cells or the factor differ.
        """
        if other.forgetting != self.forgetting:
            raise InputError(
                f"the other has forgetting={other.forgetting}: give one with {self.forgetting}"
            )
        if not other.rows:
            return self
        cells = other.components.shape[1]
        if self.rows and cells != self.components.shape[1]:
            raise InputError(f"the other has {cells} cells: give {self.components.shape[1]}")
        weighted = other.singular_values[:, None] * other.components
        self._append(weighted.astype("float32"), other.rows)
        return self

    def encode(self, rows):
        """Coefficients float32 (rows, k) of rows (rows, cells)."""
        # Of a few rows, twice as fast as its transpose in OpenBLAS.
        return np.ascontiguousarray((self._fitted() @ self._checked(rows).T).T)

    def decode(self, coefficients):
        """Rows float32 (rows, cells) of coefficients (rows, k)."""
        coefficients, components = np.asarray(coefficients, "float32"), self._fitted()
        if coefficients.ndim != 2 or coefficients.shape[1] != len(components):
            raise InputError(
                f"coefficients have shape {coefficients.shape}: give (rows, {len(components)})"
            )
        return coefficients @ components

    def state(self):
        """dict of arrays, from which `from_state` continues."""
        none = np.zeros((0, 0), "float32")
        return {
            "components": none if self.components is None else self.components,
            "singular_values": self.singular_values,
            "settings": np.array([self.rank, self.forgetting, self.rows]),
        }

    @classmethod
    def from_state(cls, state):
        """The `IncrementalSVD` of a dict of `state`, whose arrays are copied."""
        rank, forgetting, rows = state["settings"].tolist()
        svd = cls(int(rank), forgetting=forgetting)
        if rows:
            svd.components, svd.rows = state["components"].copy(), int(rows)
            svd.singular_values = state["singular_values"].copy()
        return svd

    def save(self, path):
        """Writes the state to an .npz file, from which `load` continues."""
        self._fitted()
        with atomic_file(Path(path)) as partial, open(partial, "wb") as file:
            np.savez(file, **self.state())

    @classmethod
    def load(cls, path):
        """The `IncrementalSVD` whose state `save` wrote.

        Raises:
            InputError: it is no such file.
        """
        try:
            with np.load(path, allow_pickle=False) as state:
                return cls.from_state(dict(state))
        except Exception:  # a file can hold anything
            raise InputError(
                f"{path} is no state of an IncrementalSVD: give one it saved"
            ) from None

    def _update(self, batch):
        # What arrives earlier in the batch is forgotten more, as row by row.
        weights = self.forgetting ** np.arange(len(batch) - 1, -1, -1)
        self._append(batch * weights[:, None].astype("float32"), len(batch))

    def _append(self, residual, count):
        """Takes rows (any number, cells) into account that stand for `count`; overwrites them."""
        if self.components is None:
            self.components = np.zeros((0, residual.shape[1]), "float32")
        known = len(self.components)
        projected = project_out(residual, self.components)
        values, vectors = np.linalg.eigh(_products(residual))
        largest = max(self.singular_values.max(initial=0), np.abs(projected).max(initial=0))
        lengths = np.sqrt(np.maximum(values, 0))
        significant = lengths > SMALLEST * max(largest, lengths.max(initial=0))
        lengths, vectors = lengths[significant], vectors[:, significant]
        top = np.diag(self.singular_values * self.forgetting**count)
        small = np.block(
            [
                [top, np.zeros((known, len(lengths)))],
                [projected, vectors * lengths],
            ]
        )
        _, singular, mixed = np.linalg.svd(small, full_matrices=False)
        singular = singular[: self.rank]
        singular = singular[singular > SMALLEST * singular.max(initial=0)]
        mixed = mixed[: len(singular)]
        # [V Q]^T from [V^T; R]: Q^T = (vectors / lengths)^T R.
        mix = np.concatenate([mixed[:, :known], mixed[:, known:] @ (vectors / lengths).T], axis=1)
        self._mix(mix.astype("float32"), residual)
        self.singular_values, self.rows = singular, self.rows + count

    def _mix(self, mix, residual):
        """Sets the components to `mix` (k, known + rows) times components and residual."""
        known, cells = self.components.shape
        new = self.components if len(mix) == known else np.empty((len(mix), cells), "float32")
        for first in range(0, cells, CELLS):
            part = slice(first, first + CELLS)
            stacked = np.concatenate([self.components[:, part], residual[:, part]])
            new[:, part] = mix @ stacked
        self.components = new

    def _fitted(self):
        if self.components is None:
            raise InputError("no row has arrived yet: call update first")
        return self.components

    def _checked(self, rows):
        rows = np.asarray(rows)
        cells = "cells" if self.components is None else self.components.shape[1]
        if rows.ndim != 2 or not rows.size or rows.dtype.kind not in "biuf":
            raise InputError(f"rows have shape {rows.shape}: give numbers (rows, {cells})")
        if self.components is not None and rows.shape[1] != cells:
            raise InputError(f"rows have shape {rows.shape}: give (rows, {cells})")
        rows = rows.astype("float32", copy=False)
        if not np.isfinite(rows).all():
            raise InputError("rows have values that are not finite: give numbers")
        return rows


def _products(rows):
    """float64 array (rows, rows), `rows @ rows.T`.

    In float32, rounding would add directions of 3e-4 of the largest length.
    """
    products = np.zeros((len(rows), len(rows)))
    for first in range(0, rows.shape[1], CELLS):
        part = rows[:, first : first + CELLS].astype("float64")
        products += part @ part.T
    return products


def signal_to_noise(truth, approximation):
    """The signal to noise ratio of an approximation in decibels, a float ([TH] 7.2).

    Args:
        truth, approximation: arrays of the same shape.
    """
    truth = np.asarray(truth, "float64")
    noise = np.square(truth - approximation).sum()
    signal = np.square(truth).sum()
    if not signal:
        return float("-inf") if noise else float("inf")
    return float(10 * np.log10(signal / noise)) if noise else float("inf")
