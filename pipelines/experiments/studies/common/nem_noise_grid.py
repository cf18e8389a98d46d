"""The grid of [NB]'s tables: no, blind, NEM noise; outputs, gates, both; added, multiplied."""

from rnnzoo.pipelines.experiments.harness.experiment import Arm

ARCHITECTURES, MODES = ("lstm", "gru"), ("additive", "multiplicative")
PLACES = ("outputs", "gates", "both")
# Deviations in the gates and in the targets; with both, one of each.
GATES, TARGETS = (0.1, 0.3, 1.0), (0.03, 0.1, 0.3)


def candidates(place, **shared):
    """Settings of NEM noise at a place, to choose from."""
    noise = {
        "outputs": [{"targets_std": one} for one in TARGETS],
        "gates": [{"gates_std": one} for one in GATES],
        "both": [
            {"gates_std": one, "targets_std": other}
            for one, other in zip(GATES, TARGETS, strict=True)
        ],
    }[place]
    return tuple({**shared, "noise": "nem", **one} for one in noise)


def arms(cases):
    """For each case: none, and each kind of noise at each place.

    Args:
        cases: dict from the case's name, which its arms begin with, to its settings.
    """
    found = []
    for case, settings in cases.items():
        none = f"{case} none"
        found.append(Arm(none, ({**settings, "noise": "none"},)))
        for mode in MODES:
            for place in PLACES:
                cell = f"{case} {mode} {place}"
                nem = candidates(place, **settings, noise_mode=mode)
                found.append(Arm(f"{cell} nem", nem, none))
                found.append(Arm(f"{cell} blind", ({"noise": "blind"},), none, f"{cell} nem"))
    return tuple(found)


def pairs(arms):
    """NEM noise against blind noise at the same scale: what a blind arm follows, and itself."""
    return tuple((arm.follows, arm.name) for arm in arms if arm.follows)


def source(figures, noiseless, shown, case="{}"):
    """From an arm to what [NB] has for it.

    Args:
        figures: dict from `"lstm additive blind"` and the like to (table, figures of `PLACES`).
        noiseless: dict from architecture to (table, figure).
        shown: str, how a figure is said: `"{}%"`.
        case: str, from an architecture to the case that stands for it.
    """
    found = {}
    for row, (table, of_places) in figures.items():
        kind, mode, noise = row.split()
        for place, figure in zip(PLACES, of_places, strict=True):
            arm = f"{case.format(kind)} {mode} {place} {noise}"
            found[arm] = f"[NB] table {table}: {shown.format(figure)}"
    for kind, (table, figure) in noiseless.items():
        found[f"{case.format(kind)} none"] = f"[NB] table {table}: {shown.format(figure)}"
    return found


def noise(settings):
    """(arguments of a NEM layer, arguments of `NEMModel`) that a cell's settings ask for."""
    kind, mode = settings["noise"], settings.get("noise_mode", "additive")
    gates, targets = settings.get("gates_std", 0.0), settings.get("targets_std", 0.0)
    in_gates = {"noise": kind, "noise_std": gates} if gates else {"noise": "none"}
    in_targets = {"noise": kind, "noise_std": targets} if targets else {"noise": "none"}
    return {"noise_mode": mode, **in_gates}, {"noise_mode": mode, **in_targets}
