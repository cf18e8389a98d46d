"""The classes of a video over time: a prediction for the last frames, again and again.

A frame is read every `Sampling.interval` seconds, as in training, and goes through the network
once. Each prediction is that of a `ClassifierStream` to which the same frames are pushed.
"""

import math
from dataclasses import dataclass

import numpy as np

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.video.frames import video_length, warn_of_damage
from rnnzoo.datasets.video.reader import LIMITS
from rnnzoo.datasets.video.timed_frames import timed_frames
from rnnzoo.sequences.stream import MOST

FRAMES = 28  # in memory at once, before the network reads them


@dataclass(frozen=True)
class Segment:
    """A part of a video in which one class is the most probable.

    Args:
        start, stop: float, seconds.
        label: str, the class.
        probability: float, its mean over the predictions of the segment.
    """

    start: float
    stop: float
    label: str
    probability: float


@dataclass(frozen=True)
class ClassesOverTime:
    """Predictions over the time of a video.

    Args:
        classes: list of str.
        times: float array (n,), seconds from the first frame to the last one that a prediction is
            from, increasing; the first is 0.
        probabilities: float32 array (n, classes).
        seconds: float, length of the video.
    """

    classes: list
    times: np.ndarray
    probabilities: np.ndarray
    seconds: float

    def index_at(self, seconds):
        """int, index of the prediction that is valid at a time: the last one until then."""
        return max(0, int(np.searchsorted(self.times, seconds + 1e-6)) - 1)

    def segments(self):
        """Consecutive predictions of the same class, merged.

        Returns:
            list of `Segment`, from 0 to the end of the video without gaps.

        Example:

        >>> probabilities = np.array([[0.9, 0.1], [0.7, 0.3], [0.2, 0.8]])
        >>> over_time = ClassesOverTime(["golf", "tennis"], np.arange(3.0), probabilities, 2.5)
        >>> [(part.start, part.stop, part.label) for part in over_time.segments()]
        [(0.0, 2.0, 'golf'), (2.0, 2.5, 'tennis')]
        """
        best = self.probabilities.argmax(axis=1)
        starts = [0, *(np.flatnonzero(np.diff(best)) + 1)]
        stops = [*starts[1:], len(best)]
        ends = [*self.times[starts[1:]], max(self.seconds, self.times[-1])]
        return [
            Segment(
                start=float(self.times[start]),
                stop=float(end),
                label=self.classes[best[start]],
                probability=float(self.probabilities[start:stop, best[start]].mean()),
            )
            for start, stop, end in zip(starts, stops, ends, strict=True)
        ]


def classes_over_time(model, video, limits=LIMITS, progress=None):
    """Predicts the classes of a video over time.

    Args:
        model: `rnnzoo.sequences.classifier.SequenceClassifier` of videos.
        video: str, path or bytes of a video or a strip.
        limits: `rnnzoo.datasets.video.reader.Limits`.
        progress: function of an iterable and how many items it has at most, which yields them; or
            None.

    Returns:
        `ClassesOverTime`.

    Raises:
        InputError: the model reads no videos, or the video cannot be read.
    """
    reader = model.reader
    if reader.kind != "video":
        raise InputError(f"{model.name} reads {reader.kind}: classes over time are of videos")
    seconds, _ = video_length(video, limits)
    times, pixels, features = [], [], []
    with timed_frames(video, limits) as frames:
        due = reader.sampling.due(frames)
        if progress is not None:
            due = progress(due, math.ceil(seconds / reader.sampling.interval))
        for frame in due:
            times.append(frame.seconds)
            pixels.append(frame.pixels(reader.network.size))
            if len(pixels) == FRAMES:
                features.append(reader.frame_features(np.stack(pixels)))
                pixels = []
        damaged = frames.damaged
    if pixels:
        features.append(reader.frame_features(np.stack(pixels)))
    warn_of_damage(video, damaged)
    features, window = np.concatenate(features), min(reader.sampling.frames, MOST)
    windows = [features[max(0, end - window) : end] for end in range(1, len(features) + 1)]
    probabilities = model.feature_probabilities(windows)
    return ClassesOverTime(model.classes, np.array(times), probabilities, seconds)
