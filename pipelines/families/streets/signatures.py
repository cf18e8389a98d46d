"""The signatures of an exported path predictor; links are their ids, as strings.

    serving_default    prefix (batch, time) -> the links that can follow its last one, and their
                       probabilities
    with_destination   prefix, and the destination of the trip -> the same
    step               a link, the destination and the states before them -> the same, and the
                       states after them
    model              indices of links and destinations -> the outputs of the Keras model, logits

`links` (batch, candidates) are ids, "" where there are fewer; the last column is the end of the
path, which has no id and is "" too. A prefix that is shorter than others of a request ends with "";
a destination that is not known is "". The states before the first link are zeros.
"""

import tensorflow as tf

from rnnzoo.datasets.streets.checked_trips import (
    DESTINATION,
    EMPTY,
    MORE,
    MOST_NEXT,
    NO_STEP,
    UNKNOWN,
)
from rnnzoo.pipelines.export.refusals import (
    checked,
    first_where,
    message,
    size_of,
    stored_once,
)
from rnnzoo.pipelines.export.signatures import StateSpecs, model_signature

# The most links of a request, all prefixes padded to the longest: bounds the memory that it needs.
MOST_LINKS = 2**18


def endpoints(model):
    """The signatures of a `PathPredictor`, see `Family.endpoints`."""
    streets, states = _Lookup(model), StateSpecs(model, by_layer=True)

    def after(prefix, destination):
        prefix, destination = _of_one_size(prefix, destination)
        links, goals = streets.path(prefix), streets.destination(destination)
        goals = tf.tile(goals[:, None], [1, tf.shape(links)[1]])
        inputs = tf.stack([links, goals], axis=-1)
        logits, _ = model.advance(inputs, model.initial_states(tf.shape(links)[0]))
        last = tf.reduce_sum(tf.cast(links >= 0, tf.int32), axis=1) - 1
        of_last = tf.gather(links, last, axis=1, batch_dims=1)
        return streets.named(of_last, tf.gather(logits, last, axis=1, batch_dims=1))

    def serving_default(prefix):
        return after(prefix, tf.fill([tf.shape(prefix)[0]], ""))

    def step(link, destination, *flat):
        link, destination = _of_one_size(link, destination)
        links = streets.path(link[:, None])[:, 0]
        inputs = tf.stack([links, streets.destination(destination)], axis=-1)
        logits, new = model.step(inputs, states.nested(flat)[0])
        return {**streets.named(links, logits), **states.named(new)}

    def checked_indices(inputs):
        links, size = inputs[..., 0], len(model.graph)
        checks = [
            (size_of(links) > 0, "no links: give one or more"),
            _few_enough(size_of(links)),
            (
                tf.reduce_all((inputs >= -1) & (inputs < size)),
                f"indices are from 0 to {size - 1}, or -1 for padding and unknown destinations",
            ),
        ]
        return checked(inputs, checks)

    prefix = tf.TensorSpec([None, None], tf.string, name="prefix")
    link = tf.TensorSpec([None], tf.string, name="link")
    destination = tf.TensorSpec([None], tf.string, name="destination")
    indices = tf.TensorSpec([None, None, 2], tf.int32, name="links")
    return {
        "serving_default": (serving_default, [prefix]),
        "with_destination": (after, [prefix, destination]),
        "step": (step, [link, destination, *states.specs]),
        "model": model_signature(model, indices, checked_indices, "logits"),
    }, [streets.table]


def _of_one_size(links, destinations):
    """Both, if there is a destination per path."""
    sizes = {"paths": tf.shape(links)[0], "destinations": tf.shape(destinations)[0]}
    text = message("{destinations} destinations of {paths} paths: give one per path", **sizes)
    return checked((links, destinations), [(sizes["paths"] == sizes["destinations"], text)])


def _few_enough(size):
    text = "too many links: {most} a request at most, not {size}"
    return size <= MOST_LINKS, message(text, most=MOST_LINKS, size=size)


class _Lookup:
    """The ids and the adjacency of a graph's links as part of a graph of TensorFlow."""

    def __init__(self, model):
        graph = model.graph
        size = len(graph)
        entries = tf.lookup.KeyValueTensorInitializer(
            tf.constant([link.encode() for link in graph.ids]), tf.range(size)
        )
        self.table = tf.lookup.StaticHashTable(entries, default_value=-1)
        # The end of the path, index `size`, and padding have no id.
        self._ids = tf.constant([*(link.encode() for link in graph.ids), b""])
        self._candidates = tf.constant(model.candidates)
        self._starts, self._ends = tf.constant(graph.starts), tf.constant(graph.ends)
        self._unknown, self._unknown_destination = (
            UNKNOWN.format(
                link="{link}", path=path, what="link", size=size, first=repr(graph.ids[0])
            )
            for path in ("the path", DESTINATION)
        )
        self.path = stored_once(tf.TensorSpec([None, None], tf.string))(self._path)
        self.destination = stored_once(tf.TensorSpec([None], tf.string))(self._destination)

    def named(self, links, logits):
        """The outputs of logits (batch, candidates) after links (batch,)."""
        candidates = tf.gather(self._candidates, links)
        names = tf.gather(self._ids, tf.where(candidates < 0, tf.size(self._ids) - 1, candidates))
        return {"links": names, "probabilities": tf.nn.softmax(logits)}

    def _destination(self, destination):
        goals = self.table.lookup(destination)
        unknown = (destination != "") & (goals < 0)
        _, link = first_where(unknown, destination)
        return checked(
            goals,
            [(~tf.reduce_any(unknown), message(self._unknown_destination, link=_quoted(link)))],
        )

    def _path(self, prefix):
        """int32 (batch, time), indices of links, -1 where a prefix has ended."""
        links, padding = self.table.lookup(prefix), prefix == ""
        _, unknown = first_where((links < 0) & ~padding, prefix)
        before, after = links[:, :-1], links[:, 1:]
        apart = tf.gather(self._ends, tf.maximum(before, 0)) != tf.gather(
            self._starts, tf.maximum(after, 0)
        )
        apart &= (before >= 0) & (after >= 0)
        empty = EMPTY.format(path="the path", what="link")
        _, start, end = first_where(apart, prefix[:, :-1], prefix[:, 1:])
        checks = [
            (tf.shape(prefix)[0] > 0, "no path: give one or more"),
            (tf.shape(prefix)[1] > 0, empty),
            (~tf.reduce_any(padding[:, :1]), empty),
            _few_enough(size_of(links)),
            (tf.reduce_all((links >= 0) | padding), message(self._unknown, link=_quoted(unknown))),
            (
                ~tf.reduce_any(padding[:, :-1] & ~padding[:, 1:]),
                "an empty id before others: empty ids end a path",
            ),
            (~tf.reduce_any(apart), self._no_step(start, end)),
        ]
        return checked(links, checks)

    def _no_step(self, start, end):
        """The message on a step that the graph does not have, between two ids."""
        after = tf.gather(self._candidates, tf.maximum(self.table.lookup(start), 0))[:-1]
        after = tf.gather(self._ids, tf.boolean_mask(after, after >= 0))
        names = tf.strings.reduce_join(_quoted(after[:MOST_NEXT]), separator=", ")
        rest = tf.size(after) - MOST_NEXT
        more = tf.where(rest > 0, message(MORE, rest=rest), "")
        accepted = tf.where(tf.size(after) > 0, names + more, "nothing")
        return message(
            NO_STEP, start=_quoted(start), end=_quoted(end), path="the path", accepted=accepted
        )


def _quoted(text):
    return tf.strings.join(["'", text, "'"])
