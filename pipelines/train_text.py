"""`rnnzoo train`: from a recipe to a pushed text model, every seed of it."""

import hashlib
import json

from rnnzoo.datasets.char_text.load import load_char_text
from rnnzoo.datasets.folders import cache_dir
from rnnzoo.datasets.sources import SOURCES
from rnnzoo.pipelines.evaluator import nats, ngram_nats
from rnnzoo.pipelines.pusher import push, writable
from rnnzoo.pipelines.text_card import over_seeds, text_card
from rnnzoo.pipelines.trainer import train
from rnnzoo.registry import recipe

# Part of a run's identity: raise it when the code below makes another model of the same recipe.
TRAINER_VERSION = 1

# What a recipe says beside how to train.
WORDS = {"task", "title", "paper", "limits", "seeds"}

# Characters of the validation split whose logits are kept as golden outputs.
GOLDEN = 64


def train_text(name, root):
    """Trains all seeds of a recipe and pushes the first one's model.

    Args:
        name: str, a model with a recipe.
        root: folder of models to push to.

    Returns:
        (Path of the artifact, dict card).

    Raises:
        InputError: unknown model, no data, or a folder that cannot be written to.
    """
    settings = recipe(name)
    root = writable(root)
    text = load_char_text(settings["data"])
    figures = {key: value for key, value in settings.items() if key not in WORDS}
    identity = json.dumps([name, figures, text.train, TRAINER_VERSION], sort_keys=True)
    work = cache_dir() / "runs" / f"{name}-{hashlib.sha256(identity.encode()).hexdigest()[:16]}"

    shipped, by_seed = None, {}
    for seed in settings["seeds"]:
        model = train(name, settings, text, seed, work)
        by_seed[str(seed)] = nats(model, text)
        shipped = shipped or model
    source = SOURCES.get(settings["data"])
    card = text_card(
        name,
        settings["title"],
        shipped,
        text,
        {
            "url": source.url if source else "embedded in the package",
            "licence": source.licence if source else "public domain",
        },
        licence="Apache-2.0",
        limits=settings["limits"],
        paper=settings["paper"],
        recipe=settings,
        command=f"rnnzoo train {name}",
        metrics={
            "unit": "nats a character",
            **by_seed[str(settings["seeds"][0])],
            "seed": settings["seeds"][0],
            "by_seed": by_seed,
            "over_seeds": over_seeds(by_seed),
        },
        baselines={"ngram": ngram_nats(text)},
    )
    golden = text.vocabulary.encode(text.validation[:GOLDEN])[None]
    return push(shipped, card, golden, root)
