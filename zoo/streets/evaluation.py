"""Evaluates path predictors and the baselines beside them on held-out trips."""

from rnnzoo.baselines.street_chains import StreetChains
from rnnzoo.baselines.street_routes import ShortestRoutes, overlap
from rnnzoo.baselines.street_walks import expected_accuracy
from rnnzoo.datasets.common.splits import EVALUATED
from rnnzoo.evaluation import Evaluation, over_seeds
from rnnzoo.streets import beam_search
from rnnzoo.streets.continuation import step_figures

BEAMS = 8  # of the routes that are evaluated


def evaluate(models, graph, trips, recipe):
    """Figures of models and baselines.

    Args:
        models: dict from seed (str) to `PathPredictor`, the shipped one first.
        graph: `StreetGraph`.
        trips: dict from split to `Trips`.
        recipe: dict with `must_beat`, the order of the chain to be better than on the validation
            split, 0 for every chain; None for a fine-tuned model, which need not be better.

    Returns:
        `Evaluation`; `metrics` has, of the test split, the accuracy, the figures with known
        destinations and those of whole routes, by seed and over seeds.
    """
    rows = baseline_rows(graph, trips)
    steps = {
        seed: {split: step_row(model, trips[split]) for split in EVALUATED}
        for seed, model in models.items()
    }
    figures = {seed: {s: row["nats"] for s, row in rows.items()} for seed, rows in steps.items()}
    by_seed = {
        seed: {s: row["accuracy"] for s, row in rows.items()} for seed, rows in steps.items()
    }
    tables = {"accuracy": {"by_seed": by_seed, "over_seeds": over_seeds(by_seed)}}
    for title, figures_of in (
        ("known_destination", lambda model: step_row(model, trips["test"], known=True)),
        ("routes", lambda model: route_row(model, trips["test"])),
    ):
        by_seed = {seed: figures_of(model) for seed, model in models.items()}
        tables[title] = {"by_seed": by_seed, "over_seeds": over_seeds(by_seed)}
    return Evaluation(figures, _checks(rows, recipe) if recipe else [], rows, {"tables": tables})


def _checks(rows, recipe):
    chains = {row["baseline"]: row["nats"]["validation"] for row in rows if "nats" in row}
    if order := recipe["must_beat"]:
        name = f"chain of order {order}"
    else:
        name = min(chains, key=chains.get)
    return [(name, chains[name], chains[name])]


def step_row(model, trips, known=False):
    """Figures of what the model predicts after each link.

    Args:
        model: `PathPredictor`.
        trips: `Trips`.
        known: bool, whether the model is told the last link of each trip.

    Returns:
        dict: `nats` per link, the ends of the paths included, and `accuracy`, the share of links
        after which the most probable is what follows.
    """
    goals = trips.links[trips.offsets[1:] - 1] if known else None
    p, hits = step_figures(model, trips, goals)
    return {"nats": float(-p.mean()), "accuracy": float(hits.mean())}


def route_row(model, trips):
    """`rnnzoo.baselines.street_routes.overlap` of the model's routes with trips, a dict."""
    origins, goals = ([[int(trip[0])] for trip in trips], trips.links[trips.offsets[1:] - 1])
    return overlap(beam_search.routes(model, origins, goals, BEAMS), trips)


def baseline_rows(graph, trips):
    """Figures of baselines fitted to the training split.

    Returns:
        list of dict: `baseline`, and by split `nats` or `accuracy` or both; `routes` of the test
        split.
    """
    rows = []
    for start, suffix in ((False, ""), (True, ", which knows the start")):
        chains = StreetChains(graph.successors(), trips["train"], start=start)
        by_split = {split: chains.evaluate(trips[split]) for split in EVALUATED}
        rows += [
            {
                "baseline": f"chain of order {order + 1}{suffix}",
                "nats": {split: by_split[split][order]["nats_per_link"] for split in EVALUATED},
                "accuracy": {split: by_split[split][order]["accuracy"] for split in EVALUATED},
            }
            for order in range(start, chains.order)  # order 1 knows no start
        ]
    shortest, test = ShortestRoutes(graph), trips["test"]
    rows.append(
        {
            "baseline": "shortest route to the known destination",
            "accuracy": {split: shortest.accuracy(trips[split]) for split in EVALUATED},
            "routes": overlap(shortest.routes(test), test),
        }
    )
    random = {split: expected_accuracy(graph, trips[split]) for split in EVALUATED}
    return [*rows, {"baseline": "random choice without loops", "accuracy": random}]
