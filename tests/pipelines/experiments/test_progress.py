import sys

import pytest

from rnnzoo.pipelines.experiments.harness.cells import Cell
from rnnzoo.pipelines.experiments.harness.progress import Progress

CHOICE = Cell("nem", {}, 101, "validation", "a")
FINAL = Cell("lstm additive nem", {}, 3, "test", "b")


def test_plain_lines_where_there_is_no_terminal(capsys):
    with Progress(50) as progress:
        progress.skip(10)
        for cell, seconds in ((CHOICE, 10.0), (FINAL, 18.0)):
            progress.starting(cell)
            progress.finished(cell, seconds)
        progress.skip(37)
        progress.finished(FINAL, 2.0)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "cell 11 of 50, nem on validation, seed 101: 10 s, about 6 min left",
        "cell 12 of 50, lstm additive nem, seed 3: 18 s, about 9 min left",
        "cell 50 of 50, lstm additive nem, seed 3: 2.0 s",
    ]


@pytest.mark.parametrize("skipped", [0, 1])
def test_a_bar_on_a_terminal(capsys, monkeypatch, skipped):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with Progress(3) as progress:
        progress.skip(skipped)
        progress.starting(FINAL)
        progress.finished(FINAL, 1.0)
        progress.skip(1)
    err = capsys.readouterr().err
    assert "lstm additive nem, seed 3" in err
    assert f"{2 + skipped}/3" in err
