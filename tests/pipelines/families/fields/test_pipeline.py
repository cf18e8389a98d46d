"""From a user's fields to a model that is loaded, served, exported and fine-tuned."""

import numpy as np
import pytest

import rnnzoo
from rnnzoo.cards import headline
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.evaluate import evaluate
from rnnzoo.pipelines.export.formats import export
from rnnzoo.pipelines.families.fields.family import FIELDS
from rnnzoo.pipelines.finetune import finetune
from rnnzoo.pipelines.pipeline import Pipeline


def test_the_card_has_figures_beside_those_of_baselines(pushed_fields):
    _, _, card = pushed_fields
    assert card["size"] == [2, 3, 1] and card["step_seconds"] == 3600 and card["rank"] == 3
    steps = {split: row["steps"] for split, row in card["data"]["splits"].items()}
    assert steps == {"train": 1176, "validation": 168, "test": 336} and card["data"]["cells"] == 5
    assert "gradient-boosted trees" in card["baselines"]
    best = min(rows["test"]["rmse"] for rows in card["baselines"].values())
    assert f"{best:.4g}" in headline(card)
    test = card["metrics"]["tables"]["test"]["by_seed"]["1"]
    assert test["rmse"] == card["metrics"]["test"] and 0.75 < test["coverage"] <= 1


def test_it_is_loaded_and_verified(pushed_fields, small_fields):
    assert rnnzoo.verify("region-gru")["served_difference"] < 1e-4
    model = rnnzoo.load("region-gru")
    assert model.forecast(small_fields, 3).shape == (3, 2, 3, 1)


def test_it_is_not_trained_again(pushed_fields, fields_file):
    models, folder, card = pushed_fields
    pipeline = Pipeline("nycbike-short", models, fields_file, "region-gru")
    assert pipeline.unchanged() == (folder, card)


def test_it_is_evaluated_on_another_file(pushed_fields, fields_file):
    rows = evaluate(["region-gru"], fields_file)
    assert rows[0]["model"].startswith("region-gru")
    assert {"replication", "ridge autoregression"} < {row["model"] for row in rows}


@pytest.mark.parametrize(
    ("form", "signature"),
    [
        ("onnx", "step"),
        ("litert", "serving_default"),
        pytest.param("onnx", "serving_default", marks=pytest.mark.slow),
        pytest.param("litert", "step", marks=pytest.mark.slow),
    ],
)
def test_it_is_exported(pushed_fields, tmp_path, form, signature):
    path = tmp_path / f"m.{form}"
    assert export("region-gru", form, path, signature=signature)["difference"] < 1e-4


@pytest.mark.slow
def test_it_is_fine_tuned_on_another_grid(pushed_fields, small_fields, tmp_path):
    path = tmp_path / "other.npz"
    values = np.concatenate([small_fields.values, 3 * small_fields.values], axis=1)
    np.savez(path, values=values, times=small_fields.times)
    _, card = finetune("region-gru", path, "moved", pushed_fields[0], epochs=2)
    assert card["size"] == [4, 3, 1]
    assert rnnzoo.load("moved").size == (4, 3, 1)


def test_fields_that_never_change_are_refused(data_stages, tmp_path):
    times = np.datetime64("2024-01-01", "s") + np.arange(672) * np.timedelta64(3600, "s")
    path = tmp_path / "still.npz"
    np.savez(path, values=np.ones((672, 4)), times=times)
    pytest.importorskip("sklearn")
    data = FIELDS.user_data(path, {})
    with pytest.raises(InputError, match="100% of the fields of train repeat the one before"):
        data_stages("FieldForecaster", *data)


def test_fields_of_less_than_four_weeks_are_refused(tmp_path):
    times = np.datetime64("2024-01-01", "s") + np.arange(400) * np.timedelta64(3600, "s")
    path = tmp_path / "few.npz"
    np.savez(path, values=np.ones((400, 4)), times=times)
    pytest.importorskip("sklearn")
    with pytest.raises(InputError, match="400 fields, every 3600 s: give 672 or more"):
        FIELDS.user_data(path, {})


@pytest.mark.tfx
def test_the_engine_of_tfx_gives_the_same_model(pushed_fields, fields_file, digest_by_tfx):
    assert (
        digest_by_tfx("nycbike-short", fields_file, "region-gru")
        == pushed_fields[2]["content_digest"]
    )


@pytest.mark.tfx
def test_a_pipeline_for_kubeflow(pushed_fields, fields_file, checked_spec):
    checked_spec("nycbike-short", fields_file, "region-gru")
