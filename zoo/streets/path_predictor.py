"""The task of the street family: a recurrent model of paths, with its street graph."""

import keras
import numpy as np
from keras import ops

from rnnzoo.datasets.common.arguments import is_number, whole
from rnnzoo.datasets.common.errors import InputError, shown
from rnnzoo.datasets.streets.checked_trips import DESTINATION, links_of_ids
from rnnzoo.datasets.streets.graph import StreetGraph, check_connected
from rnnzoo.datasets.streets.next_links import with_end
from rnnzoo.layers.candidate_logits import CandidateLogits
from rnnzoo.streets import beam_search, continuation, graph_change
from rnnzoo.streets.batches import UNKNOWN, TripBatches
from rnnzoo.task import RecurrentTask, cloned_layers

MOST_SAMPLES, MOST_BEAMS = 100_000, 4096  # bound memory


@keras.saving.register_keras_serializable(package="rnnzoo")
class PathPredictor(RecurrentTask):
    """Predicts the next link of a path through a street graph, or its end ([TH] 6.2).

        x_t = (E[link_t] + D[destination], link_t = destination),  h_t = recurrent(x_t, h_(t-1))
        p(next = c) = softmax over the links c that can follow link_t, and the end, of V[c] . h_t

    Links that cannot follow have no probability, inside the graph too. The destination is optional:
    a model that was trained with and without it answers both "where next?" and "which way there?".

    As a `keras.Model` it maps int (batch, time, 2), the index of a link and that of the
    destination, -1 where it is unknown, to logits (batch, time, candidates): of the link's
    successors, in the order of `candidates`, and last of the end of the path. Padding has the link
    -1.

    Args:
        graph: `rnnzoo.datasets.streets.graph.StreetGraph`, or what its `to_dict` returns.
        recurrent: list of Keras recurrent layers (`keras.layers.GRU(128)`, ...); clones of them
            are used, which return sequences and states regardless of their configuration.
        name: str or None.
        embedding: int, the size of the vectors of links and of destinations.
        dropout: float, dropout rate of every recurrent layer's outputs.

    Attributes:
        graph: `StreetGraph`.
        candidates: int32 array (links, candidates): the links that can follow each, -1 where there
            are fewer, and last the end, which is the number of links.

    Raises:
        InputError: no link has a successor.

    Example:

    >>> import keras
    >>> from rnnzoo.datasets.streets.graph import Link, street_graph
    >>> links = [Link("out", "a", "b", 90.0), Link("back", "b", "a", 90.0)]
    >>> model = PathPredictor(street_graph("two links", links), [keras.layers.GRU(4)])
    >>> model.predict_path(["out"], steps=3)[0]
    'out'
    >>> model.route("out", "back")
    ['out', 'back']
    """

    def __init__(self, graph, recurrent, name=None, *, embedding=64, dropout=0.0):
        graph = _graph(graph)
        check_connected(graph)
        size, candidates = len(graph), with_end(graph.successors())
        link_embedding = keras.layers.Embedding(size, embedding, name="link_embedding")
        # Row 0: unknown.
        destination_embedding = keras.layers.Embedding(
            size + 1, embedding, name="destination_embedding"
        )
        layers = cloned_layers(recurrent)
        readout = CandidateLogits(candidates, size + 1, name="readout")

        inputs = keras.Input((None, 2), dtype="int32", name="links")
        x, links = _features(link_embedding, destination_embedding, inputs)
        for layer in layers:
            x = layer(x)[0]
            if dropout:
                x = keras.layers.Dropout(dropout)(x)
        super().__init__(inputs, readout(x, links), layers, name)

        self.graph, self.candidates = graph, candidates
        self.embedding, self.dropout = embedding, dropout
        self.link_embedding, self.destination_embedding = link_embedding, destination_embedding
        self.readout = readout
        self._links_of_ids = links_of_ids(graph)

    def task_config(self):
        """The graph, the size of the vectors and the dropout."""
        return {
            "graph": self.graph.to_dict(),
            "embedding": self.embedding,
            "dropout": self.dropout,
        }

    def loss_and_metrics(self):
        """Nats per link."""
        return link_loss(), []

    def encode(self, inputs, states):
        """Vectors of links and destinations (batch, time, embedding + 1); the links."""
        return _features(self.link_embedding, self.destination_embedding, inputs)

    def decode(self, hidden, context):
        """Logits (batch, time, candidates)."""
        return self.readout(hidden, context), []

    def valid_steps(self, inputs):
        """Padding has the link -1."""
        return ops.greater_equal(inputs[:, :, 0], 0)

    def windows(self, trips, batch_size=None, seed=0, shuffle=True, known=0.5):
        """Batches of trips for `fit` and `evaluate`.

        Args:
            trips: `rnnzoo.datasets.streets.trips.Trips` through the model's graph.
            batch_size: int; None for 64, and for fewer where an epoch would have less than 50
                batches.
            seed: int, of the order of the trips and of the destinations that are known.
            shuffle: bool; False for `evaluate` and validation, the same batches each time.
            known: float, the share of trips whose destination the model is told.

        Returns:
            `TripBatches`.

        Raises:
            InputError: no trip, a batch size below 1, or a share outside 0 to 1.
        """
        return TripBatches(self.graph.successors(), trips, batch_size, seed, shuffle, 0, known)

    def with_graph(self, graph):
        """The model of another graph of the same city, with new links or without old ones.

        Links of the same id keep their weights. Those of a new link start as the mean of its
        neighbours', the links before and after it; their number is reported in one line on
        standard error.

        Returns:
            A new `PathPredictor`, compiled by `compile_default`; this model if the graph is equal.

        Raises:
            InputError: no link has an id of the model's graph.
        """
        return graph_change.changed(self, _graph(graph))

    def next(self, prefix, *, destination=None, top=None):
        """What can follow a path, the most probable first.

        Args:
            prefix: list of str, ids of links, each of which can follow the one before it; or one.
            destination: str, the id of the last link of the trip; None if it is not known.
            top: int, how many to return; None for all.

        Returns:
            list of `NextLink`: `link` an id or None, the end of the path; `name` of the street;
            `probability`.

        Raises:
            InputError: names the link or step that the graph does not have.
        """
        top = len(self.candidates) if top is None else whole("top", top)
        path, goal = self._links(prefix), self._destination(destination)
        (links,) = continuation.following(self, [path], np.array([goal]))
        return links[:top]

    def predict_path(self, prefix, steps=None, *, destination=None):
        """Continues a path with the most probable link after each, until its end.

        Args:
            prefix, destination: as for `next`.
            steps: int, links to append at most; None for 1,000.

        Returns:
            list of str, ids of links, beginning with the prefix.

        Raises:
            InputError: as `next`, or `steps` is below 1.
        """
        return self._continued(prefix, 1, steps, destination, None, 0.0)[0]

    def sample(self, prefix, n=1, *, steps=None, destination=None, temperature=1.0, seed=None):
        """Draws continuations of a path, each until its end.

        Args:
            prefix, steps, destination: as for `predict_path`.
            n: int, paths to draw, 100,000 at most.
            temperature: float above 0; below 1 more conservative, above 1 more random.
            seed: int or None; the same seed draws the same paths.

        Returns:
            list of list of str.

        Raises:
            InputError: as `predict_path`, or for `n`, the temperature or the seed.
        """
        n = _at_most("n", n, MOST_SAMPLES)
        if not is_number(temperature) or temperature <= 0:
            raise InputError(f"temperature={shown(temperature)}: give a number above 0")
        seed = None if seed is None else whole("seed", seed, 0)
        return self._continued(prefix, n, steps, destination, seed, temperature)

    def route(self, prefix, destination, *, beams=64):
        """The most probable path to a destination that a beam search finds.

        Only links from which the destination can still be reached are followed, so the path leads
        there whenever there is a way.

        Args:
            prefix: list of str, ids of the first links, or one: the origin.
            destination: str, the id of a link.
            beams: int, paths that are kept per step, 4096 at most; more are slower, and miss less.

        Returns:
            list of str, ids of links, beginning with the prefix and ending with `destination`.

        Raises:
            InputError: as `next`, or there is no way to the destination.
        """
        if destination is None:
            raise InputError("the destination is None: give the id of a link")
        path, goal = self._links(prefix), self._destination(destination)
        beams = _at_most("beams", beams, MOST_BEAMS)
        (links,) = beam_search.routes(self, [path], np.array([goal]), beams)
        if links is None:
            raise InputError(
                f"there is no way from {shown(self.graph.ids[path[-1]])} to {shown(destination)}: "
                "give a link that can be reached along the graph's one-way links"
            )
        return [self.graph.ids[link] for link in links]

    def log_likelihood(self, path, *, destination=None, end=True):
        """The log-probability of a path after its first link.

        Args:
            path: list of str, ids of links.
            destination: as for `next`.
            end: bool, whether the path ends with its last link.

        Returns:
            float, nats; 0 for a single link that need not be the last.

        Raises:
            InputError: as `next`.
        """
        links = np.array(self._links(path), "int32")
        trips = TripBatches.trips_of([links])
        p = continuation.log_probabilities(self, trips, self._destination(destination))
        return float(p.sum() if end else p[:-1].sum())

    def _continued(self, prefix, n, steps, destination, seed, temperature):
        steps = continuation.MOST_STEPS if steps is None else whole("steps", steps)
        path, goal = self._links(prefix), self._destination(destination)
        drawn = continuation.continued(self, [path] * n, [goal] * n, steps, seed, temperature)
        return [[self.graph.ids[link] for link in [*path, *rest]] for rest in drawn]

    def _links(self, prefix):
        """list of int, the indices of a path's links."""
        ids = [prefix] if isinstance(prefix, str) else prefix
        if not isinstance(ids, list | tuple) or not all(isinstance(link, str) for link in ids):
            raise InputError(f"the path is {shown(prefix)}: give a list of str, ids of links")
        return self._links_of_ids("the path", list(ids))

    def _destination(self, destination):
        if destination is None:
            return UNKNOWN
        if not isinstance(destination, str):
            raise InputError(f"the destination is {shown(destination)}: give the id of a link")
        return self._links_of_ids(DESTINATION, [destination])[0]


def _graph(graph):
    if isinstance(graph, StreetGraph):
        return graph
    if not isinstance(graph, dict):
        raise InputError(f"the graph is {shown(graph)}: give a StreetGraph")
    return StreetGraph.from_dict(graph)


def _at_most(name, value, most):
    if whole(name, value) > most:
        raise InputError(f"{name} is {value}: give {most} at most")
    return int(value)


def link_loss():
    """Mean nats per link, without padding."""
    return keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=-1)


def _features(link_embedding, destination_embedding, inputs):
    """(vectors (batch, time, embedding + 1), links (batch, time)) of inputs (batch, time, 2)."""
    links, destinations = inputs[:, :, 0], inputs[:, :, 1]
    known = ops.maximum(links, 0)  # padding reads the first row
    x = link_embedding(known) + destination_embedding(destinations + 1)
    arrived = ops.cast(ops.equal(links, destinations), x.dtype)
    return ops.concatenate([x, ops.expand_dims(arrived, -1)], axis=-1), known
