import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.export import formats
from rnnzoo.pipelines.export.formats import RUNTIMES, SUFFIXES, export


@pytest.mark.parametrize("file_format", RUNTIMES)
@pytest.mark.parametrize("name", ["shakespeare-lstm", "shakespeare-rnn", "music-rnn"])
def test_every_format_is_loaded_again_and_compared(name, file_format, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    report = export(name, file_format)
    assert report["path"] == name + SUFFIXES[file_format]
    assert report["difference"] < 1e-4
    assert [path.name for path in tmp_path.iterdir()] == [report["path"]]


@pytest.mark.parametrize("file_format", RUNTIMES)
def test_an_export_that_predicts_otherwise_is_refused(file_format, tmp_path, monkeypatch):
    inner = formats.READERS[file_format]
    monkeypatch.setitem(
        formats.READERS,
        file_format,
        lambda path, runtime: lambda inputs: np.asarray(inner(path, runtime)(inputs)) + 1e-3,
    )
    with pytest.raises(InputError, match=f"as {file_format} differs from .* by 0.001"):
        export("shakespeare-rnn", file_format, tmp_path / "out")
    assert not any(tmp_path.iterdir())


def test_a_runtime_that_is_not_installed_names_its_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(formats.RUNTIMES, "onnx", ("no_such_runtime", "onnx"))
    with pytest.raises(InputError, match=r"needs no_such_runtime: pip install 'rnnzoo\[onnx\]'"):
        export("shakespeare-rnn", "onnx", tmp_path / "out")


def test_a_converter_that_fails_is_a_sentence(tmp_path, monkeypatch):
    def fails(model, folder, path):
        raise NotImplementedError("no such op\nlong trace")

    monkeypatch.setitem(formats.WRITERS, "litert", fails)
    with pytest.raises(
        InputError, match="shakespeare-rnn cannot be written as litert: no such op$"
    ):
        export("shakespeare-rnn", "litert", tmp_path / "out")
    assert not any(tmp_path.iterdir())


def test_what_cannot_be_written_is_named(tmp_path):
    (tmp_path / "taken").write_text("kept")
    with pytest.raises(InputError, match="unknown format 'pmml': choose one of keras, saved_mod"):
        export("shakespeare-rnn", "pmml", tmp_path / "out")
    with pytest.raises(InputError, match="taken exists already"):
        export("shakespeare-rnn", "keras", tmp_path / "taken")
    with pytest.raises(InputError, match="is no folder"):
        export("shakespeare-rnn", "keras", tmp_path / "none/out")
    assert (tmp_path / "taken").read_text() == "kept"
