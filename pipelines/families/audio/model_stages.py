"""The stages from spectrograms to a pushed imputer.

model         Trainer: a model a seed
evaluation    Evaluator: their figures, the baselines', and whether to push
infra         InfraValidator: the export, loaded and asked as a server would
pushed        Pusher: the artifact's folder, whole or not at all
"""

import numpy as np

from rnnzoo.pipelines.core.blessing import against_last, blessed_report, blessing, write_report
from rnnzoo.pipelines.core.runner import stage
from rnnzoo.pipelines.families.audio.data_stages import read_data, read_parts, read_pieces
from rnnzoo.pipelines.stages.infra_validator import check_export, push_made

GOLDEN = 32  # columns of the validation split whose restoration is kept as golden output

# What a model's error may be above that of the one pushed before it.
SLACK = 1.01

# Raise it when the trainer's code comes to make another model of the same recipe.
TRAINER_VERSION = 1


@stage(version=TRAINER_VERSION)
def model(
    out, *, transformed, examples, name, data_sha256, architecture, units, bidirectional, window,
    windows, batch_size, epochs, learning_rate, clip_norm, seeds, layers, noise_std,
    interval_weight, rms_weight,
):  # fmt: skip
    """Writes what `rnnzoo.pipelines.core.seed_models` says.

    Checkpoints lie in the cache: a training that was interrupted goes on.
    """
    from rnnzoo.pipelines.core.seed_models import write_models
    from rnnzoo.pipelines.core.training import work_folder
    from rnnzoo.pipelines.families.audio.training import SETTINGS, train

    settings = {
        "architecture": architecture, "units": units, "bidirectional": bidirectional,
        "window": window, "windows": windows, "batch_size": batch_size, "epochs": epochs,
        "learning_rate": learning_rate, "clip_norm": clip_norm, "layers": layers,
        "noise_std": noise_std, "interval_weight": interval_weight, "rms_weight": rms_weight,
    }  # fmt: skip
    assert set(settings) == set(SETTINGS)
    pieces = list(read_pieces(transformed, "train").values())
    _, shown = next(read_parts(examples, "validation"))
    work = work_folder(name, [settings, data_sha256, TRAINER_VERSION])
    write_models(out, seeds, work, lambda seed: train(name, settings, pieces, shown, seed, work))


def read_model(folder, seed):
    """The model of a seed."""
    from rnnzoo.audio.imputer import SpectrogramImputer
    from rnnzoo.pipelines.core import seed_models

    return seed_models.read_model(folder, seed, SpectrogramImputer)


@stage(version=3)
def evaluation(out, *, model, transformed, seeds, last_pushed):
    """Writes `evaluation.json`: figures, baselines, `blessed`, and the reasons.

    A model has to beat the means of the bins. `adapted` is of the first seed, when it learns from
    the intact part of each excerpt first.
    """
    from rnnzoo.pipelines.families.audio import evaluator

    judged = {
        split: evaluator.excerpts(read_pieces(transformed, split), split)
        for split in evaluator.SPLITS
    }

    def by_split(fill):
        return {split: evaluator.errors(fill, some) for split, some in judged.items()}

    baselines = {name: by_split(fill) for name, fill in evaluator.BASELINES.items()}
    models = {str(seed): read_model(model, seed) for seed in seeds}
    found = {seed: by_split(evaluator.of_model(one)) for seed, one in models.items()}
    adapted = evaluator.of_model(models[str(seeds[0])], adapt=True)
    by_seed = {
        seed: {split: row[split]["mean"] for split in evaluator.SPLITS}
        for seed, row in found.items()
    }
    figure, least = by_seed[str(seeds[0])]["validation"], baselines["means"]["validation"]["mean"]
    checks = [("the means of the bins", least, least)]
    sha256 = read_data(transformed)["sha256"]
    checks += against_last(last_pushed, sha256, lambda last: last * SLACK)
    report = {
        "baselines": baselines,
        "by_seed": by_seed,
        "by_available": found,
        "adapted": {"test": evaluator.errors(adapted, judged["test"])},
    }
    write_report(out, {**blessing(figure, evaluator.UNIT, checks), **report})


@stage(version=1)
def infra(out, *, model, transformed, seeds):
    """Exports the shipped seed's model, loads it as the server does, and asks it.

    Raises:
        InputError: it answers otherwise than the Keras model.
    """
    from rnnzoo.audio.spectrogram import analyse
    from rnnzoo.datasets.audio.gaps import Missing

    keras_model = read_model(model, seeds[0])
    samples = 0.3 * np.sin(0.05 * np.arange(8_000) * (1 + np.arange(8_000) / 16_000))
    missing = Missing(len(samples), ((4_000, 4_500),))
    given = np.where(missing.samples(), 0, samples)
    expected = keras_model.filled(np.abs(analyse(given)), missing.mask(), adapt=False)

    def difference(answer):
        off = np.abs(np.asarray(answer["magnitudes"])[0] - expected.T)
        return off.max() / expected.max()

    question = {"samples": [given.tolist()], "gaps": [[[4_000, 4_500]]], "available": [0]}
    check_export(out, keras_model, question, difference)


def pushed(made, settings, root, words):
    """The last stage, see `rnnzoo.pipelines.pipeline` and `push_made`.

    Raises:
        InputError: the evaluation did not bless the model; says why.
    """
    from rnnzoo.pipelines.core.card import metrics_of
    from rnnzoo.pipelines.families.audio.card import imputer_card
    from rnnzoo.pipelines.families.audio.evaluator import UNIT

    report = blessed_report(made["evaluation"].path)
    transformed = made["transformed"].path
    about = read_data(transformed)
    pieces = {split: read_pieces(transformed, split) for split in about["pieces"]}
    return push_made(
        made,
        read_model(made["model"].path, settings["seeds"][0]),
        golden_inputs(next(iter(pieces["validation"].values()))),
        root,
        words,
        imputer_card,
        data={"name": about["name"], "sha256": about["sha256"]},
        pieces=pieces,
        metrics={
            **metrics_of(report["by_seed"], UNIT),
            "by_available": report["by_available"],
            "adapted": report["adapted"],
        },
        baselines=report["baselines"],
    )


def golden_inputs(columns):
    """The loudest columns (1, time, 129) of a piece, float32, with a gap and a partial one.

    The loudest cell is 1: what rounding does is compared with that.
    """
    start = int(np.argmax(np.asarray(columns, "float32").sum(axis=1)))
    start = max(min(start - GOLDEN // 2, len(columns) - GOLDEN), 0)
    found = np.array(columns[start : start + GOLDEN], "float32")
    found /= max(found.max(), 1e-6)
    found[8:14], found[20:26, 4:] = -1, -1
    return found[None]
