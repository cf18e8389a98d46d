"""`rnnzoo export`: writes a pretrained model in another format and compares its predictions."""

import importlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

import keras

from rnnzoo.artifacts import verify_files
from rnnzoo.artifacts.model import copy_saved_model
from rnnzoo.datasets.common.atomic_write import PARTIAL
from rnnzoo.datasets.common.durable import rename_durably
from rnnzoo.datasets.common.errors import InputError, unknown
from rnnzoo.datasets.common.system_errors import reason_of, writing
from rnnzoo.loading import golden_difference, load_folder, served
from rnnzoo.registry import located

PACKAGE = "rnnzoo.pipelines.export"


@dataclass(frozen=True)
class Format:
    """A format of files.

    Args:
        suffix: str, of a file's name.
        needs: list of str, modules that are needed to write and to run it.
        extra: str, the extra that installs them, or None.
        runtime: str, the module that writes and runs a signature; None if a file has them all.
    """

    suffix: str
    needs: list
    extra: str = None
    runtime: str = None


FORMATS = {
    "keras": Format(".keras", []),
    "saved_model": Format("", []),
    "onnx": Format(".onnx", ["onnxruntime", "tf2onnx"], "onnx", f"{PACKAGE}.onnx_file"),
    "litert": Format(".tflite", ["ai_edge_litert.interpreter"], "litert", f"{PACKAGE}.litert_file"),
}


def export(name, file_format, out=None, signature=None):
    """Writes a model in another format, loads it in that format's runtime, and compares.

    Args:
        name: str, a pretrained model.
        file_format: str, one of `FORMATS`.
        out: path to write; by default the model's name with the format's suffix.
        signature: str, which one to write as ONNX or LiteRT, see
            `rnnzoo.pipelines.export.portable`; by default `"serving_default"`.

    Returns:
        dict: `name`, `format`, `path`, `difference`, the largest one from the model's outputs; and
        for ONNX and LiteRT `signature`, `inputs` and `outputs`, names with types and shapes.

    Raises:
        InputError: unknown model, format or signature, a path that exists, an extra that is not
            installed, or an export that predicts otherwise; nothing is written then.
    """
    if file_format not in FORMATS:
        raise unknown("format", file_format, FORMATS)
    chosen = FORMATS[file_format]
    if signature is not None and chosen.runtime is None:
        raise InputError(f"{file_format} has all signatures: leave {signature!r} out")
    folder = located(name)
    verify_files(folder)
    _check_installed(file_format, chosen)
    suffix = f"-{signature}{chosen.suffix}" if signature else chosen.suffix
    out = Path(out or name.replace("/", "-") + suffix)
    if out.exists():
        raise InputError(f"{out} exists already: remove it or name another path")
    if not out.absolute().parent.is_dir():
        raise InputError(f"{out.absolute().parent} is no folder: name a path in an existing one")
    model, title = load_folder(folder), f"{name} as {file_format}"
    with tempfile.TemporaryDirectory(prefix=PARTIAL, dir=out.absolute().parent) as partial:
        path = Path(partial) / f"model{chosen.suffix}"
        if chosen.runtime is None:
            try:
                with writing(out, Path(partial)):
                    loaded = WHOLE[file_format](model, folder, path)
            except InputError:
                raise
            except Exception as problem:  # Keras can raise anything
                raise InputError(f"{title} cannot be written: {reason_of(problem)}") from problem
            report = {"difference": golden_difference(folder, title, loaded)}
        else:
            from rnnzoo.pipelines.export.compared import write_compared

            runtime = importlib.import_module(chosen.runtime)
            report = write_compared(runtime, model, folder, path, out, title, signature)
        with writing(out):
            rename_durably(path, out)
    return {"name": name, "format": file_format, "path": str(out), **report}


def _check_installed(file_format, chosen):
    try:
        for module in chosen.needs:
            importlib.import_module(module)
    except ImportError as problem:
        raise InputError(
            f"format {file_format} needs {problem.name}: pip install 'rnnzoo[{chosen.extra}]'"
        ) from None


def _keras(model, folder, path):
    model.save(path)
    return keras.saving.load_model(path, compile=False, safe_mode=True)


def _saved_model(model, folder, path):
    copy_saved_model(folder, path)
    return served(path)


# Each writes a file with all signatures, and returns the function that it has, loaded again.
WHOLE = {"keras": _keras, "saved_model": _saved_model}
