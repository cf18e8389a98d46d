"""The windows around gaps that a method reads: of a long recording, never the whole."""

import collections
import dataclasses

import numpy as np

from rnnzoo.baselines.janssen import CONTEXT as SIDES
from rnnzoo.datasets.audio.gaps import Missing
from rnnzoo.datasets.audio.spectrogram_grid import HOP

# Samples on each side of a gap. `janssen` fits a model to its own context, `linear` reads the
# columns beside the gap, and resynthesis 4,096 samples of each side. The others are fitted to all
# that they read: it is as much as keeps `wiener` of stereo below 1 GB, and a pretrained model at
# about 2 GB.
NEAR = {"janssen": SIDES, "linear": 2 * SIDES}
FITTED = 2**20  # 24 s at 44,100 samples per second
MOST = 2**20  # samples from the first to the last of the gaps that are filled together
WHOLE = 2**21  # audio of up to so many samples is read whole by a method that is fitted


@dataclasses.dataclass(frozen=True)
class Window:
    """A part of audio, and the gaps in it that are to be filled from it.

    Attributes:
        start, stop: int, samples [start, stop) of the audio; start is a multiple of 64.
        spans: tuple of [start, stop) in samples of the audio, the gaps to be filled. Others in the
            window are only masked.
        missing: `Missing` of the part.
    """

    start: int
    stop: int
    spans: tuple
    missing: Missing

    def near(self, distance):
        """The spans of `missing` to be filled, and those up to `distance` samples before them."""
        first, end = (at - self.start for at in (self.spans[0][0], self.spans[-1][1]))
        return [span for span in self.missing.spans if span[1] > first - distance and span[0] < end]

    def filled(self, restored):
        """[(start in the audio, samples (channels, n))] of the gaps, of the restored part."""
        return [
            (start, restored[:, start - self.start : stop - self.start])
            for start, stop in self.spans
        ]


def windows(missing, method):
    """The windows of audio that together have all of its gaps.

    Args:
        missing: `Missing`.
        method: str, see `rnnzoo.audio.inpainting.METHODS`.

    Returns:
        list of `Window`; their starts and their stops ascend.
    """
    if method not in NEAR and missing.length <= WHOLE:
        return [Window(0, missing.length, missing.spans, missing)]
    context, length = NEAR.get(method, FITTED), missing.length
    areas = []
    for spans in _groups(missing.spans, context):
        start, stop = spans[0][0] - context, spans[-1][1] + context
        if method not in NEAR:  # near an end of the audio, more of the other side
            start, stop = start - max(stop - length, 0), stop + max(-start, 0)
        start = max(start, 0) // HOP * HOP
        stop = min(-(-stop // HOP) * HOP, length)
        areas.append(Window(start, stop, tuple(spans), missing.part(start, stop)))
    return areas


def _groups(spans, context):
    """Gaps that are nearer to each other than `context` together, up to `MOST` samples."""
    groups = []
    for span in spans:
        near = groups and span[0] - groups[-1][-1][1] < context
        if near and span[1] - groups[-1][0][0] <= MOST:
            groups[-1].append(span)
        else:
            groups.append([span])
    return groups


def read_windows(blocks, areas):
    """Yields (window, its samples (channels, n)) as soon as they have been read.

    Args:
        blocks: iterable of arrays (channels, n), the audio in its order.
        areas: list of `Window`, as `windows` returns them.
    """
    areas, held, first, end = collections.deque(areas), [], 0, 0
    for block in blocks:
        held.append(block)
        end += block.shape[1]
        while areas and areas[0].stop <= end:
            area = areas.popleft()
            samples = np.concatenate(held, axis=1)[:, area.start - first : area.stop - first]
            yield area, samples
        if not areas:
            return
        while held and first + held[0].shape[1] <= areas[0].start:
            first += held.pop(0).shape[1]
