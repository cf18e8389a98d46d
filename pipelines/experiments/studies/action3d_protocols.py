"""Classifiers of MSR Action3D skeletons under the three protocols that papers mix."""

from rnnzoo.pipelines.experiments.harness.experiment import Arm, Experiment, Measure

# Those of action3d-gru.
NETWORK = {
    "architecture": "gru", "units": 128, "layers": 1, "noise_std": 0.0, "bidirectional": True,
    "pool": "max", "dropout": 0.4, "input_dropout": 0.2, "label_smoothing": 0.1, "steps": 32,
    "accelerations": True, "arms": True, "distances": True, "tilt": 12.0, "turn": 15.0,
    "limbs": 0.2, "warp": 0.5, "crop": 0.15, "shake": 0.01, "batch_size": 32, "epochs": 60,
    "learning_rate": 0.003, "clip_norm": 1.0,
}  # fmt: skip
QUICK_EPOCHS = 1
BASELINE = "Fourier pyramid, linear"
STEPS = 32

CONTROL = "as action3d-gru"


def load(phase):
    """Returns (training, held out), each a dict from protocol to `Labelled`.

    Args:
        phase: `"test"`, all protocols; or `"validation"`, training subjects only.
    """
    from rnnzoo.datasets.action3d.load import labelled, load_action3d
    from rnnzoo.datasets.action3d.protocols import PROTOCOLS, SELECTION

    known = "train+validation"
    data = load_action3d(known if phase == "validation" else f"{known}+test")
    sequences, splits = labelled(data), ({}, {})
    for name, protocol in ({"odd": SELECTION} if phase == "validation" else PROTOCOLS).items():
        for split, mask in zip(splits, protocol.masks(data.subject, data.action), strict=True):
            split[name] = sequences.where(mask)
    return splits


def run(settings, seed, train, held_out, quick):
    """Trains one classifier per protocol; returns their accuracies in percent."""
    predict = _baseline if settings.get("baseline") else _network
    accuracies = {}
    for name, part in train.items():
        truth = held_out[name].indices(_classes(part))
        predicted = predict(settings, seed, part, held_out[name], quick)
        accuracies[name] = 100 * float((predicted == truth).mean())
    sets = [accuracies[name] for name in ("as1", "as2", "as3") if name in accuracies]
    return accuracies | {"error": 100 - accuracies["odd"], "sets": sum(sets) / max(len(sets), 1)}


def _classes(part):
    return list(dict.fromkeys(part.labels))


def _network(settings, seed, train, held_out, quick):
    """int array, the predictions of a network that is trained as the shipped ones are."""
    from rnnzoo.pipelines.experiments.studies.common.trained_model import trained
    from rnnzoo.pipelines.families.sequences.dataset import SequenceData
    from rnnzoo.pipelines.families.sequences.family import SEQUENCES

    data = SequenceData("action3d", "", _classes(train), "skeletons", {}, {"train": train})
    recipe = {**settings, "epochs": QUICK_EPOCHS} if quick else settings
    model = trained(SEQUENCES, "action3d", recipe, data, seed)
    return model.probabilities(held_out.sequences).argmax(axis=1)


def _baseline(settings, seed, train, held_out, quick):
    """int array, the predictions of a ridge regression on the pyramid of all pairs of joints."""
    import numpy as np

    from rnnzoo.baselines.fourier_pyramid import fourier_pyramid
    from rnnzoo.baselines.sequences import linear
    from rnnzoo.datasets.action3d.invariant import pair_differences

    del settings, seed, quick  # nothing is random
    features, test_features = (
        np.stack([[fourier_pyramid(pair_differences(joints, STEPS))] for joints in part.sequences])
        for part in (train, held_out)
    )
    return linear(features, train.indices(_classes(train)), test_features)


# As the papers report them, of skeletons; they mix the protocols and do not all state which.
PUBLISHED = (
    "moving pose 90.9%, HBRNN-L 89.7%, HBRNN-L-T 91.5%, URNN-2L-T 93.1%, two streams of CNNs 96.3%"
)

ARMS = (
    Arm(CONTROL, (NETWORK,)),
    Arm(BASELINE, ({"baseline": "fourier pyramid"},), CONTROL),
)

MEASURES = tuple(
    Measure(name, "%", "higher", lambda cell, _, key=key: cell[key])
    for name, key in (
        ("odd subjects against even ones", "odd"),
        ("mean of the action sets AS1 to AS3", "sets"),
        ("subjects 1 to 5 against 6 to 10", "first"),
    )
)

EXPERIMENT = Experiment(
    name="action3d-protocols",
    title="Classifiers of skeletons under three protocols",
    question="How accurate is one classifier of MSR Action3D under the three protocols that papers "
    "mix, beside a linear baseline?",
    source=f"As published: {PUBLISHED}.",
    arms=ARMS,
    seeds=(1, 2),
    choice_seeds=(),
    criterion="error",
    measures=MEASURES,
    load=load,
    run=run,
    version=1,
)
