"""`rnnzoo evaluate --slices`."""

import csv
import json

import pytest
from PIL import Image

import rnnzoo
from rnnzoo.cli import main
from rnnzoo.pipelines.evaluate import evaluate, evaluate_slices
from rnnzoo.slice_figures import COLUMNS


@pytest.fixture
def mine(tiny, models, tmp_path):
    """Path of a text that `mine`, a model of a few weights, is evaluated on."""
    rnnzoo.save(tiny, "mine")
    path = tmp_path / "my.txt"
    path.write_text("abc dad\ncab \n" * 100, encoding="utf-8")
    return path


def test_a_table_a_page_and_charts(mine, tmp_path, capsys):
    pytest.importorskip("matplotlib")
    page, plot = tmp_path / "slices.html", tmp_path / "slices.png"
    command = ["evaluate", "mine", "--slices", "--data", str(mine)]
    assert main([*command, "--out", str(page), "--plot", str(plot)]) == 0
    out, err = capsys.readouterr()
    assert err.startswith("mine: evaluating on my.txt\n")
    title, header, whole, *lines = out.splitlines()
    assert title == "mine on my.txt: nats per character"
    assert header.split()[:4] == list(COLUMNS)
    (figure,) = [row["figure"] for row in evaluate(["mine"], mine) if row["model"] == "mine"]
    assert whole.split()[:4] == ["all", "all", "64", f"{figure:.6g}"]
    values = [line.split()[1] for line in lines if line.startswith("character ")]
    assert values == ["letter", "newline", "space"]
    assert "<h2>character</h2>" in page.read_text(encoding="utf-8")
    assert Image.open(plot).size[0] > 500
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "models", "my.txt", "slices.html", "slices.png"
    ]  # fmt: skip


def test_the_rows_as_csv_and_json(mine, tmp_path, capsys):
    table = tmp_path / "slices.csv"
    command = ["evaluate", "mine", "--slices", "--data", str(mine), "--out", str(table), "--json"]
    assert main(command) == 0
    rows = json.loads(capsys.readouterr().out)
    assert rows == evaluate_slices("mine", mine).rows
    with open(table, newline="", encoding="utf-8") as file:
        written = list(csv.DictReader(file))
    assert [float(row["figure"]) for row in written] == [row["figure"] for row in rows]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--out", "a.csv"], "--out is for --slices: give it too"),
        (["--plot", "a.png"], "--plot is for --slices: give it too"),
        (
            ["--slices", "--csv", "a.csv"],
            "--csv is for models beside baselines: with --slices give",
        ),
        (["shakespeare-lstm", "--slices"], "for one model, not for shakespeare-rnn, shakespeare"),
        (["--slices", "--out", "a.txt"], "a.txt does not end in .html, .htm, .csv"),
        (["--slices", "--out", "no/a.csv"], "/no is no folder"),
        (["--slices", "--plot", "a.svg"], "a.svg does not end in .png"),
        (["--slices", "--data", "no.txt"], "no.txt does not exist"),
    ],
)
def test_bad_input_is_one_line(tmp_path, monkeypatch, capsys, arguments, message):
    monkeypatch.chdir(tmp_path)
    assert main(["evaluate", "shakespeare-rnn", *arguments]) == 2
    lines = [line for line in capsys.readouterr().err.splitlines() if "evaluating on" not in line]
    assert len(lines) == 1 and message in lines[0]
    assert not list(tmp_path.iterdir())


def test_a_family_without_slices(mine, monkeypatch, capsys):
    from rnnzoo.pipelines.core.family import Family
    from rnnzoo.pipelines.families.text.family import TextFamily

    monkeypatch.setattr(TextFamily, "evaluation_rows", Family.evaluation_rows)
    assert main(["evaluate", "mine", "--slices", "--data", str(mine)]) == 2
    assert "mine: models of text have no slices: leave --slices out" in capsys.readouterr().err


def test_without_matplotlib_nothing_is_evaluated(mine, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("rnnzoo.figure.has_matplotlib", lambda: False)
    for option in ("--out=page.html", "--plot=charts.png"):
        assert main(["evaluate", "mine", "--slices", "--data", str(mine), option]) == 2
        assert "pip install 'rnnzoo[plot]'" in capsys.readouterr().err
