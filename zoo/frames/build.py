"""From a recipe's settings to an untrained frame model, and from a trained one to what ships."""

from rnnzoo.architectures import plain, recurrent_layers
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.frames.predictor import FramePredictor, inner


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


def finished(model):
    """A trained model, whose layers without noise or penalty are Keras's own.

    Returns:
        `FramePredictor`, not compiled, that sees every frame when it is trained again.
    """
    layers = [plain(inner(one)) for one in model.recurrent]
    config = {**model.get_config(), "recurrent": layers, "free_run": 0}
    shipped = FramePredictor(**config)
    shipped.set_weights(model.get_weights())
    return shipped
