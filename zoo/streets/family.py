"""Registers the path predictors."""

from rnnzoo.families import FamilyEntry


def headline(card):
    """Nats per link beside those of the best chain, in one line."""
    metrics, baselines = card["metrics"], card["baselines"]
    best = min((row for row in baselines if "nats" in row), key=lambda row: row["nats"]["test"])
    before = f" (before: {metrics['before']['test']:.3f})" if "before" in metrics else ""
    return (
        f"test: {metrics['test']:.3f} nats per link{before}; "
        f"{best['baseline']} {best['nats']['test']:.3f}"
    )


# Between splits of the trips here they are up to 0.02, between Shanghai and Bologna 0.4 and more.
THRESHOLDS = {"links": 0.1, "link": 0.1}

FAMILY = FamilyEntry(
    task="PathPredictor",
    task_class="rnnzoo.streets.path_predictor:PathPredictor",
    pipeline="rnnzoo.pipelines.families.streets.family:STREETS",
    headline=headline,
    defaults={
        "drift": THRESHOLDS,
        "skew": THRESHOLDS,
        "by": "trip",  # or "distinct": how trips are split, see `rnnzoo.datasets.streets.splits`
        "embedding": 64,  # the size of the vectors of links and of destinations
        "dropout": 0.0,  # of the outputs of each recurrent layer
        "known": 0.5,  # the share of trips whose destination is known in training
        "must_beat": 0,  # the order of the chain to be better than; 0: every chain
    },
)
