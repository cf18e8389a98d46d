"""`rnnzoo export`: files that run in their own runtime and say what their inputs are."""

import importlib
import json

import numpy as np
import onnx
import onnxruntime
import pytest
from ai_edge_litert.interpreter import Interpreter

import rnnzoo
from rnnzoo.artifacts import find
from rnnzoo.artifacts.model import read_golden
from rnnzoo.cli import main
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.export import compared, formats, litert_file, onnx_file
from rnnzoo.pipelines.export.compared import difference
from rnnzoo.pipelines.export.formats import FORMATS, export


@pytest.mark.parametrize("file_format", ["keras", "saved_model"])
def test_formats_with_all_signatures(file_format, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    report = export("shakespeare-rnn", file_format)
    assert report["path"] == "shakespeare-rnn" + FORMATS[file_format].suffix
    assert report["difference"] < 1e-4
    assert [path.name for path in tmp_path.iterdir()] == [report["path"]]
    with pytest.raises(InputError, match=f"{file_format} has all signatures: leave 'step' out"):
        export("shakespeare-rnn", file_format, signature="step")


def dimensions(nodes):
    return {node.name: node.shape for node in nodes}


def test_onnx_of_text_has_ids_and_the_vocabulary(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["export", "shakespeare-rnn", "--format", "onnx"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(
        "shakespeare-rnn.onnx: shakespeare-rnn as onnx, loaded again, within"
    )
    assert lines[1:] == ["  input  characters: int32 (?, ?)", "  output logits: float32 (?, ?, 65)"]
    session = onnxruntime.InferenceSession("shakespeare-rnn.onnx")
    assert dimensions(session.get_inputs()) == {"characters": ["batch", "time"]}
    assert dimensions(session.get_outputs()) == {"logits": ["batch", "time", 65]}
    meta, card = session.get_modelmeta(), rnnzoo.info("shakespeare-rnn")
    fields = meta.custom_metadata_map
    assert fields["vocabulary"] == card["vocabulary"]
    assert (fields["name"], fields["version"]) == ("shakespeare-rnn", str(card["version"]))
    assert (fields["signature"], meta.version) == ("serving_default", card["version"])
    # As its metadata says: text, through the vocabulary, to the most probable character.
    ids = np.array([[fields["vocabulary"].index(character) for character in "ROMEO"]], "int32")
    (logits,) = session.run(None, {"characters": ids})
    expected = rnnzoo.load("shakespeare-rnn")(ids)
    np.testing.assert_allclose(logits, expected, atol=1e-4)


@pytest.mark.slow
def test_joints_are_read_in_both_runtimes_and_onnx_has_the_classes(tmp_path):
    report = export("action3d-lstm", "litert", tmp_path / "a.tflite")
    assert report["inputs"] == {"joints": "float32 (?, ?, 20, 3)"}
    report = export("action3d-lstm", "onnx", tmp_path / "a.onnx")
    assert report["inputs"] == {"joints": "float32 (?, ?, 20, 3)"}
    assert report["outputs"] == {"probabilities": "float32 (?, 20)"}
    fields = {prop.key: prop.value for prop in onnx.load(tmp_path / "a.onnx").metadata_props}
    assert json.loads(fields["classes"]) == rnnzoo.info("action3d-lstm")["classes"]


def test_a_step_of_raw_rates_in_both_runtimes(tmp_path):
    rates = read_golden(find("usdinr-lstm"))["inputs"]
    expected = rnnzoo.load("usdinr-lstm").forecast(rates[0], 1, quantiles=[0.5])[0]
    path = tmp_path / "step.onnx"
    report = export("usdinr-lstm", "onnx", path, "step")
    session = onnxruntime.InferenceSession(path)
    shapes = dimensions(session.get_inputs())
    assert list(shapes) == list(report["inputs"]) and shapes["rate"] == ["batch"]
    states = {name: np.zeros([1, *shape[1:]], "float32") for name, shape in shapes.items()}
    del states["rate"]
    names = [node.name for node in session.get_outputs()]
    for rate in rates[0]:
        values = session.run(None, {"rate": rate[None], **states})
        outputs = dict(zip(names, values, strict=True))
        states = {name: outputs[f"{name}_after"] for name in states}
    np.testing.assert_allclose(outputs["median"], expected, rtol=1e-5)

    export("usdinr-lstm", "litert", tmp_path / "step.tflite", "step")
    step = Interpreter(str(tmp_path / "step.tflite")).get_signature_runner("step")
    states = {name: np.zeros_like(value) for name, value in states.items()}
    for rate in rates[0]:
        outputs = step(rate=rate[None], **states)
        states = {name: outputs[name] for name in states}
    np.testing.assert_allclose(outputs["median"], expected, rtol=1e-5)


def test_rows_of_a_litert_file_run_one_by_one(tmp_path):
    export("shakespeare-rnn", "litert", tmp_path / "a.tflite")
    ids = np.array([[1, 2, 3], [4, 5, 6]], "int32")
    outputs = litert_file.read(tmp_path / "a.tflite")({"characters": ids})
    np.testing.assert_allclose(outputs["logits"], rnnzoo.load("shakespeare-rnn")(ids), atol=1e-4)


LITERT = """error: loc(callsite(fused["A:", "a"] at fused["B:", "b"])): """


@pytest.mark.parametrize(
    ("file_format", "problem", "message"),
    [
        (
            "onnx",
            "[ONNXRuntimeError]: Error No Op registered for Bitcast with",
            "ONNX lacks Bitcast",
        ),
        ("onnx", "Fatal: RFFT2D is not a registered function/op", "ONNX lacks RFFT2D"),
        (
            "litert",
            f"{LITERT}'tf.Pad' op is neither a custom op nor a flex op\n",
            "LiteRT lacks Pad",
        ),
        ("litert", f"{LITERT}'tf.X' op needs a shape\nmore", "'tf.X' op needs a shape"),
    ],
)
def test_what_a_format_lacks_is_one_line(
    file_format, problem, message, tmp_path, capsys, monkeypatch
):
    def fails(*arguments):
        raise ValueError(problem)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(importlib.import_module(FORMATS[file_format].runtime), "write", fails)
    assert main(["export", "shakespeare-rnn", "--format", file_format]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith(f"shakespeare-rnn as {file_format} cannot be written: {message}")
    assert not any(tmp_path.iterdir())


def test_a_bidirectional_model_has_no_step(tmp_path):
    with pytest.raises(InputError, match="unknown signature 'step': choose one of serving_default"):
        export("action3d-lstm", "onnx", tmp_path / "out", "step")


@pytest.mark.parametrize(
    ("reader", "message"),
    [
        (lambda path: lambda inputs: {"logits": np.full((1, 1, 65), 9.0)}, "differs from the mod"),
        (lambda path: 1 / 0, "cannot be written: division by zero$"),
    ],
)
def test_an_export_that_predicts_otherwise_or_fails(reader, message, tmp_path, monkeypatch):
    monkeypatch.setattr(onnx_file, "write", lambda model, signature, card, path: None)
    monkeypatch.setattr(onnx_file, "read", reader)
    with pytest.raises(InputError, match=f"shakespeare-rnn as onnx {message}"):
        export("shakespeare-rnn", "onnx", tmp_path / "out")
    monkeypatch.setattr(formats, "golden_difference", compared.golden_difference)
    monkeypatch.setattr(formats, "served", lambda path: lambda inputs: np.zeros((1, 64, 65)))
    with pytest.raises(InputError, match="as saved_model differs from the golden outputs by"):
        export("shakespeare-rnn", "saved_model", tmp_path / "out")
    assert not any(tmp_path.iterdir())


def test_a_runtime_that_is_not_installed_names_its_extra(tmp_path, monkeypatch):
    missing = formats.Format(".onnx", ["no_such_runtime"], "onnx", "none")
    monkeypatch.setitem(formats.FORMATS, "onnx", missing)
    with pytest.raises(InputError, match=r"needs no_such_runtime: pip install 'rnnzoo\[onnx\]'"):
        export("shakespeare-rnn", "onnx", tmp_path / "out")


def test_what_cannot_be_written_is_named(tmp_path):
    (tmp_path / "taken").write_text("kept")
    with pytest.raises(InputError, match="unknown format 'pmml': choose one of keras, saved_mod"):
        export("shakespeare-rnn", "pmml", tmp_path / "out")
    with pytest.raises(InputError, match="taken exists already"):
        export("shakespeare-rnn", "keras", tmp_path / "taken")
    with pytest.raises(InputError, match="is no folder"):
        export("shakespeare-rnn", "keras", tmp_path / "none/out")
    assert (tmp_path / "taken").read_text() == "kept"


def test_masked_logits_hide_no_difference():
    masked = [-1e9, 1.0]
    assert difference([-1e9, 1.5], masked) == 0.5
    assert difference([-1e9, 300.0], [-1e9, 200.0]) == 0.5
    assert difference([0.0, 1.0], masked) > 1e8
