"""The Open Inference Protocol, asked by Triton's client and by hand."""

import json
import struct

import numpy as np
import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

LENGTH = "Inference-Header-Content-Length"


def infer(address, name, request, data=b"", length=None):
    """The response to a request, with binary data after it."""
    body = json.dumps(request).encode()
    headers = {LENGTH: str(len(body)) if length is None else length} if data or length else {}
    path = f"{address}/v2/models/{name}/infer"
    return requests.post(path, body + data, headers=headers, timeout=60)


def test_the_server_and_its_models_are_described(triton):
    assert triton.is_server_live()
    assert triton.is_server_ready()
    assert triton.is_model_ready("text")
    assert triton.is_model_ready("text", "1")
    assert not triton.is_model_ready("text", "2")
    assert not triton.is_model_ready("none")
    assert triton.get_server_metadata()["name"] == "rnnzoo"
    metadata = triton.get_model_metadata("text", "1")
    assert metadata["platform"] == "tensorflow_savedmodel"
    assert metadata["versions"] == ["1"]
    assert metadata["inputs"] == [{"name": "text", "datatype": "BYTES", "shape": [-1]}]
    assert metadata["parameters"] == {
        "signature_name": "serving_default", "signature_names": "model,serving_default,step",
    }  # fmt: skip


def test_triton_s_client_is_told_why(triton):
    http = pytest.importorskip("tritonclient.http")
    text = http.InferInput("text", [1], "BYTES")
    text.set_data_from_numpy(np.array([b"?"], object))
    with pytest.raises(Exception, match="the model does not know '\\?'"):
        triton.infer("text", [text], request_compression_algorithm="gzip")


TEXT = {"name": "text", "shape": [2], "datatype": "BYTES", "data": ["he", "hello"]}
NUMBERS = np.linspace(1, 2, 42, dtype=np.float32).reshape(2, 21)
RATES = {"name": "rates", "shape": [2, 21], "datatype": "FP32"}


def test_data_may_be_flat_or_nested(address):
    flat, nested = (
        infer(address, "rates", {"inputs": [{**RATES, "data": array.tolist()}]}).json()
        for array in (NUMBERS.ravel(), NUMBERS)
    )
    assert flat == nested
    assert flat["outputs"][0]["shape"][0] == 2
    assert "id" not in flat


def test_outputs_are_chosen_and_some_are_binary(address):
    request = {
        "inputs": [{"name": "x", "shape": [1], "datatype": "FP32", "data": [2]}],
        "outputs": [
            {"name": "no_text", "parameters": {"binary_data": True}},
            {"name": "inverse", "parameters": {"binary_data": False}},
            {"name": "bytes_of"},
        ],
        "parameters": {"binary_data_output": True, "another": 1},
    }
    response = infer(address, "unusual", request)
    end = int(response.headers[LENGTH])
    no_text, inverse, bytes_of = json.loads(response.content[:end])["outputs"]
    assert no_text == {
        "name": "no_text", "datatype": "BYTES", "shape": [1],
        "parameters": {"binary_data_size": 6},
    }  # fmt: skip
    assert inverse == {"name": "inverse", "datatype": "FP32", "shape": [1], "data": [0.5]}
    assert bytes_of["parameters"] == {"binary_data_size": 5}
    assert response.content[end:] == struct.pack("<I", 2) + b"\xff\x00" + b"\1\0\0\0a"


def text(**fields):
    return {"inputs": [{**TEXT, **fields}]}


def rates(**fields):
    return {"inputs": [{**RATES, "data": NUMBERS.tolist(), **fields}]}


