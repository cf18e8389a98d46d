import math

import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.experiments.harness.cells import TEST, make_cell
from rnnzoo.pipelines.experiments.harness.ledger import FIXED, Ledger


@pytest.fixture
def done(toy):
    return make_cell(toy(), False, TEST, "none", {"units": 3, "noise": "none"}, 7)


def test_every_digit_comes_back(tmp_path, done):
    results = {
        "loss": 0.1 + 0.2,
        "accuracy": np.float32(0.3),
        "never": math.nan,
        "curve": [1 / 3, math.inf],
        "one": np.array([0.5]),
    }
    Ledger(tmp_path / "results.csv").add(done, results, 1.5)
    ledger = Ledger(tmp_path / "results.csv")
    assert done in ledger
    results_read = ledger.results(done.digest)
    assert math.isnan(results_read.pop("never"))
    assert results_read == {
        "loss": 0.1 + 0.2,
        "accuracy": float(np.float32(0.3)),
        "curve": [1 / 3, math.inf],
        "one": [0.5],
    }


def test_a_row_says_what_made_it(tmp_path, done):
    Ledger(tmp_path / "results.csv").add(done, {"loss": 1}, 1.5)
    row = Ledger(tmp_path / "results.csv").provenance(done.digest)
    assert tuple(row) == FIXED
    assert row["settings"] == '{"noise": "none", "units": 3}'
    assert (row["arm"], row["seed"], row["seconds"]) == ("none", "7", "1.50")
    assert row["versions"].startswith("python 3.")
    assert all(name in row["versions"] for name in ("tensorflow 2", "keras 3", "numpy 2"))


@pytest.mark.parametrize("value", ["high", None, [], [[1.0]], {"a": 1}, [1.0, "x"]])
def test_a_result_that_is_no_number_writes_nothing(tmp_path, done, value):
    with pytest.raises(InputError, match="result 'loss' is .*: give a float or a list of floats"):
        Ledger(tmp_path / "results.csv").add(done, {"loss": value}, 1)
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["seed", "curve[]"])
def test_names_that_a_result_cannot_have(tmp_path, done, name):
    with pytest.raises(InputError, match="cannot be called"):
        Ledger(tmp_path / "results.csv").add(done, {name: 1.0}, 1)


def test_a_file_of_something_else(tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="other.csv holds no cells"):
        Ledger(path)


def test_a_field_that_is_no_number(tmp_path, done):
    path = tmp_path / "results.csv"
    Ledger(path).add(done, {"loss": 0.5}, 1)
    path.write_text(path.read_text().replace("0.5", "half"))
    with pytest.raises(InputError, match=f"results.csv, cell {done.digest}: .*half"):
        Ledger(path).results(done.digest)


def test_what_a_cell_is_known_by(toy):
    def digest(experiment=None, quick=False, phase=TEST, arm="a", seed=1, **settings):
        return make_cell(experiment or toy(), quick, phase, arm, settings, seed).digest

    same = digest(x=1, y=2)
    assert digest(y=2, x=1) == same
    assert digest(x=1, y=2, arm="b") == same, "an arm may get another name"
    assert digest(toy(title="Another"), x=1, y=2) == same
    others = [
        digest(toy(version=2), x=1, y=2),
        digest(toy(name="other"), x=1, y=2),
        digest(quick=True, x=1, y=2),
        digest(phase="validation", x=1, y=2),
        digest(seed=2, x=1, y=2),
        digest(x=1, y=3),
        digest(x=True, y=2),
    ]
    assert len({same, *others}) == 8
