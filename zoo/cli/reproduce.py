"""Run an experiment and compare its arms, or go on where it was interrupted."""

import json
from dataclasses import asdict
from pathlib import Path

from rnnzoo.datasets.common.errors import InputError


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument("name", nargs="?", help="an experiment, see --list")
    command.add_argument("--list", action="store_true", help="show which experiments there are")
    command.add_argument("--quick", action="store_true", help="a short trial; not a result")
    command.add_argument(
        "--out", metavar="DIR", default="experiments", help="folder of experiments (./experiments)"
    )
    command.add_argument(
        "--against", metavar="FILE", help="a results.csv to compare the new figures with"
    )


def run(options):
    """Prints the table of each measure; progress goes to standard error."""
    from rnnzoo.pipelines.experiments import registry

    if options.list:
        _print_list(registry.summaries(), options.json)
        return
    if options.name is None:
        raise InputError(f"name an experiment: {', '.join(registry.EXPERIMENTS)} (or give --list)")
    experiment = registry.load(options.name)

    from rnnzoo.pipelines.experiments.harness.page import measured
    from rnnzoo.pipelines.experiments.harness.results import RESULTS
    from rnnzoo.pipelines.experiments.harness.results_difference import distance, ledger_at
    from rnnzoo.pipelines.experiments.harness.run import PAGE, reproduce

    folder = Path(options.out) / experiment.label(options.quick)
    there = None
    if options.against is not None:
        if Path(options.against).resolve() == (folder / RESULTS).resolve():
            raise InputError(f"{options.against} is what this run writes: give another --out")
        there = ledger_at(Path(options.against))
    findings = reproduce(experiment, options.out, options.quick)
    apart = there and distance(ledger_at(folder / RESULTS), there, findings.cells)
    if options.json:
        found = {"page": str(folder / PAGE), **findings.as_json()}
        found |= {"against": {"file": options.against, **asdict(apart)}} if apart else {}
        print(json.dumps(found, indent=2, ensure_ascii=False))
        return
    for measure in experiment.measures:
        print(measured(findings, measure), end="\n\n")
    if apart:
        print(f"{options.against}: {apart}")
    print(f"the page is {folder / PAGE}")


def _print_list(summaries, as_json):
    if as_json:
        print(json.dumps([{"name": n, "title": title} for n, title in summaries.items()], indent=2))
        return
    width = max(map(len, summaries))
    for name, title in summaries.items():
        print(f"{name:{width}}  {title}")
