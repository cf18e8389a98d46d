"""Free runs: paths that are continued without the truth, against the trips that they began as."""

import numpy as np

from rnnzoo.streets.continuation import continued


def free_runs(model, trips, seeds):
    """How a model continues the first links of trips.

    Args:
        model: `PathPredictor`.
        trips: `Trips`.
        seeds: int, links of each trip that the model reads.

    Returns:
        list of list of int, the links after them, as many as the trip has at most; None for a trip
        without links after them.
    """
    rows, runs = np.flatnonzero(trips.lengths > seeds), [None] * len(trips)
    if not len(rows):
        return runs
    paths = [trips[row][:seeds].tolist() for row in rows]
    longest = int(trips.lengths.max()) - seeds
    for row, run in zip(rows, continued(model, paths, [-1] * len(rows), longest), strict=True):
        runs[row] = run[: int(trips.lengths[row]) - seeds]
    return runs


def figures(runs, trips, seeds):
    """How far free runs agree with trips.

    Args:
        runs: as `free_runs` returns them, of any model.
        trips: `Trips`.
        seeds: int.

    Returns:
        dict: `same_index`, the share of links after the seeds that the run has at the same index;
        `on_path`, the share of them that it has at any index, for a run may be shifted in time;
        `whole`, the share of trips that it equals; `recovered`, the share of runs with a wrong
        link that come back to a link of the trip that lies ahead; and `links_to_recover`, the mean
        number of links until then, 0 where the run skips links. The last is NaN where none does.
        A run that ends too early is wrong.
    """
    right = on_path = steps = whole = wrong = 0
    lengths = []
    for run, trip in zip(runs, trips, strict=True):
        if run is None:
            continue
        truth = trip[seeds:].tolist()
        agree = [a == b for a, b in zip(run, truth, strict=False)]
        steps, right = steps + len(truth), right + sum(agree)
        on_path += sum(link in run for link in truth)
        if run == truth:
            whole += 1
            continue
        wrong += 1
        first = agree.index(False) if False in agree else len(run)  # else it ends too early
        ahead = set(truth[first:])
        back = next((i for i, link in enumerate(run[first:]) if link in ahead), None)
        if back is not None:
            lengths.append(back)
    runs = sum(run is not None for run in runs)
    return {
        "same_index": right / max(steps, 1),
        "on_path": on_path / max(steps, 1),
        "whole": whole / max(runs, 1),
        "recovered": len(lengths) / max(wrong, 1),
        "links_to_recover": float(np.mean(lengths)) if lengths else float("nan"),
    }


def random_runs(graph, trips, seeds, seed):
    """As `free_runs`, of a random choice that avoids loops."""
    from rnnzoo.baselines.street_walks import random_walk

    random, runs = np.random.default_rng(seed), []
    for trip in trips:
        steps = len(trip) - seeds
        runs.append(random_walk(graph, trip[:seeds], steps, random)[seeds:] if steps > 0 else None)
    return runs


def by_length(trips, hits, bounds):
    """The accuracy of trips by their number of links.

    Args:
        trips: `Trips`.
        hits: bool array (steps of all trips,), see `rnnzoo.streets.continuation.step_figures`.
        bounds: list of int, the first length of each class of lengths, ascending; shorter trips
            are in the first.

    Returns:
        list of float, one per class; NaN for one without trips.
    """
    length = np.repeat(trips.lengths, trips.lengths)
    group = np.maximum(np.searchsorted(bounds, length, side="right") - 1, 0)
    return [
        float(hits[group == i].mean()) if (group == i).any() else float("nan")
        for i in range(len(bounds))
    ]
