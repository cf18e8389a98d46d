"""What a sequence classifier's recipe may leave out."""

from rnnzoo import recipe_defaults

OPTIONAL = {
    **recipe_defaults.OPTIONAL,
    "bidirectional": False,
    "pool": "last",  # or "mean", "max": what of the states is read out
    "dropout": 0.0,  # share of each recurrent layer's outputs that training leaves out
    "input_dropout": 0.0,  # the same of the features
    "label_smoothing": 0.0,
    "steps": 0,  # of skeletons: what each is resampled to
    "by_clip": False,  # of videos: also trained and judged by [NB]'s split, clip by clip
    # How far a training skeleton is changed, see `rnnzoo.datasets.action3d.augmentation`.
    "tilt": 0.0,
    "turn": 0.0,
    "limbs": 0.0,
    "warp": 0.0,
    "crop": 0.0,
    "shake": 0.0,  # metres, its `noise`
}


def complete(settings):
    """A recipe's settings with what it leaves out."""
    return {**OPTIONAL, **settings}


def strengths(settings):
    """The arguments of `augmented` that a complete recipe names; {} where all are 0."""
    found = {name: settings[name] for name in ("tilt", "turn", "limbs", "warp", "crop")}
    found["noise"] = settings["shake"]
    return found if any(found.values()) else {}
