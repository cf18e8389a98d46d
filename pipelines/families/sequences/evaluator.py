"""Judges a classifier, and the baselines beside it, on sequences that it has not seen."""

import numpy as np

from rnnzoo.baselines.sequences import BASELINES

UNIT = "error rate"


def row(probabilities, labels):
    """The figures of a classifier.

    Args:
        probabilities: array (sequences, classes).
        labels: int array (sequences,).

    Returns:
        dict: `accuracy`, a share, and `cross_entropy`, nats.
    """
    of_truth = probabilities[np.arange(len(labels)), labels].astype("float64")
    return {
        "accuracy": float((probabilities.argmax(axis=1) == labels).mean()),
        "cross_entropy": float(-np.log(np.maximum(of_truth, 1e-12)).mean()),
    }


def of_model(model, part):
    """The row of a `SequenceClassifier` on a `Labelled`."""
    return row(model.probabilities(part.sequences), part.numbers(model.classes))


def of_baselines(read, classes, known, unseen):
    """dict from name to the accuracy of each baseline.

    Args:
        read: function from a sequence to its features, of one length.
        classes: list of str.
        known, unseen: `Labelled`.
    """
    x, z = (np.stack([read(one) for one in part.sequences]) for part in (known, unseen))
    labels, truth = known.numbers(classes), unseen.numbers(classes)
    return {
        name: {"accuracy": float((found(x, labels, z) == truth).mean())}
        for name, found in BASELINES.items()
    }


def confusion(model, part):
    """How often each class was taken for each: int lists, a row a true class."""
    truth = part.numbers(model.classes)
    said = model.probabilities(part.sequences).argmax(axis=1)
    counts = np.zeros((len(model.classes),) * 2, int)
    np.add.at(counts, (truth, said), 1)
    return counts.tolist()


def by_class(model, counts):
    """A row a class: `sequences`, `recall`, `precision`, None where there is nothing to divide by.

    Args:
        model: `SequenceClassifier`.
        counts: what `confusion` returned.
    """
    counts = np.array(counts)
    return {
        name: {
            "sequences": int(counts[i].sum()),
            "recall": _share(counts[i, i], counts[i].sum()),
            "precision": _share(counts[i, i], counts[:, i].sum()),
        }
        for i, name in enumerate(model.classes)
    }


def _share(part, whole):
    return float(part / whole) if whole else None
