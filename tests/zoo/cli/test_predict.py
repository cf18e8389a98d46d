"""`rnnzoo predict` of videos, and its help."""

import csv
from pathlib import Path

import numpy as np
import pytest

import rnnzoo
from rnnzoo.cli import main


@pytest.fixture(scope="module")
def network_file(shade_classifier, tmp_path_factory):
    """The file of the network; the classifier of shades is a model of the zoo."""
    folder = tmp_path_factory.mktemp("saved")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RNNZOO_MODELS_DIR", str(folder / "models"))
        shade_classifier.reader.network.save(folder / "shades.keras")
        rnnzoo.save(shade_classifier, "shades")
        yield folder / "shades.keras"


def test_the_class_of_each_video(network_file, tmp_path, monkeypatch, shades, capsys):
    monkeypatch.chdir(tmp_path)
    Path("clips/dim").mkdir(parents=True)
    for frames in (40, 20):
        shades(Path(f"clips/{frames}.mp4"), frames)
    np.save("clips/dim/frames.npy", np.zeros((7, 6, 8, 3), "uint8"))
    Path("clips/notes.md").write_text("no video")
    Path("clips/damaged.avi").write_bytes(b"RIFF")
    arguments = ["predict", "shades", "--data", "clips", "--out", "clips/classes.csv"]
    arguments += ["--frame-network", str(network_file), "--batch-size", "2"]
    assert main(arguments) == 2
    line = capsys.readouterr().err.splitlines()[-1]
    assert line.startswith("rnnzoo: error: clips/damaged.avi")
    assert line.endswith("the same command continues after 2 records")
    assert main([*arguments, "--skip-errors"]) == 1
    out, err = capsys.readouterr()
    assert out == ("clips/classes.csv: 4 records of 4 files by shades, 1 of them with an error\n")
    assert err.startswith("clips/classes.csv.partial has 2 records: continuing\n")
    with open("clips/classes.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["file"], row["class"], bool(row["error"])) for row in rows] == [
        ("clips/20.mp4", "light", False),
        ("clips/40.mp4", "light", False),
        ("clips/damaged.avi", "", True),
        ("clips/dim/frames.npy", "dark", False),
    ]
    assert float(rows[0]["probabilities.dark"]) < 0.5 < float(rows[0]["probability"])


def test_the_help_has_examples_and_the_keys_of_records(capsys):
    with pytest.raises(SystemExit):
        main(["predict", "-h"])
    out = capsys.readouterr().out
    assert "  rnnzoo predict usdinr-lstm --data rates/ --out rates.csv\n" in out
    from rnnzoo.families import families

    for task in families():
        assert f"\n  {task} " in out
