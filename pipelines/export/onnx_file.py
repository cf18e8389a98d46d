"""Writes and runs ONNX files."""

import json
import re
import warnings

import onnx
import onnxruntime
import tf2onnx

import rnnzoo
from rnnzoo.datasets.common.system_errors import reason_of

AFTER = "_after"  # of a state's output: names of inputs and outputs are distinct in ONNX
AXES = ("batch", "time")  # names of axes of any size

# Card fields that are stored in a file, as JSON where they are no text.
FIELDS = ("name", "task", "title", "input", "output", "vocabulary", "classes", "levels")
FIELDS += ("licence", "content_digest")


def write(model, signature, card, path):
    """Writes a signature, with card fields as the file's metadata.

    Args:
        model: task model, which owns the weights.
        signature: `rnnzoo.pipelines.export.portable.Signature`.
        card: dict.
        path: `pathlib.Path`.
    """
    inputs = [spec.name for spec in signature.specs]
    traced = signature.plain
    if not set(inputs).isdisjoint(traced.get_concrete_function().structured_outputs):
        traced = signature.traced(names=lambda name: f"{name}{AFTER}" if name in inputs else name)
    with warnings.catch_warnings(action="ignore", category=FutureWarning):
        proto, _ = tf2onnx.convert.from_function(traced, traced.input_signature)
    del proto.graph.value_info[:]  # shapes inside the graph, with made-up names
    for tensor in [*proto.graph.input, *proto.graph.output]:
        for axis, size in enumerate(tensor.type.tensor_type.shape.dim):
            if not size.HasField("dim_value"):
                size.dim_param = AXES[axis] if axis < len(AXES) else f"axis_{axis}"
    proto.graph.name, proto.model_version = card["name"], int(card["version"])
    proto.producer_name, proto.producer_version = "rnnzoo", rnnzoo.__version__
    proto.doc_string = card.get("title", "")
    fields = {field: card[field] for field in FIELDS if field in card}
    fields |= {"version": card["version"], "signature": signature.name}
    onnx.helper.set_model_props(proto, {name: _text(value) for name, value in fields.items()})
    onnx.save(proto, path)


def read(path):
    """The function of a file, from dict of arrays to dict of arrays."""
    session = onnxruntime.InferenceSession(path)
    names = [node.name for node in session.get_outputs()]
    plain = [name.removesuffix(AFTER) for name in names]

    def call(inputs):
        return dict(zip(plain, session.run(names, inputs), strict=True))

    return call


def reason(problem):
    """The operations that the format lacks, or the first line of the problem."""
    text = str(problem)
    lacking = re.findall(r"No Op registered for (\w+)", text)
    lacking += re.findall(r"(\w+) is not a registered function/op", text)
    return f"ONNX lacks {', '.join(sorted(set(lacking)))}" if lacking else reason_of(problem)


def _text(value):
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
