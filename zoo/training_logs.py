"""The folders of event files that TensorBoard opens, and the histories of pretrained models.

Below `RNNZOO_CACHE_DIR/tensorboard/`: `runs/<name>/<run>/` of trainings on this machine,
`pretrained/<name>-<version>/` written from the `history.json` that a model ships with.
"""

import itertools

from rnnzoo.artifacts import read_card, verify_files
from rnnzoo.artifacts.records import read_history
from rnnzoo.datasets.common.atomic_write import atomic_folder
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.folders import cache_dir
from rnnzoo.registry import located


def root():
    """Path of the folder that TensorBoard opens."""
    return cache_dir() / "tensorboard"


def runs_folder(name):
    """Path of the folder of all trainings of a model on this machine."""
    return root() / "runs" / name


def run_folder(name, run):
    """Path of the folder of a training's event files."""
    return runs_folder(name) / run


def history_folder(name, version):
    """Path of the folder of event files that `open_history` writes."""
    return root() / "pretrained" / f"{name}-{version}"


def new_run_folder(name, run, resumed=False):
    """Creates the folder of a training's event files, one of its own for each training.

    Args:
        name: str, the model.
        run: str, the training; the second one of that name gets the folder `<run>-run-2`.
        resumed: bool, whether the last training of that name is continued, in its folder.

    Returns:
        Path.
    """
    folders = (
        run_folder(name, run if number == 1 else f"{run}-run-{number}")
        for number in itertools.count(1)
    )
    folder = next(folders)
    for following in folders:
        if not folder.exists() or (resumed and not following.exists()):
            break
        folder = following
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def open_history(name, graph=True):
    """Writes a pretrained model's history as event files and returns their folder.

    Scalars and texts of each epoch, at the last one the figure of the validation split that the
    card has, and the graph.

    Args:
        name: str, a model, `NAME` or `NAME/VERSION`.
        graph: bool, whether to write the graph, for which the model is loaded.

    Returns:
        Path of the folder.

    Raises:
        InputError: no such model, or it has no history.
    """
    import tensorflow as tf

    from rnnzoo.layers.callbacks.event_errors import event_errors
    from rnnzoo.layers.callbacks.training_log import markdown_block, write_graph
    from rnnzoo.loading import load_folder

    artifact = located(name)
    history = read_history(artifact)
    if history is None:
        raise InputError(f"{name} ships without the history of its training")
    folder = history_folder(artifact.parent.name, artifact.name)
    with (
        atomic_folder(folder, replace=True) as partial,
        event_errors(str(partial)),
        tf.summary.create_file_writer(str(partial)).as_default(),
    ):
        step = 0  # where weights by least squares have no epochs
        for row in history:
            step = row.pop("epoch")
            for key, value in row.items():
                if isinstance(value, str):
                    tf.summary.text(key, markdown_block(value), step=step)
                else:
                    tf.summary.scalar(key, value, step=step)
        validation = read_card(artifact).get("metrics", {}).get("validation")
        if validation is not None:
            tf.summary.scalar("validation", validation, step=step)
        if graph:
            verify_files(artifact)
            model = load_folder(artifact)
            write_graph(model, model.inputs[0] if len(model.inputs) == 1 else model.inputs)
    return folder
