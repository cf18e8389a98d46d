"""An experiment of a few additions, which needs neither Keras nor data."""

import random

import pytest

from rnnzoo.pipelines.experiments.harness.experiment import Arm, Experiment, Measure


def toy_run(settings, seed, training, held_out, quick):
    """A loss that the settings state for each set of data, and noise from the seeded generator."""
    noise = [random.gauss(0, 0.01) for _ in range(3 if quick else 6)]
    curve = [
        settings[held_out] + 1 / epoch + noise[epoch - 1] for epoch in range(1, len(noise) + 1)
    ]
    return {"loss": curve[-1], "drawn": random.random(), "curve": curve}


def toy_arms(good=0.2):
    """A control, an arm whose candidates differ, and one that follows it."""
    return (
        Arm("none", ({"kind": "none", "validation": 1.0, "test": 1.0},)),
        Arm(
            "nem",
            (
                {"kind": "nem", "validation": 0.9, "test": 0.1},
                {"kind": "nem", "validation": good, "test": 0.7},
            ),
            "none",
        ),
        Arm("blind", ({"kind": "blind"},), "none", follows="nem"),
    )


def toy_experiment(**changes):
    """The experiment, with some of its parts changed."""
    parts = {
        "name": "toy",
        "title": "A toy",
        "question": "Does noise help?",
        "source": "[S] says that it does, table 1.",
        "arms": toy_arms(),
        "seeds": (1, 2, 3),
        "choice_seeds": (101, 102),
        "criterion": "loss",
        "measures": (
            Measure("loss", "", "lower", lambda cell, control: cell["loss"], {"nem": "[S] 0.5"}),
            Measure("drawn", "%", "higher", lambda cell, control: 100 * cell["drawn"]),
        ),
        "load": lambda phase: ("train", phase),
        "run": toy_run,
        "version": 1,
        "set_seed": random.seed,
    }
    return Experiment(**{**parts, **changes})


@pytest.fixture
def arms():
    """`toy_arms`"""
    return toy_arms


@pytest.fixture
def toy():
    """`toy_experiment`"""
    return toy_experiment


@pytest.fixture
def watched():
    """Returns a function that makes the toy note what is loaded and run.

    It takes a list for the notes, `stop`, a number of trainings after which the next one
    raises, and what `toy_experiment` takes.
    """

    def make(calls, stop=None, problem=KeyboardInterrupt, **changes):
        def load(phase):
            calls.append(("load", phase))
            return "train", phase

        def run(settings, seed, training, held_out, quick):
            if stop == sum(call[0] == "run" for call in calls):
                raise problem
            calls.append(("run", held_out, settings["kind"], seed))
            return toy_run(settings, seed, training, held_out, quick)

        return toy_experiment(**{"load": load, "run": run, **changes})

    return make


@pytest.fixture
def music():
    """Returns a function from a number of samples to two pieces that are made up, by name."""
    import numpy as np

    from rnnzoo.datasets.audio.samples import Audio

    def make(count):
        n = np.arange(count)
        return {
            name: Audio(np.sin(pitch * n)[None] * (1 + 0.3 * np.sin(n / 900)), 8000)
            for name, pitch in {"low": 0.1, "high": 0.9}.items()
        }

    return make
