"""Nats per link by length and destination of the trip, and by the choice, beside a chain's."""

import numpy as np

from rnnzoo.baselines.street_chains import StreetChains
from rnnzoo.datasets.common.splits import EVALUATED
from rnnzoo.evaluation_rows import binned, merged_rows
from rnnzoo.streets.continuation import log_probabilities

LENGTHS = (1, 6, 11, 21, 41)  # fewest links of the trips of a slice
CHOICES = (0, 1, 2, 3, 4)  # outgoing links
DESTINATIONS = 8  # the most frequent ones of the training split; the others are one slice
FOLLOWS = ("a link", "the end of the path")


def rows(model, graph, trips):
    """Yields the rows of `rnnzoo.pipelines.core.family.Family.evaluation_rows`.

    The baseline is the chain of the order with the lowest loss on the validation split.

    Args:
        model: `PathPredictor`.
        graph: `StreetGraph`.
        trips: dict from split to `Trips`.
    """
    chains = StreetChains(graph.successors(), trips["train"])
    of_chains = {split: [nats for nats, _ in chains.losses(trips[split])] for split in EVALUATED}
    best = int(np.argmin([nats.mean() for nats in of_chains["validation"]]))
    ends = trips["train"].links[trips["train"].offsets[1:] - 1]
    goals, counts = np.unique(ends, return_counts=True)
    goals = goals[np.argsort(-counts, kind="stable")][:DESTINATIONS]
    for split in EVALUATED:
        losses = -log_probabilities(model, trips[split])
        baselines = {f"chain of order {best + 1}": of_chains[split][best]}
        slices = dimensions(graph, trips[split], goals)
        yield from merged_rows(split, slices, losses, baselines=baselines)


def dimensions(graph, trips, goals):
    """The dimensions of the links of trips, as `merged_rows` takes them.

    Args:
        graph: `StreetGraph`.
        trips: `Trips`.
        goals: int array, the links whose trips are a slice each.
    """
    lengths, ends = trips.lengths, trips.offsets[1:] - 1
    last = trips.links[ends]
    goal = np.full(len(graph), len(goals))
    goal[goals] = np.arange(len(goals))
    labels = [f"{graph.ids[link]} {graph.names[link]}".strip() for link in goals]
    follows = np.zeros(len(trips.links), int)
    follows[ends] = 1
    outgoing = (graph.successors() >= 0).sum(axis=1)
    return {
        "links of the trip": binned(np.repeat(lengths, lengths), LENGTHS),
        "destination": ([*labels, "other"], np.repeat(goal[last], lengths)),
        "outgoing links": binned(outgoing[trips.links], CHOICES),
        "what follows": (list(FOLLOWS), follows),
    }
