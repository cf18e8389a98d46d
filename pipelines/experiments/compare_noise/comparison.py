"""No, blind and NEM noise in a user's own model, as an experiment."""

import hashlib
import math
import shlex
from pathlib import Path

from rnnzoo.pipelines.experiments.compare_noise.user_data import read_arrays
from rnnzoo.pipelines.experiments.compare_noise.user_model import (
    check_model_takes_data,
    load_compiled,
)
from rnnzoo.pipelines.experiments.harness.epochs_to_target import epochs_to_target
from rnnzoo.pipelines.experiments.harness.experiment import Arm, Experiment, Measure


def train_with_noise(
    model, settings, seed, epochs, batch_size, training, held_out, keep_weights=False
):
    """Trains a copy of `model` with noise in its gates.

    Args:
        model: compiled `keras.Model`, which is not changed.
        settings: dict, arguments of `with_noise`.
        seed, epochs, batch_size: int.
        training, held_out: (x, y).
        keep_weights: bool; start from the weights of `model` instead of new ones.

    Returns:
        dict: `loss` on the held-out data after the last epoch, and `held_out_<metric>`, the list
        of values after each epoch, of the loss and of each metric the model is compiled with.
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
        *training,
        batch_size=batch_size,
        epochs=epochs,
        validation_data=held_out,
        callbacks=[NoiseSchedule()],
        verbose=0,
    ).history
    curves = {
        f"held_out_{name.removeprefix('val_')}": curve
        for name, curve in history.items()
        if name.startswith("val_")
    }
    return {"loss": history["val_loss"][-1], **curves}


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
    """Returns the `Experiment` of one model and one file of data.

    Args:
        model_path: path of a compiled `.keras` file with LSTM or GRU layers.
        data_path: path of an `.npz` file with x_train, y_train, x_test, y_test.
        scales: standard deviations of the noise, selected from on validation data.
        mode: `"additive"` or `"multiplicative"`.
        seeds: int, number of seeds.
        epochs: int.
        batch_size: int.
        keep_weights: bool; start from the weights in the file instead of new ones.

    Raises:
        InputError: the model or the data cannot be used.
    """
    arrays = read_arrays(data_path)
    model = load_compiled(model_path)
    accuracies = check_model_takes_data(model, arrays, data_path, batch_size)

    def load(phase):
        if phase == "test":
            return (arrays["x_train"], arrays["y_train"]), (arrays["x_test"], arrays["y_test"])
        part = "fit" if "x_fit" in arrays else "train"
        training = arrays[f"x_{part}"], arrays[f"y_{part}"]
        return training, (arrays["x_validation"], arrays["y_validation"])

    def run(settings, seed, training, held_out, quick):
        count = max(2, epochs // 10) if quick else epochs
        results = train_with_noise(
            model, settings, seed, count, batch_size, training, held_out, keep_weights
        )
        errors = {error_of(name): 1 - results[f"held_out_{name}"][-1] for name in accuracies}
        return {**results, **errors}

    name = f"compare-noise-{files_digest(model_path, data_path)}-{epochs}-epochs-of-{batch_size}"
    return Experiment(
        name=name + ("-from-its-weights" if keep_weights else ""),
        title=f"Noise in the gates of {Path(model_path).name}",
        question=f"Does NEM noise help this model on {Path(data_path).name}, and is it the "
        "selection of the noise that helps?",
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
        criterion=error_of(accuracies[0]) if accuracies else "loss",
        measures=(
            *(
                measure
                for name, better in [*((name, "higher") for name in accuracies), ("loss", "lower")]
                for measure in last_and_best(name, better)
            ),
            Measure("epochs to the noiseless end value", "%", "lower", epochs_to_target),
        ),
        load=load,
        run=run,
        pairs=(("nem", "blind"),),
        curve="held_out_loss",
        version=2,
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


def error_of(accuracy):
    """Name of the raw result of 1 - an accuracy, of which less is better."""
    return f"error_by_{accuracy}"


def last_and_best(name, better):
    """The two `Measure`s of a metric on the test set: after the last epoch, and its best value.

    Args:
        name: str, `"loss"` or a metric.
        better: `"lower"` or `"higher"`.
    """
    choose = min if better == "lower" else max

    def best(cell, _):
        finite = [value for value in cell[f"held_out_{name}"] if math.isfinite(value)]
        return choose(finite, default=math.nan)

    return (
        Measure(f"test {name}", "", better, lambda cell, _: cell[f"held_out_{name}"][-1]),
        Measure(f"test {name} at the best epoch", "", better, best),
    )


def files_digest(*paths):
    """Returns eight hexadecimal digits of the SHA-256 of files' contents."""
    sha = hashlib.sha256()
    for path in paths:
        sha.update(hashlib.sha256(Path(path).read_bytes()).digest())
    return sha.hexdigest()[:8]
