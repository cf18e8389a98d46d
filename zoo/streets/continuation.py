"""Reads paths with a model, and continues them link by link."""

from dataclasses import dataclass

import numpy as np
from keras import ops

from rnnzoo.datasets.streets.next_links import next_columns

MOST_STEPS = 1000  # links that a path is continued by, where nothing else is asked for
BLOCK = 16  # paths are padded to multiples of so many links, which bounds the shapes to trace
TRIPS = 256  # trips that are evaluated at once: bounds memory


@dataclass(frozen=True)
class NextLink:
    """What can follow a path.

    Args:
        link: str, the id of a link; None for the end of the path.
        name: str, of the street; empty where it is not known.
        probability: float.
    """

    link: str | None
    name: str
    probability: float


def log_softmax(logits):
    """float64 log-probabilities of logits (..., candidates)."""
    logits = np.asarray(logits, "float64")
    logits = logits - logits.max(axis=-1, keepdims=True)
    return logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))


def padded(paths, destinations):
    """int32 array (paths, time, 2) of paths, as the model reads them.

    Args:
        paths: list of sequences of indices of links.
        destinations: int array (paths,), -1 where unknown.
    """
    longest = -(-max(map(len, paths)) // BLOCK) * BLOCK
    inputs = np.full((len(paths), longest, 2), -1, "int32")
    for row, path in enumerate(paths):
        inputs[row, : len(path), 0] = path
    inputs[:, :, 1] = np.asarray(destinations)[:, None]
    return inputs


def read(model, paths, destinations):
    """What the model predicts after whole paths.

    Args:
        model: `PathPredictor`.
        paths, destinations: as for `padded`.

    Returns:
        (logits (paths, candidates), states).
    """
    inputs = padded(paths, destinations)
    logits, states = model.compiled_advance(inputs, model.initial_states(len(paths)))
    last = np.array([len(path) - 1 for path in paths])
    return ops.convert_to_numpy(logits)[np.arange(len(paths)), last], states


def following(model, paths, destinations):
    """What can follow each of some paths, the most probable first.

    Args:
        model: `PathPredictor`.
        paths, destinations: as for `padded`.

    Returns:
        list per path of list of `NextLink`.
    """
    logits, _ = read(model, paths, destinations)
    graph, rows = model.graph, []
    for path, probabilities in zip(paths, np.exp(log_softmax(logits)), strict=True):
        columns = np.argsort(-probabilities, kind="stable")
        links = model.candidates[path[-1], columns]
        rows.append(
            [
                NextLink(None, "", float(p))
                if link == len(graph)
                else NextLink(graph.ids[link], graph.names[link], float(p))
                for link, p in zip(links, probabilities[columns], strict=True)
                if link >= 0
            ]
        )
    return rows


def continued(model, paths, destinations, steps, seed=None, temperature=0.0):
    """Links after paths, each until its end.

    Args:
        model: `PathPredictor`.
        paths, destinations: as for `padded`.
        steps: int, links at most.
        seed: int or None.
        temperature: float; 0 for the most probable link.

    Returns:
        list of list of int, the indices of the links after each path.
    """
    random, end, count = np.random.default_rng(seed), len(model.graph), len(paths)
    goals = np.asarray(destinations)
    logits, states = read(model, paths, goals)
    links, alive = np.array([path[-1] for path in paths]), np.ones(count, bool)
    drawn = [[] for _ in paths]
    for _ in range(steps):
        if temperature:
            columns = _drawn(logits, model.candidates[links] >= 0, temperature, random)
        else:
            columns = logits.argmax(axis=1)
        following = model.candidates[links, columns]
        alive &= following != end
        if not alive.any():
            break
        links = np.where(alive, following, links)
        for row in np.flatnonzero(alive):
            drawn[row].append(int(links[row]))
        inputs = np.stack([links, goals], axis=1).astype("int32")
        logits, states = model.compiled_step(inputs, states)
        logits = ops.convert_to_numpy(logits)
    return drawn


def _drawn(logits, possible, temperature, random):
    """Columns (paths,), drawn from the softmax of logits / temperature."""
    logits = np.asarray(logits, "float64")
    with np.errstate(over="ignore"):  # of a tiny temperature: -inf has probability 0
        logits = (logits - logits.max(axis=1, keepdims=True)) / temperature
    p = np.where(possible, np.exp(logits), 0).cumsum(axis=1)
    return (p <= random.random((len(p), 1)) * p[:, -1:]).sum(axis=1)


def log_probabilities(model, trips, destinations=None):
    """Log-probabilities of what follows each link of trips, the ends of the paths included.

    Args:
        model: `PathPredictor`.
        trips: `Trips`.
        destinations: int or int array (trips,), -1 where unknown; None for all unknown.

    Returns:
        float64 array (steps of all trips,), nats.
    """
    return step_figures(model, trips, destinations)[0]


def step_figures(model, trips, destinations=None):
    """(log-probabilities, hits) of what follows each link of trips.

    Args:
        model, trips, destinations: as for `log_probabilities`.

    Returns:
        float64 array and bool array (steps of all trips,): whether the most probable follows.
    """
    goals = np.broadcast_to(-1 if destinations is None else destinations, len(trips))
    columns = next_columns(model.candidates[:, :-1], trips)
    nats, hits = np.empty(len(columns)), np.empty(len(columns), bool)
    order = np.argsort(trips.lengths, kind="stable")  # little padding
    size = min(TRIPS, 1 << (len(order) - 1).bit_length())
    for first in range(0, len(order), size):
        rows = order[first : first + size]
        inputs = padded([trips[row] for row in rows], goals[rows])
        # Always so many rows: another number would trace another graph.
        inputs = np.resize(inputs, (size, *inputs.shape[1:]))
        logits, _ = model.compiled_advance(inputs, model.initial_states(size))
        p = log_softmax(ops.convert_to_numpy(logits))
        for row, logs in zip(rows, p, strict=False):
            steps = slice(trips.offsets[row], trips.offsets[row + 1])
            logs, of = logs[: trips.lengths[row]], columns[steps]
            nats[steps] = logs[np.arange(len(of)), of]
            hits[steps] = logs.argmax(axis=1) == of
    return nats, hits
