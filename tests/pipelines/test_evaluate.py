"""`rnnzoo evaluate` of every family, on the models' own data and on a user's."""

import csv

import numpy as np
import pytest

import rnnzoo
from rnnzoo.cli import main
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.evaluate import evaluate


def written(tmp_path, name, content):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    return path


def rates_file(tmp_path):
    days = np.arange("2020-01-01", "2022-12-31", dtype="datetime64[D]")
    days = days[np.is_busday(days)]
    rates = 70 * np.exp(np.cumsum(0.004 * np.random.default_rng(1).normal(size=len(days))))
    lines = "".join(f"{day},{rate:.4f}\n" for day, rate in zip(days, rates, strict=True))
    return written(tmp_path, "my.csv", "date,value\n" + lines)


@pytest.mark.slow
def test_rates_of_a_user_beside_rolling_volatility(tmp_path, capsys):
    path = rates_file(tmp_path)
    table = tmp_path / "table.csv"
    command = ["evaluate", "usdinr-gru", "usdinr-lstm", "--data", str(path), "--csv", str(table)]
    assert main(command) == 0
    out, err = capsys.readouterr()
    assert err.startswith("usdinr-gru, usdinr-lstm: evaluating on my.csv\n")
    header, *lines = out.splitlines()
    assert header.split() == ["data", "split", "model", "figure", "unit"]
    with open(table, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["model"] for row in rows] == ["usdinr-gru", "usdinr-lstm", "rolling volatility"]
    for row, line in zip(rows, lines, strict=True):
        assert 0 < float(row["figure"]) < 1
        assert f"  {float(row['figure']):.6g}" in line
        assert line.endswith("pinball loss")
        assert row["split"].startswith("test: rates ")
        assert row["data"] == "my.csv"


def test_text_of_a_user_with_characters_that_the_model_has_not(tmp_path):
    path = written(tmp_path, "my.txt", "Ho detto: «perché no?» " * 100)
    rows = evaluate(["shakespeare-rnn"], path)
    assert [row["model"] for row in rows] == ["shakespeare-rnn"] + [
        f"{order}-grams" for order in range(1, 9)
    ]
    assert rows[0]["unit"] == "nats per character"
    assert rows[0]["figure"] > rows[5]["figure"]
    assert rows[0]["split"] == "test: 115 characters"


def test_frames_of_a_user(tmp_path):
    frames = np.zeros((1, 60, 18, 18))
    frames[:, np.arange(60), np.arange(60) % 18] = 1  # a line that moves down
    np.save(tmp_path / "my.npy", frames)
    rows = evaluate(["balls2-rnn"], tmp_path / "my.npy")
    assert [row["model"] for row in rows] == ["balls2-rnn", "a copy of the last frame"]
    assert rows[1]["figure"] == pytest.approx(36)
    assert rows[0]["unit"] == "squared error per frame"


@pytest.mark.slow
def test_a_classifier_on_its_own_data_is_as_its_card_says(needs_data):
    needs_data("action3d")
    rows = {row["model"]: row for row in evaluate(["action3d-gru"])}
    card = rnnzoo.info("action3d-gru")
    assert rows["action3d-gru"]["figure"] == pytest.approx(card["metrics"]["test"], abs=0.004)
    assert rows["action3d-gru"]["split"] == "test: 273 sequences"
    assert rows["action3d-gru"]["data"] == "action3d"
    assert rows["linear classifier"]["figure"] > rows["action3d-gru"]["figure"]


def test_classes_that_the_model_has_not(tmp_path):
    for label in ("up", "down"):
        (tmp_path / "mine" / label).mkdir(parents=True)
    with pytest.raises(InputError):
        evaluate(["action3d-gru"], tmp_path / "mine")


@pytest.mark.slow
def test_music_of_a_user(tmp_path):
    import soundfile

    (tmp_path / "mine").mkdir()
    n = np.arange(22050 // 2)
    for i in range(4):
        tone = 0.3 * np.sin(0.05 * (i + 1) * n * (1 + n / 44100))
        soundfile.write(tmp_path / "mine" / f"{i}.wav", tone, 22050)
    rows = evaluate(["music-rnn"], tmp_path / "mine")
    assert [row["model"] for row in rows] == [
        "music-rnn", "means of the bins", "Wiener interpolation"
    ]  # fmt: skip
    assert rows[0]["split"] == "test: 1 pieces, 0.0 minutes"


@pytest.mark.slow
def test_a_model_of_ones_own(small_model, capsys, tmp_path):
    """Trained on a user's text, which the cache has; and fine-tuned, where it has not."""
    from rnnzoo.artifacts import models_dir
    from rnnzoo.pipelines.finetune import finetune

    path = written(tmp_path, "my.txt", "Shall I compare thee to a summer's day? " * 100)
    _, card = finetune("sonnets-lstm", path, "mine", models_dir(), epochs=1)
    assert main(["evaluate", "mine"]) == 2
    assert "mine was not trained by a recipe" in capsys.readouterr().err
    rows = evaluate(["mine"], path)
    assert rows[0]["figure"] == pytest.approx(card["metrics"]["test"], abs=1e-4)
    assert rows[5]["figure"] == pytest.approx(card["baselines"]["ngram"][4]["test"], abs=1e-6)


def test_a_model_that_its_user_saved(tiny, models, tmp_path, capsys):
    rnnzoo.save(tiny, "mine")
    assert main(["info", "mine"]) == 0
    out = capsys.readouterr().out
    assert "figures: trained by its user with fit; not evaluated\n" in out
    assert out.startswith("name: mine/1\n")
    assert main(["evaluate", "mine"]) == 2
    assert "mine was not trained by a recipe on data of its own: give --data" in (
        capsys.readouterr().err
    )
    rows = evaluate(["mine"], written(tmp_path, "my.txt", "abc dad cab " * 100))
    assert [row["model"] for row in rows[:2]] == ["mine", "1-grams"]
    assert rows[0]["split"] == "test: 60 characters"
    assert main(["remove", "mine", "--yes"]) == 0
    assert not list(models.iterdir())


def test_names_and_data_that_cannot_be_evaluated(tmp_path, capsys):
    for arguments, message in [
        (["SHAKESPEARE-LSTM"], "choose one of shakespeare-lstm\n"),
        (["usdinr-gru", "--data", "no.csv"], "no.csv does not exist"),
        (["shakespeare-rnn", "--data", "no.csv", "--column", "b"], "is for a Forecaster"),
        (["usdinr-gru", "--column", "b"], "--column is on the reading of --data: give it too"),
        (["shakespeare-rnn", "--csv", str(tmp_path / "no/t.csv")], "/no is no folder"),
    ]:
        assert main(["evaluate", *arguments]) == 2
        assert message in capsys.readouterr().err
