"""A Keras zoo of pretrained recurrent models.

>>> import rnnzoo
>>> rnnzoo.list_models("usdinr*", pretrained=True)
['usdinr-gru', 'usdinr-lstm', 'usdinr-nemgru', 'usdinr-nemlstm']

Importing this package and listing its models reads plain data only; TensorFlow
is imported by `load` and `verify`.
"""

from rnnzoo.registry import info, list_models

__version__ = "0.1.0"
__all__ = ["info", "list_models", "load", "register", "save", "verify"]


def load(name):
    """Returns a pretrained model, compiled and ready for `fit`, `evaluate` and its own verb.

    The artifact's hashes are checked before any of it is read as a model.

    Args:
        name: str, `"shakespeare-lstm"`, or `"shakespeare-lstm/1"` for a version. A model
            of the package goes before one of the user's own that has its name. Or the path of a
            `.keras` file that `model.save` wrote: of a model loaded here, or of any Keras model.

    Returns:
        A `keras.Model` of the task that the card names, for example `TextGenerator`; or what the
        `.keras` file holds.

    Raises:
        rnnzoo.datasets.common.errors.InputError: the name is unknown, has no weights, or its
            artifact fails verification; or the file cannot be read.
    """
    from rnnzoo.loading import load

    return load(name)


def register():
    """Makes all tasks and layers known to Keras.

    From then on `keras.saving.load_model` reads every `.keras` file of a model of this package.
    `load` calls it itself. For a model of one's own, whose layers are of `rnnzoo.layers`, importing
    that package is enough.
    """
    from rnnzoo.registration import register

    register()


def save(model, name, out=None, *, title=None, licence=None):
    """Makes a model of the zoo from a task model, such as one that `fit` has trained further.

    Its folder has what that of a pretrained model has: the SavedModel with all signatures, golden
    tensors of random inputs, hashes, and a card with what is known: the model it was loaded from,
    layers, versions, and the history of the last `fit`. So `load`, `verify` and every command find
    it by its name, and TensorFlow Serving loads it. A name that is there already gets a new
    version. The optimizer is not saved.

    Args:
        model: a task model: `TextGenerator`, `Forecaster`, `SequenceClassifier`, `FramePredictor`,
            `SpectrogramImputer`, or of a registered family.
        name: str, small letters and digits in parts joined by `-`; no model of the zoo.
        out: folder of models; by default `RNNZOO_MODELS_DIR`.
        title: str, a sentence for the card.
        licence: str; by default that of the model it was loaded from and of the user's data.

    Returns:
        Path of the new folder, `<out>/<name>/<version>`.

    Raises:
        rnnzoo.datasets.common.errors.InputError: the model is of no task or its weights are not
            finite, the name is invalid, that of a model of the zoo, or of a model of another task;
            or the folder cannot be written to. Nothing is written then.
    """
    from rnnzoo.saving import save

    return save(model, name, out, title=title, licence=licence)


def verify(name):
    """Checks that a pretrained model is whole and still answers as it did when it was made.

    Args:
        name: str, as for `load`.

    Returns:
        dict: `name`, `version`, `path`, `content_digest`, `files` (number checked), and the
        largest difference from the recorded outputs: `golden_difference` of the Keras
        model, `served_difference` of the exported one.

    Raises:
        rnnzoo.datasets.common.errors.InputError: names the first file or figure that is wrong.
    """
    from rnnzoo.loading import verify

    return verify(name)
