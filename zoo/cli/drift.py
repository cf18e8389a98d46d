"""Compare the distribution of your data with that of the data a model was trained on."""

import argparse
import json

from rnnzoo.cli._data_options import add_own_data, data_options
from rnnzoo.datasets.common.paths import check_exists
from rnnzoo.native_stderr import import_keras
from rnnzoo.registry import info

EXCEEDED = 1  # exit status where a distance is above its threshold

EPILOG = """\
The distance of labels is the L-infinity norm of the difference of their shares, that of numbers
the Jensen-Shannon divergence of their histograms: 0 for the same distribution, 1 for disjoint ones.
The thresholds are those of `skew` in the model's recipe.

example:
  rnnzoo drift usdinr-lstm --data my.csv

Exit status: 0; 1 if a distance is above its threshold; 2 for what cannot be read."""


def add_arguments(command):
    """Adds this command's arguments."""
    command.formatter_class, command.epilog = argparse.RawDescriptionHelpFormatter, EPILOG
    command.add_argument("name", help="a model that a recipe trained, NAME or NAME/VERSION")
    add_own_data(command, ", as much as `rnnzoo train` needs", required=True)


def run(options):
    """Prints the distance of each column beside its threshold."""
    reading = data_options(options, info(options.name)["task"])
    check_exists(options.data, "give a file or folder")  # before seconds of imports
    import_keras()
    from rnnzoo.pipelines.drift import drift
    from rnnzoo.table import aligned

    comparisons = drift(options.name, options.data, reading, options.frame_network)
    rows = [{**vars(row), "exceeded": row.exceeded} for row in comparisons]
    exceeded = any(row["exceeded"] for row in rows)
    if options.json:
        report = {"name": options.name, "data": options.data, "columns": rows}
        print(json.dumps(report, indent=2, ensure_ascii=False))
    else:
        print("\n".join(aligned([_shown(row) for row in rows])))
    return EXCEEDED if exceeded else None


def _shown(row):
    """A row of the table: a missing distance is a dash, and what exceeds is marked."""
    distance = "-" if row["distance"] is None else f"{row['distance']:.3f}"
    marks = {True: "exceeded", False: ""}
    return {**row, "distance": distance, "exceeded": marks[row["exceeded"]]}
