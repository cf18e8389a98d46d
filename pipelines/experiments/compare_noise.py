"""None, blind and NEM noise in a user's own model, on the user's own data."""

import hashlib
from pathlib import Path

import numpy as np

from rnnzoo.datasets.errors import InputError
from rnnzoo.pipelines.experiments import words
from rnnzoo.pipelines.experiments.experiment import Arm, Experiment, Measure
from rnnzoo.pipelines.experiments.speed import epochs_needed

PARTS = ("x_train", "y_train", "x_test", "y_test")
OPTIONAL = ("x_validation", "y_validation")

# Share of the training samples, the last ones, on which the scale is chosen if the file has no
# validation arrays.
HELD_BACK = 0.2


def read_arrays(path):
    """The arrays of an .npz file, checked, by name.

    Raises:
        InputError: it is no such file, or an array is missing, empty, not finite or of another
            length than its partner.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except (OSError, ValueError, AttributeError) as problem:
        raise InputError(f"{path} is not a readable .npz file of arrays: {problem}") from None
    missing = [name for name in PARTS if name not in arrays]
    if missing:
        raise InputError(
            f"{path} has no {', '.join(missing)}: give {', '.join(PARTS)}, "
            f"and if you like {' and '.join(OPTIONAL)}"
        )
    if "x_validation" not in arrays or "y_validation" not in arrays:
        count = len(arrays["x_train"])
        cut = count - max(1, round(HELD_BACK * count))
        for letter in "xy":
            arrays[f"{letter}_validation"] = arrays[f"{letter}_train"][cut:]
            arrays[f"{letter}_fit"] = arrays[f"{letter}_train"][:cut]
    for part in ("train", "validation", "test"):
        x, y = arrays[f"x_{part}"], arrays[f"y_{part}"]
        if len(x) == 0 or len(x) != len(y):
            raise InputError(f"{path}: x_{part} has {len(x)} samples and y_{part} has {len(y)}")
        for letter, array in (("x", x), ("y", y)):
            if not np.all(np.isfinite(array)):
                raise InputError(f"{path}: {letter}_{part} has values that are not finite")
    return arrays


def load_compiled(path):
    """The user's model, in Keras's safe mode.

    Raises:
        InputError: it cannot be read, is not compiled, or has no LSTM or GRU layer.
    """
    import keras

    from rnnzoo.layers import with_noise

    if Path(path).suffix != ".keras" or not Path(path).is_file():
        raise InputError(f"no model at {path}: give a .keras file")
    try:
        model = keras.saving.load_model(path, safe_mode=True)
    except (OSError, ValueError, TypeError) as problem:
        raise InputError(f"{path} cannot be loaded: {str(problem).splitlines()[0]}") from None
    if not model.compiled:
        raise InputError(f"{path} is not compiled: call model.compile(...) before model.save")
    try:
        with_noise(model, noise="none")
    except ValueError as problem:
        raise InputError(f"{path}: {problem}") from None
    return model


def digest(*paths):
    """Eight characters that stand for the contents of files."""
    sha = hashlib.sha256()
    for path in paths:
        sha.update(hashlib.sha256(Path(path).read_bytes()).digest())
    return sha.hexdigest()[:8]


def one_training(model, settings, seed, epochs, batch_size, train, held_out, keep_weights):
    """Trains a fresh copy of `model` with noise in its gates.

    Returns:
        dict: `loss` on the held-out data after the last epoch, and `held_out_loss` after each.
    """
    import keras

    from rnnzoo.layers import NoiseSchedule, with_noise

    copy = with_noise(model, **settings)
    if not keep_weights:
        # A clone has weights of its own, drawn under the seed: the same in every arm.
        keras.utils.set_random_seed(seed)
        copy = keras.models.clone_model(copy)
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
        command=f"rnnzoo compare-noise {model_path} {data_path}",
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
    if nem.p < words.LEVEL and nem.difference.mean < 0:
        chosen = against_blind.p < words.LEVEL and against_blind.difference.mean < 0
        why = "and it is the choice that helps" if chosen else "but blind noise may do as well"
        said.append(f"It helps here, {why}.")
    elif nem.p < words.LEVEL:
        said.append("It hurts here: leave it out, or try a smaller scale.")
    else:
        said.append("Nothing here says that it helps: leave it out, or give more --seeds.")
    return " ".join(said)
