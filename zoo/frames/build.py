"""From a recipe's settings to an untrained frame model, and from a trained one to what ships."""

from rnnzoo.architectures import plain, recurrent_layers
from rnnzoo.frames.predictor import FramePredictor
from rnnzoo.layers.per_place import PerPlace


def build(name, settings, size):
    """An untrained `FramePredictor` of the recipe's architecture and size.

    Args:
        name: str.
        settings: dict, a complete recipe.
        size: (height, width), pixels.

    Raises:
        InputError: the architecture is unknown, or it cannot have what the recipe asks for.
    """
    return FramePredictor(
        size,
        recurrent_layers(name, settings),
        name=name.replace("-", "_"),
        encoder=settings["encoder"],
        decoder=settings["decoder"],
        patch=settings["patch"],
        loss=settings["loss"],
    )


def finished(model):
    """A trained model, whose layers without noise or penalty are Keras's own.

    Returns:
        `FramePredictor`, not compiled, that sees every frame when it is trained again.
    """
    layers = [plain(one.layer if isinstance(one, PerPlace) else one) for one in model.recurrent]
    config = {**model.get_config(), "recurrent": layers, "free_run": 0}
    shipped = FramePredictor(**config)
    shipped.set_weights(model.get_weights())
    return shipped
