"""The signature `video`: takes videos where the SavedModel takes the features of their frames.

The network for frames is not part of a classifier's SavedModel, and TensorFlow does not decode
videos: the server does both.
"""

import copy
import threading

import numpy as np
import tensorflow as tf

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.video.reader import Limits
from rnnzoo.sequences.readers import reader_of

SIGNATURE = "video"
# Limits of a request; its size in bytes is limited where the body is read.
MOST = 8  # videos
LIMITS = Limits(seconds=60.0, pixels=1920 * 1080, frames=3_600)


class VideoSignature:
    """A function that is called as a signature of a SavedModel.

    Args:
        reader: dict, the card's field `reader`, whose `kind` is `"video"`.
        classify: function of the keyword `features`, the SavedModel's `serving_default`.
    """

    structured_input_signature = ((), {SIGNATURE: tf.TensorSpec([None], tf.string, name=SIGNATURE)})

    def __init__(self, reader, classify):
        self._reader, self._classify, self._lock = reader_of(reader), classify, threading.Lock()
        self.structured_outputs = classify.structured_outputs

    def __call__(self, video):
        """The outputs of `classify` for videos.

        Args:
            video: string tensor (batch,), the bytes of the videos.

        Raises:
            InputError: no or too many videos, a video is refused, or the network for frames is not
                available.
        """
        contents = video.numpy()
        if not 1 <= len(contents) <= MOST:
            raise InputError(f"{len(contents)} videos: a request takes 1 to {MOST}")
        # The network is loaded once, and only the frames of a single request are in memory.
        with self._lock:
            features = [self._reader.read(content, LIMITS) for content in contents]
        return self._classify(features=tf.constant(np.stack(features)))


def definition(default):
    """The definition of the signature `video`, a dict.

    Args:
        default: dict, the definition of `serving_default`.
    """
    shape = {"dim": [{"size": "-1", "name": ""}], "unknown_rank": False}
    video = {"dtype": "DT_STRING", "tensor_shape": shape, "name": f"{SIGNATURE}:0"}
    return {**copy.deepcopy(default), "inputs": {SIGNATURE: video}}
