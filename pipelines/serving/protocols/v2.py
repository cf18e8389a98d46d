"""The Open Inference Protocol without HTTP: requests and answers as bytes."""

import math
import re
from dataclasses import dataclass

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.pipelines.serving.core.steps import STEP, Step, step_of
from rnnzoo.pipelines.serving.protocols import v2_tensors as tensors
from rnnzoo.pipelines.serving.protocols.json_text import decoded, encoded
from rnnzoo.pipelines.serving.protocols.tensorflow import DEFAULT
from rnnzoo.pipelines.serving.protocols.values import check_names, elements

EXTENSIONS = "binary_tensor_data", "parameters", "sequence"
PLATFORM = "tensorflow_savedmodel"  # as Triton names it
NOT_SERVED = "classification", "shared_memory_region"  # parameters that would change an answer


@dataclass(frozen=True)
class Form:
    """What an answer has to look like.

    Args:
        id: str, of the request; None without.
        outputs: dict from the name of each output to whether it is binary.
    """

    id: str | None
    outputs: dict


def metadata(name, available, version, signature=None):
    """The inputs and outputs of a signature.

    Args:
        name: str, the model's.
        available: iterable of int, its versions.
        version: `Version`.
        signature: str; None or an empty one is the default.

    Returns:
        dict of JSON values.

    Raises:
        InputError: there is no such signature.
    """
    signature = signature or DEFAULT
    return {
        "name": name,
        "versions": [str(n) for n in sorted(available, reverse=True)],
        "platform": PLATFORM,
        "inputs": _described(version.specs(signature)),
        "outputs": _described(version.output_specs(signature)),
        "parameters": {
            "signature_name": signature,
            "signature_names": ",".join(version.signature_names()),
        },
    }


def _described(specs):
    """list of JSON values: an axis of any size is -1."""
    return [
        {
            "name": name,
            "datatype": tensors.datatype(spec.dtype),
            "shape": [-1 if size is None else size for size in spec.shape],
        }
        for name, spec in sorted(specs.items())
    ]


@dataclass(frozen=True)
class Inference:
    """A request whose inputs are not read yet.

    Args:
        signature: str.
        identity: str, the id of the request; None without.
        step: `Step` of a sequence; None for a request without states of the server.
        request: dict of JSON values.
        data: memoryview, the binary data.
    """

    signature: str
    identity: str | None
    step: Step | None
    request: dict
    data: memoryview


def inference_of(body, length=None):
    """The `Inference` of a body.

    Args:
        body: bytes, a JSON object, and binary data after it.
        length: str, the bytes of the JSON object; None if there are no binary data.

    Raises:
        InputError: it is no such object, or a field has an unsuitable value.
    """
    header, data = _parts(body, length)
    return inference_from(decoded(header), data)


def inference_from(request, data):
    """The `Inference` of a JSON value and of its binary data, see `inference_of`."""
    if not isinstance(request, dict):
        raise InputError("body has to be an object with 'inputs'")
    parameters = _parameters(request, "the request")
    step = step_of(parameters)
    signature = parameters.get("signature_name") or (DEFAULT if step is None else STEP)
    if not isinstance(signature, str):
        raise InputError(f"signature_name={shown(signature)}: give a string")
    identity = request.get("id")
    if not isinstance(identity, str | None):
        raise InputError(f"id={shown(identity)}: give a string")
    return Inference(signature, identity, step, request, data)


def read_inputs(inference, version, states, most_bytes):
    """The inputs of an inference, and what its answer has to look like.

    Args:
        inference: `Inference`.
        version: `Version`.
        states: names of inputs and outputs that the server has itself.
        most_bytes: int, of a body.

    Returns:
        (dict from input to array, `Form` of the answer).

    Raises:
        InputError: the request is not what the signature takes.
    """
    request, signature = inference.request, inference.signature
    specs = _without(states, version.specs(signature))
    outputs = _without(states, version.output_specs(signature))
    # Outputs are checked before, so that no model runs for a request that is refused.
    wanted = _wanted(request, _parameters(request, "the request"), outputs)
    inputs = _inputs(request, inference.data, specs, most_bytes)
    return inputs, Form(inference.identity, wanted)


def _without(states, specs):
    return {name: spec for name, spec in specs.items() if name not in states}


def _parts(body, length):
    """(JSON, binary data) of a body, both as bytes."""
    if length is None:
        return body, memoryview(b"")
    if not re.fullmatch("[0-9]{1,9}", length) or int(length) > len(body):
        raise InputError(
            f"Inference-Header-Content-Length is {shown(length)}: give the bytes of the JSON, at "
            f"most {len(body)}"
        )
    return body[: int(length)], memoryview(body)[int(length) :]


