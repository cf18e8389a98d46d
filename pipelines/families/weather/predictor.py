"""Bulk inference of weather forecasters: the days after each file."""

from rnnzoo.datasets.weather.reader import read_weather
from rnnzoo.pipelines.core.predictor import Predictor, whole_option
from rnnzoo.weather.family import MOST_DAYS

DAYS = 7


class WeatherPredictor(Predictor):
    """A record per day and parameter after the weather of a file."""

    suffixes, most = (".csv", ".json", ".wth", ".txt"), 1

    def __init__(self, card, options):
        super().__init__(card, options)
        self.days = whole_option(self.options, "days", DAYS, MOST_DAYS)

    def items(self, path, model):
        """The `WeatherSeries` of the file."""
        return [read_weather(path, **self.options)]

    def predict(self, items, model):
        """`date`, `parameter`, `unit`, `mean`, `quantiles`, and `wet`, the probability of a wet
        day, None of other parameters; `note` on what was imputed.
        """
        from rnnzoo.weather.forecast_table import csv_rows
        from rnnzoo.weather.weather_forecast import LEVELS, forecast_weather

        records = []
        for series in items:
            note = {"note": series.note} if series.note else {}
            rows = csv_rows(forecast_weather(model, series, self.days))
            for row in rows:
                row["quantiles"] = {level: row.pop(str(level)) for level in LEVELS}
            records.append([{**row, **note} for row in rows])
        return records
