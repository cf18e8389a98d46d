"""Paths through Shanghai: recurrent networks against chains, by seed links, length and split."""

import time

from rnnzoo.pipelines.experiments.harness.experiment import Arm, Experiment, Measure

# Those of shanghai-*.
SETTINGS = {
    "units": 128, "layers": 1, "embedding": 64, "dropout": 0.3, "known": 0.5, "batch_size": 64,
    "epochs": 10, "learning_rate": 0.004, "clip_norm": 1.0, "noise_std": 0.0,
    "interval_weight": 0.0, "rms_weight": 0.0,
}  # fmt: skip
NETWORKS = ("rnn", "lstm", "gru")
SPLITS = ("trip", "distinct")
ORDERS = (4, 6, 8)  # of chains: the least loss, and the highest accuracy of either split
SEEDS = (2, 3, 4, 5, 6)  # links that a model reads, as the nodes of [TH] table 6.1
LENGTHS = (0, 18, 23)  # the first length of short, middle and long trips, a third each
QUICK_EPOCHS, QUICK_TRIPS = 1, 300


def load(phase):
    """Returns (training, held out), each a dict from split to (`StreetGraph`, `Trips`).

    Args:
        phase: `"test"`, or `"validation"`.
    """
    from rnnzoo.datasets.street_paths.load import load_street_paths

    return tuple(
        {by: load_street_paths("shanghai", part, by) for by in SPLITS} for part in ("train", phase)
    )


def run(settings, seed, train, held_out, quick):
    """The figures of one model on one split; those of chains depend on no seed."""
    import numpy as np

    graph, trips = train[settings["split"]]
    _, test = held_out[settings["split"]]
    if quick:
        trips, test = (
            part.select(np.arange(min(QUICK_TRIPS, len(part)))) for part in (trips, test)
        )
    if "order" in settings:
        results = _chain(settings, graph, trips, test)
    elif "shortest" in settings:
        results = _shortest(graph, test)
    elif "random" in settings:
        results = _random(graph, test, seed)
    else:
        results = _network(settings, seed, graph, trips, test, quick)
    accuracy = results.get("accuracy", results.get("known_accuracy"))
    return {"error": 100 - accuracy, **results}


def _network(settings, seed, graph, trips, test, quick):
    from rnnzoo.pipelines.experiments.studies.common.trained_model import trained
    from rnnzoo.pipelines.families.streets.family import STREETS
    from rnnzoo.pipelines.families.streets.street_data import StreetData
    from rnnzoo.streets.continuation import step_figures
    from rnnzoo.streets.evaluation import route_row, step_row
    from rnnzoo.streets.free_run import by_length, free_runs
    from rnnzoo.streets.free_run import figures as of_runs

    settings = {**settings, "epochs": QUICK_EPOCHS} if quick else settings
    data = StreetData("street-paths", "", graph, {"train": trips})
    began = time.perf_counter()
    model = trained(STREETS, "street-paths", settings, data, seed)
    seconds = time.perf_counter() - began
    (p, hits), known = step_figures(model, test), step_row(model, test, known=True)
    runs = {seeds: of_runs(free_runs(model, test, seeds), test, seeds) for seeds in SEEDS}
    return {
        "nats": float(-p.mean()),
        "accuracy": 100 * float(hits.mean()),
        "by_length": [100 * share for share in by_length(test, hits, LENGTHS)],
        "known": known["nats"],
        "known_accuracy": 100 * known["accuracy"],
        **_routes(route_row(model, test)),
        **_runs(runs),
        "training": seconds,
    }


def _routes(row):
    return {f"route_{name}": 100 * value for name, value in row.items()}


def _runs(runs):
    """Lists with an entry per number of seeds."""
    names = next(iter(runs.values()))
    return {
        name: [
            row[name] if name == "links_to_recover" else 100 * row[name] for row in runs.values()
        ]
        for name in names
    }


