"""The Open Inference Protocol over gRPC: KServe's, and Triton's.

GRPCInferenceService  ServerLive, ServerReady, ModelReady, ServerMetadata, ModelMetadata,
                      ModelInfer, ModelStreamInfer

Requests become those of `rnnzoo.pipelines.serving.protocols.v2`, with binary data: checks are
written once.
"""

import struct

import numpy as np
from tritonclient.grpc import service_pb2

import rnnzoo
from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.pipelines.serving.access.keys import check_model
from rnnzoo.pipelines.serving.http.endpoints import computed, size_of
from rnnzoo.pipelines.serving.protocols import v2
from rnnzoo.pipelines.serving.protocols import v2_tensors as tensors
from rnnzoo.pipelines.serving.protocols.grpc_messages import parsed
from rnnzoo.pipelines.serving.statuses import NotServed

SERVICE = "inference.GRPCInferenceService"
# The field of the contents that has the values of a datatype.
CONTENTS = {
    "BOOL": "bool_contents",
    "INT8": "int_contents",
    "INT16": "int_contents",
    "INT32": "int_contents",
    "INT64": "int64_contents",
    "UINT8": "uint_contents",
    "UINT16": "uint_contents",
    "UINT32": "uint_contents",
    "UINT64": "uint64_contents",
    "FP32": "fp32_contents",
    "FP64": "fp64_contents",
    "BYTES": "bytes_contents",
}


def services(engine):
    """The methods: dict from service to a dict from name to a coroutine function of bytes.

    Args:
        engine: `rnnzoo.pipelines.serving.core.engine.Engine`.
    """

    async def live(content):
        return service_pb2.ServerLiveResponse(live=True)

    async def ready(content):
        return service_pb2.ServerReadyResponse(ready=not engine.unloaded())

    async def model_ready(content):
        request = parsed(service_pb2.ModelReadyRequest, content)
        try:
            await engine.version(request.name, request.version or None)
            return service_pb2.ModelReadyResponse(ready=True)
        except NotServed:
            return service_pb2.ModelReadyResponse(ready=False)

    async def server(content):
        return service_pb2.ServerMetadataResponse(
            name="rnnzoo", version=rnnzoo.__version__, extensions=v2.EXTENSIONS
        )

    async def metadata(content):
        request = parsed(service_pb2.ModelMetadataRequest, content)
        _, version = await engine.version(request.name, request.version or None)
        available = await engine.in_thread(engine.servable(request.name).available)
        return _metadata(v2.metadata(request.name, available, version))

    async def infer(content):
        request = await computed(
            engine, len(content), parsed, service_pb2.ModelInferRequest, content
        )
        check_model(request.model_name)  # whatever the request is
        most_bytes = engine.limits.most_bytes
        inference = await computed(engine, len(content), inference_of, request)
        form = None

        async def read(version, states):
            nonlocal form
            arguments = inference, version, states, most_bytes
            inputs, form = await computed(engine, len(content), v2.read_inputs, *arguments)
            return inputs

        number, _, outputs = await engine.predict(
            (request.model_name, request.model_version or None, None),
            inference.signature,
            read,
            inference.step,
        )
        is_raw = bool(request.raw_input_contents)
        arguments = request.model_name, number, outputs, form, is_raw
        return await computed(engine, size_of(outputs), inferred, *arguments)

    return {
        SERVICE: {
            "ServerLive": live,
            "ServerReady": ready,
            "ModelReady": model_ready,
            "ServerMetadata": server,
            "ModelMetadata": metadata,
            "ModelInfer": infer,
        }
    }


def inference_of(request):
    """The `rnnzoo.pipelines.serving.protocols.v2.Inference` of a message.

    Args:
        request: `ModelInferRequest`.

    Raises:
        InputError: a field has an unsuitable value.
    """
    raw = list(request.raw_input_contents)
    if raw and len(raw) != len(request.inputs):
        raise InputError(f"{len(request.inputs)} inputs have {len(raw)} raw_input_contents")
    if not raw:
        raw = [_binary(tensor) for tensor in request.inputs]
    elif any(tensor.HasField("contents") for tensor in request.inputs):
        raise InputError("an input has contents, and there are raw_input_contents: send either")
    inputs = [
        {
            "name": tensor.name,
            "datatype": tensor.datatype,
            "shape": list(tensor.shape),
            "parameters": {**_values(tensor.parameters), "binary_data_size": len(content)},
        }
        for tensor, content in zip(request.inputs, raw, strict=True)
    ]
    outputs = [
        {"name": tensor.name, "parameters": _values(tensor.parameters)}
        for tensor in request.outputs
    ]
    fields = {"inputs": inputs, "outputs": outputs, "parameters": _values(request.parameters)}
    if request.id:
        fields["id"] = request.id
    return v2.inference_from(fields, memoryview(b"".join(raw)))


def inferred(name, number, outputs, form, is_raw):
    """The answer to an inference, a `ModelInferResponse`.

    Args:
        name: str, the model's.
        number: int, its version.
        outputs: dict of arrays.
        form: `rnnzoo.pipelines.serving.protocols.v2.Form`.
        is_raw: bool, whether values are `raw_output_contents`; otherwise they are typed.
    """
    response = service_pb2.ModelInferResponse(
        model_name=name, model_version=str(number), id=form.id or ""
    )
    for output in form.outputs:
        array = outputs[output]
        kind = tensors.datatype_of(array)
        tensor = response.outputs.add(name=output, datatype=kind, shape=array.shape)
        if is_raw or kind not in CONTENTS:  # half-precision numbers have no typed contents
            response.raw_output_contents.append(tensors.binary(array))
        else:
            values = array.ravel().tolist()
            getattr(tensor.contents, CONTENTS[kind]).extend(values)
    return response


def streamed(response):
    """The message of a stream that has a `ModelInferResponse`."""
    return service_pb2.ModelStreamInferResponse(infer_response=response)


def streamed_error(message):
    """The message of a stream that has an error, one line."""
    return service_pb2.ModelStreamInferResponse(error_message=message)


def _values(parameters):
    """dict of the JSON values of parameters."""
    return {
        name: getattr(parameter, parameter.WhichOneof("parameter_choice") or "string_param")
        for name, parameter in parameters.items()
    }


def _binary(tensor):
    """The binary data of typed contents, bytes.

    Raises:
        InputError: they are not those of the datatype.
    """
    if tensor.datatype not in CONTENTS:
        raise InputError(
            f"input {shown(tensor.name)} has datatype {shown(tensor.datatype)}: datatypes of "
            f"contents are {', '.join(CONTENTS)}"
        )
    field = CONTENTS[tensor.datatype]
    if any(other.name != field for other, _ in tensor.contents.ListFields()):
        raise InputError(f"input {shown(tensor.name)} is {tensor.datatype}: its values are {field}")
    values = getattr(tensor.contents, field)
    if tensor.datatype == "BYTES":
        return b"".join(struct.pack("<I", len(item)) + item for item in values)
    dtype = np.dtype(tensors.DATATYPES[tensor.datatype].as_numpy_dtype).newbyteorder("<")
    try:
        return np.array(list(values), dtype).tobytes()
    except OverflowError:
        raise InputError(
            f"input {shown(tensor.name)} has a value that {tensor.datatype} has no room for"
        ) from None


def _metadata(described):
    """A `ModelMetadataResponse`; its names of signatures have no field there."""
    response = service_pb2.ModelMetadataResponse(
        name=described["name"], versions=described["versions"], platform=described["platform"]
    )
    for field in ("inputs", "outputs"):
        for tensor in described[field]:
            getattr(response, field).add(**tensor)
    return response
