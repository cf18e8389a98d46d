"""Draws the figure of random_matrices.md: 4.1 and 4.2 of [TH], and the growth of products.

python docs/draw_random_matrices.py
"""

from pathlib import Path

import numpy as np

from rnnzoo.figure import new_figure, save_png

TARGET = Path(__file__).parent / "images/random-matrices.png"
SIZE, STEPS, PRODUCTS = 64, 1000, 5


def spectra(rng):
    """Returns {name: singular values}."""
    return {
        "exponential decay": np.exp(-np.arange(SIZE) / 8),
        "between 0.9 and 1.1": np.sort(rng.uniform(0.9, 1.1, SIZE))[::-1],
        "of a normal matrix": np.linalg.svd(rng.normal(size=(SIZE, SIZE)) / 8, compute_uv=False),
        "all one": np.ones(SIZE),
    }


def rotation(rng):
    """Returns a uniformly distributed orthogonal matrix."""
    q, r = np.linalg.qr(rng.normal(size=(SIZE, SIZE)))
    return q * np.sign(np.diag(r))


def log_norms(s, rng):
    """Returns ln of the norm of the product of 1 to STEPS matrices."""
    product, logs, log = np.eye(SIZE), [], 0.0
    for _ in range(STEPS):
        product = product @ (rotation(rng) * s)
        norm = np.linalg.norm(product, 2)
        log, product = log + np.log(norm), product / norm
        logs.append(log)
    return logs


def main():
    """Draws the figure."""
    rng = np.random.default_rng(0)
    figure = new_figure(12, 5.6)
    axes = figure.subplot_mosaic([["a", "b", "e", "e"], ["c", "d", "e", "e"]])
    by_name = spectra(rng)
    for name, left, right in (
        ("exponential decay", "a", "b"),
        ("between 0.9 and 1.1", "c", "d"),
    ):
        s = by_name[name]
        axes[left].plot(np.arange(1, SIZE + 1), s, color="#0072B2")
        axes[left].set(title=f"singular values: {name}", xlabel="n", ylim=(0, 1.2))
        gaps = np.abs(s[:, None] - s)
        np.fill_diagonal(gaps, np.nan)
        image = axes[right].imshow(np.log10((s[:, None] + s) / gaps), vmin=0, vmax=5)
        axes[right].set(title="log10 condition number", xlabel="l", ylabel="k")
        figure.colorbar(image, ax=axes[right])
    for (name, s), colour in zip(
        by_name.items(), ("#D55E00", "#009E73", "#CC79A7", "black"), strict=True
    ):
        s = s / np.sqrt(np.mean(s**2))
        logs = np.mean([log_norms(s, rng) for _ in range(PRODUCTS)], axis=0)
        axes["e"].plot(np.arange(1, STEPS + 1), logs, color=colour, label=name)
    axes["e"].axhline(0, color="gray", lw=0.8, ls=":")
    axes["e"].set(
        title=f"ln |J(0) ... J(k-1)|, RMS one, {SIZE} units, mean of {PRODUCTS}",
        xlabel="k",
        ylim=(-12, 3),
    )
    axes["e"].legend()
    axes["e"].grid(alpha=0.3)
    save_png(figure, TARGET)


if __name__ == "__main__":
    main()
