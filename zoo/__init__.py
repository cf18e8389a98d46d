"""A Keras zoo of pretrained recurrent models.

>>> import rnnzoo
>>> rnnzoo.list_models("usdinr*", pretrained=True)
['usdinr-gru', 'usdinr-lstm', 'usdinr-nemgru', 'usdinr-nemlstm']

Importing this package and listing its models reads plain data only; TensorFlow
is imported by `load` and `verify`.
"""

from rnnzoo.registry import info, list_models

__version__ = "0.1.0"
__all__ = ["info", "list_models", "load", "verify"]


def load(name):
    """Returns a pretrained model, compiled and ready for `fit`, `evaluate` and its own verb.

    The artifact's hashes are checked before any of it is read as a model.

    Args:
        name: str, `"shakespeare-lstm"`, or `"shakespeare-lstm/1"` for a version. A model
            of the package goes before one of the user's own that has its name.

    Returns:
        A `keras.Model` of the task that the card names, for example `TextGenerator`.

    Raises:
        rnnzoo.datasets.common.errors.InputError: the name is unknown, has no weights, or its
            artifact fails verification.
    """
    from rnnzoo.loading import load

    return load(name)


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
