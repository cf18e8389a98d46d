"""Evaluate models on held-out data of their own or of yours, beside baselines."""

import json
import sys
from pathlib import Path

from rnnzoo.cli._data_options import add_data_options, data_options
from rnnzoo.cli._frame_network import add_frame_network, network_for
from rnnzoo.cli._written_files import check_written
from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.native_stderr import import_keras
from rnnzoo.registry import info, list_models, located


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument("pattern", nargs="+", help="names of models, such as 'shakespeare*'")
    command.add_argument(
        "--data",
        metavar="PATH",
        help="your own data, in the form the family reads, of which the test split is evaluated",
    )
    add_data_options(command)
    add_frame_network(command)
    command.add_argument("--csv", metavar="FILE", help="write the table to this file too")


def run(options):
    """Prints a line per model and baseline."""
    names = list(dict.fromkeys(name for text in options.pattern for name in _matching(text)))
    check_written(options, "csv", read=["data"])
    target = options.csv and Path(options.csv)
    if target and not target.parent.is_dir():
        raise InputError(f"{target.parent} is no folder: name a file in one that exists")
    cards = {name: info(name) for name in names}
    readings = [data_options(options, card["task"]) for card in cards.values()]
    if options.data is None and any(readings):
        flag = next(iter(readings[0])).replace("_", "-")
        raise InputError(f"--{flag} is on the reading of --data: give it too")
    import_keras()
    for card in cards.values() if options.frame_network else ():
        network_for(card, options.frame_network)
    from rnnzoo.pipelines.evaluate import DETAILS
    from rnnzoo.table import aligned, write_csv

    tables = list(_tables(cards, options.data, readings[0]))
    if options.json:
        rows = [row for table in tables for row in table]
        report = json.dumps(rows, indent=2, ensure_ascii=False)
    tables = [[{k: v for k, v in row.items() if k != DETAILS} for row in t] for t in tables]
    if target:
        write_csv(target, [row for table in tables for row in table])
    print(report if options.json else "\n\n".join("\n".join(aligned(table)) for table in tables))


def _matching(pattern):
    """Names of the models with weights that match a pattern."""
    if not set(pattern) & set("*?["):
        located(pattern)
        return [pattern]
    names = list_models(pattern, pretrained=True)
    if not names:
        raise InputError(
            f"no model with weights matches {shown(pattern)}: `rnnzoo list --pretrained` "
            "shows all models with weights"
        )
    return names


def _tables(cards, data, reading):
    """Yields tables, lists of dict: those of families for their own data sets, then all others."""
    from rnnzoo.families import families
    from rnnzoo.pipelines.evaluate import evaluate

    others = list(cards)
    for task, entry in families().items() if data is None else ():
        # Not the models of a user's data.
        published = [
            name
            for name, card in cards.items()
            if card["task"] == task and "recipe" in card and "file" not in card["data"]
        ]
        table = published and entry.load_pipeline().results_table(published, _log)
        if table:
            yield table
            others = [name for name in others if name not in published]
    if others:
        yield evaluate(others, data, reading)


def _log(line):
    print(line, file=sys.stderr)
