"""BulkInferrer: a record per item of a user's files, by the model that was pushed.

TFX's own component sends examples, one by one, to a signature that parses them. Examples here are
rows of data, such as the rate of a day, and a model predicts from windows of them, from a text or
from a video: its signatures take arrays, and `rnnzoo.pipelines.bulk_inference` reads the files.
"""

import glob
import json
import os
import shutil
import uuid
from pathlib import Path

from tfx import v1 as tfx

from rnnzoo.artifacts import read_card
from rnnzoo.datasets.common.atomic_write import atomic_file
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.bulk_inference.predict import counted, predict
from rnnzoo.pipelines.tfx.pushing import is_pushed

PREDICTIONS, RECORDS, FILES = "predictions", "records", "files"


@tfx.dsl.components.component
def bulk_inferrer(
    pushed_model: tfx.dsl.components.InputArtifact[tfx.types.standard_artifacts.PushedModel],
    inference_result: tfx.dsl.components.OutputArtifact[
        tfx.types.standard_artifacts.InferenceResult
    ],
    settings: tfx.dsl.components.Parameter[str],
):
    """Predicts files; see `rnnzoo.pipelines.bulk_inference.predict`."""
    from rnnzoo.loading import load_verified

    settings = json.loads(settings)
    model = Path(pushed_model.get_string_custom_property("pushed_destination"))
    if not is_pushed(model, pushed_model.get_string_custom_property("content_digest")):
        return  # the pusher was cached: it runs again, and this after it
    out = Path(inference_result.uri) / f"{PREDICTIONS}{settings['suffix']}"
    done = predict(
        read_card(model),
        lambda: load_verified(model),
        settings["files"],
        out,
        options=settings["options"],
    )
    inference_result.set_string_custom_property(PREDICTIONS, str(out))
    inference_result.set_int_custom_property(RECORDS, done.records)
    inference_result.set_int_custom_property(FILES, done.files)


def bulk_inferrer_of(files, out, options, pushed_model):
    """The component, which is never cached: the files may have changed.

    Args:
        files: list of str, see `rnnzoo.pipelines.bulk_inference.inputs.input_files`.
        out: path of the predictions, of which the suffix counts here.
        options: dict, the family's `data_options`.
        pushed_model: channel.
    """
    settings = {
        "files": [os.fspath(file) for file in files],
        "suffix": Path(out).suffix.lower(),
        "options": options or {},
        "attempt": uuid.uuid4().hex,
    }
    return bulk_inferrer(pushed_model=pushed_model, settings=json.dumps(settings, sort_keys=True))


def check_files(files, out):
    """Checks the files to predict before a model is trained.

    Args:
        files, out: see `bulk_inferrer_of`.

    Raises:
        InputError: one does not exist, a pattern matches none, or `out` is one of them.
    """
    for text in map(os.fspath, files):
        matches = [text] if os.path.lexists(text) else glob.glob(text, recursive=True)
        if not matches:
            raise InputError(f"{text} does not exist: give a file, a folder or a pattern in quotes")
        if os.path.abspath(out) in map(os.path.abspath, matches):
            raise InputError(f"{out} would replace {text}: give another --predictions")


def copy_predictions(node, out):
    """Copies what the component of a run wrote.

    Args:
        node: `rnnzoo.pipelines.tfx.store.Node`.
        out: path of the new file.

    Returns:
        str, a line on what it holds.
    """
    written = node.properties
    with atomic_file(Path(out)) as partial:
        shutil.copyfile(written[PREDICTIONS], partial)
    records, files = counted(written[RECORDS], "record"), counted(written[FILES], "file")
    return f"{out}: {records} of {files}"
