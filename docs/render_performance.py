"""The tables of performance.md, from benchmarks/layers.csv.

python docs/render_performance.py
"""

import csv
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE / "performance.md"
SOURCE = HERE.parent / "benchmarks/layers.csv"
BEGIN, END = "<!-- from benchmarks/layers.csv -->", "<!-- end -->"


def tables():
    """Two tables: the three shapes, and the growth with the steps and the units."""
    with open(SOURCE, newline="") as file:
        rows = list(csv.DictReader(file))
    found = {(row["shape"], row["way"], row["backend"], row["pass"]): row for row in rows}
    ways = list(
        dict.fromkeys((row["way"], row["backend"]) for row in rows if "=" not in row["shape"])
    )
    lines = ["| training step, ms (ratio) | video | text | rates | first call, s | memory, MB |"]
    lines.append("|---|---:|---:|---:|---:|---:|")
    for way, backend in ways:
        cells = [
            found.get((shape, way, backend, "training")) for shape in ("video", "text", "rates")
        ]
        shown = [f"{row['ms']} ({row['ratio']})" if row else "" for row in cells]
        beside = [
            " / ".join(row[key] for row in cells if row) for key in ("first_call_s", "peak_mb")
        ]
        lines.append(f"| {way}; {backend} | {' | '.join([*shown, *beside])} |")
    shapes = list(dict.fromkeys(row["shape"] for row in rows if "=" in row["shape"]))
    ways = list(dict.fromkeys((row["way"], row["backend"]) for row in rows if "=" in row["shape"]))
    lines += ["", f"| ms (ratio) | {' | '.join(shapes)} |", "|---|" + "---:|" * len(shapes)]
    for way, backend in ways:
        cells = [found.get((shape, way, backend, "training")) for shape in shapes]
        shown = [f"{row['ms']} ({row['ratio']})" if row else "" for row in cells]
        lines.append(f"| {way}; {backend} | {' | '.join(shown)} |")
    return "\n".join(lines)


def rendered():
    """The page with the tables of today's CSV."""
    text = PAGE.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    return f"{before}{BEGIN}\n\n{tables()}\n\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(rendered(), encoding="utf-8")
