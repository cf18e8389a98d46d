"""Fine-tune a pretrained model on your own data."""

from rnnzoo.artifacts import models_dir
from rnnzoo.cli._data_options import add_own_data, data_options
from rnnzoo.cli._frame_network import network_for
from rnnzoo.cli._pushed import report
from rnnzoo.cli._written_files import check_written
from rnnzoo.native_stderr import import_keras
from rnnzoo.registry import info, located


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument("name", help="the pretrained model to start from")
    add_own_data(command, required=True)
    command.add_argument("--name", required=True, dest="new", help="what to call your model")
    command.add_argument("--out", metavar="DIR", help="folder of models (RNNZOO_MODELS_DIR)")
    command.add_argument("--epochs", type=int, default=10, help="at most (10)")
    command.add_argument("--learning-rate", type=float, default=1e-3, help="of Adam (0.001)")
    command.add_argument("--seed", type=int, default=0, help="the same seed, the same model (0)")
    command.add_argument(
        "--require-better",
        action="store_true",
        help="push nothing, and end with status 2, if it did not help on the test split",
    )


def run(options):
    """Fine-tunes, and prints where the new model lies and whether it helped."""
    check_written(options, "out")
    located(options.name)
    reading = data_options(options, info(options.name)["task"])
    import_keras()
    from rnnzoo.evaluation import verdict

    if options.frame_network:
        network_for(info(options.name), options.frame_network)
    from rnnzoo.pipelines.finetune import finetune

    folder, card = finetune(
        options.name,
        options.data,
        options.new,
        options.out or models_dir(),
        epochs=options.epochs,
        learning_rate=options.learning_rate,
        seed=options.seed,
        data_options=reading,
        require_better=options.require_better,
    )
    report(folder, card, options.json)
    if not options.json:
        print(verdict(card["metrics"]))
