"""A picture of how much of fields the SVD keeps, by its rank."""

import numpy as np
from keras import ops

from rnnzoo.datasets.fields.incremental_svd import signal_to_noise
from rnnzoo.fields.basis import mean_and_svd
from rnnzoo.fields.scales import scaled, unscaled
from rnnzoo.figure import new_figure

COLOURS = {"sqrt": "#0072B2", "log": "#009E73", "none": "#D55E00"}
NAMES = {"sqrt": "SVD of square roots", "log": "SVD of logarithms", "none": "SVD of values"}


def snr_by_rank(train, test, ranks, scale):
    """Signal to noise ratio in dB of approximations of fields by the SVD of earlier ones.

    In raw values, whatever the scale of the SVD; see `rnnzoo.fields.basis.FieldBasis`.

    Args:
        train, test: float32 arrays (steps, height, width, channels), NaN outside the region.
        ranks: list of int; where the training fields have a lower rank, it is that of all of it.
        scale: str, see `rnnzoo.fields.scales`.

    Returns:
        list of float.
    """
    inside = ~np.isnan(train).any(axis=0).ravel()
    mean, svd = mean_and_svd(train.reshape(len(train), -1), inside, max(ranks), scale)
    later = test.reshape(len(test), -1)[:, inside]
    coefficients = svd.encode(ops.convert_to_numpy(scaled(scale, later)) - mean)
    snrs = []
    for rank in ranks:
        u = mean + coefficients[:, :rank] @ svd.components[:rank]
        snrs.append(signal_to_noise(later, ops.convert_to_numpy(unscaled(scale, u))))
    return snrs


def rank_figure(snrs, ranks, chosen=None):
    """Returns the figure of SNR by rank.

    Args:
        snrs: dict from scale to list of float, as `snr_by_rank` returns them.
        ranks: list of int.
        chosen: int, a model's rank, which is marked, or None.

    Returns:
        `matplotlib.figure.Figure`.

    Raises:
        InputError: Matplotlib is not installed.
    """
    figure = new_figure(5.5, 3.4)
    panel = figure.subplots()
    for scale, values in snrs.items():
        panel.plot(ranks, values, "o-", color=COLOURS[scale], label=NAMES[scale], markersize=4)
    if chosen is not None:
        panel.axvline(chosen, color="gray", linewidth=1, linestyle=":", label=f"rank {chosen}")
    panel.set_xscale("log", base=2)
    panel.set_xticks(ranks, list(map(str, ranks)))
    panel.minorticks_off()
    panel.set(xlabel="rank", ylabel="SNR, dB")
    panel.grid(alpha=0.3)
    panel.legend(fontsize="small")
    return figure
