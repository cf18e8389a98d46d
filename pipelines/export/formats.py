"""`rnnzoo export`: writes a pretrained model in another format and compares its predictions."""

import importlib
import os
import tempfile
import warnings
from pathlib import Path

import keras
import numpy as np

from rnnzoo.artifacts import verify_files
from rnnzoo.artifacts.model import copy_saved_model
from rnnzoo.datasets.common.atomic_write import PARTIAL
from rnnzoo.datasets.common.errors import InputError, unknown
from rnnzoo.datasets.common.system_errors import writing
from rnnzoo.loading import first_line, golden_difference, load_folder, served
from rnnzoo.registry import located

# The runtime that loads each format, what else is needed to write it, and the extra that
# installs both.
RUNTIMES = {
    "keras": ("keras", None),
    "saved_model": ("tensorflow", None),
    "onnx": ("onnxruntime tf2onnx", "onnx"),
    "litert": ("ai_edge_litert.interpreter", "litert"),
}

SUFFIXES = {"keras": ".keras", "saved_model": "", "onnx": ".onnx", "litert": ".tflite"}


def export(name, file_format, out=None):
    """Writes a model in another format, loads it in that format's runtime, and compares.

    Args:
        name: str, a pretrained model.
        file_format: str, one of `RUNTIMES`.
        out: path to write; by default the model's name with the format's suffix.

    Returns:
        dict: `name`, `format`, `path`, and `difference`, the largest one from the
        model's golden outputs.

    Raises:
        InputError: unknown model or format, a path that exists, an extra that is not
            installed, or an export that predicts otherwise; nothing is written then.
    """
    if file_format not in RUNTIMES:
        raise unknown("format", file_format, RUNTIMES)
    folder = located(name)
    verify_files(folder)
    runtime = _runtime(file_format)
    out = Path(out or name.replace("/", "-") + SUFFIXES[file_format])
    if out.exists():
        raise InputError(f"{out} exists already: remove it or name another path")
    if not out.absolute().parent.is_dir():
        raise InputError(f"{out.absolute().parent} is no folder: name a path in an existing one")
    model = load_folder(folder)
    with tempfile.TemporaryDirectory(prefix=PARTIAL, dir=out.absolute().parent) as partial:
        path = Path(partial) / f"model{SUFFIXES[file_format]}"
        try:
            with writing(out, Path(partial)):
                WRITERS[file_format](model, folder, path)
            predict = READERS[file_format](path, runtime)
            difference = golden_difference(folder, f"{name} as {file_format}", predict)
        except InputError:
            raise
        except Exception as problem:  # a converter can raise anything
            raise InputError(
                f"{name} cannot be written as {file_format}: {first_line(problem)}"
            ) from problem
        os.rename(path, out)
    return {"name": name, "format": file_format, "path": str(out), "difference": difference}


def _runtime(file_format):
    modules, extra = RUNTIMES[file_format]
    try:
        return [importlib.import_module(module) for module in modules.split()][0]
    except ImportError as problem:
        raise InputError(
            f"format {file_format} needs {problem.name}: pip install 'rnnzoo[{extra}]'"
        ) from None


def _write_keras(model, folder, path):
    model.save(path)


def _write_saved_model(model, folder, path):
    copy_saved_model(folder, path)


def _write_onnx(model, folder, path):
    (layer,) = model.inputs
    model(np.zeros([size or 1 for size in layer.shape], dtype=layer.dtype))  # the exporter needs it
    with warnings.catch_warnings(action="ignore", category=FutureWarning):
        _export(model, path, "onnx", None)


def _write_litert(model, folder, path):
    # LiteRT runs a batch of one; a free batch size would write a file that does not run.
    _export(model, path, "litert", 1)


def _export(model, path, file_format, batch):
    (layer,) = model.inputs
    spec = keras.InputSpec(shape=(batch, *layer.shape[1:]), dtype=layer.dtype, name=layer.name)
    model.export(path, format=file_format, verbose=False, input_signature=[spec])


def _read_keras(path, runtime):
    return runtime.saving.load_model(path, compile=False, safe_mode=True)


def _read_saved_model(path, runtime):
    return served(path)


def _read_onnx(path, runtime):
    session = runtime.InferenceSession(path)
    (node,) = session.get_inputs()
    return lambda inputs: session.run(None, {node.name: inputs})[0]


def _read_litert(path, runtime):
    interpreter = runtime.Interpreter(str(path))
    (node,), (output,) = interpreter.get_input_details(), interpreter.get_output_details()

    def call(inputs):
        interpreter.resize_tensor_input(node["index"], inputs.shape)
        interpreter.allocate_tensors()
        interpreter.set_tensor(node["index"], inputs)
        interpreter.invoke()
        return interpreter.get_tensor(output["index"])

    return call


WRITERS = {
    "keras": _write_keras,
    "saved_model": _write_saved_model,
    "onnx": _write_onnx,
    "litert": _write_litert,
}
READERS = {
    "keras": _read_keras,
    "saved_model": _read_saved_model,
    "onnx": _read_onnx,
    "litert": _read_litert,
}
