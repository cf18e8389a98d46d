"""Changes the graph of a path predictor, with its weights."""

import sys

import keras
import numpy as np

from rnnzoo.datasets.common.errors import InputError, shown


def changed(model, graph):
    """See `PathPredictor.with_graph`."""
    if graph.to_dict() == model.graph.to_dict():
        return model
    old = model.graph.index
    source = np.array([old.get(link, -1) for link in graph.ids])
    known = source >= 0
    if not known.any():
        raise InputError(
            f"no link has an id of the model's graph, such as {shown(model.graph.ids[0])}: "
            "give a graph of the same city, or train a model of this one"
        )
    other = model.reconfigured(graph=graph.to_dict())
    weights = {id(v) for v in _of_links(model)}
    for before, after in zip(model.weights, other.weights, strict=True):
        if id(before) not in weights:
            after.assign(before)
    neighbours = _neighbours(graph, known)
    for (before, first), (after, _) in zip(_tables(model), _tables(other), strict=True):
        rows, links = keras.ops.convert_to_numpy(before), slice(first, first + len(model.graph))
        of_links = _carried(rows[links], source, neighbours)
        after.assign(np.concatenate([rows[:first], of_links, rows[links.stop :]]))
    _carry_biases(model, other, source)
    new, gone = int((~known).sum()), len(model.graph) - int(known.sum())
    print(
        f"graph: {int(known.sum())} links keep their weights, {new} new, {gone} gone",
        file=sys.stderr,
    )
    return other.compile_default()


def _tables(model):
    """(weight (rows, units), index of the row of link 0) of the weights with a row per link."""
    return [
        (model.link_embedding.embeddings, 0),
        (model.destination_embedding.embeddings, 1),
        (model.readout.kernel, 0),
    ]


def _of_links(model):
    return [*(weight for weight, _ in _tables(model)), model.readout.bias]


def _neighbours(graph, known):
    """dict from each new link to the known links before and after it; all, where there are none."""
    starts, ends = graph.starts, graph.ends
    return {
        link: np.flatnonzero(known & ((starts == ends[link]) | (ends == starts[link])))
        for link in np.flatnonzero(~known).tolist()
    }


def _carried(rows, source, neighbours):
    """The rows of the new links, from the rows of the old ones: their own, or a mean."""
    known, table = np.flatnonzero(source >= 0), np.empty((len(source), rows.shape[1]), rows.dtype)
    table[known] = rows[source[known]]
    for link, near in neighbours.items():
        table[link] = table[near if len(near) else known].mean(axis=0)
    return table


def _carry_biases(model, other, source):
    """The biases of steps that both graphs have; those of new ones are zero."""
    before, old = keras.ops.convert_to_numpy(model.readout.bias), model.candidates
    bias = np.zeros(other.candidates.shape, before.dtype)
    classes = np.append(source, len(model.graph))  # the end is a class after the links
    for link in np.flatnonzero(source >= 0).tolist():
        of = dict(zip(old[source[link]].tolist(), before[source[link]], strict=True))
        of[-1] = 0.0  # a new link, or padding
        for column, candidate in enumerate(other.candidates[link].tolist()):
            if candidate >= 0:
                bias[link, column] = of.get(int(classes[candidate]), 0.0)
    other.readout.bias.assign(bias)
