"""Clones of recurrent layers that return sequences and states."""


def clone_rnn(layer, name):
    """Clones a recurrent layer with `return_sequences=True, return_state=True`, without weights.

    Args:
        layer: Keras recurrent layer.
        name: str, name of the clone.

    Returns:
        Keras layer of the same class, not built.
    """
    config = layer.get_config() | {"return_sequences": True, "return_state": True, "name": name}
    return layer.__class__.from_config(config)
