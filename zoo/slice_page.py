"""Figures by slice as one HTML file that needs no network: a table and a chart per dimension."""

import base64
import html
import io

from rnnzoo.datasets.common.atomic_write import write_text
from rnnzoo.slice_charts import slice_charts

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font-family: sans-serif; margin: 1.5em; max-width: 60em; }}
table {{ border-collapse: collapse; }}
td, th {{ padding: 0.15em 0.8em; border-bottom: 1px solid #ddd; text-align: right; }}
td:first-child, th:first-child {{ text-align: left; }}
img {{ max-width: 100%; }}
</style>
</head>
<body>
<h1>{title}</h1>
<p>{note}</p>
{sections}
</body>
</html>
"""


def slice_page(figures):
    """The page, a str.

    Args:
        figures: `rnnzoo.slice_figures.SliceFigures`.

    Raises:
        InputError: Matplotlib is not installed.
    """
    note = f"Less is better. All data: weight {figures.whole['weight']:.6g}."
    if figures.row_unit:
        note += f" Loss of a row: {figures.row_unit}."
    sections = [
        f"<h2>{html.escape(dimension)}</h2>\n{_table(figures, rows)}\n{_chart(figures, dimension)}"
        for dimension, rows in figures.dimensions.items()
    ]
    return PAGE.format(
        title=html.escape(figures.title), note=html.escape(note), sections="\n".join(sections)
    )


def _table(figures, rows):
    columns = ["value", "weight", "figure", *figures.baselines]
    cells = [[row.get(column, "") for column in columns] for row in (*rows, figures.whole)]
    lines = [_line("th", columns), *(_line("td", of_row) for of_row in cells)]
    return "<table>\n" + "\n".join(lines) + "\n</table>"


def _line(tag, cells):
    texts = (f"{cell:.6g}" if isinstance(cell, float) else str(cell) for cell in cells)
    return "<tr>" + "".join(f"<{tag}>{html.escape(text)}</{tag}>" for text in texts) + "</tr>"


def _chart(figures, dimension):
    drawn = io.BytesIO()
    slice_charts(figures, [dimension]).savefig(drawn, format="png")
    picture = base64.b64encode(drawn.getvalue()).decode()
    return f'<img alt="{html.escape(dimension)}" src="data:image/png;base64,{picture}">'


def save_slice_page(path, figures):
    """Writes `slice_page` to a file, which is replaced once the new one is complete."""
    write_text(path, slice_page(figures))
