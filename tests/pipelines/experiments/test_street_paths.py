"""Paths through streets: settings are the recipes', and every arm returns its figures."""

import math

import pytest

from rnnzoo.families import family_of
from rnnzoo.pipelines.experiments.studies import street_paths as study
from rnnzoo.registry import recipe

ARMS = {arm.name: arm.candidates[0] for arm in study.EXPERIMENT.arms}


@pytest.mark.parametrize("network", study.NETWORKS)
def test_the_settings_are_those_of_the_recipes(network):
    shipped = family_of("PathPredictor").complete(recipe(f"shanghai-{network}"))
    settings = {**ARMS[f"trip: {network}"]}
    assert settings.pop("split") == shipped["by"]
    assert {key: shipped[key] for key in settings} == settings


@pytest.mark.parametrize(
    "arm",
    [
        pytest.param(name, marks=[pytest.mark.slow] * (name != "trip: gru"))
        for name in ARMS
        if name.startswith("trip")
    ],
)
def test_every_arm_runs(city, arm):
    graph, trips = city
    data = {"trip": (graph, trips)}
    settings = ARMS[arm] | ({"units": 4, "embedding": 2} if "architecture" in ARMS[arm] else {})
    cell = study.run(settings, 1, data, data, quick=True)
    assert 0 <= cell["error"] <= 100
    values = {measure.name: measure.of(cell, None) for measure in study.MEASURES}
    named = {name for name, value in values.items() if not math.isnan(value)}
    if "architecture" in settings:
        assert {"loss", "routes, recall", "free run after 2 links, same index", "training"} <= named
    elif "order" in settings:
        assert {"loss", "accuracy", "accuracy, short trips"} == named - {
            "accuracy, middle trips",
            "accuracy, long trips",
        }
    elif "shortest" in settings:
        assert len(named) == 4
    else:
        assert "accuracy" in named and "loss" not in named
