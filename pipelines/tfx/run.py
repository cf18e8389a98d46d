"""`rnnzoo train --engine tfx`: the TFX pipeline of a model on this machine."""

import re
import sys
import uuid
from pathlib import Path

from rnnzoo.artifacts import read_card
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.locks import folder_lock
from rnnzoo.datasets.common.system_errors import not_written
from rnnzoo.pipelines.core.run_folders import tfx_folder
from rnnzoo.pipelines.tfx.available import check_tfx
from rnnzoo.pipelines.tfx.runners import NOT_ON_DASK, checked_runner, is_dask
from rnnzoo.pipelines.tfx.settings import settings_of

OF_BEAM = r" \[while running '[^']*'\]$"  # the step of a pipeline, at the end of a message


def train(
    name,
    root,
    data=None,
    *,
    pipeline_root=None,
    beam=(),
    push_anyway=False,
    predict=(),
    predictions=None,
    log=print,
    **options,
):
    """Runs the components that have changed, and returns (folder, card) of the pushed model.

    Args:
        name, root, data: see `rnnzoo.pipelines.tfx.pipeline`.
        pipeline_root: path of a folder for TFX's artifacts and its store; None for `tfx_folder`.
        beam: list of str, options of Beam, such as `["--runner=FlinkRunner"]`.
        push_anyway: bool, see `rnnzoo.pipelines.pipeline.Pipeline.run`.
        predict: list of str, files to predict by the pushed model, see
            `rnnzoo.pipelines.bulk_inference.inputs.input_files`.
        predictions: path of the file of their records, .jsonl or .csv.
        log: function that is called with a line per component.
        **options: see `settings_of`.

    Raises:
        InputError: TFX cannot be imported here, a folder cannot be written, another process trains
            this model, or as `rnnzoo.pipelines.pipeline.Pipeline.run`.
    """
    check_tfx()
    beam, inference = checked_runner(beam), None
    if predict:
        from rnnzoo.pipelines.tfx.inference import check_files

        check_files(predict, predictions)
        reading = options.get("data_options")
        inference = {"files": predict, "out": predictions, "options": reading}
    settings = settings_of(name, data, root, **options)
    folder = Path(pipeline_root or tfx_folder(settings["parameters"]["name"]))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise not_written(folder, problem) from None
    if is_dask(beam):
        log(f"beam: {NOT_ON_DASK}", file=sys.stderr)
    with folder_lock(folder):
        arguments = (settings, folder, beam, push_anyway, log, inference)
        artifact = _run(*arguments)
        if artifact is None:  # cached, and no longer in the folder of models
            artifact = _run(*arguments, attempt=uuid.uuid4().hex)
    return artifact, read_card(artifact)


def recorded_run(name, pipeline_root=None):
    """list of `rnnzoo.pipelines.tfx.store.Node`, the newest run of a model.

    Args:
        name: str.
        pipeline_root: see `train`.

    Raises:
        InputError: there is none.
    """
    from rnnzoo.pipelines.tfx.store import STORE, last_run

    path = Path(pipeline_root or tfx_folder(name)) / STORE
    nodes = last_run(path) if path.is_file() else []
    if not nodes:
        raise InputError(
            f"{name} was not trained by TFX here ({path}): `rnnzoo train {name} --engine tfx`"
        )
    return nodes


def _run(settings, folder, beam, push_anyway, log, inference, attempt=""):
    """Path of the pushed model; None if it is missing, or not what was pushed."""
    from absl import logging
    from tfx import v1 as tfx

    from rnnzoo.pipelines.tfx.distributions import warnings
    from rnnzoo.pipelines.tfx.graph import build
    from rnnzoo.pipelines.tfx.pushing import is_pushed
    from rnnzoo.pipelines.tfx.store import STORE, last_run

    logging.set_verbosity(logging.ERROR)
    pipeline = build(settings, folder, beam, push_anyway, attempt, inference=inference)
    try:
        tfx.orchestration.LocalDagRunner().run(pipeline)
    except InputError as problem:
        raise InputError(re.sub(OF_BEAM, "", str(problem))) from None
    finally:
        nodes = last_run(folder / STORE)
        for node in nodes:
            log(f"{node.name}: {_outcome(node)}", file=sys.stderr)
        for line in warnings(nodes):
            print(line, file=sys.stderr)
    (pushed,) = [node.properties for node in nodes if node.name == "pusher"]
    path = Path(pushed["pushed_destination"])
    if not is_pushed(path, pushed["content_digest"]):
        return None
    if inference is not None:
        from rnnzoo.pipelines.tfx.inference import copy_predictions

        log(copy_predictions(nodes[-1], inference["out"]), file=sys.stderr)
    return path


def _outcome(node):
    if node.state == "CACHED":
        return "cached"
    if node.state == "COMPLETE":
        return f"made in {node.seconds:.1f} s"
    return node.state.lower()
