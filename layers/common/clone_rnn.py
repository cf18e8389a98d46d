"""Copies of recurrent layers that say everything they know."""


def clone_rnn(layer, name):
    """An unbuilt copy of a Keras recurrent layer that returns sequences and states.

    Args:
        layer: Keras recurrent layer, whatever it was told to return.
        name: str, the copy's.
    """
    config = layer.get_config() | {"return_sequences": True, "return_state": True, "name": name}
    return layer.__class__.from_config(config)
