"""Write a page on the run that made a model: stages, statistics, curves, evaluation, lineage."""

import json
from pathlib import Path

from rnnzoo.datasets.common.atomic_write import writable, write_text
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.registry import located


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument("name", help="a model, NAME or NAME/VERSION")
    command.add_argument(
        "--out", metavar="FILE", help="a .html (default: one in the cache, whose path is printed)"
    )


def run(options):
    """Writes the page and prints its path."""
    out = None if options.out is None else writable(options.out, ".html", ".htm")
    try:
        folder = located(options.name)
    except InputError as problem:
        _name_pages(options.name, problem)
        raise
    from rnnzoo.pipelines.core.run_folders import reports_folder
    from rnnzoo.pipelines.report.page import report_page
    from rnnzoo.pipelines.report.recorded_run import recorded_run

    recorded = recorded_run(folder)
    name, version = recorded.card["name"], recorded.card["version"]
    path = Path(out or reports_folder(name) / f"version-{version}.html")
    write_text(path, report_page(recorded))
    if options.json:
        absent = [stage.stage for stage in recorded.stages if stage.path is None]
        print(json.dumps({"name": name, "version": version, "path": str(path), "absent": absent}))
        return
    print(f"the report of {recorded.name} is in {path}")


def _name_pages(name, problem):
    """Raises an `InputError` that names the pages of runs of which none pushed a model."""
    from rnnzoo.pipelines.core.run_folders import reports_folder

    pages = sorted(reports_folder(name).glob("*.html"))
    if pages:
        raise InputError(
            f"{name} was not pushed; the report of its last run: {pages[-1]}"
        ) from problem
