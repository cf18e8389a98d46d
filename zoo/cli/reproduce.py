"""Run an experiment and compare its arms, or continue an interrupted run."""

import json
from dataclasses import asdict
from pathlib import Path

from rnnzoo.cli._written_files import check_written
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.native_stderr import import_keras


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument("name", nargs="?", help="an experiment, see --list")
    command.add_argument("--list", action="store_true", help="list the experiments")
    command.add_argument("--quick", action="store_true", help="a short trial; not a result")
    command.add_argument(
        "--out", metavar="DIR", default="experiments", help="folder of experiments (./experiments)"
    )
    command.add_argument(
        "--against", metavar="FILE", help="a results.csv to compare the new results with"
    )


def run(options):
    """Prints the table of each measure; progress goes to standard error."""
    check_written(options, "out")
    from rnnzoo.pipelines.experiments import registry

    if options.list:
        _print_list(registry.summaries(), options.json)
        return
    if options.name is None:
        raise InputError(f"name an experiment: {', '.join(registry.EXPERIMENTS)} (or give --list)")
    if options.name in registry.EXPERIMENTS:
        import_keras()
    experiment = registry.load(options.name)

    from rnnzoo.pipelines.experiments.harness.page import measure_table
    from rnnzoo.pipelines.experiments.harness.results import RESULTS_FILE
    from rnnzoo.pipelines.experiments.harness.results_difference import (
        compare_results,
        existing_ledger,
    )
    from rnnzoo.pipelines.experiments.harness.run import PAGE, reproduce

    folder = Path(options.out) / experiment.label(options.quick)
    reference = None
    if options.against is not None:
        if Path(options.against).resolve() == (folder / RESULTS_FILE).resolve():
            raise InputError(f"{options.against} is what this run writes: give another --out")
        reference = existing_ledger(Path(options.against))
    results = reproduce(experiment, options.out, options.quick)
    difference = reference and compare_results(
        existing_ledger(folder / RESULTS_FILE), reference, results.cells
    )
    if options.json:
        report = {"page": str(folder / PAGE), **results.as_json()}
        if difference:
            report["against"] = {"file": options.against, **asdict(difference)}
        print(json.dumps(report, indent=2, ensure_ascii=False))
        return
    for measure in experiment.measures:
        print(measure_table(results, measure), end="\n\n")
    if difference:
        print(f"{options.against}: {difference}")
    print(f"the page is {folder / PAGE}")


def _print_list(summaries, as_json):
    if as_json:
        print(
            json.dumps(
                [{"name": name, "title": title} for name, title in summaries.items()], indent=2
            )
        )
        return
    width = max(map(len, summaries))
    for name, title in summaries.items():
        print(f"{name:{width}}  {title}")
