"""Registers the sequence classifiers."""

from rnnzoo.families import FamilyEntry


def headline(card):
    """Accuracy beside that of a linear classifier, in one line."""
    metrics, linear = card["metrics"], card["baselines"]["test"]["linear"]["accuracy"]
    before = f" (before: {1 - metrics['before']['test']:.1%})" if "before" in metrics else ""
    return f"test: {1 - metrics['test']:.1%} right{before}; linear classifier {linear:.1%}"


FAMILY = FamilyEntry(
    task="SequenceClassifier",
    task_class="rnnzoo.sequences.classifier:SequenceClassifier",
    pipeline="rnnzoo.pipelines.families.sequences.family:SEQUENCES",
    headline=headline,
    defaults={
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
)
