"""The tables of performance.md and svd.md, from the CSVs in benchmarks/.

python docs/render_performance.py
"""

import csv
from pathlib import Path

HERE = Path(__file__).parent
END = "<!-- end -->"


def layers(rows):
    """Two tables: the three shapes, and the growth with the steps and the units."""
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


def svd(rows):
    """A table: ways by units."""
    units = list(dict.fromkeys(row["units"] for row in rows))
    found = {(row["way"], row["units"]): f"{row['ms']} ({row['ratio']})" for row in rows}
    lines = [f"| training step, ms (ratio) | {' | '.join(f'{one} units' for one in units)} |"]
    lines.append("|---|" + "---:|" * len(units))
    for way in dict.fromkeys(row["way"] for row in rows):
        lines.append(f"| {way} | {' | '.join(found.get((way, one), '') for one in units)} |")
    return "\n".join(lines)


PAGES = {"performance.md": ("benchmarks/layers.csv", layers), "svd.md": ("benchmarks/svd.csv", svd)}


def rendered(page):
    """A page with the tables of today's CSV."""
    source, tables = PAGES[page]
    with open(HERE.parent / source, newline="") as file:
        rows = list(csv.DictReader(file))
    begin = f"<!-- from {source} -->"
    before, rest = (HERE / page).read_text(encoding="utf-8").split(begin)
    return f"{before}{begin}\n\n{tables(rows)}\n\n{END}{rest.split(END, 1)[1]}"


if __name__ == "__main__":
    for name in PAGES:
        (HERE / name).write_text(rendered(name), encoding="utf-8")
