"""Transform: examples pass as they are.

What a family transforms them to, arrays of whole splits such as a vocabulary's indices, is computed
by `Family.transform` in the Trainer, as it is for the embedded engine: a graph of one example at a
time cannot.
"""


def preprocessing_fn(inputs):
    """The features of a batch, unchanged."""
    return inputs
