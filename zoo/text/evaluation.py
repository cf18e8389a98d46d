"""Evaluates text models and the n-grams beside them, on the same characters."""

import numpy as np

from rnnzoo.baselines.ngram import NGram
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.splits import EVALUATED
from rnnzoo.evaluation import Evaluation
from rnnzoo.text import cookbook, words

ORDERS = range(1, 9)


def evaluate(models, text, recipe):
    """Figures of models and n-grams.

    Args:
        models: dict from seed (str) to `TextGenerator`, the shipped one first.
        text: `CharText`.
        recipe: dict with `must_beat`, the order of the n-grams to be better than, and `structure`;
            None for a fine-tuned model, which need not be better.

    Returns:
        `Evaluation`.
    """
    ngrams = ngram_nats(text)
    checks, metrics = [], {}
    if recipe:
        order = recipe["must_beat"]
        limit = next(row["validation"] for row in ngrams if row["order"] == order)
        checks = [(f"{order}-grams", limit, limit)]
        if kind := recipe["structure"]:
            shipped = next(iter(models.values()))
            metrics = {"structure": {kind: structure(kind, shipped, text)}}
    figures = {seed: nats(model, text) for seed, model in models.items()}
    return Evaluation(figures, checks, {"ngram": ngrams}, metrics)


def nats(model, text):
    """Nats per character of the model: dict from split to float."""
    return {split: model.nats_per_character(getattr(text, split)) for split in EVALUATED}


def ngram_nats(text):
    """Nats per character of interpolated Kneser-Ney n-grams fitted on the training split.

    Returns:
        list of dict, one per order: `order`, `validation`, `test`.
    """
    rows = {split: losses.mean(axis=1) for split, losses in ngram_losses(text).items()}
    return [
        {"order": order, **{split: float(rows[split][order - 1]) for split in EVALUATED}}
        for order in ORDERS
    ]


def ngram_losses(text):
    """Nats of each character after the first, of the n-grams of `ngram_nats`.

    Returns:
        dict from split to float64 array (`ORDERS`, characters - 1).
    """
    ids = {split: text.vocabulary.encode(getattr(text, split)) for split in ("train", *EVALUATED)}
    model = NGram(ids["train"], len(text.vocabulary), max(ORDERS))
    return {split: -np.log(model.probabilities(ids[split])) for split in EVALUATED}


# Samples that are searched for the parts of a recipe: long enough for a whole recipe.
RECIPE_SAMPLES = {"prompt": "\n\n", "length": 3000, "temperature": 0.8, "seed": 1, "streams": 50}


def structure(kind, model, text):
    """The shares of samples, and of recipes of the training text, with each part of a recipe.

    Args:
        kind: str, `"recipe"`.
        model: `TextGenerator`.
        text: `CharText`.

    Returns:
        dict: the settings of the samples, and `share` and `share_in_training_text`, each from
        part to a float from 0 to 1.

    Raises:
        InputError: there is no such structure, or the text has no recipe.
    """
    if kind != "recipe":
        raise InputError(f"structure={kind!r}: choose 'recipe', or leave it out")
    own = cookbook.recipes(text.train)
    if not own:
        raise InputError(f"{text.name} has no recipes: leave structure out")
    return {
        **RECIPE_SAMPLES,
        "share": cookbook.shares(model.generate(**RECIPE_SAMPLES)),
        "share_in_training_text": cookbook.shares(own),
    }


# Samples whose words are counted: drawn from the model's own distribution.
WORD_SAMPLES = {"prompt": "\n", "length": 1000, "temperature": 1.0, "seed": 1, "streams": 50}


def word_share(model, text):
    """Share of the generated words that are in the training text, from 0 to 1."""
    return words.share_found(model.generate(**WORD_SAMPLES), text.train)
