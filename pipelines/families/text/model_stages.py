"""The stages from what a text model is trained on to a pushed one.

model         Trainer: a model a seed
evaluation    Evaluator: their figures, the n-grams', and whether to push
infra         InfraValidator: the export, loaded and asked as a server would
pushed        Pusher: the artifact's folder, whole or not at all
"""

from rnnzoo.pipelines.core.blessing import against_last, blessed_report, blessing, write_report
from rnnzoo.pipelines.core.runner import stage
from rnnzoo.pipelines.families.text.data_stages import read_text_of
from rnnzoo.pipelines.stages.infra_validator import check_export, push_made

# Characters of the validation split whose logits are kept as golden outputs.
GOLDEN = 64

# Nats a character that a model may be worse than the one pushed before it.
SLACK = 0.01

# Raise it when the trainer's code comes to make another model of the same recipe.
TRAINER_VERSION = 2


@stage(version=TRAINER_VERSION)
def model(
    out, *, transformed, name, data, architecture, units, window, batch_size, epochs,
    learning_rate, clip_norm, seeds, layers, dropout, noise_std, interval_weight, rms_weight,
):  # fmt: skip
    """Writes what `rnnzoo.pipelines.core.seed_models` says.

    Checkpoints lie in the cache: a training that was interrupted goes on.
    """
    from rnnzoo.pipelines.core.seed_models import write_models
    from rnnzoo.pipelines.core.trainer import work_folder
    from rnnzoo.pipelines.families.text.training import train

    text = read_text_of(transformed)
    settings = {
        "data": data, "architecture": architecture, "units": units, "window": window,
        "batch_size": batch_size, "epochs": epochs, "learning_rate": learning_rate,
        "clip_norm": clip_norm, "layers": layers, "dropout": dropout, "noise_std": noise_std,
        "interval_weight": interval_weight, "rms_weight": rms_weight,
    }  # fmt: skip
    work = work_folder(name, [name, settings, text.train, TRAINER_VERSION])
    write_models(out, seeds, work, lambda seed: train(name, settings, text, seed, work))


def read_model(folder, seed):
    """The model of a seed."""
    from rnnzoo.pipelines.core import seed_models
    from rnnzoo.text.generator import TextGenerator

    return seed_models.read_model(folder, seed, TextGenerator)


@stage(version=2)
def evaluation(out, *, model, transformed, seeds, must_beat, last_pushed, structure):
    """Writes `evaluation.json`: figures, baselines, `blessed`, and the reasons."""
    from rnnzoo.pipelines.families.text import evaluator

    text = read_text_of(transformed)
    by_seed = {str(seed): evaluator.nats(read_model(model, seed), text) for seed in seeds}
    ngrams = evaluator.ngram_nats(text)
    figure = by_seed[str(seeds[0])]["validation"]
    bar = next(row["validation"] for row in ngrams if row["order"] == must_beat)
    checks = [(f"{must_beat}-grams", bar, bar)]
    checks += against_last(last_pushed, text.sha256, lambda last: last + SLACK)
    result = {
        **blessing(figure, evaluator.UNIT, checks),
        "by_seed": by_seed,
        "ngram": ngrams,
    }
    if structure:
        shipped = read_model(model, seeds[0])
        result["structure"] = {structure: evaluator.structure(structure, shipped, text)}
    write_report(out, result)


@stage(version=1)
def infra(out, *, model, transformed, seeds):
    """Exports the shipped seed's model, loads it as the server does, and asks it.

    Raises:
        InputError: it answers otherwise than the Keras model.
    """
    import numpy as np

    keras_model = read_model(model, seeds[0])
    question = read_text_of(transformed).validation[:GOLDEN]
    expected = np.asarray(keras_model(keras_model.vocabulary.encode(question)[None]))[0, -1]

    def difference(answer):
        return np.abs(answer["logits"][0] - expected).max()

    check_export(out, keras_model, [question], difference, question=question)


def pushed(made, settings, root, words):
    """The last stage, see `rnnzoo.pipelines.core.pipeline` and `push_made`.

    Raises:
        InputError: the evaluation did not bless the model; says why.
    """
    from rnnzoo.pipelines.core.card import metrics_of
    from rnnzoo.pipelines.families.text.card import text_card
    from rnnzoo.pipelines.families.text.evaluator import UNIT

    report = blessed_report(made["evaluation"].path)
    text = read_text_of(made["transformed"].path)
    shipped = read_model(made["model"].path, settings["seeds"][0])
    return push_made(
        made,
        shipped,
        golden_inputs(shipped, text),
        root,
        words,
        text_card,
        text=text,
        metrics={
            **metrics_of(report["by_seed"], UNIT),
            **({"structure": report["structure"]} if "structure" in report else {}),
        },
        baselines={"ngram": report["ngram"]},
    )


def golden_inputs(model, text):
    """Ids (1, `GOLDEN`) of a text, as the model numbers its characters, to keep its logits of."""
    return model.vocabulary.encode(text.validation[:GOLDEN])[None]
