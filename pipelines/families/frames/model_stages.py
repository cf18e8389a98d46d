"""The stages from what a frame model is trained on to a pushed one.

model         Trainer: a model a seed
evaluation    Evaluator: their figures, the baselines', and whether to push
infra         InfraValidator: the export, loaded and asked as a server would
pushed        Pusher: the artifact's folder, whole or not at all
"""

import json

from rnnzoo.pipelines.core.blessing import against_last, blessed_report, blessing, write_report
from rnnzoo.pipelines.core.runner import stage
from rnnzoo.pipelines.families.frames.data_stages import (
    read_balls_of,
    read_frames_of,
    read_name,
)
from rnnzoo.pipelines.stages.infra_validator import check_export, push_made

# Frames of the validation split whose predictions are kept as golden outputs. Few: when discs that
# are followed hit each other, what rounding did before is magnified.
GOLDEN = 6

# What a model's error may be above that of the one pushed before it.
SLACK = 1.01

# Raise it when the trainer's code comes to make another model of the same recipe.
TRAINER_VERSION = 1


@stage(version=TRAINER_VERSION)
def model(
    out, *, transformed, name, data, data_sha256, architecture, units, window, batch_size, epochs,
    learning_rate, clip_norm, seeds, layers, noise_std, interval_weight, rms_weight, encoder,
    decoder, patch, objects, radius, hidden, loss, free_run, free_run_epochs,
    free_run_learning_rate,
):  # fmt: skip
    """Writes what `rnnzoo.pipelines.core.seed_models` says.

    Checkpoints lie in the cache: a training that was interrupted goes on, and one that an
    experiment has made already is not made again.
    """
    from rnnzoo.pipelines.core.seed_models import write_models
    from rnnzoo.pipelines.families.frames.training import free_run_folder, train

    settings = {
        "data": data, "architecture": architecture, "units": units, "window": window,
        "batch_size": batch_size, "epochs": epochs, "learning_rate": learning_rate,
        "clip_norm": clip_norm, "layers": layers, "noise_std": noise_std,
        "interval_weight": interval_weight, "rms_weight": rms_weight, "encoder": encoder,
        "decoder": decoder, "patch": patch, "objects": objects, "radius": radius,
        "hidden": hidden, "loss": loss, "free_run": free_run,
        "free_run_epochs": free_run_epochs, "free_run_learning_rate": free_run_learning_rate,
    }  # fmt: skip
    frames, shown = (read_frames_of(transformed, split) for split in ("train", "validation"))
    work = work_of(name, settings, data_sha256)

    def trained(seed):
        return train(name, settings, frames, shown, seed, work)

    write_models(out, seeds, work, trained)
    if free_run_epochs:
        first = json.loads((work / f"seed-{seeds[0]}.json").read_text("utf-8"))
        rest = json.loads((free_run_folder(work) / f"seed-{seeds[0]}.json").read_text("utf-8"))
        rest = [{**row, "epoch": row["epoch"] + epochs} for row in rest]
        (out / "history.json").write_text(json.dumps([*first, *rest], indent=1), "utf-8")


def work_of(name, settings, data_sha256):
    """The folder of checkpoints of a training with these settings on these frames."""
    from rnnzoo.pipelines.core.training import work_folder
    from rnnzoo.pipelines.families.frames.training import SETTINGS

    used = {key: settings[key] for key in SETTINGS}
    return work_folder(name, [used, data_sha256, TRAINER_VERSION])


def read_model(folder, seed):
    """The model of a seed."""
    from rnnzoo.frames.predictor import FramePredictor
    from rnnzoo.pipelines.core import seed_models

    return seed_models.read_model(folder, seed, FramePredictor)


@stage(version=1)
def evaluation(out, *, model, transformed, seeds, also, last_pushed):
    """Writes `evaluation.json`: figures, baselines, `blessed`, and the reasons.

    A model has to beat the copied frame. Where a simulator made the frames, rollouts of the test
    split are measured too, of these balls and of those in `also`.
    """
    from rnnzoo.datasets.bouncing_balls.load import load_bouncing_balls
    from rnnzoo.pipelines.families.frames import evaluator
    from rnnzoo.pipelines.families.frames.free_run import GIVEN, HORIZONS, baselines, free_run

    frames = {split: read_frames_of(transformed, split) for split in evaluator.SPLITS}
    models = {str(seed): read_model(model, seed) for seed in seeds}
    by_seed = {
        seed: {split: evaluator.squared_error(one, frames[split]) for split in frames}
        for seed, one in models.items()
    }
    copied = {split: evaluator.copied_error(frames[split]) for split in frames}
    result = {"baselines": {"copied": copied}, "by_seed": by_seed}
    name, sha256 = read_name(transformed)
    known = {split: read_balls_of(transformed, split) for split in evaluator.SPLITS}
    if known["test"] is not None:
        straight = {split: evaluator.extrapolated_error(balls) for split, balls in known.items()}
        result["baselines"]["extrapolated"] = straight
        judged = {name: known["test"], **{one: load_bouncing_balls(one, "test") for one in also}}
        long_enough = GIVEN + max(HORIZONS)
        result["free_run"] = {
            one: {
                "by_seed": {seed: free_run(made, balls) for seed, made in models.items()},
                "baselines": baselines(balls),
            }
            for one, balls in judged.items()
            if balls.frames.shape[1] >= long_enough
        }
    figure = by_seed[str(seeds[0])]["validation"]
    checks = [("a copy of the last frame", copied["validation"], copied["validation"])]
    checks += against_last(last_pushed, sha256, lambda last: last * SLACK)
    write_report(out, {**blessing(figure, evaluator.UNIT, checks), **result})


@stage(version=1)
def infra(out, *, model, transformed, seeds):
    """Exports the shipped seed's model, loads it as the server does, and asks it.

    Raises:
        InputError: it answers otherwise than the Keras model.
    """
    import numpy as np

    keras_model = read_model(model, seeds[0])
    question = golden_inputs(read_frames_of(transformed, "validation"))
    expected = np.asarray(keras_model(question))[:, -1]

    def difference(answer):
        return np.abs(np.asarray(answer["next_frame"]) - expected).max()

    check_export(out, keras_model, question.tolist(), difference)


def pushed(made, settings, root, words):
    """The last stage, see `rnnzoo.pipelines.pipeline` and `push_made`.

    Raises:
        InputError: the evaluation did not bless the model; says why.
    """
    from rnnzoo.pipelines.core.card import metrics_of
    from rnnzoo.pipelines.families.frames.card import frame_card
    from rnnzoo.pipelines.families.frames.evaluator import UNIT

    report = blessed_report(made["evaluation"].path)
    transformed = made["transformed"].path
    name, sha256 = read_name(transformed)
    shipped = read_model(made["model"].path, settings["seeds"][0])
    return push_made(
        made,
        shipped,
        golden_inputs(read_frames_of(transformed, "validation")),
        root,
        words,
        frame_card,
        data={"name": name, "sha256": sha256},
        frames={
            split: read_frames_of(transformed, split) for split in ("train", "validation", "test")
        },
        metrics={
            **metrics_of(report["by_seed"], UNIT),
            **({"free_run": report["free_run"]} if "free_run" in report else {}),
        },
        baselines=report["baselines"],
    )


def golden_inputs(frames):
    """The first frames (1, time, height, width) of a split, float32."""
    return frames[:1, :GOLDEN].astype("float32")
