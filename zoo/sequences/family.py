"""Registers the sequence classifiers."""

from rnnzoo.families import FamilyEntry

# Baselines of `rnnzoo.baselines.sequences` that a card may have.
LINEAR = {"linear": "linear classifier", "logistic": "logistic regression of the mean"}


def headline(card):
    """Accuracy beside that of the better linear classifier, in one line."""
    metrics, baselines = card["metrics"], card["baselines"]["test"]
    before = f" (before: {1 - metrics['before']['test']:.1%})" if "before" in metrics else ""
    right = {
        title: baselines[name]["accuracy"] for name, title in LINEAR.items() if name in baselines
    }
    title = max(right, key=right.get)
    return f"test: {1 - metrics['test']:.1%} right{before}; {title} {right[title]:.1%}"


# Between splits of the data sets here they are up to 0.06.
THRESHOLDS = {"label": 0.2, "steps": 0.3}

FAMILY = FamilyEntry(
    task="SequenceClassifier",
    task_class="rnnzoo.sequences.classifier:SequenceClassifier",
    pipeline="rnnzoo.pipelines.families.sequences.family:SEQUENCES",
    headline=headline,
    defaults={
        "drift": THRESHOLDS,
        "skew": THRESHOLDS,
        "bidirectional": False,
        "pool": "last",  # or "mean", "max": which hidden states are read out
        "dropout": 0.0,  # of the outputs of each recurrent layer
        "input_dropout": 0.0,  # of the features
        "label_smoothing": 0.0,
        "steps": 0,  # of skeletons: the number of frames that each is resampled to
        "by_clip": False,  # of videos: also trained and evaluated on the split of [NB], by clip
        # Augmentation of skeletons, see `rnnzoo.datasets.action3d.augmentation`.
        "tilt": 0.0,
        "turn": 0.0,
        "limbs": 0.0,
        "warp": 0.0,
        "crop": 0.0,
        "shake": 0.0,  # metres, its `noise`
    },
    # Further keys that a recipe may leave out, and cards made before them do: `network`, `frames`,
    # `seconds`, `mirrored` (of videos, `rnnzoo.sequences.sampling`); `accelerations`, `arms`,
    # `distances` (of skeletons, `rnnzoo.sequences.readers`); `drawn`, `mixup` (of features in
    # training, `rnnzoo.sequences.augmentation`).
)
