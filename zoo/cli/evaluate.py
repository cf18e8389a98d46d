"""Evaluate models on held-out data of their own or of yours, beside baselines, or by slices."""

import json
import sys
from pathlib import Path

from rnnzoo.cli._data_options import add_own_data, data_options
from rnnzoo.cli._frame_network import network_for
from rnnzoo.cli._written_files import check_written
from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.native_stderr import import_keras
from rnnzoo.registry import info, list_models, located


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument("pattern", nargs="+", help="names of models, such as 'shakespeare*'")
    add_own_data(command, ", of which the test split is evaluated")
    command.add_argument("--csv", metavar="FILE", help="write the table to this file too")
    command.add_argument(
        "--slices", action="store_true", help="figures of one model by slices of its data"
    )
    command.add_argument(
        "--out", metavar="FILE", help="with --slices: a page with charts (.html), or a table (.csv)"
    )
    command.add_argument("--plot", metavar="FILE", help="with --slices: charts (.png)")


def run(options):
    """Prints a line per model and baseline, or per slice."""
    names = list(dict.fromkeys(name for text in options.pattern for name in _matching(text)))
    check_written(options, "csv", "out", "plot", read=["data"])
    write_slices = _slice_writers(options, names)
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

    if options.slices:
        _print_slices(options, names[0], readings[0], write_slices)
        return
    tables = list(_tables(cards, options.data, readings[0]))
    if options.json:
        rows = [row for table in tables for row in table]
        report = json.dumps(rows, indent=2, ensure_ascii=False)
    tables = [[{k: v for k, v in row.items() if k != DETAILS} for row in t] for t in tables]
    if target:
        write_csv(target, [row for table in tables for row in table])
    print(report if options.json else "\n\n".join("\n".join(aligned(table)) for table in tables))


def _slice_writers(options, names):
    """Functions that write what --out and --plot ask for; to call before long work: list.

    Raises:
        InputError: these options are given without --slices, or --slices with others, or a file
            cannot be written.
    """
    for flag in ("out", "plot"):
        if getattr(options, flag) is not None and not options.slices:
            raise InputError(f"--{flag} is for --slices: give it too")
    if not options.slices:
        return []
    if options.csv is not None:
        raise InputError("--csv is for models beside baselines: with --slices give --out FILE.csv")
    if len(names) > 1:
        raise InputError(f"--slices is for one model, not for {', '.join(names)}: name one")
    from rnnzoo.datasets.common.atomic_write import writable
    from rnnzoo.figure import check_matplotlib, checked_png, save_png
    from rnnzoo.slice_charts import slice_charts
    from rnnzoo.slice_page import save_slice_page
    from rnnzoo.table import write_csv

    writers = []
    if options.out is not None:
        out = writable(options.out, ".html", ".htm", ".csv")
        if out.suffix.lower() == ".csv":
            writers.append(lambda figures: write_csv(out, figures.rows))
        else:
            check_matplotlib()
            writers.append(lambda figures: save_slice_page(out, figures))
    if options.plot is not None:
        png = checked_png(options.plot)
        writers.append(lambda figures: save_png(slice_charts(figures), png))
    return writers


def _print_slices(options, name, reading, writers):
    from rnnzoo.pipelines.evaluate import evaluate_slices
    from rnnzoo.table import aligned

    figures = evaluate_slices(name, options.data, reading)
    for write in writers:
        write(figures)
    if options.json:
        print(json.dumps(figures.rows, indent=2, ensure_ascii=False))
        return
    print(figures.title)
    print("\n".join(aligned(figures.rows)))


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
