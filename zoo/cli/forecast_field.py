"""Forecast fields over a region from a file of yours."""

import json
import sys

import numpy as np

from rnnzoo.cli._data_options import add_data_options, data_options
from rnnzoo.cli._levels import levels_type
from rnnzoo.cli._written_files import check_written
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.fields.series import FieldSeries
from rnnzoo.datasets.fields.timeline import WEEK
from rnnzoo.native_stderr import import_keras
from rnnzoo.progress import progressed
from rnnzoo.registry import card_for
from rnnzoo.table import aligned

TASK = "FieldForecaster"
OUTPUTS = (".npz", ".gif")
MOST_PAGES = 1000  # of a GIF


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument("name", help="a field forecaster, NAME or NAME/VERSION")
    command.add_argument(
        "--data",
        required=True,
        metavar="FILE",
        help=".npz, .npy, .csv, .nc or .zarr of a week or more",
    )
    add_data_options(command, TASK)
    command.add_argument("--steps", type=int, default=24, help="time steps ahead (24)")
    command.add_argument(
        "--quantiles",
        type=levels_type("from 0.01 to 0.99"),  # the model checks the range
        default=[0.05, 0.5, 0.95],
        help="levels from 0.01 to 0.99 (0.05,0.5,0.95)",
    )
    command.add_argument(
        "--channel",
        type=int,
        metavar="N",
        help="the only channel that is printed, from 0, and the one that is drawn (0)",
    )
    command.add_argument(
        "--holdout",
        action="store_true",
        help="predict the last --steps fields of the file from those before, and their errors",
    )
    command.add_argument("--png", metavar="FILE", help="draw fields, and three cells over time")
    command.add_argument(
        "--out", metavar="FILE", help="means and quantiles as .npz, or an animation as .gif"
    )
    command.add_argument("--fields", action="store_true", help="with --json, the mean fields too")


def run(options):
    """Prints a line per time step: the sum of the means, and the cell with the highest mean."""
    card_for(options.name, TASK, "forecast-field is for models of fields")
    check_written(options, "png", "out", read=["data"])
    png, out = _checked_files(options)

    from rnnzoo.datasets.fields.reader import read_fields

    series = read_fields(options.data, **data_options(options, TASK))
    if series.interpolated:
        print(f"{options.data}: {series.interpolated}", file=sys.stderr)
    channels = len(series.channels)
    if options.channel is not None and not 0 <= options.channel < channels:
        raise InputError(
            f"--channel is {options.channel}: {options.data} has {channels}, give 0 to "
            f"{channels - 1}"
        )
    import_keras()
    import rnnzoo
    from rnnzoo.fields.rollout import checked_levels

    levels = checked_levels(options.quantiles)
    history, truth = _split(options, series)
    model = rnnzoo.load(options.name)
    forecast = _forecast(model, history, truth, options, levels, png)
    chosen = forecast if options.channel is None else forecast.of_channel(options.channel)
    drawn = forecast.of_channel(options.channel or 0)
    _write(drawn, forecast, options.name, levels, png, out)
    _print(chosen, options, levels)
    if not options.json:
        print(*filter(None, (png, out)), sep="\n", end="\n" if png or out else "")


def _checked_files(options):
    """(path or None of the picture, path or None of the other file), to be written."""
    from rnnzoo.datasets.common.arguments import whole
    from rnnzoo.datasets.common.atomic_write import writable
    from rnnzoo.figure import checked_png

    whole("--steps", options.steps)
    if options.fields and not options.json:
        raise InputError("--fields is for --json: give it too, or --out FILE.npz")
    png = options.png and checked_png(options.png)
    out = options.out and writable(options.out, *OUTPUTS)
    if out and out.suffix.lower() == ".gif" and options.steps > MOST_PAGES:
        raise InputError(
            f"--steps is {options.steps}: give {MOST_PAGES} at most for a GIF, or an .npz"
        )
    return png, out


def _split(options, series):
    """(history, truth (steps, height, width, channels) or None)."""
    if not options.holdout:
        return series, None
    least = WEEK // series.step
    if len(series) - options.steps < least:
        raise InputError(
            f"{options.data} has {len(series)} fields: --holdout of {options.steps} needs "
            f"{least + options.steps} or more, a week before those that are predicted"
        )
    return series[: -options.steps], series.values[-options.steps :]


def _forecast(model, history, truth, options, levels, png):
    from rnnzoo.fields.field_forecast import FieldForecast
    from rnnzoo.fields.field_picture import BAND

    def reported(label):
        return lambda steps: progressed(steps, len(steps), label, "step")

    levels = [*levels, *(BAND if png else ())]
    means = model.forecast(history, options.steps, progress=reported("means"))
    quantiles = model.forecast(
        history, options.steps, quantiles=levels, progress=reported("quantiles")
    )
    history, truth = _of_region(means, history, truth, options.data)
    return FieldForecast(history, means, levels, quantiles, truth)


def _of_region(means, history, truth, path):
    """(history, truth) without the cells that the model does not predict."""
    outside = np.isnan(means[0])
    cells = int((history.mask & outside.all(axis=-1)).sum())
    if cells:
        print(f"{path}: {cells} cells are outside the model's region, ignored", file=sys.stderr)
    truth = None if truth is None else np.where(outside, np.nan, truth)
    values = np.where(outside, np.nan, history.values)
    return FieldSeries(history.times, values, history.channels), truth


def _write(drawn, forecast, name, levels, png, out):
    """Writes the files, of the channel that is drawn, or of all in an .npz."""
    if png:
        from rnnzoo.fields.field_picture import comparison_figure, forecast_figure
        from rnnzoo.figure import save_png

        figure = forecast_figure if drawn.truth is None else comparison_figure
        save_png(figure(drawn, name), png)
    if out and out.suffix.lower() == ".npz":
        from rnnzoo.fields.forecast_file import write_forecast

        write_forecast(out, forecast, levels)
    elif out:
        from rnnzoo.fields.field_animation import save_animation

        panels = {"prediction": drawn.means[..., 0]}
        if drawn.truth is not None:
            panels = {"truth": drawn.truth[..., 0], **panels}
        save_animation(out, panels, drawn.times, name)


def _print(forecast, options, levels):
    from rnnzoo.fields.forecast_table import plain, printed, rows

    steps = rows(forecast, levels)
    errors = None if forecast.truth is None else forecast.errors(options.name)
    last = str(forecast.history.times[-1])
    if options.json:
        report = {"name": options.name, "last": last, "channels": forecast.channels, "steps": steps}
        if errors:
            report["errors"] = errors
        if options.fields:
            report["fields"] = plain(forecast.means)
        print(json.dumps(report, indent=None if options.fields else 2))
        return
    over = "mean" if forecast.signed else "total"
    print(f"{options.name} after {last[:16]}: {over} of the means, and the cell with the highest")
    print("\n".join(aligned([printed(row, forecast) for row in steps], right=True)))
    if errors:
        print("errors over all steps and cells:")
        table = [{"": name, **_shown(row)} for name, row in errors.items()]
        print("\n".join(aligned(table)))


def _shown(row):
    snr = "-" if row["snr"] is None else f"{row['snr']:.2f}"
    return {"RMSE": f"{row['rmse']:.4g}", "MAE": f"{row['mae']:.4g}", "SNR dB": snr}
