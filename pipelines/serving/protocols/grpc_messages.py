"""TensorFlow Serving's gRPC protocol without gRPC: requests and answers as its messages."""

from google.protobuf import json_format
from google.protobuf.message import DecodeError
from tensorflow_serving.apis.get_model_metadata_pb2 import (
    GetModelMetadataResponse,
    SignatureDefMap,
)
from tensorflow_serving.apis.get_model_status_pb2 import GetModelStatusResponse
from tensorflow_serving.apis.predict_pb2 import PredictResponse

from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.pipelines.serving.protocols import tensorflow as protocol
from rnnzoo.pipelines.serving.protocols.tensor_protos import array, tensor_proto

FIELD = "signature_def"  # the only one of the metadata


def parsed(kind, content):
    """The message of a request.

    Args:
        kind: class of the message.
        content: bytes.

    Raises:
        InputError: they are no such message.
    """
    try:
        return kind.FromString(content)
    except DecodeError:
        raise InputError(f"message is no {kind.DESCRIPTOR.full_name}") from None


def named(request):
    """(name, version or None, label or None) of the `model_spec` of a request.

    Raises:
        InputError: it names no model.
    """
    spec = request.model_spec
    if not spec.name:
        raise InputError("model_spec has no name: name a model")
    if spec.WhichOneof("version_choice") == "version_label":
        return spec.name, None, spec.version_label
    return spec.name, spec.version.value if spec.HasField("version") else None, None


def tables_of(request):
    """The tables of `rnnzoo.pipelines.serving.models.configuration` of a `ReloadConfigRequest`.

    Raises:
        InputError: it has something that they have not.
    """
    config = request.config
    if config.WhichOneof("config") != "model_config_list":
        raise InputError("config has no model_config_list: give a list of models")
    return [_table(model) for model in config.model_config_list.config]


def _table(model):
    policy = model.model_version_policy
    kind = policy.WhichOneof("policy_choice") or "latest"
    if kind == "latest" and policy.latest.num_versions > 1:
        raise InputError(
            f"{shown(model.name)} has num_versions={policy.latest.num_versions}: give 1, or "
            "specific versions"
        )
    versions = list(policy.specific.versions) if kind == "specific" else kind
    table = {"name": model.name, "versions": versions, "labels": dict(model.version_labels)}
    return {**table, "base_path": model.base_path} if model.base_path else table


def read_predict(version, request):
    """The request of a prediction.

    Args:
        version: `Version`.
        request: `PredictRequest`.

    Returns:
        (signature, dict from input to array).

    Raises:
        InputError: the request is not what the signature takes.
    """
    signature = request.model_spec.signature_name or protocol.DEFAULT
    return signature, version.checked(signature, dict(request.inputs), read=array)


def predicted(name, number, signature, outputs, output_filter):
    """The answer to a prediction, a `PredictResponse`.

    Args:
        name: str, the model's.
        number: int, its version.
        signature: str.
        outputs: dict of arrays.
        output_filter: sequence of str, the outputs to return; empty for all.

    Raises:
        InputError: there is no output of a name.
    """
    for output in output_filter:
        if output not in outputs:
            raise InputError(
                f"output_filter has {shown(output)}: outputs are {', '.join(sorted(outputs))}"
            )
    response = PredictResponse()
    _fill(response.model_spec, name, number, signature)
    for output in output_filter or outputs:
        response.outputs[output].CopyFrom(tensor_proto(outputs[output]))
    return response


def metadata(name, number, version, fields):
    """The signatures of a version, a `GetModelMetadataResponse`.

    Args:
        name: str, the model's.
        number: int, its version.
        version: `Version`.
        fields: sequence of str, the fields that the request names.

    Raises:
        InputError: another field than `signature_def`, or none.
    """
    if not fields or any(field != FIELD for field in fields):
        wanted = shown(", ".join(fields)) if fields else "empty"
        raise InputError(f"metadata_field is {wanted}: give {FIELD}")
    response = GetModelMetadataResponse()
    _fill(response.model_spec, name, number)
    content = {FIELD: version.signatures}
    response.metadata[FIELD].Pack(json_format.ParseDict(content, SignatureDefMap()))
    return response


def status(servable, number=None):
    """The versions of a model, a `GetModelStatusResponse`; see `protocol.status`."""
    return json_format.ParseDict(protocol.status(servable, number), GetModelStatusResponse())


def _fill(spec, name, number, signature=""):
    spec.name, spec.version.value, spec.signature_name = name, number, signature
