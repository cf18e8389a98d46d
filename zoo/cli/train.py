"""Train a model of the zoo by its recipe and push the result."""

from rnnzoo.artifacts import models_dir
from rnnzoo.cli.pushed import report
from rnnzoo.cli.quiet import import_keras
from rnnzoo.registry import recipe


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument("name", help="a model with a recipe, see `rnnzoo list`")
    command.add_argument("--out", metavar="DIR", help="folder of models (RNNZOO_MODELS_DIR)")


def run(options):
    """Trains every seed and prints where the first one's model lies."""
    recipe(options.name)
    import_keras()
    from rnnzoo.pipelines.train_text import train_text

    report(*train_text(options.name, options.out or models_dir()), options.json)
