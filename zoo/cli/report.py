"""Write a page on the run that made a model: stages, statistics, curves, evaluation, lineage."""

import json

from rnnzoo.artifacts.folders import NAME
from rnnzoo.cli._engine import add_engine_choice
from rnnzoo.datasets.common.atomic_write import writable, write_text
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.registry import located


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument("name", help="a model, NAME or NAME/VERSION")
    command.add_argument(
        "--out", metavar="FILE", help="a .html (default: one in the cache, whose path is printed)"
    )
    add_engine_choice(command, "is on the newest run in its store of metadata")


def run(options):
    """Writes the page and prints its path."""
    out = None if options.out is None else writable(options.out, ".html", ".htm")
    if options.pipeline_root and options.engine != "tfx":
        raise InputError(f"--pipeline-root {options.pipeline_root} is for --engine tfx: give that")
    recorded, path = (_of_tfx if options.engine == "tfx" else _embedded)(options)
    from rnnzoo.pipelines.report.page import report_page

    path = out or path
    write_text(path, report_page(recorded))
    if options.json:
        absent = [stage.stage for stage in recorded.stages if stage.path is None]
        fields = {"name": recorded.name, "status": recorded.status, "path": str(path)}
        print(json.dumps({**fields, "absent": absent}, ensure_ascii=False))
        return
    print(f"the report of {recorded.name} is in {path}")


def _embedded(options):
    """(run, default path of the page) of a pushed model."""
    from rnnzoo.pipelines.core.run_folders import reports_folder

    try:
        folder = located(options.name)
    except InputError as problem:
        is_name = NAME.fullmatch(options.name)
        pages = sorted(reports_folder(options.name).glob("*.html")) if is_name else ()
        if not pages:
            raise
        last = f"the report of its last run: {pages[-1]}"
        raise InputError(f"{options.name} was not pushed; {last}") from problem
    from rnnzoo.pipelines.report.recorded_run import recorded_run

    recorded = recorded_run(folder)
    page = f"version-{recorded.card['version']}.html"
    return recorded, reports_folder(recorded.card["name"]) / page


def _of_tfx(options):
    from rnnzoo.pipelines.tfx.available import check_tfx

    check_tfx()
    from rnnzoo.pipelines.core.run_folders import tfx_folder
    from rnnzoo.pipelines.tfx.recorded import run_of_tfx

    return run_of_tfx(options.name, options.pipeline_root), tfx_folder(options.name) / "report.html"
