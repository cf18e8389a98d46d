"""The layers inside a layer."""

from collections import deque

import keras


def sublayers(layer):
    """Yields `layer` and every Keras layer in its attributes, lists and dicts, each once."""
    visited, queue = set(), deque([layer])
    while queue:
        current = queue.popleft()
        if id(current) in visited:
            continue
        visited.add(id(current))
        if isinstance(current, keras.layers.Layer):
            yield current
            queue.extend(vars(current).values())
        elif isinstance(current, list | tuple):
            queue.extend(current)
        elif isinstance(current, dict):
            queue.extend(current.values())
