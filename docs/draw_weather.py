"""Draws the picture of weather.md: the last 14 days at Bangalore, predicted and observed.

    python docs/draw_weather.py

It needs `rnnzoo[plot]` and the days of `weather_places`. They are the last ones of the file;
nothing was chosen.
"""

from pathlib import Path

import rnnzoo
from rnnzoo.datasets.weather_places.load import load_place
from rnnzoo.figure import save_png
from rnnzoo.weather.fan_charts import fan_charts
from rnnzoo.weather.weather_forecast import forecast_weather

IMAGE = Path(__file__).parent / "images/weather-fan.png"
MODEL, PLACE, DAYS = "power-gru", "bangalore", 14
PALETTE = 64  # colours of a PNG


def main():
    """Draws it."""
    series = load_place(PLACE)
    forecast = forecast_weather(rnnzoo.load(MODEL), series[:-DAYS], DAYS, series.values[-DAYS:])
    save_png(fan_charts(forecast, MODEL, PLACE.title()), IMAGE, PALETTE)


if __name__ == "__main__":
    main()
