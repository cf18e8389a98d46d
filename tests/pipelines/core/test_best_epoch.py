"""Checkpoints of a fine-tuning that cannot be continued."""

import json

import keras
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.core import best_epoch
from rnnzoo.pipelines.core.resumable import DamagedCheckpoint, resumable


@pytest.fixture
def work(tmp_path):
    """A folder after two epochs."""
    rows = [{"epoch": 1, "val_loss": 0.5}, {"epoch": 2, "val_loss": 0.4}]
    (tmp_path / "history.json").write_text(json.dumps(rows), encoding="utf-8")
    for epoch in (1, 2):
        (tmp_path / f"epoch-{epoch}.keras").write_bytes(b"PK")
    return tmp_path


def test_the_rows_are_those_of_the_checkpoints(work):
    assert [row["val_loss"] for row in best_epoch.rows(work)] == [0.5, 0.4]
    assert best_epoch.best_epoch(best_epoch.rows(work)) == 2


@pytest.mark.parametrize(
    "content", [None, "", "[", "[]", "null", "[1, 2]", "[{}, {}]", '[{"val_loss": 1}]']
)
def test_a_damaged_history_is_one_line_that_promises_nothing(work, content):
    path = work / "history.json"
    path.unlink()
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with (
        pytest.raises(DamagedCheckpoint, match=f"history.json is damaged: remove {work}$"),
        resumable(lambda: 2),
    ):
        best_epoch.rows(work)


def test_a_history_that_the_system_does_not_let_be_read_is_not_called_damaged(work):
    (work / "history.json").unlink()
    (work / "history.json").mkdir()
    with pytest.raises(InputError, match="history.json: Is a directory; the same command contin"):
        with resumable(lambda: 2):
            best_epoch.rows(work)


def test_a_damaged_checkpoint_is_one_line_that_promises_nothing(work):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    with (
        pytest.raises(DamagedCheckpoint, match=rf"epoch-2.keras is damaged \(.*remove {work}$"),
        resumable(lambda: 2),
    ):
        best_epoch.restore(model, work, 2)
