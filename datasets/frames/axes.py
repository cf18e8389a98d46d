"""What the axes of an array of frames are, where their sizes tell."""

from dataclasses import dataclass

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.frames.sizes import shown

# A message, of exported graphs too.
SHAPE = (
    "{name} has shape {shape}: give (steps, height, width) or (sequences, steps, height, width), "
    "or either with an axis of 1, 3 or 4 channels at the end"
)

CHANNELS = (1, 3, 4)  # grey; red, green, blue; and alpha
# An axis as short as channels is the width of grey frames only if those are no narrow columns.
NARROW = 5  # times as high as wide


@dataclass(frozen=True)
class Axes:
    """One reading of an array's shape.

    Args:
        shape: tuple (sequences, steps, height, width, channels).
        single: bool, whether the array has no axis of sequences.
    """

    shape: tuple
    single: bool

    @property
    def size(self):
        """(height, width)."""
        return self.shape[2:4]

    def __str__(self):
        """`60 colour frames of 18 x 18 pixels`."""
        sequences, steps, *_, channels = self.shape
        of = "" if self.single else f"{sequences} sequences of "
        kind = "grey" if channels == 1 else "colour"
        frames = "frame" if steps == 1 else "frames"
        return f"{of}{steps} {kind} {frames} of {shown(self.size)} pixels"


def frame_axes(name, shape, size=None):
    """The axes of an array of frames.

    An array of five axes has colours or grey values in its last one. Of three or four axes, the
    last is read as colours if it is as short as those and frames then have the expected size, or,
    if any size is accepted, if grey frames of that width would be narrow columns.

    Args:
        name: name of the array in messages.
        shape: tuple, of (steps, height, width) or (sequences, steps, height, width), with or
            without (channels,) after them.
        size: (height, width) that frames must have; None accepts any.

    Returns:
        `Axes`.

    Raises:
        InputError: the shape is neither, or is both: then the message has both readings.
    """
    whole = len(shape) == 5 and shape[-1] in CHANNELS
    if len(shape) not in (3, 4) and not whole or 0 in shape:
        raise InputError(SHAPE.format(name=name, shape=tuple(shape)))
    if whole:
        return Axes(tuple(shape), False)
    missing = (1,) * (4 - len(shape))
    grey, colour = Axes((*missing, *shape, 1), bool(missing)), Axes((*missing, 1, *shape), True)
    if shape[-1] not in CHANNELS:
        return grey
    if size is not None and (grey.size == tuple(size)) != (colour.size == tuple(size)):
        return grey if grey.size == tuple(size) else colour
    if grey.size[0] > NARROW * grey.size[1]:
        return colour
    raise InputError(f"{name} {ambiguous(shape, colour, grey)}")


def ambiguous(shape, colour, grey):
    """The rest of a message on a shape that can be read in two ways, both `Axes`."""
    return (
        f"has shape {tuple(shape)}, {colour} or {grey}: give {colour.shape} for colours or "
        f"{grey.shape} for grey"
    )


def check_channels_last(name, shape):
    """Refuses what may be colour frames with the channels before the pixels, as PyTorch has them.

    Args:
        name: name of the array in messages.
        shape: tuple.

    Raises:
        InputError: it is (steps, 3, height, width), or three steps of each sequence.
    """
    if len(shape) == 4 and shape[1] == 3:
        steps, channels, *size = shape
        colour, grey = Axes((1, steps, *size, channels), True), Axes((*shape, 1), False)
        raise InputError(f"{name} {ambiguous(shape, colour, grey)}")
