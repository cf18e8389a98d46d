"""Curves over epochs."""

import math

from rnnzoo.pipelines.report.svg import (
    GREY,
    STROKES,
    drawing,
    legend,
    line,
    log_ticks,
    rect,
    text,
    ticks,
)  # fmt: skip

WIDTH, HEIGHT = 560, 220
LEFT, RIGHT, TOP, BOTTOM = 62, 14, 26, 34
WIDE = 20  # ratio of two values from which on the axis is logarithmic
MOST = 500  # points of a curve


def line_chart(series, title):
    """Curves with their axes, as str; empty where no value is finite.

    The y axis is logarithmic where positive values differ by a factor of 20 or more.

    Args:
        series: dict from name to list of (epoch, value), at most four.
        title: str, what the chart shows.
    """
    curves = {name: _drawn(points) for name, points in series.items()}
    drawn = [point for points in curves.values() for point in points]
    if not drawn:
        return ""
    xs, ys = zip(*drawn, strict=True)
    low, high = min(ys), max(ys)
    is_log = low > 0 and high / low >= WIDE
    if not is_log:  # no curve on the axis
        margin = 0.04 * (high - low) or abs(low) / 10 or 1.0
        low, high = low - margin, high + margin
    scale = math.log if is_log else float
    left, right = min(xs), max(xs)

    def x_of(x):
        return LEFT + (WIDTH - LEFT - RIGHT) * (
            (x - left) / (right - left) if right > left else 0.5
        )

    def y_of(y):
        share = (scale(y) - scale(low)) / (scale(high) - scale(low))
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share

    parts = [_frame(), *legend(LEFT, 14, list(curves))]
    for tick in log_ticks(low, high) if is_log else ticks(low, high):
        parts.append(line([(LEFT - 4, y_of(tick)), (LEFT, y_of(tick))]))
        parts.append(text(LEFT - 7, y_of(tick) + 4, f"{tick:.4g}", "end"))
    for tick in (tick for tick in ticks(left, right, 8) if tick == int(tick)):
        parts.append(line([(x_of(tick), HEIGHT - BOTTOM), (x_of(tick), HEIGHT - BOTTOM + 4)]))
        parts.append(text(x_of(tick), HEIGHT - BOTTOM + 15, f"{tick:g}", "middle"))
    parts.append(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 4, "epoch", "middle"))
    for (name, points), (stroke, dash) in zip(curves.items(), STROKES, strict=False):
        at = [(x_of(x), y_of(y)) for x, y in points]
        parts.append(line(at, stroke, dash, title=name, stroke_width=1.8))
        if len(at) == 1:
            parts.append(rect(at[0][0] - 3, at[0][1] - 3, 6, 6, name, fill=stroke))
    return drawing(WIDTH, HEIGHT, parts, f"{title}{', logarithmic' if is_log else ''}")


def _drawn(points):
    """Those with a finite value, at most `MOST` of them, the last one among them."""
    finite = [(x, y) for x, y in points if isinstance(y, int | float) and math.isfinite(y)]
    step = -(-len(finite) // MOST) or 1
    return finite[::-1][::step][::-1]


def _frame():
    corners = [(LEFT, TOP), (LEFT, HEIGHT - BOTTOM), (WIDTH - RIGHT, HEIGHT - BOTTOM)]
    return line(corners, GREY)