FLOATS = "input 'rates' has to be float32 of shape (None, None)"
REFUSED = {
    "no object": ("text", [], "body has to be an object with 'inputs'"),
    "no inputs": ("text", {}, "inputs are text, not none"),
    "inputs": ("text", {"inputs": {}}, "'inputs' has to be a list of objects with a name"),
    "no name": ("text", {"inputs": [{}]}, "'inputs' has to be a list of objects with a name"),
    "name": ("text", text(name="texts"), "inputs are text, not 'texts'"),
    "twice": ("text", {"inputs": [TEXT, TEXT]}, "inputs have 'text' twice: name each of them once"),
    "datatype": ("text", text(datatype="FP32"), "input 'text' has datatype 'FP32': give BYTES"),
    "no datatype": ("text", text(datatype=None), "input 'text' has datatype None: give BYTES"),
    "no shape": ("text", text(shape=None), "input 'text' has shape None: give a list of sizes"),
    "negative": ("text", text(shape=[-1]), "input 'text' has shape [-1]: give a list of sizes"),
    "bool": ("text", text(shape=[True]), "input 'text' has shape [True]: give a list of sizes"),
    "rank": (
        "text", text(shape=[2, 1]),
        "input 'text' has shape (2, 1), it has to be string of shape (None,)",
    ),
    "huge": (
        "text", text(shape=[2**62]),
        f"input 'text' has shape ({2**62},): a body has no room for it",
    ),
    "product": (
        "rates", rates(shape=[2**20, 2**20], data=[]),
        f"input 'rates' has shape ({2**20}, {2**20}): a body has no room for it",
    ),
    "empty rows": (
        "rates", rates(shape=[2**20, 0], data=[]),
        f"input 'rates' has shape ({2**20}, 0): a body has no room for it",
    ),
    "axes": ("text", text(shape=[1] * 33), "input 'text' has shape (1, 1, 1, "),
    "count": ("text", text(shape=[3]), "input 'text' has data of shape (2,), not (3,)"),
    "nesting": (
        "rates", rates(shape=[21, 2]), "input 'rates' has data of shape (2, 21), not (21, 2)",
    ),
    "no data": ("text", {"inputs": [{**RATES, "name": "text", "shape": [2], "datatype": "BYTES"}]},
                "input 'text' has no data"),
    "numbers": ("text", text(data=[1, 2]), "input 'text' has to be string of shape (None,)"),
    "strings": ("rates", rates(data=["1"] * 42), FLOATS),
    "ragged": ("rates", rates(data=[[1], [1, 2]]), FLOATS),
    "bools": ("rates", rates(data=[True] * 42), FLOATS),
    "id": ("text", {**text(), "id": 1}, "id=1: give a string"),
    "parameters": ("text", {**text(), "parameters": 1}, "parameters of the request have to be an "),
    "signature": (
        "text", {**text(), "parameters": {"signature_name": "s"}},
        "unknown signature 's': choose one of model, serving_default, step",
    ),
    "no signature": (
        "text", {**text(), "parameters": {"signature_name": 1}}, "signature_name=1: give a string",
    ),
    "output": ("text", {**text(), "outputs": [{"name": "x"}]}, "outputs are logits, not 'x'"),
    "flag": (
        "text", {**text(), "parameters": {"binary_data_output": 1}},
        "binary_data_output=1: give true or false",
    ),
    "classification": (
        "text", {**text(), "outputs": [{"name": "logits", "parameters": {"classification": 1}}]},
        "'logits' has the parameter classification: it is not served",
    ),
    "not UTF-8": (
        "unusual",
        {"inputs": [{"name": "x", "shape": [1], "datatype": "FP32", "data": [1]}]},
        "output 'no_text' has bytes that are not UTF-8: request it with binary_data",
    ),
    "size without data": (
        "text", text(parameters={"binary_data_size": 4}),
        "input 'text' has data and binary_data_size: give either",
    ),
    "refused by the model": ("text", text(data=["?", "h"]), "the model does not know '?': it "),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_request_that_does_not_fit_is_refused(address, case):
    name, request, message = REFUSED[case]
    response = infer(address, name, request)
    assert response.json()["error"].startswith(message), response.text
    assert (response.status_code, list(response.json())) == (400, ["error"])


def binary_text(size):
    return {"inputs": [{**{k: TEXT[k] for k in ("name", "shape", "datatype")},
                        "parameters": {"binary_data_size": size}}]}  # fmt: skip


WORDS = b"\2\0\0\0he" + b"\1\0\0\0l"
NO_STRINGS = "input 'text' has binary data that are not 2 strings, each with its length before it"
REFUSED_DATA = {
    "cut off": (binary_text(11), WORDS[:-1], "input 'text' has binary_data_size 11: the body has "),
    "longer": (binary_text(11), WORDS + b"!!", "body has 2 bytes after its last input"),
    "negative": (binary_text(-1), WORDS, "input 'text' has binary_data_size -1: the body has 11 "),
    "no size": (binary_text("11"), WORDS, "input 'text' has binary_data_size '11': the body has "),
    "fewer": (binary_text(6), WORDS[:6], NO_STRINGS),
    "more": (binary_text(22), WORDS * 2, NO_STRINGS),
    "lying length": (binary_text(11), b"\xff" * 11, NO_STRINGS),
    "half a length": (binary_text(8), WORDS[:8], NO_STRINGS),
}


@pytest.mark.parametrize("case", REFUSED_DATA)
def test_binary_data_that_do_not_fit_are_refused(address, case):
    request, data, message = REFUSED_DATA[case]
    response = infer(address, "text", request, data)
    assert response.status_code == 400
    assert response.json()["error"].startswith(message), response.text


@pytest.mark.parametrize("length", ["-1", "9999", "x", "9" * 5000])
def test_a_length_of_the_json_that_lies_is_refused(address, length):
    response = infer(address, "text", binary_text(11), WORDS, length)
    assert response.status_code == 400
    assert response.json()["error"].startswith(f"{LENGTH} is '")


def test_numbers_of_another_size_are_refused(address):
    item = {**RATES, "parameters": {"binary_data_size": 8}}
    response = infer(address, "rates", {"inputs": [item]}, bytes(8))
    assert response.json() == {
        "error": "input 'rates' has binary_data_size 8: float32 of shape (2, 21) has 168 bytes"
    }


@pytest.mark.parametrize("path", ["none", "none/ready", "text/versions/2", "text/versions/x/ready"])
def test_what_is_not_served_is_not_found(address, path):
    response = requests.get(f"{address}/v2/models/{path}", timeout=60)
    assert response.status_code == 404
    assert "is not served here" in response.json()["error"]


values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 2**65) | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)
fields = {
    "shape": values | st.lists(st.integers(-1, 3), max_size=3),
    "datatype": values | st.sampled_from(["FP32", "BYTES"]),
    "data": values,
    "parameters": values | st.dictionaries(st.just("binary_data_size"), values),
}
tensor = st.fixed_dictionaries({"name": st.sampled_from(["text", "rates"])}, optional=fields)


