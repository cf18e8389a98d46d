"""Forecasts of fields as .npz files."""

import numpy as np

from rnnzoo.datasets.common.atomic_write import atomic_file


def write_forecast(path, forecast, levels):
    """Writes a forecast, atomically; `read_fields` reads it as fields, if it is a week or more.

    The arrays are `times` (steps,), `values`, which are the means (steps, height, width, channels),
    NaN outside the region, `levels`, `quantiles` (steps, height, width, channels, levels), and
    `truth` where that is known.

    Args:
        path: `pathlib.Path` that ends in .npz.
        forecast: `rnnzoo.fields.field_forecast.FieldForecast`.
        levels: list of float, those of its levels that are written.

    Raises:
        InputError: it cannot be written.
    """
    arrays = {
        "times": forecast.times,
        "values": forecast.means,
        "levels": np.array(levels),
        "quantiles": np.stack([forecast.at_level(level) for level in levels], axis=-1),
    }
    if forecast.truth is not None:
        arrays["truth"] = forecast.truth
    with atomic_file(path) as partial, open(partial, "wb") as file:
        np.savez_compressed(file, **arrays)
