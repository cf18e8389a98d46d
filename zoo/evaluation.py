"""What an evaluation of any family returns."""

import statistics
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Evaluation:
    """The figures of models and baselines on the held-out splits; of figures less is better.

    Args:
        figures: dict from seed (str), the shipped one first, to dict from split to float.
        checks: list of (str, float, float): a baseline, its figure on validation, and the figure
            that the shipped model's has to stay below.
        baselines: dict, the card's field of that name.
        metrics: dict, further entries of the card's field `metrics`.
        details: dict from seed or baseline to a dict of further figures of the test split, which
            `rnnzoo evaluate --json` prints.
    """

    figures: dict
    checks: list
    baselines: dict
    metrics: dict = field(default_factory=dict)
    details: dict = field(default_factory=dict)


def over_seeds(by_seed):
    """Mean and sample standard deviation over seeds; the deviation of a single seed is None.

    Args:
        by_seed: dict from seed to dict from metric to a figure; the metrics of all seeds are alike.

    Returns:
        dict from metric to dict of `mean` and `standard_deviation`.
    """
    summary = {}
    for metric in next(iter(by_seed.values())):
        figures = [row[metric] for row in by_seed.values()]
        spread = statistics.stdev(figures) if len(figures) > 1 else None
        summary[metric] = {"mean": statistics.mean(figures), "standard_deviation": spread}
    return summary


def is_better(before, after):
    """Whether a figure, of which less is better, has fallen; one that is no number has not."""
    return after < before


def verdict(metrics):
    """Whether fine-tuning helped, by the figures on the test split, in one line.

    Args:
        metrics: dict, the card's field of a fine-tuned model: `unit`, `test`, and `before` with the
            figures of the model that it started from.

    Example:

    >>> verdict({"unit": "error rate", "test": 0.73, "before": {"test": 0.713}})
    'did not help: 0.7130 before, 0.7300 after (error rate on the test split)'
    """
    before, after = metrics["before"]["test"], metrics["test"]
    word = "helped" if is_better(before, after) else "did not help"
    digits = 4
    while before != after and digits < 8 and f"{before:.{digits}g}" == f"{after:.{digits}g}":
        digits += 1
    figures = f"{before:#.{digits}g} before, {after:#.{digits}g} after"
    return f"{word}: {figures} ({metrics['unit']} on the test split)"
