"""`rnnzoo tune`: its output, what it writes, what it refuses, and that a kill loses nothing."""

import importlib.metadata
import json
import os
import signal
import subprocess
import sys
import tomllib

import pytest

from rnnzoo.cli import main
from rnnzoo.families import recipes

SHORT = {
    **{"units": 4, "window": 20, "epochs": 1, "seeds": [1, 2]},
    "search": {"units": [3, 5], "learning_rate": {"low": 0.003, "high": 0.03, "log": True}},
}
TEXT = "the quick brown fox jumps over a lazy dog and runs home\n" * 40


@pytest.fixture
def short(tmp_path, monkeypatch):
    """The recipe `sonnets-lstm` with short trainings, and a text."""
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("RNNZOO_MODELS_DIR", str(tmp_path / "models"))
    monkeypatch.setitem(recipes(), "sonnets-lstm", {**recipes()["sonnets-lstm"], **SHORT})
    path = tmp_path / "fox.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def untrained(short, monkeypatch):
    """As `short`; trials are not trained: their figure is the learning rate, or of trial 0 more."""
    from rnnzoo.pipelines.tuning import trial

    def figures(parameters, data, settings, seeds):
        return [settings["learning_rate"] + (settings["units"] == 4)] * len(seeds)

    monkeypatch.setattr(trial, "validation_figures", figures)
    return short


def test_the_table_is_sorted_and_the_best_is_written(untrained, tmp_path, capsys):
    out = tmp_path / "best.toml"
    command = ["tune", "sonnets-lstm", "--data", str(untrained), "--trials", "3", "--seeds", "2"]
    assert main([*command, "--out", str(out)]) == 0
    printed = capsys.readouterr()
    head, names, *rows, verdict, settings = printed.out.splitlines()
    assert head == "nats per character of the validation split, mean of seeds 1, 2"
    assert names.split() == ["trial", "validation", "units", "learning_rate"]
    assert [row.split()[0] for row in rows][-1] == "recipe" and len(rows) == 4
    figures = [float(row.split()[1]) for row in rows]
    assert figures == sorted(figures)
    assert verdict.startswith("best: trial ") and verdict.endswith("; the recipe's: 1.01")
    assert "trial 0 of 3: units = 4, learning_rate = 0.01\n" in printed.err
    assert "trial 3 of 3: 0.0" in printed.err
    written = out.read_text(encoding="utf-8")
    assert written.splitlines()[0] == f"# sonnets-lstm, {verdict}"
    assert ", ".join(f"{key} = {value!r}" for key, value in tomllib.loads(written).items()) == (
        settings
    )
    assert main([*command, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["best"] == report["trials"][0] and report["recipe"]["trial"] == 0
    assert report["best"]["settings"] == tomllib.loads(written)
    assert report["best"]["by_seed"] == [report["best"]["validation"]] * 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["shakespeare-rnn", "--trials", "2"], "the recipe of shakespeare-rnn has no search space"),
        (["no-model", "--trials", "2"], "unknown model with a recipe 'no-model'"),
        (["sonnets-lstm", "--trials", "0"], "0 trials: give 1 or more"),
        (["sonnets-lstm", "--trials", "1", "--seeds", "3"], "--seeds 3: the recipe of sonnets-lst"),
        (["sonnets-lstm", "--trials", "1", "--out", "a.json"], "a.json does not end in .toml"),
        (["sonnets-lstm", "--trials", "1", "--name", "sonnets-rnn2/x"], "'sonnets-rnn2/x'"),
        (["sonnets-lstm", "--trials", "1", "--data", "no.txt"], "no.txt"),
    ],
)
def test_bad_input_is_one_line(short, tmp_path, capsys, arguments, message):
    assert main(["tune", *arguments]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert message in line
    assert not (tmp_path / "cache").exists()


def test_a_missing_extra_is_named(short, monkeypatch, capsys):
    version = importlib.metadata.version

    def missing(name):
        if name == "keras-tuner":
            raise importlib.metadata.PackageNotFoundError(name)
        return version(name)

    monkeypatch.setattr(importlib.metadata, "version", missing)
    assert main(["tune", "sonnets-lstm", "--trials", "1"]) == 2
    expected = "rnnzoo: error: tuning needs keras-tuner: pip install 'rnnzoo[tune]'\n"
    assert capsys.readouterr().err == expected


SLOW = {**SHORT, "epochs": 6}


def started(path):
    """A process that tunes two trials of trainings with six epochs."""
    code = (
        "import sys; from rnnzoo.cli import entry; from rnnzoo.families import recipes; "
        f"recipes()['sonnets-lstm'].update({SLOW}); sys.argv[0] = 'rnnzoo'; entry()"
    )
    command = [*("tune", "sonnets-lstm", "--data", str(path), "--name", "fox"), "--trials", "2"]
    return subprocess.Popen(
        [sys.executable, "-c", code, *command, "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ,
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("stop", [signal.SIGKILL, signal.SIGINT])
def test_it_continues_after_it_was_stopped_in_a_trial(short, tmp_path, monkeypatch, stop):
    process = started(short)
    lines = []
    for line in process.stderr:  # the second epoch of trial 1 is in its checkpoint then
        lines.append(line)
        if "epoch 3/6" in line and any("trial 1 of 2" in before for before in lines):
            process.send_signal(stop)
            break
    rest = process.stderr.read()
    assert process.wait() == (-signal.SIGKILL if stop == signal.SIGKILL else 130)
    if stop == signal.SIGINT:
        assert rest.endswith("rnnzoo: interrupted: the same command continues trial 1\n")
    out, messages = started(short).communicate()
    assert "trials 0 to 0 are complete" in messages
    assert "trial 0 of 2" not in messages
    assert "fox seed 1: continuing after epoch" in messages
    stopped = json.loads(out)
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path / "another cache"))
    out, _ = started(short).communicate()
    assert json.loads(out) == stopped  # as without a stop
