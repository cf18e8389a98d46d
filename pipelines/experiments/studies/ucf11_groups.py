"""Classifiers of UCF-11 videos, each group of videos left out in turn, beside the split by clip."""

from rnnzoo.pipelines.experiments.harness.experiment import Arm, Experiment, Measure

QUICK_EPOCHS = 2
CLIPS = "clips"  # [NB]'s split, 5:1 clip by clip
LINEAR = "logistic regression"
# Sampling: [NB]'s seven frames of five seconds, and the recipe's.
NB, OWN = "7 frames", "24 frames, mirrored"
SAMPLINGS = {
    NB: {"frames": 7, "seconds": 5.0, "mirrored": False},
    OWN: {"frames": 24, "seconds": 10.0, "mirrored": True},
}
# [NB] 6.1: 256 units, 100 epochs, and what the recipe adds to it taken away.
OF_NB = {
    "units": 256, "epochs": 100, "learning_rate": 0.001, "bidirectional": False, "pool": "last",
    "dropout": 0.0, "input_dropout": 0.0, "label_smoothing": 0.0, "drawn": 0, "mixup": 0.0,
}  # fmt: skip
PLAIN = {"mixup": 0.0, "epochs": 25}


def load(phase):
    """Returns (training, held out), each a dict from a sampling to its folds.

    Those are a dict from a fold to `Labelled`. A fold is a group of videos, str, or `CLIPS`.
    Strips, which are of other groups, are for training. The classes are those at hand.

    Args:
        phase: `"validation"`: each group is held out, and trained on are all others but the one
            after it, which is the test group of another fold; `"test"`: each group is held out,
            and trained on are all others; also `CLIPS`, videos alone.
    """
    from rnnzoo.datasets.sequences.by_clip import split_by_clip
    from rnnzoo.datasets.ucf11.clips import ucf11_clips
    from rnnzoo.datasets.ucf11.splits import leave_one_group_out, split_ucf11
    from rnnzoo.pipelines.families.sequences.clips import labelled_clips, sampling_of_recipe
    from rnnzoo.sequences.networks.by_name import network_named

    clips, network = ucf11_clips(), network_named()
    folds = [(str(group), parts) for group, parts in leave_one_group_out(clips)]
    videos = split_ucf11(ucf11_clips(form="videos"))
    train, held_out = {}, {}
    for sampling, recipe in SAMPLINGS.items():
        features, _ = labelled_clips({"": clips}, network, sampling_of_recipe(recipe))
        row = {name: number for number, name in enumerate(features[""].names)}

        def of(part, features=features[""], row=row):
            return features.rows([row[clip.name] for clip in part if clip.name in row])

        train[sampling], held_out[sampling] = {}, {}
        for fold, parts in folds:
            known, unknown = parts["train"], parts["validation"]
            if phase == "test":
                known, unknown = known + unknown, parts["test"]
            train[sampling][fold], held_out[sampling][fold] = of(known), of(unknown)
        if phase == "test":
            known, unknown = split_by_clip({split: of(part) for split, part in videos.items()})
            train[sampling][CLIPS], held_out[sampling][CLIPS] = known, unknown
    return train, held_out


def run(settings, seed, train, held_out, quick):
    """Trains a classifier per fold; whether each held-out clip is classified correctly."""
    settings = dict(settings)
    sampling, recipe = settings.pop("sampling"), settings.pop("recipe", None)
    correct = {}
    for fold, known in train[sampling].items():
        unknown = held_out[sampling][fold]
        predict = _logistic if recipe is None else _classifier(recipe, settings, seed, quick)
        correct[fold] = predict(known, unknown).tolist()
    groups = [fold for fold in correct if fold != CLIPS]
    pooled = [right for fold in groups for right in correct[fold]]
    return {
        "error": 100 - 100 * sum(map(_mean, (correct[fold] for fold in groups))) / len(groups),
        "correct": [int(right) for right in pooled],
        "sizes": [len(correct[fold]) for fold in groups],
        "by_clip": 100 * _mean(correct[CLIPS]) if CLIPS in correct else -1.0,
    }


def _mean(values):
    return sum(values) / len(values)


