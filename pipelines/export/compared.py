"""Writes a signature for another runtime, runs it there, and compares it with the model."""

import numpy as np

from rnnzoo.artifacts import read_card
from rnnzoo.artifacts.model import read_golden
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.system_errors import writing
from rnnzoo.loading import TOLERANCE, golden_difference
from rnnzoo.pipelines.export.portable import DEFAULT, examples, outputs_of, portable

MASKED = 1e8  # larger outputs are logits of masked classes


def write_compared(runtime, model, folder, path, out, title, name=None):
    """Writes a signature and compares what the runtime computes with what the model computes.

    Args:
        runtime: module `rnnzoo.pipelines.export.onnx_file` or `litert_file`.
        model: task model in the artifact `folder`.
        folder: path of the artifact.
        path: `pathlib.Path`, the file to write, in a temporary folder.
        out: `pathlib.Path` that it is renamed to.
        title: str, the export in messages.
        name: str, the signature, see `rnnzoo.pipelines.export.portable`; None for the default.

    Returns:
        dict: `signature`; `inputs` and `outputs`, dict from name to type and shape; and
        `difference`, the largest one from the model's outputs, relative to the largest of them
        where that is above 1.

    Raises:
        InputError: there is no such signature, the format or the runtime lacks an operation of it,
            or the runtime predicts otherwise.
    """
    golden_difference(folder, f"the Keras model of {folder}", model)
    signature = portable(model, name or DEFAULT)
    inputs = examples(signature, read_golden(folder)["inputs"])
    traced = signature.plain

    def predicted(values):
        outputs = traced(*(values[spec.name] for spec in signature.specs))
        return {output: value.numpy() for output, value in outputs.items()}

    expected = outputs_of(signature, predicted, inputs)
    try:
        with writing(out, path.parent):
            runtime.write(model, signature, read_card(folder), path)
        actual = outputs_of(signature, runtime.read(path), inputs)
    except InputError:
        raise
    except Exception as problem:  # a converter can raise anything
        raise InputError(f"{title} cannot be written: {runtime.reason(problem)}") from problem
    largest = max(difference(actual[name], expected[name]) for name in expected)
    if not largest <= TOLERANCE:
        raise InputError(
            f"{title} differs from the model's outputs by {largest:.2g}: at most {TOLERANCE:g} "
            "is accepted"
        )
    return {
        "signature": signature.name,
        "inputs": {spec.name: _described(spec.dtype.name, spec.shape) for spec in signature.specs},
        "outputs": {
            name: _described(spec.dtype.name, spec.shape)
            for name, spec in traced.get_concrete_function().structured_outputs.items()
        },
        "difference": largest,
    }


def difference(actual, expected):
    """The largest difference, relative to the largest expected value where that is above 1.

    Logits of masked classes, such as -1e9, are no scale.

    >>> difference([-1e9, 2.0, 1.0], [-1e9, 4.0, 1.0])
    0.5
    """
    actual, expected = np.asarray(actual, "float64"), np.asarray(expected, "float64")
    sizes = np.abs(expected)
    scale = sizes.max(initial=1.0, where=sizes < MASKED)
    return float(np.abs(actual - expected).max() / scale)


def _described(dtype, shape):
    return f"{dtype} ({', '.join('?' if size is None else str(size) for size in shape)})"
