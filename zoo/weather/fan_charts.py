"""Fan charts of a forecast of weather, one per parameter."""

import math

import numpy as np

from rnnzoo.datasets.weather.parameters import PARAMETERS
from rnnzoo.fan_panel import LINE, SHADES, TRUTH, draw_intervals
from rnnzoo.fields.field_panels import date_axis
from rnnzoo.figure import new_figure
from rnnzoo.weather.parameter_cells import wrapped
from rnnzoo.weather.weather_forecast import is_direction, with_unit

SHARES = (0.9, 0.5)  # of the intervals, see `LEVELS`
HISTORY = 30  # days before the forecast
COLUMNS = 4
WIDTH, HEIGHT = 4.2, 2.3  # inches of a panel


def fan_charts(forecast, name, data):
    """A panel per parameter: the last 30 days, means, and the intervals of 50% and 90%.

    Directions are points, as they turn from 360 to 0 degrees, and rain is bars.

    Args:
        forecast: `rnnzoo.weather.weather_forecast.WeatherForecast`.
        name: str, the model's.
        data: str, the name of the file or place.

    Returns:
        `matplotlib.figure.Figure`.

    Raises:
        InputError: Matplotlib is not installed.
    """
    count = len(forecast.parameters)
    columns = min(COLUMNS, count, 2 if count <= COLUMNS else COLUMNS)
    rows = math.ceil(count / columns)
    figure = new_figure(max(columns * WIDTH, 2 * WIDTH), rows * HEIGHT + 0.7)
    days = len(forecast.days)
    ahead = f"{days} day{'s' if days > 1 else ''} after {forecast.before[-1]}"
    figure.suptitle(f"{data}: {ahead}, {name}")
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    for channel, panel in enumerate(panels[:count]):
        _draw(panel, forecast, channel)
    for panel in panels[count:]:
        panel.remove()
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels), fontsize="small")
    return figure


def _draw(panel, forecast, channel):
    parameter = forecast.parameters[channel]
    before, values = forecast.before[-HISTORY:], forecast.history[-HISTORY:, channel]
    means, quantiles = forecast.means[:, channel], forecast.quantiles[:, channel]
    truth = None if forecast.truth is None else forecast.truth[:, channel]
    days = forecast.days
    if is_direction(parameter):
        _draw_direction(panel, days, means, quantiles)
        panel.plot(before, values, ".", color="black", markersize=4, label="history")
    else:
        if PARAMETERS[parameter].scale == "rain":
            panel.bar(before, values, color="black", width=0.7, label="history")
            ahead, fan, line = days, quantiles, means
        else:
            panel.plot(before, values, color="black", linewidth=1, label="history")
            # The fan begins at the last day, which is known.
            ahead = np.concatenate([before[-1:], days])
            fan = np.concatenate([np.full((1, quantiles.shape[1]), values[-1]), quantiles])
            line = np.concatenate([values[-1:], means])
        draw_intervals(panel, ahead, fan, SHARES, SHADES[:2])
        panel.plot(ahead, line, color=LINE, linewidth=1.5, label="mean")
    if truth is not None:
        panel.plot(days, truth, "o", color=TRUTH, markersize=3.5, label="observed")
    about = PARAMETERS[parameter]
    if about.scale == "rain":
        panel.set_ylim(bottom=0)
    panel.axvline(before[-1], color="grey", linewidth=0.8, linestyle=":")
    panel.set_xlim(before[0] - 1, days[-1] + 1)
    panel.set_title(about.about, fontsize="medium")
    panel.set_ylabel(with_unit(parameter), fontsize="small")
    panel.tick_params("y", labelsize="small")
    panel.grid(alpha=0.3)
    date_axis(panel)


def _draw_direction(panel, days, means, quantiles):
    """Intervals around the mean, drawn a turn below and above too, of which 0 to 360 is seen."""
    around = means[:, None] + wrapped(quantiles - means[:, None])
    unwrapped = np.degrees(np.unwrap(np.radians(means.astype("float64"))))
    around = around + (unwrapped - means)[:, None]
    first = 360 * np.floor(unwrapped.min() / 360)
    for turn in range(-2, 3):
        shift = 360 * turn - first
        label_of = (lambda label: label) if turn == 0 else (lambda label: f"_{label}")
        draw_intervals(panel, days, around + shift, SHARES, SHADES[:2])
        panel.plot(days, unwrapped + shift, color=LINE, linewidth=1.5, label=label_of("mean"))
    panel.set_ylim(0, 360)
    panel.set_yticks(range(0, 361, 90))
