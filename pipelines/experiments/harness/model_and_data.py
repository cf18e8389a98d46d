"""A user's own model and data, checked before anything is trained."""

import hashlib
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from rnnzoo.datasets.common.errors import InputError

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
    except (OSError, ValueError, AttributeError, TypeError, EOFError, BadZipFile) as problem:
        raise InputError(f"{path} is not a readable .npz file of arrays: {problem}") from None
    missing = [name for name in PARTS if name not in arrays]
    if missing:
        raise InputError(
            f"{path} has no {', '.join(missing)}: give {', '.join(PARTS)}, "
            f"and if you like {' and '.join(OPTIONAL)}"
        )
    for name in (*PARTS, *OPTIONAL):
        if name in arrays and (arrays[name].ndim == 0 or arrays[name].dtype.kind not in "biuf"):
            raise InputError(
                f"{path}: {name} is of type {arrays[name].dtype} and shape {arrays[name].shape}, "
                "give numbers, a row a sample"
            )
    given = [name for name in OPTIONAL if name in arrays]
    if len(given) == 1:
        raise InputError(f"{path} has {given[0]} alone: give both of {' and '.join(OPTIONAL)}")
    if not given:
        count = len(arrays["x_train"])
        if count < 2:
            raise InputError(f"{path}: x_train has {count} samples, give two or more")
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
    except (OSError, ValueError, TypeError, KeyError, BadZipFile) as problem:
        raise InputError(f"{path} cannot be loaded: {_reason(problem)}") from None
    if not model.compiled:
        raise InputError(f"{path} is not compiled: call model.compile(...) before model.save")
    try:
        with_noise(model, noise="none")
    except ValueError as problem:
        raise InputError(f"{path}: {problem}") from None
    return model


def _reason(problem):
    """Keras's error in a line: the first, and the one that names a class it does not know."""
    lines = [line.strip() for line in str(problem).splitlines() if line.strip()]
    unknown = [line for line in lines[1:] if "Could not locate" in line]
    return " ".join([*lines[:1], *(line.split("Full object config")[0] for line in unknown[:1])])


def check_fit(model, arrays, path, batch_size):
    """That the model takes the data: a batch of each part.

    Raises:
        InputError: it does not.
    """
    for part in ("train", "validation", "test"):
        x, y = (arrays[f"{letter}_{part}"][:batch_size] for letter in "xy")
        try:
            model.evaluate(x, y, batch_size=batch_size, verbose=0)
        except Exception as problem:  # whatever the backend makes of wrong shapes
            raise InputError(
                f"the model cannot be evaluated on x_{part} {arrays[f'x_{part}'].shape} and "
                f"y_{part} {arrays[f'y_{part}'].shape} of {path}: {_reason(problem)}"
            ) from None


def digest(*paths):
    """Eight characters that stand for the contents of files."""
    sha = hashlib.sha256()
    for path in paths:
        sha.update(hashlib.sha256(Path(path).read_bytes()).digest())
    return sha.hexdigest()[:8]
