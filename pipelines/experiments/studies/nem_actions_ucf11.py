"""The grid of nem-actions on the videos of UCF-11, split by group and, as [NB] does, by clip."""

from rnnzoo.pipelines.experiments.harness.experiment import Arm, Experiment, Measure
from rnnzoo.pipelines.experiments.studies import nem_actions
from rnnzoo.pipelines.experiments.studies.common import nem_noise_grid

UNITS = 256  # [NB] 6.1


def load(phase):
    """Returns (training, held out), each a dict from a split to (features, one-hot classes).

    Features are (clips, 7, 1280). The classes are those at hand.

    Args:
        phase: `"validation"`: only `"groups"`, the validation groups are held out; `"test"`:
            `"groups"`, trained on those too, and `"clips"`, 5:1 clip by clip, which leaks: clips
            of one group are on both sides.

    Raises:
        InputError: the videos or the weights of EfficientNet-Lite2 are not available.
    """
    from rnnzoo.datasets.sequences.by_clip import split_by_clip
    from rnnzoo.datasets.ucf11.clips import ucf11_clips
    from rnnzoo.datasets.ucf11.splits import split_ucf11
    from rnnzoo.pipelines.families.sequences.clips import labelled_clips
    from rnnzoo.sequences.networks.by_name import network_named

    clips = split_ucf11(ucf11_clips(form="videos"))
    used = {"validation": ("train", "validation"), "test": ("train", "validation", "test")}[phase]
    parts, _ = labelled_clips({split: clips[split] for split in used}, network_named())
    if phase == "validation":
        held_out = {"groups": (parts["train"], parts["validation"])}
    else:
        known = parts["train"] + parts["validation"]
        held_out = {"groups": (known, parts["test"]), "clips": split_by_clip(parts)}
    classes = sorted({label for part in parts.values() for label in part.labels})
    return tuple(
        {split: _arrays(pair[side], classes) for split, pair in held_out.items()} for side in (0, 1)
    )


def _arrays(part, classes):
    import numpy as np

    targets = np.eye(len(classes), dtype="float32")[part.indices(classes)]
    return np.stack(part.sequences), targets


def run(settings, seed, train, held_out, quick):
    """Trains one classifier; metrics of the held-out clips after every epoch."""
    split = settings["split"]
    return nem_actions.train_classifier(settings, seed, train[split], held_out[split], quick, UNITS)


def _by_clip(arm):
    """The arm on the split by clip, at the scale that was selected on validation groups."""
    changed = {"split": "clips"}
    if arm.control is None:
        return Arm(_clips(arm.name), ({**arm.candidates[0], **changed},))
    if arm.follows:
        changed |= arm.candidates[0]
    return Arm(_clips(arm.name), (changed,), _clips(arm.control), arm.follows or arm.name)


def _clips(name):
    return name.replace("groups", "clips", 1)


BY_GROUP = nem_noise_grid.arms(
    {
        f"groups {kind}": {"architecture": kind, "split": "groups"}
        for kind in nem_noise_grid.ARCHITECTURES
    }
)
ARMS = (*BY_GROUP, *map(_by_clip, BY_GROUP))
PAIRS = nem_noise_grid.pairs(BY_GROUP)


def _source(values, noiseless):
    """[NB]'s values, beside the split by clip, which is [NB]'s."""
    return nem_noise_grid.source(values, noiseless, "{}%", "clips {}")


accuracy, cross_entropy, speed_up = nem_actions.MEASURES
MEASURES = (
    Measure(
        accuracy.name,
        "%",
        "higher",
        accuracy.of,
        _source(nem_actions.ACCURACIES, nem_actions.NOISELESS),
    ),
    cross_entropy,
    Measure(speed_up.name, "%", "higher", speed_up.of, _source(nem_actions.SPEED_UPS, {})),
)

EXPERIMENT = Experiment(
    name="nem-actions-ucf11",
    title="NEM noise in classifiers of the videos of UCF-11",
    question=nem_actions.EXPERIMENT.question,
    source="[NB] (Adigun and Kosko, Noise-boosted recurrent backpropagation), sections 6.1 and "
    "6.2, tables 1 to 4. Its split is 5:1 clip by clip, which leaks: clips of one group, cut from "
    "one video or of one actor, are on both sides (arms `clips`). With whole groups held out "
    "(arms `groups`) accuracies are lower. [NB] has 11 classes and features of InceptionV3; here "
    "they are the videos at hand, features of EfficientNet-Lite2, and scales that were selected "
    "on validation groups for both splits.",
    arms=ARMS,
    seeds=nem_actions.EXPERIMENT.seeds,
    choice_seeds=nem_actions.EXPERIMENT.choice_seeds,
    criterion="cross_entropy",
    measures=MEASURES,
    load=load,
    run=run,
    pairs=(*PAIRS, *(tuple(map(_clips, pair)) for pair in PAIRS)),
    curve="held_out_loss",
    version=1,
)
