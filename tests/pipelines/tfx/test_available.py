"""What is said where TFX cannot be had, and what its options refuse."""

import importlib.util
import os

import pytest

from rnnzoo.cli import main
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.tfx.available import check_tfx, glibc


@pytest.fixture
def without_tfx(monkeypatch):
    """TFX is not installed."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)


@pytest.mark.parametrize(
    ("library", "message"),
    [
        (
            "glibc 2.36",
            r"needs glibc 2.39 or later \(Debian 13.*\), this system has 2.36",
        ),
        ("glibc 2.9", "this system has 2.9"),
        ("glibc 2.41", r"engine tfx needs tfx: pip install 'rnnzoo\[tfx\]'"),
        ("musl 1.2", "needs Linux with glibc 2.39 or later, this is linux"),
        (None, "needs Linux with glibc 2.39 or later, this is linux: give --engine embedded"),
    ],
)
def test_what_is_missing_is_named(without_tfx, monkeypatch, library, message):
    def confstr(name):
        if library is None:
            raise ValueError(name)
        return library

    monkeypatch.setattr(os, "confstr", confstr)
    with pytest.raises(InputError, match=message):
        check_tfx()


def test_the_version_of_this_library_is_two_numbers():
    assert len(glibc()) == 2 and glibc() >= (2, 17)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--beam-runner", "FlinkRunner"], "--beam-runner 'FlinkRunner' is for --engine tfx"),
        (["--pipeline-root", "x"], "--pipeline-root 'x' is for --engine tfx"),
        (
            ["--engine", "tfx", "--beam-options", "x=1"],
            "--beam-options 'x=1': give each as --n",
        ),
        (["--engine", "tfx", "--beam-options", "'"], "No closing quotation"),
        (["--beam-options", "--a=b"], "--beam-options '--a=b' is for --engine tfx: give that too"),
        (["--beam-options=--a=b"], "--beam-options '--a=b' is for --engine tfx: give that too"),
        (["--predict", "x.txt"], "--predict 'x.txt' is for --engine tfx: give that too"),
        (["--engine", "tfx", "--predict", "x.txt"], "--predictions FILE is missing: give --pre"),
        (["--engine", "tfx", "--predictions", "x.csv"], "--predict PATH is missing: give --pre"),
        (
            ["--engine", "tfx", "--predict", "x.txt", "--predictions", "x.txt"],
            "x.txt does not end in .jsonl, .csv",
        ),
        (
            ["--engine=tfx", "--predict=x", "--predictions=x.csv", "--compile=x.yaml"],
            "--predict is for a run on this machine: leave out --compile",
        ),
    ],
)
def test_options_of_the_engine_are_refused(capsys, tmp_path, options, message):
    assert main(["train", "sonnets-lstm", "--out", str(tmp_path), *options]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert message in line


def test_another_engine_is_refused(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["train", "sonnets-lstm", "--engine", "kubeflow"])
    assert ended.value.code == 2
    assert "invalid choice: 'kubeflow'" in capsys.readouterr().err
