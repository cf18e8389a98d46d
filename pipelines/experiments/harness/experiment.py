"""What an experiment is: arms that are compared, how one model is run, and what is measured.

A module that defines one imports TensorFlow and Keras inside `load` and `run` only, so that an
experiment whose models have all been trained can be read without them.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from rnnzoo.datasets.common.errors import InputError

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

# What the folder of a quick run is called after the experiment's name.
QUICK = "-quick"

# How many seeds a quick run takes.
QUICK_SEEDS = 2


def seed_keras(seed):
    """Starts Keras anew and seeds Python, NumPy and the backend."""
    from rnnzoo.native_stderr import import_keras

    import_keras()
    import keras

    keras.utils.clear_session()
    keras.utils.set_random_seed(seed)


@dataclass(frozen=True)
class Arm:
    """One of the things that are compared.

    Args:
        name: str, such as `"lstm additive nem"`.
        candidates: tuple of dict, flat settings of JSON values. If there are several, the
            validation data chooses one; if there is one, there is nothing to choose.
        control: str, the arm it is compared with, seed by seed; None for a control itself.
        follows: str, an arm whose chosen settings this one takes over, its own single
            candidate on top: blind noise, for example, at the scale chosen for NEM noise.
    """

    name: str
    candidates: tuple[dict, ...]
    control: str | None = None
    follows: str | None = None


@dataclass(frozen=True)
class Measure:
    """A figure of one trained model.

    Args:
        name: str.
        unit: str, `"%"`; empty if it has none.
        better: `"lower"` or `"higher"`.
        of: function from a cell's raw result and that of the control with the same seed (None
            for a control itself) to a float. NaN says that this seed has no figure. A figure
            that is relative to the control gives, for the control, what stands for no
            difference, such as 100 (%); then arm and control are tested like any other.
        source: dict from the name of an arm to the figure that the source states for it, in
            words and with its place: `"[NB] table 2: 26%"`. May be empty.
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
        words: str, what it shows.
        draw: function from the path of a PNG that writes it; returns False, and writes none, where
            matplotlib is not installed.
    """

    words: str
    draw: Callable[[Path], bool]


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """A question, and everything that is needed to answer it.

    Args:
        name: str, small letters and digits in parts joined by `-`.
        title: str, the heading of its page.
        question: str, a sentence.
        source: str, the claim that is tested, with its place in the source.
        arms: tuple of `Arm`.
        seeds: tuple of int, a model of each arm is trained and tested with each.
        choice_seeds: tuple of int, a model of each candidate is trained with each, to choose.
        criterion: str, the raw result that the choice minimises, averaged over `choice_seeds`.
        measures: tuple of `Measure`.
        load: function from the phase, `"validation"` or `"test"`, to (training, held out).
        run: function (settings, seed, training, held out, quick) that trains one model and
            returns its raw results: dict from str to a float, or to a list of floats, one an
            epoch. It leaves the data as they are; where `quick`, it trains a few epochs only.
        pairs: tuple of (arm, other arm), comparisons besides those with the controls.
        curve: str, the raw result to draw by epoch; None for no picture.
        example: `Example`, drawn by a run that is not quick, when cells were run; or None.
        version: int, raised when `load` or `run` come to give something else: what earlier
            versions gave no longer counts.
        set_seed: function that is called with the seed before each `run`.
        command: str, what makes it; None for `rnnzoo reproduce NAME`.

    Raises:
        InputError: the parts do not fit together.
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
                f"{self.name!r} is no name for an experiment: use small letters and digits in "
                f"parts joined by '-', not ending in {QUICK!r}"
            )
        arms = [arm.name for arm in self.arms]
        self._demand(arms, "has no arms")
        self._demand(self.measures, "has no measures")
        for kind, things in (
            ("arms", arms),
            ("measures", [measure.name for measure in self.measures]),
            ("seeds", self.seeds),
            ("choice_seeds", self.choice_seeds),
        ):
            self._demand(len(set(things)) == len(things), f"has {kind} twice: {list(things)}")
        for arm in self.arms:
            self._check_arm(arm)
        for pair in self.pairs:
            self._demand(
                len(set(pair)) == 2 and set(pair) <= set(arms),
                f"has {pair!r} as a pair: name two of its arms",
            )
        for measure in self.measures:
            self._demand(
                measure.better in ("lower", "higher"),
                f"measure {measure.name!r} has better={measure.better!r}, not 'lower' or 'higher'",
            )
            strangers = sorted(set(measure.source) - set(arms))
            self._demand(not strangers, f"measure {measure.name!r} has a source for {strangers}")
        self._demand(self.seeds, "has no seeds")
        for seed in (*self.seeds, *self.choice_seeds):
            self._demand(type(seed) is int and seed >= 0, f"has {seed!r} as a seed, not an int")
        to_choose = any(len(arm.candidates) > 1 for arm in self.arms)
        self._demand(self.choice_seeds or not to_choose, "has arms to choose and no choice_seeds")

    def _check_arm(self, arm):
        said = f"arm {arm.name!r}"
        self._demand(
            arm.name.isprintable() and arm.name.strip() and "|" not in arm.name,
            f"{said} needs a name of printable characters without '|'",
        )
        self._demand(arm.candidates, f"{said} has no candidates")
        for settings in arm.candidates:
            self._demand(_is_flat_json(settings), f"{said}: {settings} is no flat dict of JSON")
        written = [as_text(settings) for settings in arm.candidates]
        self._demand(len(set(written)) == len(written), f"{said} has a candidate twice")
        others = {other.name: other for other in self.arms if other is not arm}
        for role, leader in (("control", arm.control), ("follows", arm.follows)):
            if leader is not None:
                self._demand(
                    leader in others and getattr(others[leader], role) is None,
                    f"{said} has {role}={leader!r}: name another arm, one with {role}=None",
                )
        self._demand(
            arm.follows is None or len(arm.candidates) == 1,
            f"{said} follows {arm.follows!r}: give it one candidate",
        )

    def _demand(self, truth, otherwise):
        if not truth:
            raise InputError(f"experiment {self.name}: {otherwise}")

    def label(self, quick):
        """The name of its folder, and of itself in the log of readings."""
        return self.name + QUICK if quick else self.name


def as_text(settings):
    """Settings as JSON, the same for equal settings."""
    return json.dumps(settings, sort_keys=True, ensure_ascii=False, allow_nan=False)


def _is_flat_json(settings):
    """Whether a dict comes back from JSON as it was, and holds no other dict."""
    try:
        same = isinstance(settings, dict) and json.loads(as_text(settings)) == settings
    except (TypeError, ValueError):
        return False
    return same and not any(isinstance(value, dict) for value in settings.values())
