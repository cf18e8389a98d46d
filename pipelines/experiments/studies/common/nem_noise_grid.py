"""The grid of [NB]'s tables: no, blind, NEM noise; in outputs, gates, both; two modes."""

from rnnzoo.pipelines.experiments.harness.experiment import Arm

ARCHITECTURES, MODES = ("lstm", "gru"), ("additive", "multiplicative")
POSITIONS = ("outputs", "gates", "both")
# Standard deviations in the gates and in the targets; with both, paired.
GATES, TARGETS = (0.1, 0.3, 1.0), (0.03, 0.1, 0.3)


def candidates(position, **shared):
    """Returns the settings of NEM noise at a position to select from."""
    noise = {
        "outputs": [{"targets_std": std} for std in TARGETS],
        "gates": [{"gates_std": std} for std in GATES],
        "both": [
            {"gates_std": gates, "targets_std": targets}
            for gates, targets in zip(GATES, TARGETS, strict=True)
        ],
    }[position]
    return tuple({**shared, "noise": "nem", **scale} for scale in noise)


def arms(cases):
    """Returns the arms of each case: none, and each kind of noise at each position.

    Args:
        cases: dict from the case's name, which its arms begin with, to its settings.
    """
    all_arms = []
    for case, settings in cases.items():
        none = f"{case} none"
        all_arms.append(Arm(none, ({**settings, "noise": "none"},)))
        for mode in MODES:
            for position in POSITIONS:
                cell = f"{case} {mode} {position}"
                nem = candidates(position, **settings, noise_mode=mode)
                all_arms.append(Arm(f"{cell} nem", nem, none))
                all_arms.append(Arm(f"{cell} blind", ({"noise": "blind"},), none, f"{cell} nem"))
    return tuple(all_arms)


def pairs(arms):
    """Returns the pairs (NEM, blind) of the same scale: a blind arm follows its NEM arm."""
    return tuple((arm.follows, arm.name) for arm in arms if arm.follows)


def source(values, noiseless, template, case="{}"):
    """Returns [NB]'s value per arm.

    Args:
        values: dict from `"lstm additive blind"` and the like to (table, values of `POSITIONS`).
        noiseless: dict from architecture to (table, value).
        template: str that formats a value: `"{}%"`.
        case: str that formats an architecture as the name of its case.
    """
    sources = {}
    for row, (table, row_values) in values.items():
        kind, mode, noise = row.split()
        for position, value in zip(POSITIONS, row_values, strict=True):
            arm = f"{case.format(kind)} {mode} {position} {noise}"
            sources[arm] = f"[NB] table {table}: {template.format(value)}"
    for kind, (table, value) in noiseless.items():
        sources[f"{case.format(kind)} none"] = f"[NB] table {table}: {template.format(value)}"
    return sources


def noise(settings):
    """Returns (arguments of a NEM layer, arguments of `NEMModel`) for a cell's settings."""
    kind, mode = settings["noise"], settings.get("noise_mode", "additive")
    gates, targets = settings.get("gates_std", 0.0), settings.get("targets_std", 0.0)
    in_gates = {"noise": kind, "noise_std": gates} if gates else {"noise": "none"}
    in_targets = {"noise": kind, "noise_std": targets} if targets else {"noise": "none"}
    return {"noise_mode": mode, **in_gates}, {"noise_mode": mode, **in_targets}
