"""Every signature of every family, asked over HTTP."""

import base64
import io
import json

import numpy as np
import pytest
import tensorflow as tf

from rnnzoo.pipelines.serving.protocols.v2_tensors import NAMES


def video():
    """The bytes of a video of five frames."""
    import av

    file = io.BytesIO()
    with av.open(file, "w", format="avi") as container:
        stream = container.add_stream("mpeg4", rate=2)
        stream.width, stream.height, stream.pix_fmt = 32, 24, "yuv420p"
        for grey in range(90, 140, 10):
            picture = np.full((24, 32, 3), grey, "uint8")
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return {"b64": base64.b64encode(file.getvalue()).decode()}


def numbers(*shape):
    return np.random.default_rng(1).uniform(0.2, 0.8, shape).round(3).tolist()


# Inputs of two rows for each signature; states are zeros.
INPUTS = {
    ("text", "serving_default"): lambda: {"text": ["he", "hello"]},
    ("text", "step"): lambda: {"text": ["he", "l"]},
    ("text", "model"): lambda: {"characters": [[0, 4, 5], [1, 2, 3]]},
    ("rates", "serving_default"): lambda: {"rates": numbers(2, 21)},
    ("rates", "step"): lambda: {"rate": numbers(2)},
    ("rates", "model"): lambda: {"rates": numbers(2, 3)},
    ("skeletons", "serving_default"): lambda: {"joints": numbers(2, 5, 20, 3)},
    ("skeletons", "model"): lambda: {"features": numbers(2, 4, 120)},
    ("video", "video"): lambda: {"video": [video(), video()]},
    ("video", "serving_default"): lambda: {"features": numbers(2, 7, 3)},
    ("video", "model"): lambda: {"features": numbers(2, 7, 3)},
    ("frames", "serving_default"): lambda: {"frames": numbers(2, 3, 4, 5)},
    ("frames", "step"): lambda: {"frame": numbers(2, 4, 5)},
    ("frames", "model"): lambda: {"frames": numbers(2, 3, 4, 5)},
    ("audio", "serving_default"): lambda: {
        "samples": numbers(2, 400), "gaps": [[[50, 90]], [[70, 71]]], "available": [0, 5],
    },
    ("audio", "step"): lambda: {"samples": numbers(2, 128), "lost": [[0, 1], [0, 0]]},
    ("audio", "model"): lambda: {"cells": numbers(2, 3, 129)},
    ("streets", "serving_default"): lambda: {"prefix": [["ab", "ba é"], ["bc", ""]]},
    ("streets", "with_destination"): lambda: {
        "prefix": [["ab", "ba é"], ["bc", ""]], "destination": ["bc", ""],
    },
    ("streets", "step"): lambda: {"link": ["ab", "bc"], "destination": ["", "bc"]},
    ("streets", "model"): lambda: {"links": [[[0, -1], [1, -1]], [[2, 1], [-1, 1]]]},
}  # fmt: skip


@pytest.mark.parametrize("name", dict.fromkeys(name for name, _ in INPUTS))
def test_every_signature_answers_by_row_and_by_column(client, name):
    metadata = client.get(f"/{name}/metadata").json()["metadata"]
    signatures = metadata["signature_def"]["signature_def"]
    assert {(name, signature) for signature in signatures} <= INPUTS.keys()
    for signature, definition in signatures.items():
        inputs = INPUTS[name, signature]()
        for state, spec in definition["inputs"].items():
            if state.startswith("state_"):
                shape = [int(dim["size"]) for dim in spec["tensor_shape"]["dim"][1:]]
                inputs[state] = np.zeros((2, *shape)).tolist()
        by_column = client.predict(name, signature_name=signature, inputs=inputs)
        rows = [dict(zip(inputs, row, strict=True)) for row in zip(*inputs.values(), strict=True)]
        by_row = client.predict(name, signature_name=signature, instances=rows)
        outputs = definition["outputs"]
        if len(outputs) == 1:
            assert by_row == by_column
        else:
            assert by_column.keys() == outputs.keys()
            assert by_row == [
                {output: by_column[output][i] for output in by_column} for i in range(2)
            ]


def bytes_of_json(value):
    return value.encode() if isinstance(value, str) else value


