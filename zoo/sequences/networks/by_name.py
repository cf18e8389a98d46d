"""The networks for frames that have names, with the weights of ImageNet."""

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.sequences.networks import inception
from rnnzoo.sequences.networks.efficientnet_lite import efficientnet_lite
from rnnzoo.sequences.networks.names import DEFAULT, INCEPTION, NAMES


def network_named(name=DEFAULT, pixels=inception.PIXELS):
    """The network of that name.

    Args:
        name: str, of `rnnzoo.sequences.networks.names.NAMES`.
        pixels: pair, of InceptionV3 alone, see `rnnzoo.sequences.networks.inception.inception`.

    Returns:
        `FrameNetwork`.

    Raises:
        InputError: there is no such name, or its weights are not available.
    """
    if name not in NAMES:
        raise InputError(f"unknown network {name!r}: choose one of {', '.join(NAMES)}")
    return inception.inception(pixels=pixels) if name == INCEPTION else efficientnet_lite(name)
