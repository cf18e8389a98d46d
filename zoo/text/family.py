"""Registers the text models."""

from rnnzoo.families import DataOption, FamilyEntry


def best_ngram(card):
    """The row of the n-grams that is best on the validation split, of a text model's card."""
    return min(card["baselines"]["ngram"], key=lambda row: row["validation"])


def headline(card):
    """Nats per character beside those of the best n-grams, in one line."""
    metrics, ngram = card["metrics"], best_ngram(card)
    before = f" (before: {metrics['before']['test']:.3f})" if "before" in metrics else ""
    return (
        f"test: {metrics['test']:.3f} nats per character{before}; "
        f"{ngram['order']}-grams {ngram['test']:.3f}"
    )


# The largest distance between splits of the data here is 0.01; English and Italian have 0.04.
THRESHOLDS = {"character": 0.03}

FAMILY = FamilyEntry(
    task="TextGenerator",
    task_class="rnnzoo.text.generator:TextGenerator",
    pipeline="rnnzoo.pipelines.families.text.family:TEXT",
    headline=headline,
    defaults={
        "drift": THRESHOLDS,
        "skew": THRESHOLDS,
        "dropout": 0.0,  # of the outputs of each recurrent layer
        "structure": "",  # "recipe": the share of samples with the parts of a recipe is measured
    },
    predict_options=(DataOption("per", "a record per file, or per line (file)", ("file", "line")),),
)
