"""TensorFlow Serving's gRPC interface, asked by the client of `tensorflow-serving-api`."""

import concurrent.futures
import random

import grpc
import numpy as np
import pytest
import tensorflow as tf
from grpc_health.v1 import health_pb2, health_pb2_grpc
from tensorflow.core.framework.tensor_pb2 import TensorProto
from tensorflow_serving.apis.get_model_metadata_pb2 import GetModelMetadataRequest

Code = grpc.StatusCode


def refusal(function, *arguments, **named):
    """(code, message) of a call that is refused."""
    with pytest.raises(grpc.RpcError) as refused:
        function(*arguments, **named)
    return refused.value.code(), refused.value.details()


def proto(dtype, shape, **values):
    """A TensorProto that may claim any shape."""
    tensor = TensorProto(dtype=tf.as_dtype(dtype).as_datatype_enum, **values)
    for size in shape:
        tensor.tensor_shape.dim.add(size=size)
    return tensor


HISTORY = np.linspace(1, 2, 42, dtype="float32").reshape(2, 21)
RATES = {"rates": HISTORY}


def test_the_signature_is_named_and_outputs_are_selected(grpc_client):
    response, outputs = grpc_client.predict("rates", **RATES)
    assert response.model_spec.signature_name == "serving_default"
    response, few = grpc_client.predict("rates", "", 1, ["median"], **RATES)
    assert few.keys() == {"median"} < outputs.keys()
    np.testing.assert_array_equal(few["median"], outputs["median"])


def test_strings_are_bytes(grpc_client):
    _, outputs = grpc_client.predict("unusual", x=np.float32([2, 0]))
    np.testing.assert_array_equal(outputs["inverse"], np.float32([0.5, np.inf]))
    assert outputs["no_text"].tolist() == [b"\xff\x00"] * 2
    assert outputs["text"].tolist() == ["null é".encode()] * 2


def test_no_row_is_a_batch_too(grpc_client):
    _, outputs = grpc_client.predict("unusual", x=np.float32([]))
    assert {output.shape for output in outputs.values()} == {(0,)}


@pytest.mark.parametrize(
    ("name", "options", "code", "message"),
    [
        ("nope", {}, Code.NOT_FOUND, "'nope' is not served here: audio, "),
        ("", {}, Code.INVALID_ARGUMENT, "model_spec has no name"),
        ("rates", {"version": 7}, Code.NOT_FOUND, "'rates' version '7' is not served here"),
        ("rates", {"version": -1}, Code.NOT_FOUND, "'rates' version '-1' is not served here"),
        ("rates", {"version": 2**63 - 1}, Code.NOT_FOUND, "version '9223372036854775807'"),
        ("rates", {"signature": "é"}, Code.INVALID_ARGUMENT, "unknown signature 'é': choose"),
        (
            "rates",
            {"output_filter": ["means"]},
            Code.INVALID_ARGUMENT,
            "output_filter has 'means': outputs are ",
        ),
        ("streets", {}, Code.INVALID_ARGUMENT, "inputs are prefix, not 'rates'"),
    ],
)
def test_what_is_not_served(grpc_client, name, options, code, message):
    status = refusal(grpc_client.predict, name, **options, **RATES)
    assert status[0] == code
    assert message in status[1]


@pytest.mark.parametrize(
    ("tensor", "message"),
    [
        (HISTORY.astype("float64"), "input 'rates' is float64, it has to be float32 of shape"),
        ([b"a"], "input 'rates' is string, it has to be float32 of shape"),
        (TensorProto(dtype=77), "input 'rates' is no type (77), it has to be float32"),
        (TensorProto(), "input 'rates' is no type (0), it has to be float32"),
        (HISTORY[0], "input 'rates' has shape (21,), it has to be float32 of shape (None, None)"),
        (HISTORY[:, :3], "the history has 3 rates: give at least 21"),
        (proto("float32", [2**40, 21], float_val=[1]), "1 values for the 23089744183296 elements"),
        (proto("float32", [2**62, 2**62], float_val=[1]), "1 values for the "),
        (proto("float32", [2**40, 2**40], tensor_content=b"1234"), "1 values for the "),
        (proto("float32", [1, 21], tensor_content=b"a" * 83), "20.75 values for the 21 elements"),
        (proto("float32", [1, 21], float_val=[1] * 22), "22 values for the 21 elements"),
        (proto("float32", [1, 21], int_val=[1] * 21), "0 values for the 21 elements"),
        (proto("float32", [-1, 21], float_val=[1] * 21), "input 'rates' has no known shape"),
        (proto("float32", [0] * 100_000), "input 'rates' has shape (0, 0, 0"),
    ],
)
def test_a_tensor_that_does_not_fit(grpc_client, tensor, message):
    code, details = refusal(grpc_client.predict, "rates", rates=tensor)
    assert code == Code.INVALID_ARGUMENT
    assert message in details
    assert len(details) < 400


def test_a_shape_that_is_not_known(grpc_client):
    tensor = proto("float32", [], float_val=[1])
    tensor.tensor_shape.unknown_rank = True
    code, details = refusal(grpc_client.predict, "rates", rates=tensor)
    assert (code, details[:32]) == (Code.INVALID_ARGUMENT, "input 'rates' has no known shape")


def test_strings_in_the_wrong_field(grpc_client):
    tensor = proto("string", [1], tensor_content=b"hello")
    code, details = refusal(grpc_client.predict, "text", text=tensor)
    assert code == Code.INVALID_ARGUMENT
    assert "0 values for the 1 elements" in details
    tensor = proto("string", [1], tensor_content=b"hello", string_val=[b"he"])
    _, outputs = grpc_client.predict("text", text=tensor)
    np.testing.assert_array_equal(
        outputs["logits"], grpc_client.predict("text", text=["he"])[1]["logits"]
    )


