"""Pictures of a forecast of fields: fields, and lines over time of three cells."""

import numpy as np

from rnnzoo.fields.field_forecast import cell_name
from rnnzoo.fields.field_panels import (
    CHANGES,
    MAP,
    change_norm,
    colour_bar,
    date_axis,
    draw_grid,
    draw_zones,
    linear_norm,
    log_norm,
    signed_norm,
    sqrt_norm,
)
from rnnzoo.figure import new_figure

BAND = (0.05, 0.95)  # levels of the quantiles between which a line's band lies
CELLS = ("highest mean", "90% quantile of means", "median of means")
LETTERS = "ABC"
TRUTH, PREDICTION, SHADE = "black", "#0072B2", "#a6cbe8"
HISTORY = 24  # steps before a forecast that are drawn, or as many as are forecast
WIDTH, HEIGHT = 12.0, 3.1  # inches of a figure, and of a row of panels


def comparison_figure(forecast, name):
    """Truth, prediction and absolute error side by side, and lines of three cells.

    Figures 7.6 to 7.10 of [TH]: the first row on a linear, the second on a logarithmic scale, each
    the same for its three panels. Of a grid the step with the highest true sum is drawn; zones
    without positions are heatmaps of all steps. Of values with a sign the first row has the last
    field beside truth and prediction, the second their changes since and the error, at the last
    step.

    Args:
        forecast: `FieldForecast` of one channel, with `truth` and the levels of `BAND`.
        name: str, the model's.

    Returns:
        `matplotlib.figure.Figure`.

    Raises:
        InputError: Matplotlib is not installed.
    """
    truth, means = forecast.truth[..., 0], forecast.means[..., 0]
    title = f"{name}: {_origin(forecast)}\n{_snr(forecast, name)}"
    figure, axes = _panels(title, truth.shape, rows=2)
    rows = _signed_rows(forecast) if forecast.signed else _count_rows(truth, means)
    step = -1 if forecast.signed else int(np.nansum(truth, axis=(1, 2)).argmax())
    for row, (scale, norm_of, colours, parts) in zip(axes, rows, strict=False):
        if truth.shape[1] > 1:
            parts = {f"{of}, {_time(forecast.times[step])}": p[step] for of, p in parts.items()}
        norm = norm_of(*parts.values())
        for panel, (title, part) in zip(row, parts.items(), strict=True):
            image = _draw(panel, part, forecast, norm, colours)
            panel.set_title(title, fontsize="medium")
        colour_bar(figure, image, row, scale)
    _mark(axes[0][0], forecast)
    _draw_lines(figure, axes[-1], forecast)
    return figure


def _count_rows(truth, means):
    """[(label of the scale, norm, colours, dict from title to fields)], a row of panels each."""
    parts = {"truth": truth, "prediction": means, "absolute error": np.abs(truth - means)}
    return [("linear", linear_norm, MAP, parts), ("logarithmic", log_norm, MAP, parts)]


def _signed_rows(forecast):
    """As `_count_rows`: fields beside the last one before them, and their changes since."""
    truth, means = forecast.truth[..., 0], forecast.means[..., 0]
    last = np.broadcast_to(forecast.history.values[-1, ..., 0], truth.shape)
    fields = {"truth": truth, "prediction": means, "last field": last}
    changes = {"true change": truth - last, "predicted": means - last, "error": means - truth}
    return [("value", signed_norm, MAP, fields), ("change", change_norm, CHANGES, changes)]


def forecast_figure(forecast, name):
    """Fields of a forecast, and lines of three cells with the history before it.

    On a square-root scale, or a linear one of values with a sign. Of a grid the steps with the
    lowest, the median and the highest sum are drawn; zones without positions are a heatmap of the
    last steps of the history and all of the forecast.

    Args:
        forecast: `FieldForecast` of one channel, with the levels of `BAND`.
        name: str, the model's.

    Returns:
        `matplotlib.figure.Figure`.

    Raises:
        InputError: Matplotlib is not installed.
    """
    means = forecast.means[..., 0]
    grid = means.shape[1] > 1
    steps = _chosen_steps(means) if grid else [0]
    scale, norm_of = ("value", signed_norm) if forecast.signed else ("square-root", sqrt_norm)
    title = f"{name}: {_origin(forecast)}"
    figure, axes = _panels(title, means.shape, rows=1, columns=len(steps))
    if grid:
        norm = norm_of(means)
        for panel, step in zip(axes[0], steps, strict=True):
            image = draw_grid(panel, means[step], norm)
            panel.set_title(f"+{step + 1}: {_time(forecast.times[step])}", fontsize="medium")
    else:
        fields, times = _with_history(forecast)
        norm = norm_of(fields)
        (panel,) = axes[0]
        image = draw_zones(panel, fields[:, 0], times, _order(forecast), norm)
        panel.axvline(forecast.times[0], color="white", linewidth=1.2)
        panel.set_title("history | prediction", fontsize="medium")
        panel.set_ylabel("zones, most crowded first")
    _mark(axes[0][0], forecast)
    colour_bar(figure, image, axes[0], scale)
    _draw_lines(figure, axes[-1], forecast)
    return figure


