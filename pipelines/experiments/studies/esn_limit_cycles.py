"""Biases with which a network with |B| = 3.78 forgets its initial state."""

from rnnzoo.pipelines.experiments.harness.experiment import Arm, Experiment, Measure
from rnnzoo.pipelines.experiments.studies.common import simulated_data

NORM, PERIOD = 3.78, 5
UNITS = (1, 2, 10, 50)
ZERO, PRINTED, MENDED, CERTIFIED = KINDS = ("zero", "printed", "mended", "certified")
NETWORKS, STARTS, SETTLING = 50, 100, 2000
MARGIN = 0.1  # largest distance of a bias beyond its bound
NEAR = 1e-6


def draw(units, rng):
    """Draws a network and one period of its drive without the bias: (B, (period, units))."""
    import numpy as np

    b = rng.normal(size=(units, units))
    b *= NORM / np.linalg.norm(b, 2)
    if units == 1:
        b = abs(b)  # Proposition 3.4 is about B > 1
    x = rng.uniform(-1, 1, size=(PERIOD, 1))
    return b, x @ rng.normal(size=(1, units))


def biases(kind, b, drive, rng):
    """Draws biases of a kind; each unit has its own sign."""
    import numpy as np

    from rnnzoo.layers import limit_cycle_bias
    from rnnzoo.layers.echo_state.limit_cycles import one_unit_threshold

    units = len(b)
    if kind == ZERO:
        return np.zeros(units)
    if kind == CERTIFIED:
        return limit_cycle_bias(b.T, drive, seed=rng.integers(2**31), spread=MARGIN)
    roots = np.sqrt(np.sum(b**2, axis=1))  # (3.8); no condition on a row below 1
    k = -one_unit_threshold(np.maximum(roots, 1))
    low, high = drive.min(axis=0), drive.max(axis=0)
    if kind == MENDED:
        low, high = -high, -low
    beyond = MARGIN * (1 - rng.uniform(size=units))
    return np.where(rng.uniform(size=units) < 0.5, low + k - beyond, high - k + beyond)


def trajectories(b, drive, steps, rng, starts=STARTS):
    """States at the last PERIOD steps, (period, starts, units), from random first states."""
    import numpy as np

    h = rng.uniform(-1, 1, size=(starts, len(b)))
    last = np.empty((PERIOD, *h.shape))
    for t in range(steps):
        h = np.tanh(h @ b.T + drive[t % PERIOD])
        last[t % PERIOD] = h
    return last


def run(settings, seed, train, held_out, quick):
    """Draws networks and runs each of them from many initial states."""
    import numpy as np

    rng = np.random.default_rng(simulated_data.key(held_out, seed, settings["units"]))
    converged, deviations = [], []
    for _ in range(NETWORKS // 10 if quick else NETWORKS):
        b, drive = draw(settings["units"], rng)
        inner = np.random.default_rng(rng.integers(2**31))  # the same networks for every kind
        p = drive + biases(settings["kind"], b, drive, inner)
        last = trajectories(b, p, SETTLING // 10 if quick else SETTLING, inner)
        meets = np.ptp(last, axis=1).max() < NEAR
        converged.append(100.0 * meets)
        if meets:
            deviations.append(np.sqrt(np.mean(np.var(last[:, 0], axis=0))))
    return {
        "meeting": float(np.mean(converged)),
        "left": float(np.mean(deviations)) if deviations else float("nan"),
    }


EXPERIMENT = Experiment(
    name="esn-limit-cycles",
    title="Biases and stable limit cycles",
    question="How often do all trajectories of a random tanh network with |B| = 3.78 and a "
    "periodic input converge to one, and how much of the input remains in the states?",
    source="[TH] (Bay, Recurrent Neural Networks: Methods and Applications to Non-linear "
    "Predictions), 3.1.3 and figure 3.7: with biases within (3.3), for more units (3.8), a "
    "network with |B| above 1 has a stable limit cycle; one network is shown, with two initial "
    f"states. Here are {NETWORKS} networks per seed, inputs of period {PERIOD}, {STARTS} initial "
    "states each. An arm is named after its number of units and its biases: zero; beyond (3.3) "
    "or (3.8) as printed, with 'or' for 'and'; beyond the same bounds with the input's minimum "
    "and maximum exchanged (mended); or such that one of the conditions of "
    "`limit_cycle_certificate` holds.",
    arms=tuple(
        Arm(
            f"{units} {kind}",
            ({"units": units, "kind": kind},),
            None if kind == ZERO else f"{units} {ZERO}",
        )
        for units in UNITS
        for kind in KINDS
    ),
    seeds=(1, 2, 3, 4, 5),
    choice_seeds=(),
    criterion="meeting",
    measures=(
        Measure("networks whose trajectories meet", "%", "higher", lambda cell, _: cell["meeting"]),
        Measure(
            "deviation of a state over the cycle, where they meet",
            "",
            "higher",
            lambda cell, _: cell["left"],
        ),
    ),
    load=simulated_data.load,
    run=run,
    pairs=tuple((f"{units} {MENDED}", f"{units} {CERTIFIED}") for units in UNITS),
    version=1,
)