@settings(deadline=None, max_examples=60)
@given(
    name=st.sampled_from(["text", "rates"]),
    request=values
    | st.fixed_dictionaries(
        {"inputs": values | st.lists(tensor, max_size=2)},
        optional={"outputs": values, "parameters": values, "id": values},
    ),
    data=st.binary(max_size=12),
)
def test_no_body_is_a_defect(address, name, request, data):
    response = infer(address, name, request, data)
    assert response.status_code in (200, 400), response.text


def test_a_sequence_of_triton_s_client_has_states_of_the_server(triton, client):
    http = pytest.importorskip("tritonclient.http")

    def step(character, **ends):
        text = http.InferInput("text", [1], "BYTES")
        text.set_data_from_numpy(np.array([character.encode()], object))
        result = triton.infer("text", [text], sequence_id=71, **ends)
        (output,) = result.get_response()["outputs"]  # and no states
        return result.as_numpy(output["name"])

    with pytest.raises(http.InferenceServerException, match="no sequence '71' of text here"):
        step("h")
    for index, character in enumerate("hello"):
        logits = step(character, sequence_start=index == 0, sequence_end=index == 4)
    np.testing.assert_allclose(logits, client.predict("text", instances=["hello"]), atol=1e-5)
    with pytest.raises(http.InferenceServerException, match="it ended with its last step"):
        step("h")
