"""Draws the pictures of weather.md: two days of air temperature over North America, predicted.

    python docs/draw_air.py

It needs `rnnzoo[plot]` and the temperatures of `ncep_air`. The days are the last ones of the test
split; nothing was chosen.
"""

from pathlib import Path

import rnnzoo
from rnnzoo.datasets.ncep_air.load import load_ncep_air
from rnnzoo.fields.field_animation import save_animation
from rnnzoo.fields.field_forecast import FieldForecast
from rnnzoo.fields.field_picture import BAND, comparison_figure
from rnnzoo.figure import save_png

IMAGES = Path(__file__).parent / "images"
MODEL = "air-grid-gru"
STEPS = 8
PALETTE = 256  # colours of a PNG


def main():
    """Draws both pictures."""
    model, series = rnnzoo.load(MODEL), load_ncep_air("validation+test")
    history, truth = series[:-STEPS], series.values[-STEPS:]
    means = model.forecast(history, STEPS)
    quantiles = model.forecast(history, STEPS, quantiles=list(BAND))
    days = FieldForecast(history, means, list(BAND), quantiles, truth)
    save_png(comparison_figure(days, MODEL), IMAGES / "air-days.png", PALETTE)
    panels = {"truth": truth[..., 0], "prediction": means[..., 0]}
    save_animation(IMAGES / "air-days.gif", panels, days.times, MODEL)


if __name__ == "__main__":
    main()