def _chain(settings, graph, trips, test):
    import numpy as np

    from rnnzoo.baselines.street_chains import StreetChains
    from rnnzoo.datasets.streets.next_links import next_columns
    from rnnzoo.streets.free_run import by_length

    successors, order = graph.successors(), settings["order"]
    chains = StreetChains(successors, trips, order, start=settings["start"])
    *_, p = chains.distributions(test)
    columns = next_columns(successors, test)
    hits = p.argmax(axis=1) == columns
    return {
        "nats": float(-np.log(p[np.arange(len(p)), columns]).mean()),
        "accuracy": 100 * float(hits.mean()),
        "by_length": [100 * share for share in by_length(test, hits, LENGTHS)],
    }


def _shortest(graph, test):
    from rnnzoo.baselines.street_routes import ShortestRoutes, overlap

    routes = ShortestRoutes(graph)
    return {
        "known_accuracy": 100 * routes.accuracy(test),
        **_routes(overlap(routes.routes(test), test)),
    }


def _random(graph, test, seed):
    from rnnzoo.baselines.street_walks import expected_accuracy
    from rnnzoo.streets.free_run import figures, random_runs

    runs = {seeds: figures(random_runs(graph, test, seeds, seed), test, seeds) for seeds in SEEDS}
    return {"accuracy": 100 * expected_accuracy(graph, test), **_runs(runs)}


def _arms(split):
    def arm(name, settings):
        control = f"{split}: rnn"
        named = f"{split}: {name}"
        return Arm(named, ({"split": split, **settings},), None if named == control else control)

    yield from (arm(name, {"architecture": name, **SETTINGS}) for name in NETWORKS)
    for start, suffix in ((False, ""), (True, ", start known")):
        for order in ORDERS:
            yield arm(f"chain of order {order}{suffix}", {"order": order, "start": start})
    yield arm("shortest route", {"shortest": True})
    yield arm("random choice", {"random": True})


def _value(key, index=None):
    """The function of a `Measure`; NaN for an arm that has no such result."""

    def of(cell, _):
        value = cell.get(key, float("nan"))
        return value[index] if isinstance(value, list) and index is not None else value

    return of


MEASURES = (
    Measure("loss", "nats per link", "lower", _value("nats")),
    Measure("accuracy", "%", "higher", _value("accuracy")),
    *(
        Measure(f"accuracy, {title} trips", "%", "higher", _value("by_length", index))
        for index, title in enumerate(("short", "middle", "long"))
    ),
    Measure("loss, destination known", "nats per link", "lower", _value("known")),
    Measure("accuracy, destination known", "%", "higher", _value("known_accuracy")),
    Measure("routes, precision", "%", "higher", _value("route_precision")),
    Measure("routes, recall", "%", "higher", _value("route_recall")),
    Measure("routes, identical", "%", "higher", _value("route_identical")),
    *(
        Measure(f"free run after {seeds} links, {title}", unit, better, _value(key, index))
        for key, title, unit, better in (
            ("same_index", "same index", "%", "higher"),
            ("on_path", "on the path", "%", "higher"),
            ("recovered", "recovered", "%", "higher"),
            ("links_to_recover", "links to recover", "", "lower"),
        )
        for index, seeds in enumerate(SEEDS)
    ),
    Measure("training", "s", "lower", _value("training")),
)

EXPERIMENT = Experiment(
    name="street-paths",
    title="The next street of real trips",
    question="Do recurrent networks predict the next link of taxi trips better than chains, how "
    "does the number of seed links matter, and is a simple RNN as good as an LSTM?",
    source="[TH] section 6.2: on walkers in Turin, whose data cannot be had, the predicted path is "
    "the true one with 6 nodes or more for seed, and shifted in time with fewer; wrong nodes are "
    "recovered, where a random choice diverges; a simple RNN is preferred for its speed.",
    arms=tuple(arm for split in SPLITS for arm in _arms(split)),
    seeds=(1, 2, 3, 4, 5),
    choice_seeds=(),
    criterion="error",
    measures=MEASURES,
    load=load,
    run=run,
    version=1,
)
