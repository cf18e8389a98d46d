"""Figures by slice: a table and bars per dimension, of each held-out split."""

import csv

from rnnzoo.html_page import escaped, html_table
from rnnzoo.pipelines.core.slices import FILE
from rnnzoo.pipelines.report.bar_chart import bar_chart
from rnnzoo.pipelines.report.label_chart import shown
from rnnzoo.pipelines.report.parts import clipped, details, figure, left_out, paragraph
from rnnzoo.pipelines.report.run import finite
from rnnzoo.slice_figures import ALL, COLUMNS, SliceFigures, heaviest

MOST_DIMENSIONS = 12
SHOWN = "test"  # the split that is not folded


def slices(run, folder):
    """The figures by slice, as HTML.

    Args:
        run: `rnnzoo.pipelines.report.run.Run`.
        folder: Path of the artifact of the stage `evaluation`; None if it is not in this cache.
    """
    if folder is None:
        return paragraph(run.absent("evaluation"))
    if not (folder / FILE).is_file():
        command = f"rnnzoo evaluate {run.name} --slices"
        return paragraph(f"The artifact has no figures by slice; computed by: {command}")
    parts = []
    for split, rows in _by_split(folder / FILE).items():
        figures = SliceFigures(run.name, split, run.unit, "", rows)
        content = _dimensions(figures)
        parts.append(content if split == SHOWN else details(f"the same of {split}", content))
    return "\n".join(sorted(parts, key=lambda part: part.startswith("<details")))


def _by_split(path):
    """dict from split to its rows, as `SliceFigures` has them."""
    by_split = {}
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            split = row.pop("split")
            texts = {key: row.pop(key) for key in COLUMNS[:2]}
            numbers = {key: float(value) for key, value in row.items() if value}
            by_split.setdefault(split, []).append({**texts, **numbers})
    return by_split


def _dimensions(figures):
    marks, columns = figures.baselines[:3], ("weight", "figure", *figures.baselines)
    parts = []
    for dimension, rows in list(figures.dimensions.items())[:MOST_DIMENSIONS]:
        chosen = heaviest(rows)
        bars = [
            (shown(row["value"]), finite(row["figure"]), [finite(row.get(b)) for b in marks])
            for row in chosen
        ]
        title = f"{figures.unit} by {dimension} on {figures.data}"
        cells = [
            [clipped(shown(row["value"]), 80), *(row.get(column) for column in columns)]
            for row in (*chosen, {**figures.whole, "value": ALL})
        ]
        parts += [
            f"<h4>{escaped(clipped(dimension, 80))}, {escaped(figures.data)}</h4>",
            figure(bar_chart(bars, title, marks)),
            details("as a table", html_table(("value", *columns), cells)),
            left_out(len(rows) - len(chosen), "values of less weight"),
        ]
    parts.append(left_out(len(figures.dimensions) - MOST_DIMENSIONS, "dimensions"))
    return "\n".join(parts)