def _logistic(known, unknown):
    import numpy as np

    from rnnzoo.baselines.sequences import logistic

    classes = sorted(set(known.labels))
    predicted = logistic(
        np.stack(known.sequences), known.indices(classes), np.stack(unknown.sequences)
    )
    return predicted == unknown.indices(classes)


def _classifier(name, changes, seed, quick):
    """A function that trains the model of a recipe as `rnnzoo train` does, and predicts."""
    from rnnzoo.families import family_of
    from rnnzoo.pipelines.experiments.studies.common.trained_model import trained
    from rnnzoo.pipelines.families.sequences.dataset import SequenceData
    from rnnzoo.pipelines.families.sequences.family import SEQUENCES
    from rnnzoo.registry import recipe

    complete = family_of("SequenceClassifier").complete({**recipe(name), **changes})
    if quick:
        complete["epochs"] = QUICK_EPOCHS

    def predict(known, unknown):
        classes = sorted(set(known.labels))
        features = known.sequences[0].shape[-1]
        network = {"digest": "", "network": "", "pixels": [0.0, 1.0], "features": features}
        data = SequenceData(name, "", classes, "video", network, {"train": known})
        model = trained(SEQUENCES, name, complete, data, seed)
        predicted = model.probabilities(unknown.sequences).argmax(axis=1)
        return predicted == unknown.indices(classes)

    return predict


def interval(rows, seed=0, draws=2000):
    """The 95% interval of an arm's accuracy in percent, by resampling clips within groups.

    It is narrow: the groups, of which there are few, are not resampled.

    Args:
        rows: list of raw results of the arm, one per seed.
        seed: int.
        draws: int.

    Returns:
        (float, float).
    """
    import numpy as np

    random = np.random.default_rng(seed)
    correct = np.mean([row["correct"] for row in rows], axis=0)
    sizes = np.array(rows[0]["sizes"], int)  # results.csv has floats
    groups = np.split(correct, np.cumsum(sizes)[:-1])
    means = np.mean(
        [random.choice(group, (draws, len(group))).mean(axis=1) for group in groups], axis=0
    )
    return tuple(100 * np.quantile(means, [0.025, 0.975]))


def _ours(architecture, **changes):
    return {"sampling": OWN, "recipe": f"ucf11-{architecture}", **changes}


ARMS = (
    Arm(f"{LINEAR}, {OWN}", ({"sampling": OWN},)),
    Arm(f"{LINEAR}, {NB}", ({"sampling": NB},), f"{LINEAR}, {OWN}"),
    *(
        Arm(architecture, (_ours(architecture), _ours(architecture, **PLAIN)), f"{LINEAR}, {OWN}")
        for architecture in ("lstm", "gru")
    ),
    *(
        Arm(architecture, (_ours(architecture),), f"{LINEAR}, {OWN}")
        for architecture in ("nemlstm", "nemgru")
    ),
    Arm("lstm of [NB]", ({"sampling": NB, "recipe": "ucf11-lstm", **OF_NB},), f"{LINEAR}, {OWN}"),
)

EXPERIMENT = Experiment(
    name="ucf11-groups",
    title="Classifiers of UCF-11 videos, each group left out in turn",
    question="Does a recurrent network classify videos of groups that it was not trained on better "
    "than logistic regression on the mean of the same features, and how much does the split by "
    "clip flatter?",
    source="The protocol of the data set is to leave one group out. Published are 11 classes and "
    "splits by clip, where clips of one group leak: LSTM 87.0, TT-LSTM 90.2, TR-LSTM 92.1, "
    "SyncCaps 87.8, [NB] (Adigun and Kosko, Noise-boosted recurrent backpropagation, table 1) "
    "96.7%. Here they are the classes and groups at hand, features of EfficientNet-Lite2, and "
    "strips of other groups to train on. The settings were selected on validation groups, each of "
    "which is the test group of another fold.",
    arms=ARMS,
    seeds=(1, 2, 3, 4, 5),
    choice_seeds=(101, 102),
    criterion="error",
    measures=(
        Measure(
            "accuracy, mean over the groups",
            "%",
            "higher",
            lambda cell, _: 100 - cell["error"],
        ),
        Measure(
            "accuracy, split by clip",
            "%",
            "higher",
            lambda cell, _: cell["by_clip"],
            {"lstm of [NB]": "[NB] table 1: 87.21%"},
        ),
    ),
    load=load,
    run=run,
    version=1,
)
