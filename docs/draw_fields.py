"""Draws the pictures of fields.md: bikes in New York, predicted; and the SVD's rank.

    python docs/draw_fields.py

It needs `rnnzoo[plot]` and the counts of `nyc_bike`. The day and the week are the last ones of the
test split, the channel of the day the first; nothing was chosen.
"""

from pathlib import Path

import numpy as np
from matplotlib.dates import DateFormatter, DayLocator

import rnnzoo
from rnnzoo.datasets.nyc_bike.load import load_nyc_bike
from rnnzoo.fields.evaluation import crowded_cells
from rnnzoo.fields.field_animation import save_animation
from rnnzoo.fields.field_forecast import FieldForecast
from rnnzoo.fields.field_picture import BAND, comparison_figure
from rnnzoo.fields.svd_picture import rank_figure, snr_by_rank
from rnnzoo.figure import new_figure, save_png

IMAGES = Path(__file__).parent / "images"
MODEL = "nycbike-gru"
STEPS, CHANNEL = 24, 0
WEEK = 7 * 24
CELLS = ("busiest", "at 90%", "median")  # of `crowded_cells`
COLOURS = {"bikes": "black", MODEL: "#0072B2", "the hour before": "#D55E00"}
RANKS = [1, 2, 4, 8, 16, 32, 64]
PALETTE = 256  # colours of a PNG


def predicted_day(model, series):
    """`FieldForecast` of the last day of a series, from the weeks before it."""
    history, truth = series[:-STEPS], series.values[-STEPS:]
    means = model.forecast(history, STEPS)
    quantiles = model.forecast(history, STEPS, quantiles=list(BAND))
    return FieldForecast(history, means, list(BAND), quantiles, truth).of_channel(CHANNEL)


def week_figure(model, train, series):
    """Three cells in the last week, each hour from those before it: figures 7.8 to 7.10 of [TH]."""
    truth = series.values[-WEEK:].reshape(WEEK, -1)
    lines = {
        "bikes": truth,
        MODEL: model.walk_forward(series, len(series) - WEEK).reshape(WEEK, -1),
        "the hour before": series.values[-WEEK - 1 : -1].reshape(WEEK, -1),
    }
    figure = new_figure(12, 5)
    axes = figure.subplots(2, 3, sharex=True, sharey="row")
    for column, (cell, which) in enumerate(
        zip(crowded_cells(train.values.reshape(len(train), -1)), CELLS, strict=True)
    ):
        zone, channel = divmod(cell, len(series.channels))
        axes[0][column].set_title(f"{which}: zone {zone}, {series.channels[channel]}")
        for name, values in lines.items():
            errors = np.abs(values - truth)[:, cell]
            style = {"color": COLOURS[name], "linewidth": 1}
            if name != "the hour before":
                axes[0][column].plot(series.times[-WEEK:], values[:, cell], label=name, **style)
            if name != "bikes":
                label = f"{name}: {errors.mean():.1f} in the mean"
                axes[1][column].plot(series.times[-WEEK:], errors, label=label, **style)
    for row, label in zip(axes, ("bikes per hour", "absolute error"), strict=True):
        row[0].set_ylabel(label)
        row[0].set_ylim(0, 1.3 * row[0].dataLim.y1)  # the busiest; below the legend
        for panel in row:
            panel.xaxis.set_major_locator(DayLocator())
            panel.xaxis.set_major_formatter(DateFormatter("%a %d"))
            panel.tick_params(axis="x", labelsize="small")
            panel.margins(x=0)
            panel.grid(alpha=0.3)
            panel.legend(fontsize="small", loc="upper right")
    figure.suptitle(f"{MODEL}, one hour ahead, {str(series.times[-WEEK])[:10]} and six days after")
    return figure


def main():
    """Draws all pictures."""
    model = rnnzoo.load(MODEL)
    train, test = load_nyc_bike("train"), load_nyc_bike("validation+test")
    day = predicted_day(model, test)
    save_png(comparison_figure(day, MODEL), IMAGES / "fields-day.png", PALETTE)
    panels = {"truth": day.truth[..., 0], "prediction": day.means[..., 0]}
    save_animation(IMAGES / "fields-day.gif", panels, day.times, MODEL)
    save_png(week_figure(model, train, test), IMAGES / "fields-week.png", PALETTE)
    snrs = {
        scale: snr_by_rank(train.values, test.values, RANKS, scale) for scale in ("sqrt", "none")
    }
    save_png(rank_figure(snrs, RANKS, model.basis.rank), IMAGES / "fields-rank.png", PALETTE)


if __name__ == "__main__":
    main()
