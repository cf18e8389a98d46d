"""From a user's city to a model that is loaded, served, exported and fine-tuned."""

import shutil

import numpy as np
import pytest

import rnnzoo
from rnnzoo.cards import headline
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.evaluate import evaluate
from rnnzoo.pipelines.export.formats import export
from rnnzoo.pipelines.families.streets.family import STREETS
from rnnzoo.pipelines.finetune import finetune
from rnnzoo.pipelines.pipeline import Pipeline


def test_the_card_has_figures_beside_those_of_chains(pushed_city):
    _, _, card = pushed_city
    assert card["links"] == 48 and card["crossings"] == 16
    assert card["data"]["trips"] == {"train": 240, "validation": 30, "test": 30}
    best = min(row["nats"]["test"] for row in card["baselines"] if "nats" in row)
    assert f"{best:.3f}" in headline(card)
    known = card["metrics"]["tables"]["known_destination"]["by_seed"]["1"]
    assert known["nats"] < card["metrics"]["test"]  # knowing where it ends helps


def test_identical_trips_of_two_splits_are_a_warning(pushed_city):
    warnings = pushed_city[2]["warnings"]
    assert any(warning.endswith("of the trips of test are in train too") for warning in warnings)


def test_it_is_loaded_and_verified(pushed_city):
    assert rnnzoo.verify("grid-gru")["served_difference"] < 1e-5
    model = rnnzoo.load("grid-gru")
    assert model.next("r0c0-r0c1", destination="r0c1-r0c2", top=1)[0].link == "r0c1-r0c2"
    route = model.route("r0c0-r0c1", "r2c3-r3c3")
    assert len(route) == 6  # trips have no detours


def test_it_is_not_trained_again(pushed_city, city_folder):
    models, folder, card = pushed_city
    assert Pipeline("shanghai-short", models, city_folder, "grid-gru").unchanged() == (folder, card)


def test_it_is_evaluated_on_another_city_folder(pushed_city, city_folder):
    rows = evaluate(["grid-gru"], city_folder)
    assert rows[0]["figure"] == pytest.approx(pushed_city[2]["metrics"]["test"], rel=1e-4)
    assert rows[0]["split"].startswith("test: ") and "chain of order 8" in {
        r["model"] for r in rows
    }


@pytest.mark.parametrize("form", ["onnx", "litert"])
@pytest.mark.parametrize("signature", ["serving_default", "step"])
def test_it_is_exported(pushed_city, tmp_path, form, signature):
    path = tmp_path / f"m.{form}"
    assert export("grid-gru", form, path, signature=signature)["difference"] < 1e-4


@pytest.mark.slow
def test_a_new_street_is_learnt_by_fine_tuning(pushed_city, city_folder, tmp_path):
    folder = tmp_path / "grown"
    shutil.copytree(city_folder, folder)
    with (folder / "edges.csv").open("a") as edges:
        edges.write("\nbridge,r0c0,r3c3,50,45.0,7.0,Bridge")
    with (folder / "paths.csv").open("a") as paths:
        paths.write("\n" + "\n".join(["r0c1 r0c0 r3c3 r3c2"] * 100))
    _, card = finetune("grid-gru", folder, "grown", pushed_city[0], epochs=4, learning_rate=0.01)
    assert card["links"] == 49
    assert card["metrics"]["test"] < card["metrics"]["before"]["test"]
    assert rnnzoo.load("grown").next(["r0c1-r0c0"], top=1)[0].name == "Bridge"


def test_trips_of_one_link_are_refused(data_stages, tmp_path):
    (tmp_path / "edges.csv").write_text("id,from,to,length\n1,a,b,5\n2,b,a,5\n")
    (tmp_path / "paths.csv").write_text("links\n" + "1\n2\n" * 6)
    data = STREETS.user_data(tmp_path, {"by": "trip"})
    with pytest.raises(InputError, match="every trip has one link: there is nothing to predict"):
        data_stages("PathPredictor", *data, {"by": "trip"})


def test_links_without_successors_are_refused(tmp_path):
    (tmp_path / "edges.csv").write_text("id,from,to,length\n1,a,b,5\n2,c,d,5\n")
    (tmp_path / "paths.csv").write_text("links\n" + "1\n2\n" * 6)
    with pytest.raises(InputError, match="no link of the graph begins where another ends"):
        STREETS.user_data(tmp_path, {"by": "trip"})


def test_random_inputs_are_steps_of_the_graph(pushed_city):
    model = rnnzoo.load("grid-gru")
    links = STREETS.random_inputs(model)[0, :, 0]
    assert len(links) > 1
    for link, following in zip(links, links[1:], strict=False):
        assert following in model.candidates[link]
    assert not np.array_equal(links, STREETS.random_inputs(model, 1)[0, :, 0])


@pytest.mark.tfx
def test_the_engine_of_tfx_gives_the_same_model(pushed_city, city_folder, digest_by_tfx):
    assert (
        digest_by_tfx("shanghai-short", city_folder, "grid-gru") == pushed_city[2]["content_digest"]
    )


@pytest.mark.tfx
def test_a_pipeline_for_kubeflow(pushed_city, city_folder, checked_spec):
    checked_spec("shanghai-short", city_folder, "grid-gru")
