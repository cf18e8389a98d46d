"""Commands that would write over a file that they read are refused before anything runs."""

import argparse
import os

import pytest

from rnnzoo.cli import main
from rnnzoo.cli._written_files import check_written
from rnnzoo.datasets.common.errors import InputError

pytestmark = pytest.mark.core


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The working folder with a file, a symbolic and a hard link to it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.csv").write_text("mine")
    (tmp_path / "link.csv").symlink_to("own.csv")
    os.link("own.csv", "hard.csv")
    (tmp_path / "folder").symlink_to(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "out", ["own.csv", "./own.csv", "folder/own.csv", "link.csv", "hard.csv", "folder/link.csv"]
)
@pytest.mark.parametrize("data", ["own.csv", "link.csv", "hard.csv"])
def test_names_of_one_file(out, data):
    options = argparse.Namespace(data=data, out=out, plot=None)
    with pytest.raises(InputError, match=f"{out} would replace {data}: give another path"):
        check_written(options, "plot", "out", read=["data"])


def test_two_new_files_of_one_name():
    options = argparse.Namespace(data=None, out="folder/a.png", plot="a.png")
    with pytest.raises(InputError, match="folder/a.png would replace a.png: give another path"):
        check_written(options, "plot", "out", read=["data"])


def test_other_files_are_accepted():
    options = argparse.Namespace(data="folder", out="folder/a.csv", plot="b.csv")
    check_written(options, "plot", "out", read=["data"])
    check_written(argparse.Namespace(data="none.csv", out=None), "out", read=["data"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["forecast", "usdinr-gru", "--data", "a.png", "--plot", "a.png"], "would replace a.png"),
        (["rollout", "balls2-rnn", "--data", "a.gif", "--out", "a.gif"], "would replace a.gif"),
        (["evaluate", "usdinr-gru", "--data", "own.csv", "--csv", "link.csv"], "would replace own"),
        (["impute", "a.wav", "--gap", "1:2", "--out", "a.wav"], "a.wav would replace a.wav"),
        (["impute", "a.wav", "--gap", "1:2", "--out", "b.wav", "--truth", "b.wav"], "replace b"),
        (["predict-path", "bologna-gru", "--prefix", "a", "--png", ""], "--png is '': give a path"),
        (["train", "usdinr-gru", "--out", ""], "--out is '': give a path, or leave it out"),
        (["finetune", "usdinr-gru", "--data", "a", "--name", "b", "--out", ""], "--out is ''"),
        (["export", "usdinr-gru", "--format", "keras", "--out", ""], "--out is ''"),
        (["reproduce", "--list", "--out", ""], "--out is ''"),
        (["compare-noise", "a.keras", "a.npz", "--out", ""], "--out is ''"),
    ],
)  # fmt: skip
def test_every_command_checks(capsys, folder, arguments, message):
    before = sorted(folder.iterdir())
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == "" and len(err.splitlines()) == 1 and message in err
    assert sorted(folder.iterdir()) == before and (folder / "own.csv").read_text() == "mine"
