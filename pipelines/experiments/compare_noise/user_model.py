"""A user's own compiled Keras model, checked before anything is trained."""

import warnings
from pathlib import Path
from zipfile import BadZipFile

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.paths import check_file
from rnnzoo.datasets.common.system_errors import system_reason


def load_compiled(path):
    """Loads a compiled Keras model in safe mode.

    Args:
        path: str or Path of a `.keras` file.

    Raises:
        InputError: the file cannot be read, or the model is not compiled or has no LSTM or GRU
            layer.
    """
    import keras

    from rnnzoo.layers import with_noise

    if Path(path).suffix != ".keras":
        raise InputError(f"{path} does not end in .keras: give a .keras file")
    check_file(path, "give a .keras file")
    try:
        with warnings.catch_warnings():
            # Each training begins with a new optimizer: the state in the file is not used.
            warnings.filterwarnings("ignore", message=".*optimizer")
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


def check_model_takes_data(model, arrays, path, batch_size):
    """Evaluates the model on one batch of each part of the data; returns its accuracies.

    Args:
        model: compiled `keras.Model`.
        arrays: dict, as `read_arrays` returns it.
        path: of the arrays, for the message.
        batch_size: int.

    Returns:
        list of str, the names of the metrics it is compiled with that are accuracies.

    Raises:
        InputError: the model cannot be evaluated on the data.
    """
    for part in ("train", "validation", "test"):
        x, y = (arrays[f"{letter}_{part}"][:batch_size] for letter in "xy")
        try:
            metrics = model.evaluate(x, y, batch_size=batch_size, verbose=0, return_dict=True)
        except Exception as problem:  # what a backend raises for wrong shapes differs
            raise InputError(
                f"the model cannot be evaluated on x_{part} {arrays[f'x_{part}'].shape} and "
                f"y_{part} {arrays[f'y_{part}'].shape} of {path}: {_reason(problem)}"
            ) from None
    return [name for name in metrics if "acc" in name.lower()]


def _reason(problem):
    """Keras's error in one line: its first line, and the line that names an unknown class."""
    if reason := system_reason(problem):
        return reason
    lines = [line.strip() for line in str(problem).splitlines() if line.strip()]
    unknown = [line for line in lines[1:] if "Could not locate" in line]
    return " ".join([*lines[:1], *(line.split("Full object config")[0] for line in unknown[:1])])
