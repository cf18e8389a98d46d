"""A fan chart: the last rates of a history, and the intervals of a forecast that widen after it."""

import numpy as np

from rnnzoo.fan_panel import LINE, TRUTH, draw_intervals
from rnnzoo.figure import new_figure, save_png

# Levels of the quantiles that are drawn: intervals from the outside in, with the median within.
SHARES = (0.95, 0.8, 0.5)
LEVELS = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
HISTORY = 60  # rates before the forecast that are shown, or three times its length


def fan_chart(rates, dates, quantiles, title, truth=None):
    """Returns the figure.

    Args:
        rates: `Rates`, the history.
        dates: datetime64 array (steps,).
        quantiles: float array (steps, 7) at `LEVELS`.
        title: str.
        truth: float array (steps,), the observed rates, or None.
    """
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    figure = new_figure(9, 4.2)
    panel = figure.subplots()
    shown = rates[-max(HISTORY, 3 * len(dates)) :]
    panel.plot(shown.dates, shown.values, color="black", linewidth=1, label="history")
    # The fan begins at the last rate, which is known.
    ahead = np.concatenate([rates.dates[-1:], dates])
    fan = np.concatenate([np.full((1, len(LEVELS)), rates.values[-1]), quantiles])
    draw_intervals(panel, ahead, fan, SHARES)
    median = fan[:, len(SHARES)]
    panel.plot(ahead, median, color=LINE, linewidth=1.5, label="median")
    if truth is not None:
        line = np.concatenate([rates.values[-1:], truth])
        panel.plot(ahead, line, color=TRUTH, linewidth=1, label="observed")
    panel.axvline(rates.dates[-1], color="grey", linewidth=0.8, linestyle=":")
    locator = AutoDateLocator()
    panel.xaxis.set_major_locator(locator)
    panel.xaxis.set_major_formatter(ConciseDateFormatter(locator, show_offset=False))
    panel.set(title=title, ylabel="rate")
    panel.margins(x=0.01)
    panel.grid(alpha=0.3)
    figure.legend(loc="outside right upper", fontsize="small")
    return figure


def draw(path, rates, dates, quantiles, name):
    """Writes a fan chart as PNG.

    Args:
        path: Path that ends in .png, see `rnnzoo.figure.checked_png`.
        rates, dates, quantiles: see `fan_chart`.
        name: str, the model's.

    Raises:
        InputError: it cannot be written.
    """
    title = f"{name}: {len(dates)} steps after {rates.dates[-1]}, {rates.frequency_name}"
    save_png(fan_chart(rates, dates, quantiles, title), path)
