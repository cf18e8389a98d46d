"""A forecast of fields as rows of plain data, for tables and JSON."""

import numpy as np

from rnnzoo.fields.field_forecast import cell_name


def rows(forecast, levels):
    """A row per time step.

    The quantiles are those of the cell with the highest mean: those of a sum are not the sum of
    those of its cells.

    Args:
        forecast: `FieldForecast`.
        levels: list of float, of its levels.

    Returns:
        list of dict: `time`; `total`, the sum of the means over the region, or of values with a
        sign `all_cells`, their mean; `cell` [row, column],
        `channel`, `mean` and `quantiles`, a dict from level, of the cell with the highest mean.
    """
    fields = zip(forecast.times, forecast.means, forecast.highest_cells(), strict=True)
    return [
        {
            "time": str(time),
            **_over_region(mean, forecast.signed),
            "cell": list(cell[:2]),
            "channel": forecast.channels[cell[2]],
            "mean": float(mean[cell]),
            "quantiles": {
                str(level): float(forecast.at_level(level)[(step, *cell)]) for level in levels
            },
        }
        for step, (time, mean, cell) in enumerate(fields)
    ]


def printed(row, forecast):
    """A row of `rows` as a line of a table: dict from column to value."""
    channel = {"channel": row["channel"]} if len(forecast.channels) > 1 else {}
    return {
        "time": row["time"][:16],
        **{k.replace("_", " "): _short(row[k]) for k in ("total", "all_cells") if k in row},
        "cell": cell_name(row["cell"], forecast.means.shape[1:3]),
        **channel,
        "mean": _short(row["mean"]),
        **{level: _short(value) for level, value in row["quantiles"].items()},
    }


def _over_region(mean, signed):
    of_cells = np.nanmean if signed else np.nansum
    return {"all_cells" if signed else "total": float(of_cells(mean, dtype="float64"))}


def _short(value):
    return f"{value:.4g}" if abs(value) < 1000 else f"{value:.0f}"


def plain(fields):
    """Nested lists of an array; None for what is not finite, such as cells outside the region."""
    values = np.asarray(fields, "float64").astype(object)
    values[~np.isfinite(np.asarray(fields))] = None
    return values.tolist()
