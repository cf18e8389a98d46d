"""Exports a model of another Keras backend: a process of its own rebuilds it on TensorFlow."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from rnnzoo.datasets.common.errors import InputError

EXPORT = "rnnzoo.pipelines.export.saved_model"  # run as a program


def export_by_process(model, folder):
    """Writes `saved_model.pb` and `variables/` of a task model into `folder`.

    Raises:
        InputError: the process fails.
    """
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "model.keras"
        model.save(path)
        task = type(model).__name__
        done = subprocess.run(
            [sys.executable, "-m", EXPORT, task, str(path), str(folder)],
            env=os.environ | {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3"},
            capture_output=True,
            text=True,
        )
    if done.returncode:
        reason = (done.stderr.strip() or f"exit status {done.returncode}").splitlines()[-1]
        raise InputError(f"{task} cannot be exported on TensorFlow: {reason}")
