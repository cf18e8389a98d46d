"""Crowds: settings of the source, and every arm returns its figures."""

import math

import pytest

from rnnzoo.pipelines.experiments.studies import crowd as study

ARMS = {arm.name: arm.candidates[-1] for arm in study.EXPERIMENT.arms}
QUICK = ("replication", "BPTT", "INIT + UPDATE, linear")  # the other arms run in `make test-slow`
SPANS = {"test": slice(1400, 1410), "broken": slice(1500, 1510)}


def test_the_network_is_that_of_the_source():
    for name, settings in ARMS.items():
        if name != "replication":
            assert (settings["architecture"], settings["units"]) == ("rnn", 128)
            assert settings["linear"] is name.endswith("linear")


@pytest.mark.parametrize(
    "arm",
    [pytest.param(arm, marks=[pytest.mark.slow] * (arm not in QUICK)) for arm in ARMS],
)
def test_every_arm_runs(small_fields, monkeypatch, arm):
    monkeypatch.setattr(study, "_spans", lambda times, quick: SPANS)
    settings = {**ARMS[arm], "units": 4, "rank": 3}
    cell = study.run(settings, 1, small_fields[:1176], small_fields, quick=True)
    assert cell["error"] == cell["broken rmse"] > 0
    values = {measure.name: measure.of(cell, None) for measure in study.EXPERIMENT.measures}
    named = {name for name, value in values.items() if not math.isnan(value)}
    assert {"RMSE, autumn 2019", "SNR, spring 2020"} < named
    assert ("update" in named) == ("UPDATE" in arm)
    assert ("training" in named) == (arm != "replication")
    if arm != "replication":
        assert cell["broken rmse"] < 50


def test_forgetting_is_selected_on_the_winter():
    import numpy as np

    times = np.datetime64("2019-01-01", "s") + np.arange(425 * 24) * np.timedelta64(3600, "s")
    assert list(study._spans(times, False)) == ["between"]
    longer = np.datetime64("2019-01-01", "s") + np.arange(500 * 24) * np.timedelta64(3600, "s")
    assert list(study._spans(longer, False)) == ["test", "broken"]
