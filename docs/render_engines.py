"""Renders the table of both engines of the pipeline from `benchmarks/engines.csv`.

python docs/render_engines.py
"""

import csv
from pathlib import Path

PAGE = Path(__file__).parent / "pipeline.md"
SOURCE = "benchmarks/engines.csv"
BEGIN, END = f"<!-- from {SOURCE} -->", "<!-- end -->"
# A column of the table, and what it adds up: stages of the embedded engine, components of TFX.
COLUMNS = {
    "examples": ("examples", "QueryBasedExampleGen"),
    "statistics": ("statistics", "StatisticsGen"),
    "schema": ("schema", "SchemaGen"),
    "anomalies": ("anomalies", "ExampleValidator"),
    "transform": ("transformed", "Transform"),
    "trainer": ("model", "Trainer"),
    "evaluator": ("evaluation", "figures", "Evaluator"),
    "infra": ("infra", "infra_validator"),
}


def engines(rows):
    """Returns a table of seconds: two rows per family, and a line on the digests."""
    runs = {}
    for row in rows:
        run = runs.setdefault((row["task"], row["engine"]), {})
        run[row["stage"]] = float(row["seconds"])
    heads = ["models", "engine", *COLUMNS, "rest", "all"]
    lines = [f"| {' | '.join(heads)} |", "|---|---|" + "---:|" * (len(heads) - 2)]
    for (task, engine), seconds in runs.items():
        sums = [sum(seconds.get(stage, 0) for stage in stages) for stages in COLUMNS.values()]
        sums += [seconds["all"] - sum(sums), seconds["all"]]
        cells = [f"`{task}`", engine, *(f"{value:.1f}" for value in sums)]
        lines.append(f"| {' | '.join(cells)} |")
    digests = {}
    for row in rows:
        digests.setdefault(row["task"], set()).add(row["digest"])
    same = sum(len(of_task) == 1 for of_task in digests.values())
    first, averages = rows[0], sorted(float(row["load"]) for row in rows)
    loads = f"{averages[0]:.1f} to {averages[-1]:.1f}"
    lines += [
        "",
        f"{first['date']}, {first['versions']}, {first['cores']} cores, load average {loads}: the "
        f"same content digest on both engines for {same} of {len(digests)}.",
    ]
    return "\n".join(lines)


def page():
    """Returns the page with the table of the current CSV."""
    with open(PAGE.parents[1] / SOURCE, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    return f"{before}{BEGIN}\n\n{engines(rows)}\n\n{END}{rest.split(END, 1)[1]}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
