"""From a recipe's settings to an untrained frame model."""

from rnnzoo.architectures import recurrent_layers
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.frames.predictor import FramePredictor


def build(name, settings, size):
    """An untrained `FramePredictor` of the recipe's architecture and size.

    Args:
        name: str.
        settings: dict, a complete recipe.
        size: (height, width), pixels.

    Raises:
        InputError: the architecture is unknown, or it cannot have what the recipe asks for.
    """
    if settings["objects"] and settings["architecture"].startswith(("nem", "svd")):
        raise InputError(
            f"{name}: objects are followed by a layer without noise or penalty, not by "
            f"{settings['architecture']}"
        )
    return FramePredictor(
        size,
        recurrent_layers(name, settings),
        name=name.replace("-", "_"),
        encoder=settings["encoder"],
        decoder=settings["decoder"],
        patch=settings["patch"],
        objects=settings["objects"],
        radius=settings["radius"],
        hidden=settings["hidden"],
        loss=settings["loss"],
    )
