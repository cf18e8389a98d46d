"""The layers inside a layer."""

from collections import deque

import keras


def sublayers(layer):
    """`layer` and every Keras layer inside it, each once, whatever attribute holds it."""
    seen, waiting = set(), deque([layer])
    while waiting:
        current = waiting.popleft()
        if id(current) in seen:
            continue
        seen.add(id(current))
        if isinstance(current, keras.layers.Layer):
            yield current
            waiting.extend(vars(current).values())
        elif isinstance(current, list | tuple):
            waiting.extend(current)
        elif isinstance(current, dict):
            waiting.extend(current.values())
