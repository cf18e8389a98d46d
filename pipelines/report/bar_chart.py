"""Bars of figures, with marks for those of baselines."""

import math

from rnnzoo.pipelines.report.svg import (
    FILL,
    GREY,
    STROKES,
    drawing,
    fitted,
    line,
    rect,
    text,
    width_of,
)

WIDTH, LABEL, NUMBER = 560, 230, 80
ROW, TOP = 20, 4


def bar_chart(rows, title, marks=(), strong=None):
    """A bar per row, its figure beside it, as str; empty without a row.

    Args:
        rows: list of (label, figure, list of figures of the marks); a figure that is None or not
            finite has no bar, and a mark no line.
        title: str, what the chart shows.
        marks: list of str, names of the marks, at most three.
        strong: str, the label of a row that is darker and in bold type; or None.
    """
    if not rows:
        return ""
    values = [
        value for _, figure, others in rows for value in (figure, *others) if _is_drawn(value)
    ]
    longest = max(values, default=0) or 1
    room, top = WIDTH - LABEL - NUMBER, TOP + (18 if marks else 0)
    parts = _legend(marks)
    for number, (label, figure, others) in enumerate(rows):
        y = top + number * ROW
        bold = {"font_weight": "bold"} if label == strong else {}
        parts.append(text(LABEL - 8, y + 14, fitted(label, LABEL - 12), "end", **bold))
        if _is_drawn(figure):
            bar = {"fill": GREY if bold else FILL, "stroke": STROKES[0][0]}
            width = room * figure / longest
            parts.append(rect(LABEL, y + 3, width, ROW - 6, f"{figure:.6g}", **bar))
        for mark, value in enumerate(others[:3]):
            if _is_drawn(value):
                x = LABEL + room * value / longest
                stroke, dash = STROKES[mark + 1]
                name = f"{marks[mark]}: {value:.6g}"
                parts.append(
                    line([(x, y + 1), (x, y + ROW - 1)], stroke, dash, name, stroke_width=2)
                )
        shown = "" if figure is None else f"{figure:.5g}"
        parts.append(text(WIDTH - NUMBER + 6, y + 14, shown))
    return drawing(WIDTH, top + ROW * len(rows) + 2, parts, title)


def _is_drawn(value):
    return value is not None and math.isfinite(value) and value >= 0


def _legend(marks):
    parts, x = [], LABEL
    for name, (stroke, dash) in zip(marks, STROKES[1:], strict=False):
        parts.append(line([(x, 2), (x, 16)], stroke, dash, stroke_width=2))
        parts.append(text(x + 6, 13, name))
        x += 6 + width_of(name) + 16
    return parts
