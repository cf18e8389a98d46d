"""Figures by slice as one HTML file that needs no network: a table and a chart per dimension."""

import base64
import io

from rnnzoo.datasets.common.atomic_write import write_text
from rnnzoo.html_page import escaped, html_page, html_table
from rnnzoo.slice_charts import slice_charts


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
        f"<h2>{escaped(dimension)}</h2>\n{_table(figures, rows)}\n{_chart(figures, dimension)}"
        for dimension, rows in figures.dimensions.items()
    ]
    title = f"<h1>{escaped(figures.title)}</h1>\n<p>{escaped(note)}</p>"
    return html_page(figures.title, "\n".join([title, *sections]))


def _table(figures, rows):
    columns = ["value", "weight", "figure", *figures.baselines]
    return html_table(
        columns, ([row.get(column) for column in columns] for row in (*rows, figures.whole))
    )


def _chart(figures, dimension):
    drawn = io.BytesIO()
    slice_charts(figures, [dimension]).savefig(drawn, format="png")
    picture = base64.b64encode(drawn.getvalue()).decode()
    return f'<img alt="{escaped(dimension)}" src="data:image/png;base64,{picture}">'


def save_slice_page(path, figures):
    """Writes `slice_page` to a file, which is replaced once the new one is complete."""
    write_text(path, slice_page(figures))
