"""Train a model of yours without noise, with blind and with NEM noise, and compare."""

import argparse
import json
from pathlib import Path

from rnnzoo.cli._written_files import check_written
from rnnzoo.datasets.common.errors import shown
from rnnzoo.datasets.common.folders import cache_dir


def _at_least(least, kind):
    def number(text):
        try:
            value = kind(text)
        except ValueError:
            value = None
        if value is None or not least <= value < float("inf"):
            raise argparse.ArgumentTypeError(f"{shown(text)} is no number of at least {least}")
        return value

    return number


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument("model", metavar="MODEL", help="a compiled .keras file with LSTM or GRU")
    command.add_argument(
        "data", metavar="DATA", help=".npz with x_train, y_train, x_test, y_test (x_validation ...)"
    )
    command.add_argument(
        "--noise-std",
        type=_at_least(0, float),
        nargs="+",
        default=[0.1, 0.3],
        help="scales to choose from on validation data (0.1 0.3)",
    )
    command.add_argument("--noise-mode", choices=["additive", "multiplicative"], default="additive")
    command.add_argument("--seeds", type=_at_least(2, int), default=5, help="trainings per arm (5)")
    command.add_argument("--epochs", type=_at_least(1, int), default=20, help="(20)")
    command.add_argument("--batch-size", type=_at_least(1, int), default=32, help="(32)")
    command.add_argument(
        "--keep-weights", action="store_true", help="start from the weights in the file"
    )
    command.add_argument(
        "--out", metavar="DIR", help="folder of experiments (experiments/ in the cache)"
    )


def run(options):
    """Prints the figures, the verdict and where the page is; progress goes to standard error."""
    check_written(options, "out")

    from rnnzoo.native_stderr import import_keras

    import_keras()

    from rnnzoo.pipelines.experiments.compare_noise.comparison import comparison
    from rnnzoo.pipelines.experiments.compare_noise.verdict import figure_lines, verdict
    from rnnzoo.pipelines.experiments.harness.run import PAGE, reproduce

    experiment = comparison(
        options.model,
        options.data,
        scales=tuple(dict.fromkeys(options.noise_std)),
        mode=options.noise_mode,
        seeds=options.seeds,
        epochs=options.epochs,
        batch_size=options.batch_size,
        keep_weights=options.keep_weights,
    )
    out = options.out or cache_dir() / "experiments"
    results = reproduce(experiment, out)
    page = str(Path(out) / experiment.label(False) / PAGE)
    if options.json:
        report = {"page": page, "verdict": verdict(results), **results.as_json()}
        print(json.dumps(report, indent=2, ensure_ascii=False))
        return
    print("\n".join([*figure_lines(results), verdict(results)]))
    print(f"the page is {page}")
