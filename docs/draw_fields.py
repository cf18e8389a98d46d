"""Draws the pictures of fields.md: a day of bikes in New York, predicted; and the SVD's rank.

    python docs/draw_fields.py

It needs `rnnzoo[plot]` and the counts of `nyc_bike`. The day is the last one of the test split, and
the channel the first; nothing was chosen.
"""

from pathlib import Path

import rnnzoo
from rnnzoo.datasets.nyc_bike.load import load_nyc_bike
from rnnzoo.fields.field_animation import save_animation
from rnnzoo.fields.field_forecast import FieldForecast
from rnnzoo.fields.field_picture import BAND, comparison_figure
from rnnzoo.fields.svd_picture import rank_figure, snr_by_rank
from rnnzoo.figure import save_png

IMAGES = Path(__file__).parent / "images"
MODEL = "nycbike-gru"
STEPS, CHANNEL = 24, 0
RANKS = [1, 2, 4, 8, 16, 32, 64]
PALETTE = 256  # colours of a PNG


def predicted_day(model, series):
    """`FieldForecast` of the last day of a series, from the weeks before it."""
    history, truth = series[:-STEPS], series.values[-STEPS:]
    means = model.forecast(history, STEPS)
    quantiles = model.forecast(history, STEPS, quantiles=list(BAND))
    return FieldForecast(history, means, list(BAND), quantiles, truth).of_channel(CHANNEL)


def main():
    """Draws all pictures."""
    model = rnnzoo.load(MODEL)
    train, test = load_nyc_bike("train"), load_nyc_bike("validation+test")
    day = predicted_day(model, test)
    save_png(comparison_figure(day, MODEL), IMAGES / "fields-day.png", PALETTE)
    panels = {"truth": day.truth[..., 0], "prediction": day.means[..., 0]}
    save_animation(IMAGES / "fields-day.gif", panels, day.times, MODEL)
    snrs = {
        scale: snr_by_rank(train.values, test.values, RANKS, scale) for scale in ("sqrt", "none")
    }
    save_png(rank_figure(snrs, RANKS, model.basis.rank), IMAGES / "fields-rank.png", PALETTE)


if __name__ == "__main__":
    main()