def test_a_message_that_is_too_large(grpc_client):
    zeros = np.zeros((1, 2**20), "float32")
    code, _ = refusal(grpc_client.predict, "rates", rates=zeros)
    assert code == Code.RESOURCE_EXHAUSTED


def test_a_message_that_would_be_unpacked(grpc_client):
    request = grpc_client.request_of("rates", rates=np.zeros((1, 2**24), "float32"))
    code, _ = refusal(
        grpc_client.prediction.Predict, request, timeout=60, compression=grpc.Compression.Gzip
    )
    assert code == Code.UNIMPLEMENTED
    grpc_client.predict("rates", **RATES)


def test_random_messages(grpc_client):
    """Random bytes, and valid requests with a few bytes changed: refused or answered."""
    random.seed(0)
    valid = grpc_client.request_of("rates", **RATES).SerializeToString()
    allowed = {Code.INVALID_ARGUMENT, Code.NOT_FOUND, Code.UNIMPLEMENTED, Code.OK}
    codes = set()
    methods = ("PredictionService/Predict", "PredictionService/GetModelMetadata",
               "PredictionService/Classify", "ModelService/GetModelStatus")  # fmt: skip
    for number in range(400):
        content = bytearray(valid if number % 2 else random.randbytes(random.randrange(60)))
        for _ in range(random.randrange(1, 4)):
            if content:
                content[random.randrange(min(len(content), 70))] = random.randrange(256)
        try:
            grpc_client.call(methods[number // 2 % len(methods)], bytes(content))
            codes.add(Code.OK)
        except grpc.RpcError as problem:
            codes.add(problem.code())
            assert "\n" not in problem.details()
    assert codes <= allowed
    assert Code.INVALID_ARGUMENT in codes
    grpc_client.predict("rates", **RATES)


def test_bytes_that_are_no_message(grpc_client):
    assert refusal(grpc_client.call, "PredictionService/Predict", b"\xff") == (
        Code.INVALID_ARGUMENT,
        "message is no tensorflow.serving.PredictRequest",
    )


@pytest.mark.parametrize("method", ["Classify", "Regress", "MultiInference"])
def test_requests_of_examples_say_what_to_call(grpc_client, method):
    code, message = refusal(grpc_client.call, f"PredictionService/{method}", b"")
    assert code == Code.UNIMPLEMENTED
    assert "call Predict" in message


def test_another_configuration_needs_another_server(grpc_client):
    code, message = refusal(grpc_client.call, "ModelService/HandleReloadConfigRequest", b"")
    assert code == Code.UNIMPLEMENTED
    assert "start a server" in message


def test_a_label_that_there_is_not(grpc_client):
    request = grpc_client.request_of("rates", **RATES)
    request.model_spec.version_label = "stable"
    code, message = refusal(grpc_client.prediction.Predict, request, timeout=60)
    assert code == Code.NOT_FOUND
    assert message == "'rates' has no label 'stable' of a loaded version"


@pytest.mark.parametrize("name", ["rates", "text", "video"])
def test_metadata_are_those_of_rest(grpc_client, client, name):
    from google.protobuf import json_format

    rest = client.get(f"/{name}/metadata").json()["metadata"]["signature_def"]["signature_def"]
    signatures = grpc_client.signatures(name)
    assert signatures.keys() == rest.keys()
    for signature, definition in signatures.items():
        printed = json_format.MessageToDict(
            definition,
            preserving_proto_field_name=True,
            always_print_fields_with_no_presence=True,
        )
        assert printed == rest[signature]


def test_metadata_of_a_field_that_there_is_not(grpc_client):
    for fields, message in ((["x"], "metadata_field is 'x'"), ([], "metadata_field is empty")):
        request = GetModelMetadataRequest(metadata_field=fields)
        request.model_spec.name = "rates"
        code, details = refusal(grpc_client.prediction.GetModelMetadata, request, timeout=60)
        assert code == Code.INVALID_ARGUMENT
        assert details == f"{message}: give signature_def"


def test_status(grpc_client):
    for version in (None, 1):
        (status,) = grpc_client.status("rates", version)
        assert (status.version, status.State.Name(status.state)) == (1, "AVAILABLE")
        assert status.status.error_code == 0
    assert refusal(grpc_client.status, "rates", 2)[0] == Code.NOT_FOUND
    assert refusal(grpc_client.status, "nope")[0] == Code.NOT_FOUND


def test_health(grpc_client):
    health = health_pb2_grpc.HealthStub(grpc_client.channel)
    status = health.Check(health_pb2.HealthCheckRequest(), timeout=60).status
    assert status == health_pb2.HealthCheckResponse.SERVING


def test_many_clients_at_once_get_single_answers(grpc_client, client):
    """REST and gRPC, whose requests are run in the same batches."""
    rows = np.random.default_rng(0).uniform(0.5, 1.5, (32, 1, 21)).astype("float32")
    expected = [grpc_client.predict("rates", rates=row)[1] for row in rows]

    def ask(number):
        row = rows[number % 32]
        if number >= 32:
            return client.predict("rates", inputs={"rates": row.tolist()})
        return grpc_client.predict("rates", rates=row)[1]

    with concurrent.futures.ThreadPoolExecutor(40) as clients:
        answers = list(clients.map(ask, range(40)))
    for answer, alone in zip(answers, [*expected, *expected[:8]], strict=True):
        assert answer.keys() == alone.keys()
        for output, values in alone.items():
            np.testing.assert_allclose(answer[output], values, rtol=1e-5, atol=1e-6)
