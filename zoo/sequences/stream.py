"""Classification while frames arrive."""

import numpy as np

from rnnzoo.datasets.common.arguments import is_number
from rnnzoo.datasets.common.errors import InputError

# Steps that are kept: the oldest are forgotten then.
MOST = 600


class ClassifierStream:
    """Says after each frame what has been seen so far.

    All that has come is read anew, for the features of a sequence depend on all of it, and so does
    a bidirectional layer. The costly part, the network for frames of a video, sees each frame once.

    Args:
        model: `SequenceClassifier`.
        top: int, how many classes are named.
    """

    def __init__(self, model, top):
        self._model, self._top = model, top
        self._steps, self._last, self._answer = [], None, []

    def push(self, frame, at=None):
        """Takes one more frame.

        Args:
            frame: of a video, uint8 (height, width, 3) of the network's size; of a skeleton, joints
                (20, 3); or features (features,).
            at: float, seconds, when the frame was seen; only for videos. With it, frames that come
                sooner after the last one than those that the model learned from are passed over.

        Returns:
            list of (str class, float probability), the most probable first; what was said before
            where the frame is passed over.

        Raises:
            InputError: the frame cannot be used, or time goes back.
        """
        reader = self._model.reader
        if at is not None and not self._due(reader, at):
            return self._answer
        step = reader.network(frame) if reader.kind == "video" else np.asarray(frame)
        steps = [*self._steps, step][-MOST:]
        try:
            features = reader.read_stream(steps)
        except ValueError as problem:
            raise InputError(str(problem).splitlines()[0]) from None
        self._steps, self._last = steps, at
        probabilities = self._model._probabilities([features])[0]
        self._answer = self._model.ranked(probabilities, self._top)
        return self._answer

    def _due(self, reader, at):
        if reader.kind != "video" or not is_number(at):
            raise InputError(f"at is {at!r}: give seconds, and only to a classifier of videos")
        if self._last is None:
            return True
        if at < self._last:
            raise InputError(f"at is {at:g} after {self._last:g}: give frames in the order of time")
        return at - self._last >= reader.seconds / reader.frames - 1e-6
