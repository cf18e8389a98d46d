"""Maps in TensorBoard: a picture per measured epoch."""

import io

import keras
import numpy as np
import tensorflow as tf
from PIL import Image

from rnnzoo.datasets.streets.graph import Link, street_graph
from rnnzoo.streets.batches import TripBatches
from rnnzoo.streets.map_log import MapLog
from rnnzoo.streets.path_predictor import PathPredictor


def pictures(folder):
    """The pictures of a folder's event files, arrays, by epoch."""
    drawn = {}
    for path in sorted(folder.glob("*tfevents*")):
        for event in tf.compat.v1.train.summary_iterator(str(path)):
            for value in event.summary.value:
                if value.metadata.plugin_data.plugin_name == "images":
                    data = tf.make_ndarray(value.tensor)[2]
                    drawn[event.step] = np.asarray(Image.open(io.BytesIO(data)))
    return drawn


def test_truth_and_prediction_are_drawn(city, tmp_path):
    graph, trips = city
    keras.utils.set_random_seed(1)
    model = PathPredictor(graph, [keras.layers.GRU(4)], embedding=3).compile_default()
    log = MapLog(tmp_path, trips, every=2)
    model.fit(model.windows(trips, batch_size=64), epochs=2, verbose=0, callbacks=[log])
    drawn = pictures(tmp_path)
    assert list(drawn) == [2]
    blue = (np.abs(drawn[2][..., :3].astype(int) - [0x1F, 0x77, 0xB4]).sum(axis=-1) < 30).nonzero()
    half = drawn[2].shape[1] / 2
    assert (blue[1] < half).any() and (blue[1] > half).any()


def test_a_graph_without_positions_has_no_picture(tmp_path):
    links = [Link("ab", "a", "b", 1.0), Link("ba", "b", "a", 1.0)]
    model = PathPredictor(street_graph("t", links), [keras.layers.GRU(2)]).compile_default()
    trips = TripBatches.trips_of([[0, 1], [1]])
    model.fit(model.windows(trips), verbose=0, callbacks=[MapLog(tmp_path, trips)])
    assert pictures(tmp_path) == {}
