"""Histograms of the splits of a column of numbers, over one another."""

import math

from rnnzoo.pipelines.report.svg import FILL, STROKES, drawing, legend, line, path, text, ticks

WIDTH, HEIGHT = 420, 150
LEFT, RIGHT, TOP, BOTTOM = 12, 12, 22, 22


def histogram_chart(histograms, title):
    """The share of each split's values in each bucket, as str; empty where no split has a bucket.

    Shares, so that splits of different sizes can be compared; no densities, of which those of a
    constant column would flatten all others. The first split is filled.

    Args:
        histograms: dict from split to list of (low, high, count).
        title: str, what the chart shows.
    """
    usable = {split: _usable(buckets) for split, buckets in histograms.items()}
    edges = [
        edge for buckets in usable.values() for low, high, _ in buckets for edge in (low, high)
    ]
    if not edges:
        return ""
    least, most = min(edges), max(edges)
    if not most > least:
        margin = abs(least) / 10 or 1.0
        least, most = least - margin, most + margin
    span = most - least
    shapes = {split: _shares(buckets, span) for split, buckets in usable.items()}
    highest = max(share for shape in shapes.values() for *_, share in shape) or 1.0
    base = HEIGHT - BOTTOM

    def x_of(value):
        return LEFT + (WIDTH - LEFT - RIGHT) * (value - least) / span

    parts = legend(LEFT, 14, list(shapes))
    parts.append(text(WIDTH - RIGHT, 14, f"tallest bucket: {highest:.0%}", "end"))
    for number, (split, shape) in enumerate(shapes.items()):
        points = _outline(shape, x_of, lambda share: base - (base - TOP) * share / highest)
        if not number:
            joined = " L".join(f"{x:.1f} {y:.1f}" for x, y in points)
            parts.append(path(f"M{joined} Z", fill=FILL))
        parts.append(line(points, *STROKES[number], title=split, stroke_width=1.8))
    parts.append(line([(LEFT, base), (WIDTH - RIGHT, base)]))
    for tick in ticks(least, most):
        parts.append(line([(x_of(tick), base), (x_of(tick), base + 4)]))
        # A number at the edge is not cut.
        end = "start" if tick == least else "end" if tick == most else "middle"
        parts.append(text(x_of(tick), base + 16, f"{tick:.6g}", end))
    return drawing(WIDTH, HEIGHT, parts, title)


def _usable(buckets):
    return [
        (low, high, count)
        for low, high, count in buckets
        if math.isfinite(low) and math.isfinite(high - low) and count >= 0
    ]


def _shares(buckets, span):
    """list of (low, high, share of all); a bucket without a width gets a narrow one."""
    total = sum(count for *_, count in buckets)
    narrow, shape = span / 100, []
    for low, high, count in buckets:
        if high - low < narrow:
            middle = (low + high) / 2
            low, high = middle - narrow / 2, middle + narrow / 2
        shape.append((low, high, count / total if total else 0.0))
    return shape


def _outline(shape, x_of, y_of):
    """Corners of the steps, from the axis and back to it."""
    if not shape:
        return []
    points = [(x_of(shape[0][0]), y_of(0))]
    for low, high, share in shape:
        points += [(x_of(low), y_of(share)), (x_of(high), y_of(share))]
    return [*points, (x_of(shape[-1][1]), y_of(0))]
