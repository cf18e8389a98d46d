"""The definition of an experiment: arms to compare, how a model is trained, and the measures.

A module that defines one imports TensorFlow and Keras inside `load` and `run` only, so that the
results of trained models can be read without them.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from rnnzoo.datasets.common.errors import InputError

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

# Suffix of the folder of a quick run.
QUICK = "-quick"

# Number of seeds of a quick run.
QUICK_SEEDS = 2


def seed_keras(seed):
    """Clears the Keras session and seeds Python, NumPy and the backend."""
    from rnnzoo.native_stderr import import_keras

    import_keras()
    import keras

    keras.utils.clear_session()
    keras.utils.set_random_seed(seed)


@dataclass(frozen=True)
class Arm:
    """One of the variants that are compared.

    Args:
        name: str, such as `"lstm additive nem"`.
        candidates: tuple of dict, flat settings of JSON values. Of several, the one with the best
            validation result is selected.
        control: str, the arm it is compared with, paired by seed; None for a control itself.
        follows: str, an arm whose selected settings this one uses, updated by its own single
            candidate: blind noise, for example, at the scale selected for NEM noise.
    """

    name: str
    candidates: tuple[dict, ...]
    control: str | None = None
    follows: str | None = None


@dataclass(frozen=True)
class Measure:
    """A measure of one trained model.

    Args:
        name: str.
        unit: str, `"%"`; empty if it has none.
        better: `"lower"` or `"higher"`.
        of: function from a cell's raw result and that of the control with the same seed (None
            for a control itself) to a float; NaN if this seed has no value. A measure relative to
            the control returns, for the control itself, the value of no difference, such as
            100 (%); then arm and control are tested like any other.
        source: dict from the name of an arm to the value that the source reports for it, with its
            reference: `"[NB] table 2: 26%"`. May be empty.
    """

    name: str
    unit: str
    better: str
    of: Callable[[dict, dict | None], float]
    source: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Example:
    """A picture of one case.

    Args:
        caption: str.
        draw: function that writes the PNG of a path; called only if Matplotlib is installed.
    """

    caption: str
    draw: Callable[[Path], None]


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """A question, and everything needed to answer it.

    Args:
        name: str, lower-case letters and digits in parts joined by `-`.
        title: str, the heading of its page.
        question: str, a sentence.
        source: str, the claim that is tested, with its reference.
        arms: tuple of `Arm`.
        seeds: tuple of int; one model per arm and seed is trained and tested.
        choice_seeds: tuple of int; one model per candidate and seed is trained for the selection.
        criterion: str, the raw result that the selection minimises, averaged over `choice_seeds`.
        measures: tuple of `Measure`.
        load: function from the phase, `"validation"` or `"test"`, to (training, held out).
        run: function (settings, seed, training, held out, quick) that trains one model and
            returns its raw results: dict from str to a float, or to a list of floats, one per
            epoch. It does not change the data; if `quick`, it trains a few epochs only.
        pairs: tuple of (arm, other arm), comparisons besides those with the controls.
        curve: str, the raw result to draw per epoch; None for no picture.
        example: `Example`, drawn by a run that is not quick, if cells were run; or None.
        version: int, raised when `load` or `run` return something else: results of earlier
            versions are ignored.
        set_seed: function that is called with the seed before each `run`.
        command: str, the command that runs it; None for `rnnzoo reproduce NAME`.

    Raises:
        InputError: the parts are inconsistent.
    """

    name: str
    title: str
    question: str
    source: str
    arms: tuple[Arm, ...]
    seeds: tuple[int, ...]
    choice_seeds: tuple[int, ...]
    criterion: str
    measures: tuple[Measure, ...]
    load: Callable[[str], tuple]
    run: Callable[..., dict]
    version: int
    pairs: tuple[tuple[str, str], ...] = ()
    curve: str | None = None
    example: Example | None = None
    set_seed: Callable[[int], None] = seed_keras
    command: str | None = None

    def __post_init__(self):
        if not NAME.fullmatch(self.name) or self.name.endswith(QUICK):
            raise InputError(
                f"{self.name!r} is not a valid experiment name: use lower-case letters and digits "
                f"in parts joined by '-', not ending in {QUICK!r}"
            )
        arms = [arm.name for arm in self.arms]
        self._require(arms, "has no arms")
        self._require(self.measures, "has no measures")
        for kind, things in (
            ("arms", arms),
            ("measures", [measure.name for measure in self.measures]),
            ("seeds", self.seeds),
            ("choice_seeds", self.choice_seeds),
        ):
            self._require(len(set(things)) == len(things), f"has {kind} twice: {list(things)}")
        for arm in self.arms:
            self._check_arm(arm)
        for pair in self.pairs:
            self._require(
                len(set(pair)) == 2 and set(pair) <= set(arms),
                f"has {pair!r} as a pair: name two of its arms",
            )
        for measure in self.measures:
            self._require(
                measure.better in ("lower", "higher"),
                f"measure {measure.name!r} has better={measure.better!r}, not 'lower' or 'higher'",
            )
            unknown = sorted(set(measure.source) - set(arms))
            self._require(not unknown, f"measure {measure.name!r} has a source for {unknown}")
        self._require(self.seeds, "has no seeds")
        for seed in (*self.seeds, *self.choice_seeds):
            self._require(type(seed) is int and seed >= 0, f"has {seed!r} as a seed, not an int")
        to_select = any(len(arm.candidates) > 1 for arm in self.arms)
        self._require(self.choice_seeds or not to_select, "has arms to select and no choice_seeds")

    def _check_arm(self, arm):
        prefix = f"arm {arm.name!r}"
        self._require(
            arm.name.isprintable() and arm.name.strip() and "|" not in arm.name,
            f"{prefix} needs a name of printable characters without '|'",
        )
        self._require(arm.candidates, f"{prefix} has no candidates")
        for settings in arm.candidates:
            self._require(
                _is_flat_json(settings), f"{prefix}: {settings} is not a flat dict of JSON values"
            )
        texts = [settings_json(settings) for settings in arm.candidates]
        self._require(len(set(texts)) == len(texts), f"{prefix} has a candidate twice")
        others = {other.name: other for other in self.arms if other is not arm}
        for role, leader in (("control", arm.control), ("follows", arm.follows)):
            if leader is not None:
                self._require(
                    leader in others and getattr(others[leader], role) is None,
                    f"{prefix} has {role}={leader!r}: name another arm, one with {role}=None",
                )
        self._require(
            arm.follows is None or len(arm.candidates) == 1,
            f"{prefix} follows {arm.follows!r}: give it one candidate",
        )

    def _require(self, condition, message):
        if not condition:
            raise InputError(f"experiment {self.name}: {message}")

    def label(self, quick):
        """Returns the name of its folder, also used in the log of test set reads."""
        return self.name + QUICK if quick else self.name


def settings_json(settings):
    """Returns settings as JSON text, the same for equal settings."""
    return json.dumps(settings, sort_keys=True, ensure_ascii=False, allow_nan=False)


def _is_flat_json(settings):
    """Whether a dict survives JSON unchanged and contains no other dict."""
    try:
        unchanged = isinstance(settings, dict) and json.loads(settings_json(settings)) == settings
    except (TypeError, ValueError):
        return False
    return unchanged and not any(isinstance(value, dict) for value in settings.values())