def assert_equal(answer, expected):
    if expected.dtype == object:
        np.testing.assert_array_equal(np.vectorize(bytes_of_json, "O")(answer), expected)
    else:
        assert answer.dtype == expected.dtype
        np.testing.assert_allclose(answer, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("is_binary", [False, True])
@pytest.mark.parametrize(("name", "signature"), INPUTS)
def test_every_signature_equals_the_model(triton, servables, name, signature, is_binary):
    import tritonclient.http as http

    _, version = servables[name].get(1)
    values = INPUTS[name, signature]()
    for state, spec in version.specs(signature).items():
        if state.startswith("state_"):
            values[state] = np.zeros((2, *spec.shape[1:])).tolist()
    arrays = version.checked(signature, values)
    expected = version.run(signature, arrays)
    if signature == "video" and not is_binary:
        return  # JSON has no bytes
    inputs = []
    for tensor, array in arrays.items():
        kind = NAMES[version.specs(signature)[tensor].dtype]
        inputs.append(http.InferInput(tensor, array.shape, kind))
        inputs[-1].set_data_from_numpy(array, binary_data=is_binary)
    outputs = [http.InferRequestedOutput(output, binary_data=is_binary) for output in expected]
    result = triton.infer(
        name, inputs, "1", outputs, "an id", parameters={"signature_name": signature}
    )
    response = result.get_response()
    assert (response["id"], response["model_version"]) == ("an id", "1")
    for output, array in expected.items():
        assert_equal(result.as_numpy(output), array)
    described = triton.get_model_metadata(name, query_params={"signature_name": signature})
    for output in described["outputs"]:
        shape = expected[output["name"]].shape
        assert all(size in (-1, real) for size, real in zip(output["shape"], shape, strict=True))
    assert {tensor["name"] for tensor in described["inputs"]} == arrays.keys()


def tensor_of(values, spec):
    """The TensorProto of values as JSON has them."""
    if spec.dtype == tf.string:
        rows = [row if isinstance(row, list) else [row] for row in values]
        flat = [v if isinstance(v, str) else base64.b64decode(v["b64"]) for r in rows for v in r]
        shape = [len(rows), len(rows[0])][: spec.shape.rank]
        return tf.make_tensor_proto(flat, tf.string, shape)
    return tf.make_tensor_proto(values, spec.dtype)


@pytest.mark.parametrize(("name", "signature"), INPUTS)
def test_every_signature_answers_over_grpc_as_it_runs(grpc_client, servables, name, signature):
    _, version = servables[name].get(None)
    specs = version.specs(signature)
    inputs = {n: tensor_of(values, specs[n]) for n, values in INPUTS[name, signature]().items()}
    for state in specs.keys() - inputs.keys():
        shape = (2, *specs[state].shape[1:])
        inputs[state] = tf.make_tensor_proto(np.zeros(shape), specs[state].dtype)
    response, outputs = grpc_client.predict(name, signature, **inputs)
    assert response.model_spec.name == name
    assert response.model_spec.signature_name == signature
    assert response.model_spec.version.value == 1
    expected = version.run(signature, {n: tf.make_ndarray(t) for n, t in inputs.items()})
    assert outputs.keys() == expected.keys()
    for output, values in expected.items():
        assert outputs[output].dtype == values.dtype
        np.testing.assert_array_equal(outputs[output], values)


def test_strings_are_text(client):
    joints = INPUTS["skeletons", "serving_default"]()["joints"]
    for row in client.predict("skeletons", instances=joints):
        assert row["classes"] == ["golf", "tennis é"]
        assert row["best"] == row["classes"][np.argmax(row["probabilities"])]


def test_what_json_lacks_is_written_as_tensorflow_serving_does(client):
    (row, infinite, negative), (not_a_number,) = (
        client.predict("unusual", instances=[2, 0.0, -0.0]),
        client.predict("unusual", instances=[float("nan")]),
    )
    assert row == {
        "inverse": 0.5,
        "text": "null é",
        "no_text": {"b64": "/wA="},
        "bytes_of": "a",
        "name_bytes": {"b64": "YQ=="},
    }
    assert (infinite["inverse"], negative["inverse"]) == (np.inf, -np.inf)
    assert np.isnan(not_a_number["inverse"])
    text = client.post("unusual", json.dumps({"inputs": [0.0, float("nan")]})).text
    assert '"inverse":[Infinity,NaN]' in text


@pytest.mark.parametrize(
    ("name", "inputs", "message"),
    [
        ("rates", {"rates": [[1, 2, 3]]}, "the history has 3 rates: give at least 21"),
        (
            "rates",
            {"rates": [[float("nan")] * 21]},
            "rate 0 of the history is nan: give numbers above 0",
        ),
        ("text", {"text": ["he\n'"]}, "the model does not know '\\n', \"'\": it knows ' abcdehlo'"),
        (
            "video",
            {"features": [[[float("inf")] * 3]]},
            "features have values that are not finite: give numbers",
        ),
        (
            "frames",
            {"frames": np.full((1, 1, 4, 5), 255).tolist()},
            "the array of frames has the value 255 at (0, 0, 0, 0): give floats from 0 to 1",
        ),
        (
            "audio",
            {"samples": [[1, -float("inf")]], "gaps": [[[0, 1]]], "available": [0]},
            "the audio has -inf at sample 1 of channel 0: give finite numbers",
        ),
        (
            "streets",
            {"prefix": [["ab", "ab"]]},
            "the step from 'ab' to 'ab' in the path, which the graph does not have: 'ab' is "
            "followed by 'ba é', 'bc'",
        ),
    ],
)
def test_what_python_refuses_is_refused(client, name, inputs, message):
    response = client.post(name, json.dumps({"inputs": inputs}))
    assert (response.status_code, response.json()) == (400, {"error": message})
