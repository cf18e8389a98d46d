"""What the command line writes: to terminals of any encoding, and about values of any length."""

import io
import json
import os
import subprocess
import sys

import pytest

import rnnzoo
from rnnzoo.cli import main
from rnnzoo.datasets.common.errors import MOST

pytestmark = pytest.mark.core


def written(monkeypatch, encoding, *arguments):
    """Runs a command with standard output in an encoding; returns (status, text)."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    monkeypatch.setattr(sys, "stdout", stream)
    status = main(list(arguments))
    stream.flush()
    return status, raw.getvalue().decode(encoding)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_an_output_without_all_characters(monkeypatch, models, encoding):
    status, text = written(monkeypatch, encoding, "info", "artusi-lstm", "--json")
    assert (status, json.loads(text)) == (0, rnnzoo.info("artusi-lstm"))
    command = ["generate", "artusi-lstm", "--length", "4", "--prompt"]
    status, text = written(monkeypatch, encoding, *command, "\n\xe8")
    assert status == 0
    assert text.startswith("\n\\u00e8" if encoding == "ascii" else "\n\xe8")


def test_a_process_whose_output_is_ascii():
    done = subprocess.run(
        [sys.executable, "-m", "rnnzoo", "info", "artusi-lstm", "--json"],
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        capture_output=True,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout.decode("ascii")) == rnnzoo.info("artusi-lstm")


@pytest.mark.parametrize("command", ["info", "verify", "generate"])
def test_a_name_in_capitals_is_near_the_name_in_small_letters(capsys, command):
    assert main([command, "SHAKESPEARE-LSTM"]) == 2
    line = "rnnzoo: error: unknown model 'SHAKESPEARE-LSTM': choose one of shakespeare-lstm\n"
    assert capsys.readouterr().err == line


@pytest.mark.parametrize(
    "arguments",
    [
        ["info", "{}"],
        ["info", "shakespeare-lstm/{}"],
        ["reproduce", "{}"],
        ["export", "shakespeare-lstm", "--format", "{}"],
        ["impute", "x.wav", "--out", "y.wav", "--gap", "{}"],
        ["finetune", "shakespeare-lstm", "--data", "x", "--name", "_{}"],
    ],
)
def test_a_line_quotes_the_beginning_of_a_long_value(capsys, arguments):
    value = "x" * 38_000
    assert main([argument.format(value) for argument in arguments]) == 2
    line = capsys.readouterr().err
    assert value[:19] in line
    assert value[: MOST + 1] not in line
    assert line.count("\n") == 1


def test_the_help_before_a_command_summarizes_all(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    text = capsys.readouterr().out
    for arguments in (["--help", "train"], ["-h", "train"]):
        with pytest.raises(SystemExit):
            main(arguments)
        assert capsys.readouterr().out == text
