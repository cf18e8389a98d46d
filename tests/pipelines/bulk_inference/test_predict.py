"""Bulk inference with a text model: inputs, batches, errors, interrupts."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import keras
import numpy as np
import pytest

import rnnzoo
from rnnzoo.cli import main
from rnnzoo.datasets.common.locks import file_lock
from rnnzoo.pipelines.families.text.predictor import TextPredictor
from rnnzoo.text.generator import TextGenerator

LINES = ["abba", "cab d", "dad", "abc d abc d", "bad cab", "b", "", "ad", "dab dab"]


@pytest.fixture(scope="module")
def saved(save):
    """A text model, `tiny`, without a line feed in its vocabulary."""
    keras.utils.set_random_seed(0)
    save(TextGenerator("abc d", [keras.layers.LSTM(4), keras.layers.SimpleRNN(3)]), "tiny")


@pytest.fixture
def tiny_text(saved):
    """Three files with the lines of `LINES`, 25 of two characters or more."""
    os.mkdir("texts")
    for number in range(3):
        Path(f"texts/{number}.txt").write_text("\n".join(lines_of(number)), encoding="utf-8")


def lines_of(number):
    return [line + " a" * number for line in LINES]


def test_a_record_per_line(tiny_text, predicted):
    records = predicted("tiny", "--data", "texts", "--per", "line", "--batch-size", 4)
    expected = [
        (f"texts/{number}.txt", line, text)
        for number in range(3)
        for line, text in enumerate(lines_of(number), 1)
        if len(text) > 1
    ]
    assert [(row["file"], row["line"], row["characters"]) for row in records] == [
        (file, line, len(text)) for file, line, text in expected
    ]
    model = rnnzoo.load("tiny")
    for row, (_, _, text) in zip(records, expected, strict=True):
        assert row["nats_per_character"] == pytest.approx(model.nats_per_character(text), abs=1e-6)
    assert [row["item"] for row in records if row["file"] == "texts/0.txt"] == list(range(7))


def test_neither_batches_nor_the_order_change_predictions(tiny_text, predicted):
    per_line = ("--per", "line")
    names = [f"texts/{number}.txt" for number in range(3)]
    by_key = {}
    for arguments in (
        ("--data", *names, "--batch-size", 1),
        ("--data", *names[::-1], "--batch-size", 5),
        ("--data", "texts/*.txt", "--batch-size", 100),
    ):
        for row in predicted("tiny", *per_line, *arguments):
            by_key.setdefault((row["file"], row["item"]), []).append(row["nats_per_character"])
    for values in by_key.values():
        assert len(values) == 3
        np.testing.assert_allclose(values, values[0], atol=1e-6)


def test_csv_has_the_same_values(tiny_text, predicted):
    arguments = ("tiny", "--data", "texts", "--per", "line")
    rows = predicted(*arguments, out="out.csv")
    records = predicted(*arguments)
    assert rows == [{key: str(value) for key, value in record.items()} for record in records]


@pytest.mark.parametrize(
    ("data", "files"),
    [
        (["texts"], ["texts/0.txt", "texts/1.txt", "texts/2.txt"]),
        (["texts/[12].txt", "texts/0.txt"], ["texts/1.txt", "texts/2.txt", "texts/0.txt"]),
        (["**/*"], ["texts/0.txt", "texts/1.txt", "texts/2.txt"]),
        (["te*", "texts/0.txt"], ["texts/0.txt", "texts/1.txt", "texts/2.txt"]),
    ],
)
def test_files_folders_and_patterns(tiny_text, predicted, data, files):
    records = predicted("tiny", "--data", *data, "--per", "line")
    assert list(dict.fromkeys(row["file"] for row in records)) == files


@pytest.mark.parametrize(
    ("arguments", "out", "message"),
    [
        (["--data", "none.txt"], "o.csv", "none.txt does not exist: give a file, a folder or a"),
        (["--data", "no*.txt"], "o.csv", "no*.txt matches no file"),
        (["--data", "texts"], "o.txt", "o.txt does not end in .jsonl, .csv"),
        (["--data", "texts"], "no/o.csv", "no is no folder"),
        (["--data", "texts/0.txt", "o.csv"], "o.csv", "o.csv does not exist"),
        (["--data", "texts", "--batch-size", "0"], "o.csv", "--batch-size is 0: give a whole"),
        (["--data", "texts", "--per", "word"], "o.csv", "invalid choice: 'word'"),
        (["--data", "texts", "--date-order", "dmy"], "o.csv", "is for a Forecaster, not for a"),
        (["--data", "texts", "--frame-network", "x"], "o.csv", "x is for models of videos"),
    ],
)
def test_bad_arguments(tiny_text, refused, arguments, out, message):
    assert message in refused("tiny", *arguments, out=out)
    assert os.listdir() == ["texts"]


def test_the_predictions_replace_no_input(tiny_text, refused):
    os.mkdir("empty")
    assert "empty has no files of a TextGenerator (.txt)" in refused("tiny", "--data", "empty")
    Path("o.csv").write_text("abc")
    assert "o.csv would replace o.csv" in refused("tiny", "--data", "o.csv", out="o.csv")
    assert Path("o.csv").read_text() == "abc"
    assert "unknown model 'nope'" in refused("nope", "--data", "texts")


def test_a_file_that_cannot_be_read_ends_the_run_or_is_a_record(tiny_text, predicted, refused):
    Path("texts/1.txt").write_bytes(b"ab\0")
    Path("texts/2.txt").write_text("ab é")
    arguments = ("tiny", "--data", "texts", "--per", "line", "--batch-size", 4)
    line = refused(*arguments)
    assert "texts/1.txt is binary or UTF-16" in line
    assert line.endswith(
        "(--skip-errors writes that, and goes on); the same command continues after 4 records"
    )
    assert not os.path.exists("out.jsonl")
    records = predicted(*arguments, "--skip-errors", status=1)
    assert not os.path.exists("out.jsonl.partial")
    errors = [row for row in records if "error" in row]
    assert [(row["file"], row["item"]) for row in errors] == [
        ("texts/1.txt", None), ("texts/2.txt", 0),
    ]  # fmt: skip
    assert "does not know 'é'" in errors[1]["error"]
    assert [row["item"] for row in records[:7]] == list(range(7))
    assert all("nats_per_character" in row for row in records[:7])
    rows = predicted(*arguments, "--skip-errors", out="out.csv", status=1)
    assert rows[7]["error"] == errors[0]["error"] and rows[7]["item"] == ""


class Stop:
    """Interrupts the prediction of some batch."""

    def __init__(self, monkeypatch, batch):
        self.sizes = []

        def predict(predictor, items, model):
            self.sizes.append(len(items))
            if len(self.sizes) == batch:
                raise KeyboardInterrupt
            return original(predictor, items, model)

        original = TextPredictor.predict
        monkeypatch.setattr(TextPredictor, "predict", predict)


ARGUMENTS = ("tiny", "--data", "texts", "--per", "line", "--batch-size", 4)


@pytest.fixture
def interrupted(tiny_text, predicted, refused, monkeypatch):
    """What an undisturbed run writes, bytes; there is the journal of one that was interrupted."""
    predicted(*ARGUMENTS, out="whole.jsonl")
    with monkeypatch.context() as patch:
        Stop(patch, 4)
        line = refused(*ARGUMENTS, status=130)
    assert line == "rnnzoo: interrupted: the same command continues after 12 records"
    assert not os.path.exists("out.jsonl")
    return Path("whole.jsonl").read_bytes()


def test_an_interrupted_run_continues(interrupted, predicted, monkeypatch, capsys):
    run = Stop(monkeypatch, None)
    predicted(*ARGUMENTS)
    assert run.sizes == [4, 4, 4, 1]  # 12 of 25 are in the journal
    assert Path("out.jsonl").read_bytes() == interrupted
    assert not os.path.exists("out.jsonl.partial")


def test_a_torn_line_is_predicted_again(interrupted, predicted, monkeypatch):
    journal = Path("out.jsonl.partial")
    for cut in (1, 40):
        torn = journal.read_bytes()[:-cut]
        journal.write_bytes(torn)
        with monkeypatch.context() as patch:
            run = Stop(patch, None)
            predicted(*ARGUMENTS)
        assert run.sizes == [4, 4, 4, 4, 1]
        assert Path("out.jsonl").read_bytes() == interrupted
        journal.write_bytes(torn)


@pytest.mark.parametrize("change", ["model", "content", "files", "options", "header"])
def test_a_journal_of_another_run_is_begun_anew(
    interrupted, predicted, refused, monkeypatch, capsys, change
):
    arguments = [*ARGUMENTS]
    if change == "model":
        card = rnnzoo.info("tiny") | {"content_digest": "sha256:0"}
        monkeypatch.setattr("rnnzoo.cli.predict.info", lambda name: card)
    elif change == "content":
        Path("texts/2.txt").write_text("abc\nbad")
    elif change == "files":
        arguments[2] = "texts/[12].txt"
    elif change == "options":
        arguments[4] = "file"
        for path in Path("texts").iterdir():
            path.write_text("abc")
    else:
        Path("out.jsonl.partial").write_text('{"model": "ti')
    monkeypatch.setattr(TextPredictor, "predict", lambda *_: (_ for _ in ()).throw(OSError("x")))
    capsys.readouterr()
    assert main(["predict", *map(str, arguments), "--out", "out.jsonl"]) == 2
    said = capsys.readouterr().err.splitlines()[0]
    assert said == ("out.jsonl.partial is of another model, other data or options: starting anew")
    assert not os.path.exists("out.jsonl.partial")  # nothing was predicted


def test_a_second_process_is_refused(tiny_text, refused, predicted):
    with file_lock("out.jsonl"):
        assert "another process is at work in out.jsonl" in refused("tiny", "--data", "texts")
    assert not os.path.exists("out.jsonl.partial")
    predicted(*ARGUMENTS)


def test_a_full_disk_is_one_line(tiny_text, refused, predicted, full_disk):
    predicted(*ARGUMENTS, out="whole.jsonl")
    with full_disk(900):
        line = refused(*ARGUMENTS)
    assert "out.jsonl.partial cannot be written" in line
    predicted(*ARGUMENTS)
    assert Path("out.jsonl").read_bytes() == Path("whole.jsonl").read_bytes()


def test_a_killed_run_continues_to_the_same_file(tiny_text, predicted):
    Path("texts/many.txt").write_text("\n".join(LINES * 20))
    arguments = ("tiny", "--data", "texts", "--per", "line", "--batch-size", 2)
    command = [sys.executable, "-m", "rnnzoo", "predict", *map(str, arguments)]
    killed = subprocess.Popen([*command, "--out", "out.jsonl"], stderr=subprocess.PIPE)
    journal = Path("out.jsonl.partial")
    while killed.poll() is None and not (journal.exists() and journal.stat().st_size > 2000):
        time.sleep(0.005)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL and not os.path.exists("out.jsonl")
    first = journal.read_bytes().split(b"\n")[1]
    predicted(*arguments, out="whole.jsonl")
    records = predicted(*arguments)
    assert len(records) == 25 + 20 * 7
    assert Path("out.jsonl").read_bytes() == Path("whole.jsonl").read_bytes()
    assert json.loads(first)["records"] == records[:2]
