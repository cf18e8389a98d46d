"""Evaluates classifiers and the baselines beside them on held-out sequences."""

import numpy as np

from rnnzoo.baselines.sequences import BASELINES
from rnnzoo.datasets.common.splits import EVALUATED
from rnnzoo.datasets.sequences.by_clip import split_by_clip
from rnnzoo.evaluation import Evaluation
from rnnzoo.sequences.batches import padded

# The folders of models that were not trained on the validation split, and by the other split.
HELD_OUT, BY_CLIP = "held_out", "by_clip"


def evaluate(models, data, recipe):
    """Figures of models and baselines; on validation a model has to beat the majority class.

    The validation split has few people. What ships was trained on it too, so the figures of that
    split are of the models of `HELD_OUT`.

    Args:
        models: function from a folder's name to dict from seed (str) to `SequenceClassifier`.
        data: `SequenceData`.
        recipe: dict, complete; None for a fine-tuned model, trained on the training split alone,
            which need not be better.

    Returns:
        `Evaluation`; `metrics` has a table per split, and of the shipped model's test split the
        confusion matrix, recall and precision.
    """
    from rnnzoo.evaluation import over_seeds

    tables, baselines = {}, {}
    for split, (folder, known, held_out) in _cases(data, recipe).items():
        by_seed = {seed: of_model(model, held_out) for seed, model in models(folder).items()}
        tables[split] = {"by_seed": by_seed, "over_seeds": over_seeds(by_seed)}
        model = next(iter(models(folder).values()))
        baselines[split] = of_baselines(model.reader.read, model.classes, known, held_out)
    shipped = next(iter(models("").values()))
    counts = confusion(shipped, data.parts["test"])
    majority = 1 - baselines["validation"]["majority"]["accuracy"]
    return Evaluation(
        {
            seed: {split: 1 - table["by_seed"][seed]["accuracy"] for split, table in tables.items()}
            for seed in tables["test"]["by_seed"]
        },
        [("the most frequent class", majority, majority)] if recipe else [],
        baselines,
        {"tables": tables, "confusion": counts, "classes": by_class(shipped, counts)},
    )


def _cases(data, recipe):
    """dict from split to (folder of the models, `Labelled` of their training, held out)."""
    train, validation, test = (data.parts[split] for split in ("train", *EVALUATED))
    if recipe is None:
        return {"validation": ("", train, validation), "test": ("", train, test)}
    cases = {
        "validation": (HELD_OUT, train, validation),
        "test": ("", train + validation, test),
    }
    if recipe["by_clip"]:
        cases[BY_CLIP] = (BY_CLIP, *split_by_clip(data.parts))
    return cases


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
    """The figures of a `SequenceClassifier` on a `Labelled`, see `row`."""
    return row(model.probabilities(part.sequences), part.indices(model.classes))


def of_baselines(read, classes, known, held_out):
    """dict from name to the accuracy of each baseline.

    Args:
        read: function from a sequence to its features (time, features); shorter ones are padded
            with zeros.
        classes: list of str.
        known: `Labelled`, that the baselines are fitted on.
        held_out: `Labelled`.
    """
    features = padded([read(sequence) for sequence in known.sequences + held_out.sequences])
    x, z = features[: len(known)], features[len(known) :]
    labels, truth = known.indices(classes), held_out.indices(classes)
    return {
        name: {"accuracy": float((predict(x, labels, z) == truth).mean())}
        for name, predict in BASELINES.items()
    }


def confusion(model, part):
    """The confusion matrix: int lists, a row per true class, a column per predicted class."""
    truth = part.indices(model.classes)
    predicted = model.probabilities(part.sequences).argmax(axis=1)
    counts = np.zeros((len(model.classes),) * 2, int)
    np.add.at(counts, (truth, predicted), 1)
    return counts.tolist()


def by_class(model, counts):
    """`sequences`, `recall` and `precision` of each class; None where the divisor is 0.

    Args:
        model: `SequenceClassifier`.
        counts: what `confusion` returned.

    Returns:
        dict from class to dict.
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
