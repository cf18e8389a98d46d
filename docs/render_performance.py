"""The tables of speed in the guides, from the CSVs in benchmarks/.

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


def echo_states(rows):
    """A table: ways by shapes."""
    lines = ["| sequences x steps x units | | s (range) | times as fast as the best rival | MB |"]
    lines.append("|---|---|---:|---:|---:|")
    for row in rows:
        shape = f"{row['sequences']} x {int(row['steps']):,} x {int(row['units']):,}"
        time = f"{row['s']} ({row['minimum_s']} to {row['maximum_s']})"
        lines.append(f"| {shape} | {row['way']} | {time} | {row['times_as_fast']} | {row['mb']} |")
    return "\n".join(lines)


def least_squares(rows):
    """A table: ways, those that reach the error for all seeds first, the fastest first."""
    most = max(int(row["reached"]) for row in rows)
    lines = [f"| | seeds of {most} that got there | epochs | ms an epoch | s in all |"]
    lines.append("|---|---:|---:|---:|---:|")
    for row in sorted(rows, key=lambda row: (-int(row["reached"]), float(row["s_to_error"]))):
        lines.append(f"| {' | '.join(row[key] for key in row)} |")
    return "\n".join(lines)


def memory(rows):
    """A table: layers by whether freed memory is kept."""
    lines = ["| training step of 128 units | freed memory | wall, ms (ratio) | user | system |"]
    lines.append("|---|---|---:|---:|---:|")
    for row in rows:
        times = f"{row['wall_ms']} ({row['ratio']}) | {row['user_ms']} | {row['system_ms']}"
        lines.append(f"| {row['layer']} | {row['freed_memory']} | {times} |")
    return "\n".join(lines)


def music(rows):
    """A table: what was restored, by how long it took."""
    lines = ["| | cores | s | times real time |", "|---|---:|---:|---:|"]
    return "\n".join([*lines, *(f"| {' | '.join(row.values())} |" for row in rows)])


PAGES = {
    "performance.md": {"benchmarks/layers.csv": layers, "benchmarks/memory.csv": memory},
    "svd.md": {"benchmarks/svd.csv": svd},
    "echo-states.md": {"benchmarks/echo_states.csv": echo_states},
    "music.md": {"benchmarks/music.csv": music},
    "least-squares.md": {"benchmarks/least_squares.csv": least_squares},
}


def rendered(page):
    """A page with the tables of today's CSV."""
    text = (HERE / page).read_text(encoding="utf-8")
    for source, tables in PAGES[page].items():
        with open(HERE.parent / source, newline="") as file:
            rows = list(csv.DictReader(file))
        begin = f"<!-- from {source} -->"
        before, rest = text.split(begin)
        text = f"{before}{begin}\n\n{tables(rows)}\n\n{END}{rest.split(END, 1)[1]}"
    return text


if __name__ == "__main__":
    for name in PAGES:
        (HERE / name).write_text(rendered(name), encoding="utf-8")
