"""The stages from what a sequence classifier is trained on to a pushed one.

model         Trainer: two models a seed, without the validation split and with it, and a third
              by [NB]'s split of clips where the recipe asks for it
evaluation    Evaluator: their figures, the baselines', and whether to push
infra         InfraValidator: the export, loaded and asked as a server would
pushed        Pusher: the artifact's folder, whole or not at all

The validation split is of few people; what ships has learned from them too. Its own figure on that
split would be of what it knows, so a model that has not seen them gives the validation figure.
"""

from rnnzoo.pipelines.core.blessing import against_last, blessed_report, blessing, write_report
from rnnzoo.pipelines.core.runner import stage
from rnnzoo.pipelines.families.sequences.by_clip import split_by_clip
from rnnzoo.pipelines.families.sequences.data_stages import read_about, read_parts_of
from rnnzoo.pipelines.stages.infra_validator import check_export, push_made

# What a model's error rate may be above that of the one pushed before it.
SLACK = 0.02

# Raise it when the trainer's code comes to make another model of the same recipe.
TRAINER_VERSION = 1

# The folder of the models that have not seen the validation split, in that of the stage.
HELD_OUT = "held_out"
# That of the models of the other split, and what tables call its figures.
BY_CLIP = "by_clip"


@stage(version=TRAINER_VERSION)
def model(
    out, *, transformed, name, data, data_sha256, architecture, units, batch_size, epochs,
    learning_rate, clip_norm, seeds, layers, noise_std, steps, bidirectional, pool, dropout,
    input_dropout, label_smoothing, tilt, turn, limbs, warp, crop, shake, by_clip,
):  # fmt: skip
    """Writes what `rnnzoo.pipelines.core.seed_models` says, twice: the folder `held_out` has the
    models that have not seen the validation split. `by_clip` has those of `split_by_clip`, if asked
    for.

    Checkpoints lie in the cache: a training that was interrupted goes on.
    """
    from rnnzoo.pipelines.core.seed_models import write_models
    from rnnzoo.pipelines.core.training import work_folder
    from rnnzoo.pipelines.families.sequences.training import SETTINGS, train

    given = locals()
    settings = {key: given[key] for key in SETTINGS}
    parts, about = read_parts_of(transformed), read_about(transformed)
    learned = {HELD_OUT: parts["train"], "": parts["train"] + parts["validation"]}
    if by_clip:
        learned[BY_CLIP] = split_by_clip(parts)[0]
    for folder, part in learned.items():
        work = work_folder(name, [settings, data_sha256, TRAINER_VERSION, folder])
        (out / folder).mkdir(exist_ok=True)

        def trained(seed, part=part, work=work):
            return train(name, settings, part, about["classes"], about["reader"], seed, work)

        write_models(out / folder, seeds, work, trained)


def read_model(folder, seed):
    """The model of a seed."""
    from rnnzoo.pipelines.core import seed_models
    from rnnzoo.sequences.classifier import SequenceClassifier

    return seed_models.read_model(folder, seed, SequenceClassifier)


@stage(version=1)
def evaluation(out, *, model, transformed, seeds, by_clip, last_pushed):
    """Writes `evaluation.json`: a table a split, confusions, `blessed`, and the reasons.

    On validation a model has to be wrong less often than who names the most frequent class.
    """
    from rnnzoo.pipelines.families.sequences import evaluator

    about, parts = read_about(transformed), read_parts_of(transformed)
    first = read_model(model, seeds[0])
    everything = parts["train"] + parts["validation"]
    cases = {
        "validation": (model / HELD_OUT, parts["train"], parts["validation"]),
        "test": (model, everything, parts["test"]),
    }
    if by_clip:
        cases[BY_CLIP] = (model / BY_CLIP, *split_by_clip(parts))
    tables = {}
    for split, (folder, known, unseen) in cases.items():
        models = {str(seed): read_model(folder, seed) for seed in seeds}
        tables[split] = {
            "by_seed": {seed: evaluator.of_model(one, unseen) for seed, one in models.items()},
            "baselines": evaluator.of_baselines(first.reader.read, first.classes, known, unseen),
        }
    figure = 1 - tables["validation"]["by_seed"][str(seeds[0])]["accuracy"]
    limit = 1 - tables["validation"]["baselines"]["majority"]["accuracy"]
    checks = [("the most frequent class", limit, limit)]
    checks += against_last(last_pushed, about["sha256"], lambda last: last + SLACK)
    report = {**blessing(figure, evaluator.UNIT, checks), "tables": tables}
    report["confusion"] = evaluator.confusion(first, parts["test"])
    write_report(out, report)


@stage(version=1)
def infra(out, *, model, transformed, seeds):
    """Exports the shipped seed's model, loads it as the server does, and asks it.

    Raises:
        InputError: it answers otherwise than the Keras model.
    """
    import numpy as np

    keras_model = read_model(model, seeds[0])
    question = read_parts_of(transformed)["test"].sequences[0]
    expected = keras_model.probabilities([question])

    def difference(answer):
        return np.abs(np.asarray(answer["probabilities"]) - expected).max()

    check_export(out, keras_model, question[None].tolist(), difference)


def pushed(made, settings, root, words):
    """The last stage, see `rnnzoo.pipelines.pipeline` and `push_made`.

    Raises:
        InputError: the evaluation did not bless the model; says why.
    """
    from rnnzoo.pipelines.core.card import metrics_of, over_seeds
    from rnnzoo.pipelines.families.sequences.card import sequence_card
    from rnnzoo.pipelines.families.sequences.evaluator import UNIT, by_class

    report = blessed_report(made["evaluation"].path)
    transformed, tables = made["transformed"].path, report["tables"]
    about, parts = read_about(transformed), read_parts_of(transformed)
    shipped = read_model(made["model"].path, settings["seeds"][0])
    errors = {
        seed: {split: 1 - table["by_seed"][seed]["accuracy"] for split, table in tables.items()}
        for seed in tables["test"]["by_seed"]
    }
    return push_made(
        made,
        shipped,
        golden_inputs(shipped, parts),
        root,
        words,
        sequence_card,
        data={"name": about["name"], "sha256": about["sha256"]},
        parts=parts,
        metrics={
            **metrics_of(errors, UNIT),
            "tables": {
                split: {"by_seed": table["by_seed"], "over_seeds": over_seeds(table["by_seed"])}
                for split, table in tables.items()
            },
            "confusion": report["confusion"],
            "classes": by_class(shipped, report["confusion"]),
        },
        baselines={split: table["baselines"] for split, table in tables.items()},
    )


def golden_inputs(model, parts):
    """Features of two sequences of the test split, (2, time, features), float32."""
    from rnnzoo.sequences.batches import padded

    return padded([model.reader.read(one) for one in parts["test"].sequences[:2]])
