"""Bulk inference of field forecasters: the fields after each file."""

from rnnzoo.datasets.common.natural_order import natural_key
from rnnzoo.datasets.fields.reader import SUFFIXES, read_fields
from rnnzoo.datasets.fields.zarr_fields import ZARR_SUFFIXES
from rnnzoo.pipelines.core.predictor import Predictor, whole_option

LEVELS = [0.05, 0.5, 0.95]
STEPS = 24


class FieldPredictor(Predictor):
    """A record per time step after the fields of a file, as `rnnzoo forecast-field` prints it."""

    suffixes, most = SUFFIXES, 1

    def __init__(self, card, options):
        super().__init__(card, options)
        self.steps = whole_option(self.options, "steps", STEPS)

    def files(self, folder):
        """The files in a folder, among them Zarr stores, which are folders or are this one."""
        if folder.name.lower().endswith(ZARR_SUFFIXES):
            return [folder]
        files = []
        for path in sorted(folder.iterdir(), key=lambda path: natural_key(path.name)):
            if path.is_dir() and not path.name.startswith(".") and not path.is_symlink():
                files += self.files(path)
            elif path.is_file() and path.name.lower().endswith(SUFFIXES):
                files.append(path)
        return [path for path in files if not path.name.startswith(".")]

    def items(self, path, model):
        """The `FieldSeries` of the file."""
        return [read_fields(path, **self.options)]

    def predict(self, items, model):
        """Of each step `step`, from 1, `time`, `total` of the means, and `cell`, `channel`, `mean`
        and `quantiles` of the highest; `note` on what was interpolated.
        """
        from rnnzoo.fields.field_forecast import FieldForecast
        from rnnzoo.fields.forecast_table import rows

        records = []
        for series in items:
            means = model.forecast(series, self.steps)
            quantiles = model.forecast(series, self.steps, quantiles=LEVELS)
            forecast = FieldForecast(series, means, LEVELS, quantiles)
            note = {"note": series.interpolated} if series.interpolated else {}
            steps = enumerate(rows(forecast, LEVELS), 1)
            records.append([{"step": step, **row, **note} for step, row in steps])
        return records