def _parameters(item, what):
    """The parameters of an object of the request, a dict."""
    parameters = item.get("parameters")
    if not isinstance(parameters, dict | None):
        raise InputError(f"parameters of {what} have to be an object")
    return parameters or {}


def _listed(request, field):
    """dict from name to the object of an input or output, in the order of the request."""
    items = request.get(field)
    if not isinstance(items, list | None):
        raise InputError(f"'{field}' has to be a list of objects with a name")
    by_name = {}
    for item in items or ():
        if not isinstance(item, dict) or not isinstance(item.get("name"), str):
            raise InputError(f"'{field}' has to be a list of objects with a name")
        name = item["name"]
        if name in by_name:
            raise InputError(f"{field} have {shown(name)} twice: name each of them once")
        by_name[name] = item
        for parameter in NOT_SERVED:
            if parameter in _parameters(item, shown(name)):
                raise InputError(f"{shown(name)} has the parameter {parameter}: it is not served")
    return by_name


def _flag(parameters, name, default):
    """The bool of a parameter."""
    value = parameters.get(name)
    if not isinstance(value, bool | None):
        raise InputError(f"{name}={shown(value)}: give true or false")
    return default if value is None else value


def _wanted(request, parameters, specs):
    """dict from the name of each output of the answer to whether it is binary."""
    default = _flag(parameters, "binary_data_output", False)
    wanted = _listed(request, "outputs") or {name: {} for name in sorted(specs)}
    for name in wanted:
        if name not in specs:
            raise InputError(f"outputs are {', '.join(sorted(specs))}, not {shown(name)}")
    return {
        name: _flag(_parameters(item, shown(name)), "binary_data", default)
        for name, item in wanted.items()
    }


def _inputs(request, data, specs, most_bytes):
    """dict from the name of each input to its array."""
    items = _listed(request, "inputs")
    check_names(items, specs)
    inputs, start = {}, 0
    for name, item in items.items():  # in the order of the binary data
        shape = _shape(name, item, specs[name], most_bytes)
        size = _parameters(item, shown(name)).get("binary_data_size")
        if size is None:
            inputs[name] = _from_json(name, item, shape, specs[name])
            continue
        if "data" in item:
            raise InputError(f"input {name!r} has data and binary_data_size: give either")
        if type(size) is not int or not 0 <= size <= len(data) - start:
            raise InputError(
                f"input {name!r} has binary_data_size {shown(size)}: the body has "
                f"{len(data) - start} bytes for it"
            )
        content = data[start : start + size]
        inputs[name] = tensors.from_binary(name, content, shape, specs[name])
        start += size
    if start != len(data):
        raise InputError(f"body has {len(data) - start} bytes after its last input")
    return inputs


def _shape(name, item, spec, most_bytes):
    """The shape of an input, a tuple; its datatype is that of the signature."""
    kind, shape = item.get("datatype"), item.get("shape")
    if kind != tensors.datatype(spec.dtype):
        raise InputError(
            f"input {name!r} has datatype {shown(kind)}: give {tensors.datatype(spec.dtype)}"
        )
    if not isinstance(shape, list) or any(type(size) is not int or size < 0 for size in shape):
        raise InputError(f"input {name!r} has shape {shown(shape)}: give a list of sizes")
    tensors.check_size(name, tuple(shape), spec, most_bytes)
    return tuple(shape)


def _from_json(name, item, shape, spec):
    """The array of an input whose data are flat, or nested as its shape."""
    if "data" not in item:
        raise InputError(f"input {name!r} has no data")
    array = elements(name, item["data"], spec)
    if array.shape not in (shape, (math.prod(shape),)):
        raise InputError(f"input {name!r} has data of shape {array.shape}, not {shape}")
    return array.reshape(shape)


def inferred(name, number, outputs, form):
    """The answer to an inference: (JSON, binary data), both as bytes.

    Args:
        name: str, the model's.
        number: int, its version.
        outputs: dict of arrays.
        form: `Form`.

    Raises:
        InputError: JSON cannot have an output.
    """
    answer = {"model_name": name, "model_version": str(number)}
    if form.id is not None:
        answer["id"] = form.id
    answer["outputs"], data = [], []
    for output, is_binary in form.outputs.items():
        array = outputs[output]
        kind = tensors.datatype_of(array)
        item = {"name": output, "datatype": kind, "shape": list(array.shape)}
        if is_binary:
            data.append(tensors.binary(array))
            item["parameters"] = {"binary_data_size": len(data[-1])}
        else:
            item["data"] = (
                tensors.texts(output, array) if kind == "BYTES" else array.ravel().tolist()
            )
        answer["outputs"].append(item)
    return encoded(answer), b"".join(data)
