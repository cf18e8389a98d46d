"""How a pretrained sequence classifier goes on learning on skeletons or videos of a user's own."""

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.families.sequences import evaluator
from rnnzoo.pipelines.families.sequences.card import sequence_card
from rnnzoo.pipelines.families.sequences.clips import given_clips, labelled_clips
from rnnzoo.pipelines.families.sequences.family import given_skeletons
from rnnzoo.pipelines.families.sequences.labelled import sha256_of
from rnnzoo.pipelines.families.sequences.model_stages import golden_inputs

JUDGED = ("validation", "test")


def read(path, base):
    """Skeletons with the classes that the model has; or a folder of videos, whatever its classes.

    Returns:
        dict from split to `Labelled`.

    Raises:
        InputError: they cannot be read, a split has none, or a class of skeletons is new.
    """
    if base["reader"]["kind"] == "video":
        parts, reader = labelled_clips(given_clips(path))
        check_reader(reader, base)
        return parts
    parts = given_skeletons(path)
    for split, part in parts.items():
        if new := sorted(set(part.labels) - set(base["classes"])):
            raise InputError(f"{split} of {path} has {', '.join(new)}, which the model has not")
    return parts


def check_reader(reader, base):
    """Raises `InputError` where the model learned from features of another network."""
    if reader["digest"] != base["reader"]["digest"]:
        raise InputError(
            f"{base['name']} learned from features of a network with the digest "
            f"{base['reader']['digest'][:16]}, those here have {reader['digest'][:16]}"
        )


def finetuned(model, data, words, seed, fit):
    """Fine-tunes a classifier on the training split.

    Args:
        model: `SequenceClassifier`, compiled.
        data: dict from split to `Labelled`.
        words: dict, what the card says beside figures.
        seed: int.
        fit: function (model, batches, batches of the validation split, sample) that trains
            the model and returns its history.

    Returns:
        (`SequenceClassifier`, dict card, golden inputs, history).
    """
    classes = list(dict.fromkeys(data["train"].labels))
    if set(classes) - set(model.classes):
        model = model.with_classes(classes).compile_default()
    numbers = {split: part.numbers(model.classes) for split, part in data.items()}
    before = {split: evaluator.of_model(model, data[split]) for split in JUDGED}
    history = fit(
        model,
        model.batches(data["train"].sequences, numbers["train"], seed=seed),
        model.batches(data["validation"].sequences, numbers["validation"], shuffle=False),
    )
    after = {split: evaluator.of_model(model, data[split]) for split in JUDGED}
    counts, sha256 = evaluator.confusion(model, data["test"]), sha256_of(data)
    card = sequence_card(
        **words,
        model=model,
        data={"name": f"{model.reader.kind}-{sha256[:16]}", "sha256": sha256},
        parts=data,
        metrics={
            "unit": evaluator.UNIT,
            "seed": seed,
            **{split: 1 - after[split]["accuracy"] for split in JUDGED},
            "before": {split: 1 - before[split]["accuracy"] for split in JUDGED},
            "tables": after,
            "confusion": counts,
            "classes": evaluator.by_class(model, counts),
        },
        baselines={
            split: evaluator.of_baselines(
                model.reader.read, model.classes, data["train"], data[split]
            )
            for split in JUDGED
        },
    )
    return model, card, golden_inputs(model, data), history