def _chosen_steps(means):
    """list of int, ascending: the steps with the lowest, the median and the highest sum."""
    order = np.argsort(np.nansum(means, axis=(1, 2)), kind="stable")
    return sorted({int(order[round(share * (len(order) - 1))]) for share in (0, 0.5, 1)})


def _panels(title, shape, rows, columns=3):
    """(figure, list of rows of panels): `rows` of fields, and one of lines."""
    grid = shape[1] > 1
    # Rows of a high grid are higher.
    height = HEIGHT * min(max(shape[1] / shape[2], 0.6), 1.6) * 1.15 if grid else HEIGHT
    figure = new_figure(WIDTH, rows * height + HEIGHT)
    figure.suptitle(title)
    spaces = figure.add_gridspec(rows + 1, 3, height_ratios=[height] * rows + [HEIGHT])
    axes = []
    for row in range(rows):
        width = 3 // columns
        parts = [slice(at * width, (at + 1) * width) for at in range(columns)]
        axes.append([figure.add_subplot(spaces[row, part]) for part in parts])
    axes.append([figure.add_subplot(spaces[rows, at]) for at in range(3)])
    return figure, axes


def _draw(panel, part, forecast, norm, colours):
    """A grid (height, width), or zones (steps, 1, zones)."""
    if part.ndim == 2:
        return draw_grid(panel, part, norm, colours)
    if panel.get_subplotspec().is_first_col():
        panel.set_ylabel("zones, most crowded first")
    return draw_zones(panel, part[:, 0], forecast.times, _order(forecast), norm, colours)


def _order(forecast):
    """The zones inside the region by their mean over the history, descending."""
    mean = forecast.history.values[:, 0, :, 0].mean(axis=0)
    inside = np.flatnonzero(~np.isnan(mean))
    return inside[np.argsort(-mean[inside], kind="stable")]


def _mark(panel, forecast):
    """Marks the three cells on a grid by letters."""
    if forecast.means.shape[1] == 1:
        return
    for letter, (row, column) in zip(LETTERS, forecast.example_cells(), strict=True):
        panel.text(
            column, row, letter, ha="center", va="center", fontsize="small", weight="bold",
            bbox={"boxstyle": "circle,pad=0.15", "facecolor": "white", "alpha": 0.8},
        )  # fmt: skip


def _draw_lines(figure, panels, forecast):
    """Lines over time of three cells: history and truth, prediction, and its band."""
    shape = forecast.means.shape[1:3]
    known = forecast.history[-_shown(forecast) :]
    times, ahead = known.times, np.concatenate([known.times[-1:], forecast.times])
    fields = [forecast.at_level(level) for level in BAND] + [forecast.means]
    for panel, letter, kind, cell in zip(
        panels, LETTERS, CELLS, forecast.example_cells(), strict=True
    ):
        row, column = cell
        before = known.values[:, row, column, 0]
        # A forecast begins at the last field, which is known.
        low, high, mean = (
            np.concatenate([before[-1:], part[:, row, column, 0]]) for part in fields
        )
        prefix = f"{letter}: " if shape[0] > 1 else "zone "
        title = f"{prefix}{cell_name(cell, shape)}, {kind}"
        label = f"{BAND[0]:.0%} to {BAND[1]:.0%}"
        panel.fill_between(ahead, low, high, color=SHADE, linewidth=0, label=label)
        panel.plot(times, before, color=TRUTH, linewidth=1.2, label="truth")
        if forecast.truth is not None:
            true = forecast.truth[:, row, column, 0]
            panel.plot(ahead, [before[-1], *true], color=TRUTH, linewidth=1.2)
            title += f", MAE {np.abs(true - mean[1:]).mean():.3g}"
        panel.plot(ahead, mean, color=PREDICTION, label="prediction")
        panel.axvline(ahead[0], color="grey", linewidth=0.8, linestyle=":")
        panel.set_title(title, fontsize="medium")
        if not forecast.signed:
            panel.set_ylim(bottom=0)
        panel.margins(x=0.01)
        panel.grid(alpha=0.3)
        date_axis(panel)
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3, fontsize="small")


def _with_history(forecast):
    """(fields (steps, height, width), times) of the last steps before a forecast and of it."""
    known = forecast.history[-_shown(forecast) :]
    fields = np.concatenate([known.values[..., 0], forecast.means[..., 0]])
    return fields, np.concatenate([known.times, forecast.times])


def _shown(forecast):
    """int, steps of the history that are drawn."""
    return max(HISTORY, len(forecast.means))


def _snr(forecast, name):
    """The signal to noise ratios of the model and of baselines, a line."""
    snrs = {of: row["snr"] for of, row in forecast.errors(name).items()}
    parts = [f"{of} {'-' if snr is None else f'{snr:.1f} dB'}" for of, snr in snrs.items()]
    return f"SNR: {', '.join(parts)}"


def _origin(forecast):
    (channel,) = forecast.channels
    steps = len(forecast.means)
    plural = "s" if steps > 1 else ""
    last = _time(forecast.history.times[-1])
    return f"{steps} step{plural} after {last}, channel {channel}"


def _time(time):
    return str(time)[:16].replace("T", " ")
