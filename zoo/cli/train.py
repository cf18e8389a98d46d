"""Train a model of the zoo by its recipe, on its own data or yours, and push the result."""

import sys

from rnnzoo.artifacts import models_dir
from rnnzoo.cli._data_options import add_data_options, data_options
from rnnzoo.cli._frame_network import add_frame_network
from rnnzoo.cli._pushed import report
from rnnzoo.cli._written_files import check_written
from rnnzoo.native_stderr import import_keras
from rnnzoo.registry import recipe


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument("name", help="a model with a recipe, see `rnnzoo list`")
    command.add_argument(
        "--data", metavar="PATH", help="your own data, in the form the family reads"
    )
    add_data_options(command)
    command.add_argument("--name", dest="new", help="what to call the model of your data")
    command.add_argument("--out", metavar="DIR", help="folder of models (RNNZOO_MODELS_DIR)")
    add_frame_network(command)
    command.add_argument(
        "--push-anyway",
        action="store_true",
        help="push it even if it is no better than what it is compared with; its card says so",
    )


def run(options):
    """Runs what has changed since the last time, and prints where the model lies."""
    from rnnzoo.pipelines.pipeline import Pipeline

    check_written(options, "out")
    out = options.out or models_dir()
    reading = data_options(options, recipe(options.name)["task"])
    pipeline = Pipeline(
        options.name, out, options.data, options.new, reading, options.frame_network
    )
    done = pipeline.unchanged()
    if done is None:
        import_keras()
        done = pipeline.run(options.push_anyway)
    else:
        print("nothing has changed: all nine stages are cached", file=sys.stderr)
    report(*done, options.json)
