"""Fields on panels of a Matplotlib figure: a grid as an image, zones as a heatmap over time."""

import numpy as np

MAP = "viridis"  # perceptually uniform, and told apart by the colour-blind
CHANGES = "RdBu_r"  # of changes: blue is less, white none, red more
OUTSIDE = "#d9d9d9"  # cells outside the region
DAY = "%d %b"
RANGE = 1000  # factor between the ends of a logarithmic scale, at most


def linear_norm(*fields):
    """A colour scale from 0 to the highest of all fields."""
    from matplotlib.colors import Normalize

    return Normalize(0, _highest(fields))


def signed_norm(*fields):
    """A colour scale from the lowest to the highest of all fields."""
    from matplotlib.colors import Normalize

    return Normalize(min(float(np.nanmin(field)) for field in fields), _highest(fields))


def change_norm(*fields):
    """A colour scale around 0, as wide as the largest absolute value of all fields."""
    from matplotlib.colors import Normalize

    widest = _highest([np.abs(field) for field in fields])
    return Normalize(-widest, widest)


def sqrt_norm(*fields):
    """A square-root colour scale from 0 to the highest of all fields."""
    from matplotlib.colors import PowerNorm

    return PowerNorm(0.5, 0, _highest(fields), clip=True)


def log_norm(truth, *others):
    """A logarithmic colour scale up to the highest of all fields; less than its range is clipped.

    Args:
        truth: array, whose smallest positive value begins the scale, unless that is very small.
        others: arrays.
    """
    from matplotlib.colors import LogNorm

    highest = _highest((truth, *others))
    positive = truth[truth > 0]
    lowest = positive.min() if positive.size else highest / RANGE
    return LogNorm(max(min(lowest, highest / 2), highest / RANGE), highest, clip=True)


def draw_grid(panel, field, norm, colours=MAP):
    """Draws a field (height, width), NaN outside the region; returns the image."""
    image = panel.imshow(_masked(field), cmap=_colours(colours), norm=norm, interpolation="nearest")
    panel.set_xticks([])
    panel.set_yticks([])
    return image


def draw_zones(panel, fields, times, order, norm, colours=MAP):
    """Draws zones as rows, most crowded first, and time steps as columns; returns the image.

    Args:
        panel: `matplotlib.axes.Axes`.
        fields: array (steps, zones), NaN outside the region.
        times: datetime64 array (steps,).
        order: int array, the zones that are drawn, from the top.
        norm: see `linear_norm`.
        colours: str, Matplotlib's colour map.
    """
    from matplotlib.dates import date2num

    step = times[1] - times[0] if len(times) > 1 else np.timedelta64(1, "h")
    left, right = date2num([times[0], times[-1] + step])
    image = panel.imshow(
        _masked(fields[:, order].T), cmap=_colours(colours), norm=norm, interpolation="nearest",
        aspect="auto", extent=(left, right, len(order), 0),
    )  # fmt: skip
    date_axis(panel)
    panel.set_yticks([])
    return image


def colour_bar(figure, image, panels, scale):
    """Draws the colour scale of panels beside the last of them.

    Args:
        figure: `matplotlib.figure.Figure`.
        image: what `draw_grid` or `draw_zones` returned.
        panels: list of `matplotlib.axes.Axes`.
        scale: str, its label.
    """
    from matplotlib.colors import PowerNorm
    from matplotlib.ticker import FuncFormatter, NullFormatter

    bar = figure.colorbar(image, ax=list(panels), label=scale, fraction=0.03, pad=0.01)
    if isinstance(image.norm, PowerNorm):  # its ticks would be equally spaced in value
        bar.set_ticks(image.norm.vmax * np.linspace(0, 1, 5) ** 2)
    bar.ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.3g}"))
    bar.ax.yaxis.set_minor_formatter(NullFormatter())


def date_axis(panel):
    """Short dates and hours below a panel."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    panel.xaxis_date()
    locator = AutoDateLocator(minticks=3, maxticks=6)
    panel.xaxis.set_major_locator(locator)
    formatter = ConciseDateFormatter(
        locator,
        formats=["%Y", "%b %Y", DAY, "%H:%M", "%H:%M", "%S"],
        zero_formats=["", "%Y", DAY, DAY, "%H:%M", "%H:%M"],
        show_offset=False,
    )
    panel.xaxis.set_major_formatter(formatter)
    panel.tick_params("x", labelsize="small")


def _highest(fields):
    highest = max(float(np.nanmax(field)) for field in fields)
    return highest if highest > 0 else 1.0


def _colours(name):
    import matplotlib

    return matplotlib.colormaps[name].with_extremes(bad=OUTSIDE)


def _masked(field):
    return np.ma.masked_invalid(field)
