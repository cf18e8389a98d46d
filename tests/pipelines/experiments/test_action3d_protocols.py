"""Protocols of skeletons: settings are the recipes', the baseline learns, a network is trained."""

import numpy as np
import pytest

from rnnzoo.datasets.sequences.labelled import Labelled
from rnnzoo.families import family_of
from rnnzoo.pipelines.experiments.studies import action3d_protocols as study
from rnnzoo.registry import recipe

ARMS = {arm.name: arm.candidates[0] for arm in study.EXPERIMENT.arms}


def test_the_settings_are_those_of_the_recipe():
    shipped = family_of("SequenceClassifier").complete(recipe("action3d-gru"))
    settings = ARMS[study.CONTROL]
    assert {key: shipped.get(key) for key in settings} == settings


def made_up(count, seed):
    """Skeletons that wave with the right hand or with the left one."""
    random = np.random.default_rng(seed)
    body = np.random.default_rng(9).normal(size=(20, 3))
    joints = np.tile(body, (count, 20, 1, 1)) + 0.02 * random.normal(size=(count, 20, 20, 3))
    for number, sequence in enumerate(joints):
        sequence[:, 11 + number % 2, 1] += np.sin(np.arange(20) + random.uniform(0, 6.3))
    labels = [("right", "left")[number % 2] for number in range(count)]
    return Labelled([str(i) for i in range(count)], list(joints.astype("float32")), labels)


def test_the_baseline_learns():
    parts = {"odd": made_up(20, 0)}, {"odd": made_up(10, 1)}
    results = study.run(ARMS[study.BASELINE], 1, *parts, quick=True)
    assert results == {"odd": 100.0, "error": 0.0, "sets": 0.0}


@pytest.mark.slow
def test_a_short_training_of_every_protocol():
    names = ("odd", "as1", "as2", "as3", "first")
    parts = {name: made_up(4, 0) for name in names}, {name: made_up(4, 1) for name in names}
    settings = ARMS[study.CONTROL] | {"units": 3, "steps": 4}
    results = study.run(settings, 1, *parts, quick=True)
    assert results == study.run(settings, 1, *parts, quick=True)
    assert set(results) == {*names, "error", "sets"}
    assert results["sets"] == pytest.approx(np.mean([results[name] for name in names[1:4]]))
    assert all(measure.of(results, None) in results.values() for measure in study.MEASURES)
