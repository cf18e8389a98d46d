"""Two versions of a model, of data of two distributions: drift in the pipeline, and the command."""

import json
import shutil

import numpy as np
import pytest

import rnnzoo
from rnnzoo.artifacts.digest import content_digest
from rnnzoo.cli import main
from rnnzoo.pipelines.core.run_folders import stages_folder
from rnnzoo.pipelines.pipeline import Pipeline
from rnnzoo.registry import recipes

pytestmark = pytest.mark.slow
SHORT = {"units": 4, "window": 60, "batch_size": 8, "epochs": 1, "seeds": [1]}
NAME = "yen-gru"


def rates_file(path, spread):
    """A user's rates with daily changes of `spread`."""
    days = np.arange("2010-01-04", "2020-01-01", dtype="datetime64[D]")[:1300]
    days = days[np.is_busday(days)]
    steps = spread * np.random.default_rng(0).normal(size=len(days))
    rows = zip(days, 60 * np.exp(np.cumsum(steps)), strict=True)
    path.write_text("date,value\n" + "\n".join(f"{day},{value:.5f}" for day, value in rows))
    return path


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """dict from name to the path of a CSV file of rates."""
    folder = tmp_path_factory.mktemp("rates")
    spreads = {"calm": 0.004, "still calm": 0.0042, "wild": 0.03}
    return {name: rates_file(folder / f"{name}.csv", spread) for name, spread in spreads.items()}


@pytest.fixture(scope="module")
def versions(files, own_folders, short_recipe, tmp_path_factory):
    """(function that trains again on a file, (folder, card) of versions 1 and 2)."""
    models = tmp_path_factory.mktemp("models")
    with short_recipe("usdinr-short", "usdinr-gru", SHORT) as patch:
        patch.setenv("RNNZOO_MODELS_DIR", str(models))
        patch.setenv("RNNZOO_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))

        def train(file):
            return Pipeline("usdinr-short", models, files[file], NAME).run(push_anyway=True)

        yield train, train("calm"), train("wild")


@pytest.fixture
def unchanged(versions):
    """The folders of models and stages are as before after a test."""
    root, cache = versions[1][0].parent, stages_folder(NAME)
    copies = [(path, path.with_name(f"{path.name}-copy")) for path in (root, cache)]
    for path, copy in copies:
        shutil.copytree(path, copy)
    yield
    for path, copy in copies:
        shutil.rmtree(path)
        copy.rename(path)


def record(card, stage):
    return next(record for record in card["lineage"] if record["stage"] == stage)


def stages_run(capsys):
    lines = capsys.readouterr().err.splitlines()
    return [line.split(":")[0] for line in lines if ": made in" in line]


def drift_of(card):
    return [warning for warning in card["warnings"] if "unlike that of the version" in warning]


def test_other_data_than_those_of_the_last_version_is_a_warning(versions):
    _, (_, first), (_, second) = versions
    assert drift_of(first) == []
    assert [warning.split()[0] for warning in drift_of(second)] == ["return", "step"]


def test_the_statistics_of_the_last_version_are_an_input_by_digest(versions):
    _, (_, first), (_, second) = versions
    assert record(first, "distributions")["parameters"]["last_statistics"] is None
    inputs = record(second, "distributions")["inputs"]
    assert inputs["last_statistics"] == record(first, "statistics")["digest"]
    assert inputs["statistics"] == record(second, "statistics")["digest"]
    assert [record["stage"] for record in first["lineage"]] == [
        record["stage"] for record in second["lineage"]
    ]


def test_a_second_run_has_nothing_to_do(versions, capsys):
    train, _, (folder, _) = versions
    capsys.readouterr()
    assert train("wild")[0] == folder
    assert capsys.readouterr().err.count("made in") == 0


def test_another_threshold_trains_nothing_again(versions, unchanged, monkeypatch, capsys):
    train, _, (_, card) = versions
    relaxed = {**recipes()["usdinr-short"], "drift": 1, "skew": 1.0}
    monkeypatch.setitem(recipes(), "usdinr-short", relaxed)
    capsys.readouterr()
    folder, again = train("wild")
    assert stages_run(capsys) == ["distributions", "evaluation"]
    assert drift_of(again) == []
    assert again["content_digest"] == card["content_digest"] == content_digest(folder)


def test_statistics_that_are_no_longer_there_are_reported(versions, unchanged, capsys):
    train, (_, first), (folder, _) = versions
    shutil.rmtree(folder)
    digest = record(first, "statistics")["digest"]
    from rnnzoo.pipelines.core.runner import folder_digest

    for path in (stages_folder(NAME) / "statistics").iterdir():
        if folder_digest(path) == digest:
            shutil.rmtree(path)
    capsys.readouterr()
    _, card = train("wild")
    line = "drift from version 1 was not computed: its statistics are not in the cache"
    assert line in capsys.readouterr().err.splitlines()
    assert drift_of(card) == []


def test_the_command_compares_data_of_a_user(versions, files, capsys):
    assert main(["drift", f"{NAME}/1", "--data", str(files["still calm"])]) == 0
    header, *rows = capsys.readouterr().out.splitlines()
    assert header.split() == ["column", "measure", "distance", "threshold", "exceeded"]
    assert [row.split()[0] for row in rows] == ["return", "step"]
    assert main(["drift", f"{NAME}/1", "--data", str(files["wild"]), "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert [row["exceeded"] for row in report["columns"]] == [True, True]
    assert all(row["threshold"] == 0.3 < row["distance"] <= 1 for row in report["columns"])


def test_a_model_without_its_cache_reads_its_own_data_again(versions, files, unchanged, capsys):
    shutil.rmtree(stages_folder(NAME))
    assert main(["drift", f"{NAME}/1", "--data", str(files["calm"])]) == 0
    lines = capsys.readouterr()
    assert "statistics: made in" in lines.err
    assert "0.3" in lines.out


def test_what_cannot_be_compared_is_refused(versions, files, tmp_path, capsys):
    short = tmp_path / "short.csv"
    short.write_text("date,value\n2020-01-01,1.5\n")
    for arguments, message in [
        ([NAME, "--data", str(tmp_path / "no.csv")], "no.csv does not exist"),
        ([NAME, "--data", str(short)], "short.csv"),
        ([NAME, "--data", str(files["calm"]), "--frame-network", "x"], "is for models of videos"),
        (["no-such-model", "--data", "x"], "no-such-model"),
    ]:
        assert main(["drift", *arguments]) == 2
        (line,) = [li for li in capsys.readouterr().err.splitlines() if li.startswith("rnnzoo: ")]
        assert message in line


def test_data_that_do_not_exist_are_reported_before_keras_is_imported(capsys, monkeypatch):
    monkeypatch.setattr("rnnzoo.cli.drift.import_keras", lambda: pytest.fail("imported"))
    for path in ("no.csv", ""):
        assert main(["drift", "usdinr-gru", "--data", path]) == 2
        assert f"{path} does not exist: give a file or folder" in capsys.readouterr().err


def test_a_model_that_no_recipe_trained_has_nothing_to_compare_with(versions, files, capsys):
    rnnzoo.save(rnnzoo.load(NAME), "saved-gru")
    assert main(["drift", "saved-gru", "--data", str(files["calm"])]) == 2
    assert "there is nothing to compare with" in capsys.readouterr().err
