"""None, blind and NEM noise in a user's own model, on the user's own data."""

import shlex
from pathlib import Path

from rnnzoo.pipelines.experiments.harness import words
from rnnzoo.pipelines.experiments.harness.experiment import Arm, Experiment, Measure
from rnnzoo.pipelines.experiments.harness.model_and_data import (
    check_fit,
    digest,
    load_compiled,
    read_arrays,
)
from rnnzoo.pipelines.experiments.harness.speed import epochs_needed


def one_training(model, settings, seed, epochs, batch_size, train, held_out, keep_weights):
    """Trains a fresh copy of `model` with noise in its gates.

    Returns:
        dict: `loss` on the held-out data after the last epoch, and `held_out_loss` after each.
    """
    import keras

    from rnnzoo.layers import NoiseSchedule, with_noise

    keras.utils.set_random_seed(seed)
    copy = with_noise(model, **settings)
    if not keep_weights:
        # A clone has weights of its own, drawn under the seed: the same in every arm. What is
        # not trained, such as an adapted normalization, stays the user's.
        fresh = keras.models.clone_model(copy)
        pairs = zip(copy.trainable_variables, fresh.trainable_variables, strict=True)
        for variable, drawn in pairs:
            variable.assign(drawn)
    copy.compile_from_config(model.get_compile_config())
    history = copy.fit(
        *train,
        batch_size=batch_size,
        epochs=epochs,
        validation_data=held_out,
        callbacks=[NoiseSchedule()],
        verbose=0,
    ).history
    return {"loss": history["val_loss"][-1], "held_out_loss": history["val_loss"]}


def comparison(
    model_path,
    data_path,
    *,
    scales=(0.1, 0.3),
    mode="additive",
    seeds=5,
    epochs=20,
    batch_size=32,
    keep_weights=False,
):
    """The experiment for one model and one file of data.

    Args:
        model_path: of a compiled `.keras` file with LSTM or GRU layers.
        data_path: of an `.npz` file with x_train, y_train, x_test, y_test.
        scales: standard deviations to choose from, on validation data.
        mode: `"additive"` or `"multiplicative"`.
        seeds: int, how many.
        epochs: int.
        batch_size: int.
        keep_weights: bool; start from the weights in the file, not from new ones.

    Returns:
        `Experiment`.

    Raises:
        InputError: the model or the data cannot be used.
    """
    arrays = read_arrays(data_path)
    model = load_compiled(model_path)
    check_fit(model, arrays, data_path, batch_size)

    def load(phase):
        if phase == "test":
            return (arrays["x_train"], arrays["y_train"]), (arrays["x_test"], arrays["y_test"])
        part = "fit" if "x_fit" in arrays else "train"
        fit = arrays[f"x_{part}"], arrays[f"y_{part}"]
        return fit, (arrays["x_validation"], arrays["y_validation"])

    def run(settings, seed, train, held_out, quick):
        count = max(2, epochs // 10) if quick else epochs
        return one_training(model, settings, seed, count, batch_size, train, held_out, keep_weights)

    name = f"compare-noise-{digest(model_path, data_path)}-{epochs}-epochs-of-{batch_size}"
    return Experiment(
        name=name + ("-from-its-weights" if keep_weights else ""),
        title=f"Noise in the gates of {Path(model_path).name}",
        question=f"Does NEM noise help this model on {Path(data_path).name}, and is it the choice "
        "of the noise that helps?",
        source="",
        arms=(
            Arm("none", ({"noise": "none"},)),
            Arm("blind", ({"noise": "blind"},), "none", follows="nem"),
            Arm(
                "nem",
                tuple({"noise": "nem", "noise_mode": mode, "noise_std": s} for s in scales),
                "none",
            ),
        ),
        seeds=tuple(range(1, seeds + 1)),
        choice_seeds=(101, 102),
        criterion="loss",
        measures=(
            Measure("test loss", "", "lower", lambda cell, _: cell["loss"]),
            Measure("epochs to the noiseless end value", "%", "lower", epochs_needed),
        ),
        load=load,
        run=run,
        pairs=(("nem", "blind"),),
        curve="held_out_loss",
        version=1,
        command=shlex.join(
            [
                *("rnnzoo", "compare-noise", str(model_path), str(data_path)),
                *("--noise-std", *map(str, scales), "--noise-mode", mode),
                *("--seeds", str(seeds), "--epochs", str(epochs)),
                *("--batch-size", str(batch_size)),
                *(["--keep-weights"] if keep_weights else []),
            ]
        ),
    )


def verdict(findings):
    """What came out, in sentences.

    Args:
        findings: `Findings` of a `comparison`.

    Returns:
        str.
    """
    (nem,) = (one.comparison for one in findings.figures["test loss"] if one.arm == "nem")
    (against_blind,) = findings.pairs["test loss"]
    scale = findings.settings["nem"]["noise_std"]
    said = [
        f"Test loss of NEM noise of scale {scale} against none: {nem.words}.",
        f"Against blind noise of the same scale: {against_blind.words}.",
    ]
    total = len(findings.seeds)
    diverged = {figure.arm: total - figure.summary.n for figure in findings.figures["test loss"]}
    for arm, count in diverged.items():
        if count:
            said.append(f"With {arm} noise the loss diverged in {count} of {total} seeds.")
    if diverged["nem"] > diverged["none"]:
        said.append("That is no help: try a smaller scale, or leave it out.")
    elif nem.p < words.LEVEL and nem.difference.mean < 0:
        chosen = against_blind.p < words.LEVEL and against_blind.difference.mean < 0
        why = "and it is the choice that helps" if chosen else "but blind noise may do as well"
        said.append(f"It helps here, {why}.")
    elif nem.p < words.LEVEL:
        said.append("It hurts here: leave it out, or try a smaller scale.")
    else:
        said.append("Nothing here says that it helps: leave it out, or give more --seeds.")
    return " ".join(said)
