"""The experiment on bouncing balls."""

import pytest

from rnnzoo.datasets.bouncing_balls import load
from rnnzoo.datasets.bouncing_balls.simulator import bouncing_balls
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.experiments.studies import balls
from rnnzoo.pipelines.pipeline import Pipeline
from rnnzoo.registry import recipes

SHORT = {"units": 4, "window": 5, "epochs": 1, "seeds": [1]}


@pytest.mark.slow
def test_a_model_of_the_experiment_is_that_of_its_recipe_and_trained_once(
    models, tmp_path, monkeypatch
):
    def few(name, split):
        return bouncing_balls(8, 12, 0, balls=1, size=9, radius=1.5)

    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(load, "load_bouncing_balls", few)
    monkeypatch.setitem(recipes(), "balls2-rnn", {**recipes()["balls2-rnn"], **SHORT})
    settings = {"kind": "rnn", "data": "balls2", "learning_rate": 0.01}
    cell = balls.run(settings, 1, *balls.load("test"), quick=False)
    assert cell["error"] == cell["training_error"] > 0
    assert len(cell["errors_in_training"]) == 1
    (folder,) = (tmp_path / "cache/runs").iterdir()
    trained = (folder / "seed-1.keras").stat().st_mtime_ns
    with pytest.raises(InputError, match=f"not pushed: {cell['error']:.4f} squared error per fr"):
        Pipeline("balls2-rnn", models).run()
    assert list((tmp_path / "cache/runs").iterdir()) == [folder]
    assert (folder / "seed-1.keras").stat().st_mtime_ns == trained
