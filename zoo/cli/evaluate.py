"""Evaluate text models on the text they were trained on, beside n-grams."""

import json
import sys
from pathlib import Path

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.native_stderr import import_keras
from rnnzoo.registry import list_models


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument("pattern", nargs="+", help="names of text models, such as 'shakespeare*'")
    command.add_argument("--csv", metavar="FILE", help="write the table to this file too")


def run(options):
    """Prints a line per model and n-gram."""
    names_by_pattern = {
        pattern: list_models(pattern, "TextGenerator", pretrained=True)
        for pattern in options.pattern
    }
    for pattern, names in names_by_pattern.items():
        if not names:
            raise InputError(
                f"no text model with weights matches {pattern!r}: `rnnzoo list --pretrained` "
                "shows all models with weights"
            )
    names = list(dict.fromkeys(name for matches in names_by_pattern.values() for name in matches))
    target = options.csv and Path(options.csv)
    if target and not target.parent.is_dir():
        raise InputError(f"{target.parent} is no folder: name a file in one that exists")
    import_keras()
    from rnnzoo.text import results_table

    rows = results_table.rows(names, lambda line: print(line, file=sys.stderr))
    if target:
        results_table.write(target, rows)
    if options.json:
        print(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    table = [list(results_table.COLUMNS), *(list(map(str, row.values())) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for line in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)))
