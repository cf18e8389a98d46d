"""Classification while raw frames arrive."""

import numpy as np

from rnnzoo.datasets.common.arguments import is_number
from rnnzoo.datasets.common.errors import InputError

# Time steps that are stored; older ones are dropped.
MOST = 600


class ClassifierStream:
    """Classifies the sequence so far after each frame.

    It is read as a whole each time, because the features of a sequence of skeletons or frames
    depend on all of it, and so does a bidirectional layer. The expensive part, the network for
    frames of a video, reads each frame once. Features that do not depend on each other can be read
    by `SequenceClassifier.step` instead.

    Args:
        model: `SequenceClassifier`.
        top: int, number of classes to return.
    """

    def __init__(self, model, top):
        self._model, self._top = model, top
        self._steps, self._last, self._classes = [], None, []

    def push(self, frame, at=None):
        """Classifies the sequence with one more frame.

        Args:
            frame: of a video, uint8 (height, width, 3) of the network's size; of a skeleton, joints
                (20, 3); or features (features,).
            at: float, time of the frame in seconds; only for videos. Frames that follow the last
                one sooner than in training are then skipped.

        Returns:
            list of (str class, float probability), the most probable first; the last result if the
            frame is skipped.

        Raises:
            InputError: the frame cannot be used, or `at` is before the last frame.
        """
        reader = self._model.reader
        if at is not None and not self._due(reader, at):
            return self._classes
        step = reader.frame_features(frame) if reader.kind == "video" else np.asarray(frame)
        steps = [*self._steps, step][-MOST:]
        try:
            features = reader.read_stream(steps)
        except ValueError as problem:
            raise InputError(str(problem).splitlines()[0]) from None
        self._steps, self._last = steps, at
        probabilities = self._model.feature_probabilities([features])[0]
        self._classes = self._model.ranked(probabilities, self._top)
        return self._classes

    def _due(self, reader, at):
        if reader.kind != "video" or not is_number(at):
            raise InputError(f"at is {at!r}: give seconds, and only to a classifier of videos")
        if self._last is not None and at < self._last:
            raise InputError(f"at is {at:g} after {self._last:g}: give frames in the order of time")
        return reader.sampling.is_due(at, self._last)
