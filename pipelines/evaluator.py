"""Judges a text model and the n-grams beside it, on the same characters."""

from rnnzoo.baselines.ngram import NGram

SPLITS = ("validation", "test")
ORDERS = range(2, 9)


def nats(model, text):
    """Nats a character of the model: dict from split name to float."""
    return {split: model.nats_per_character(getattr(text, split)) for split in SPLITS}


def ngram_nats(text):
    """Nats a character of interpolated Kneser-Ney n-grams fitted on the training split.

    Returns:
        list of dict, one an order: `order`, `validation`, `test`.
    """
    ids = {split: text.vocabulary.encode(getattr(text, split)) for split in ("train", *SPLITS)}
    model = NGram(ids["train"], len(text.vocabulary), max(ORDERS))
    rows = {split: model.nats_per_character(ids[split]) for split in SPLITS}
    return [
        {"order": order, **{split: float(rows[split][order - 1]) for split in SPLITS}}
        for order in ORDERS
    ]
