"""The Open Inference Protocol over gRPC, asked by Triton's client and by its messages."""

import queue

import grpc
import numpy as np
import pytest
import tritonclient.grpc as triton_grpc
from tritonclient.grpc import service_pb2

from rnnzoo.pipelines.serving.protocols.v2_tensors import NAMES

RATES = np.linspace(1, 2, 42, dtype=np.float32).reshape(2, 21)


@pytest.fixture(scope="module")
def triton(addresses):
    with triton_grpc.InferenceServerClient(addresses[1]) as triton:
        yield triton


@pytest.fixture(scope="module")
def infer(addresses):
    """The method ModelInfer, from a message to a message."""
    with grpc.insecure_channel(addresses[1]) as channel:
        method = channel.unary_unary(
            "/inference.GRPCInferenceService/ModelInfer",
            service_pb2.ModelInferRequest.SerializeToString,
            service_pb2.ModelInferResponse.FromString,
        )
        yield lambda request: method(request, timeout=60)


def tensor(name, array, spec=None):
    kind = "BYTES" if array.dtype == object else NAMES[spec.dtype] if spec else "FP32"
    given = triton_grpc.InferInput(name, array.shape, kind)
    given.set_data_from_numpy(array)
    return given


def text_of(character):
    return tensor("text", np.array([character.encode()], object))


def test_the_server_and_its_models_are_described(triton):
    assert triton.is_server_live() and triton.is_server_ready()
    assert triton.is_model_ready("text") and triton.is_model_ready("text", "1")
    assert not triton.is_model_ready("text", "2") and not triton.is_model_ready("none")
    assert triton.get_server_metadata().name == "rnnzoo"
    metadata = triton.get_model_metadata("text", "1")
    assert (metadata.name, list(metadata.versions)) == ("text", ["1"])
    (described,) = metadata.inputs
    assert (described.name, described.datatype, list(described.shape)) == ("text", "BYTES", [-1])


@pytest.mark.parametrize(
    ("name", "signature", "inputs"),
    [
        ("text", "serving_default", {"text": np.array([b"he", b"hello"], object)}),
        ("rates", "serving_default", {"rates": RATES}),
        ("text", "model", {"ids": np.array([[1, 2], [3, 0]], np.int32)}),
    ],
)
def test_an_answer_is_what_the_model_computes(triton, servables, name, signature, inputs):
    _, version = servables[name].get(1)
    specs = version.specs(signature)
    if not inputs.keys() == specs.keys():  # the only input of `model`
        inputs = dict(zip(specs, inputs.values(), strict=True))
    result = triton.infer(
        name,
        [tensor(key, array, specs[key]) for key, array in inputs.items()],
        "1",
        request_id="an id",
        parameters={"signature_name": signature},
    )
    response = result.get_response()
    assert (response.id, response.model_version) == ("an id", "1")
    for output, expected in version.run(signature, inputs).items():
        np.testing.assert_allclose(result.as_numpy(output), expected, rtol=1e-5, atol=1e-6)


def test_typed_contents_are_answered_by_typed_contents(infer, servables):
    request = service_pb2.ModelInferRequest(model_name="rates")
    given = request.inputs.add(name="rates", datatype="FP32", shape=RATES.shape)
    given.contents.fp32_contents.extend(RATES.ravel().tolist())
    request.outputs.add(name="median")
    response = infer(request)
    assert not response.raw_output_contents
    (output,) = response.outputs
    assert (output.name, output.datatype) == ("median", "FP32")
    median = np.reshape(output.contents.fp32_contents, output.shape)
    expected = servables["rates"].get(1)[1].run("serving_default", {"rates": RATES})["median"]
    np.testing.assert_allclose(median, expected, rtol=1e-5, atol=1e-7)


def refused(infer, **fields):
    with pytest.raises(grpc.RpcError) as problem:
        infer(service_pb2.ModelInferRequest(**fields))
    assert problem.value.code() in (grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.NOT_FOUND)
    return problem.value.details()


def given(name="rates", datatype="FP32", shape=(1, 1), **contents):
    return service_pb2.ModelInferRequest.InferInputTensor(
        name=name,
        datatype=datatype,
        shape=shape,
        contents=service_pb2.InferTensorContents(**contents) if contents else None,
    )


def test_requests_that_are_refused_say_why(infer):
    assert refused(infer, model_name="none").startswith("'none' is not served here: audio, frames")
    assert refused(infer, model_name="rates") == "inputs are rates, not none"
    number = given(fp32_contents=[1])
    assert refused(infer, model_name="rates", inputs=[number], raw_input_contents=[b""] * 2) == (
        "1 inputs have 2 raw_input_contents"
    )
    assert "send either" in refused(
        infer, model_name="rates", inputs=[number], raw_input_contents=[b"abcd"]
    )
    assert refused(infer, model_name="rates", inputs=[given(int_contents=[1])]) == (
        "input 'rates' is FP32: its values are fp32_contents"
    )
    assert "datatype 'FP8': datatypes of contents are BOOL" in refused(
        infer, model_name="rates", inputs=[given(datatype="FP8")]
    )
    small = given("ids", "INT8", [1], int_contents=[300])
    assert "has a value that INT8 has no room for" in refused(
        infer, model_name="text", inputs=[small]
    )
    huge = given(shape=[2**40, 2**40])
    assert "a body has no room for it" in refused(infer, model_name="rates", inputs=[huge])


def test_a_sequence_has_states_of_the_server(triton, client):
    def step(character, **ends):
        return triton.infer("text", [text_of(character)], sequence_id=72, **ends)

    with pytest.raises(Exception, match="no sequence '72' of text here"):
        step("h")
    for index, character in enumerate("hello"):
        result = step(character, sequence_start=index == 0, sequence_end=index == 4)
    (output,) = result.get_response().outputs
    expected = client.predict("text", instances=["hello"])
    np.testing.assert_allclose(result.as_numpy(output.name), expected, atol=1e-5)


def test_a_stream_answers_each_message_and_goes_on_after_an_error(triton, client):
    answers = queue.SimpleQueue()
    triton.start_stream(lambda result, error: answers.put((result, error)))
    try:
        for character, ends in (
            ("h", {"sequence_start": True}), ("?", {}), ("e", {"sequence_end": True})
        ):  # fmt: skip
            triton.async_stream_infer("text", [text_of(character)], sequence_id=73, **ends)
        first, refusal, last = (answers.get(timeout=60) for _ in range(3))
    finally:
        triton.stop_stream()
    assert first[1] is None and "does not know '?'" in str(refusal[1])
    (output,) = last[0].get_response().outputs
    expected = client.predict("text", instances=["he"])
    np.testing.assert_allclose(last[0].as_numpy(output.name), expected, atol=1e-5)
