"""The signature `video`: videos in, where the SavedModel takes the features of their frames.

InceptionV3 is no part of a classifier's SavedModel, and TensorFlow decodes no videos: the server
does both.
"""

import copy
import threading

import numpy as np
import tensorflow as tf

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.video.reader import Limits
from rnnzoo.sequences.readers import reader_of

SIGNATURE = "video"
# What one request may ask for; its size in bytes is bounded where the body is read.
MOST = 8
LIMITS = Limits(seconds=60.0, pixels=1920 * 1080, frames=3_600)


class VideoSignature:
    """Called as a signature of a SavedModel is.

    Args:
        reader: dict, of a card whose `kind` is `"video"`.
        answer: function of the keyword `features`, the SavedModel's `serving_default`.
    """

    structured_input_signature = ((), {SIGNATURE: tf.TensorSpec([None], tf.string, name=SIGNATURE)})

    def __init__(self, reader, answer):
        self._reader, self._answer, self._lock = reader_of(reader), answer, threading.Lock()

    def __call__(self, video):
        """What `answer` returns for videos, a string tensor (batch,) of their bytes.

        Raises:
            InputError: there are none or too many, one cannot be used, or there is no InceptionV3.
        """
        given = video.numpy()
        if not 1 <= len(given) <= MOST:
            raise InputError(f"{len(given)} videos: a request takes 1 to {MOST}")
        with self._lock:  # the network is loaded once, and the frames of one request are in memory
            found = [self._reader.read(one, LIMITS) for one in given]
        return self._answer(features=tf.constant(np.stack(found)))


def definition(default):
    """The signature definition of `video`.

    Args:
        default: dict, that of `serving_default`.
    """
    found = copy.deepcopy(default)
    shape = {"dim": [{"size": "-1", "name": ""}], "unknown_rank": False}
    given = {"dtype": "DT_STRING", "tensor_shape": shape, "name": f"{SIGNATURE}:0"}
    return {**found, "inputs": {SIGNATURE: given}}
