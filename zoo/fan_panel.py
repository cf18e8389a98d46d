"""Intervals of a forecast that widen after a history, in one panel of a figure."""

SHADES = ("#cfe1f2", "#93c4de", "#4a97c9")  # of three intervals, widest first
LINE, TRUTH = "#08306b", "#d95f02"  # colours of the middle, and of what was observed


def draw_intervals(panel, times, quantiles, shares, shades=SHADES):
    """Shades intervals, the widest first.

    Args:
        panel: Matplotlib axes.
        times: datetime64 array (steps,).
        quantiles: float array (steps, levels), from the lowest level to the highest.
        shares: list of float, the share of each interval, for the legend.
        shades: list of str, a colour per interval.
    """
    for index, (share, shade) in enumerate(zip(shares, shades, strict=True)):
        low, high = quantiles[:, index], quantiles[:, -1 - index]
        label = f"{share:.0%} interval"
        panel.fill_between(times, low, high, color=shade, linewidth=0, label=label)
