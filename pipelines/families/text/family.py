"""What the pipeline asks of the text models."""

import hashlib

from rnnzoo.datasets.char_text.load import text_sha256
from rnnzoo.datasets.char_text.sources import SOURCES
from rnnzoo.datasets.common.atomic_write import atomic_file
from rnnzoo.datasets.text.reader import read_text
from rnnzoo.pipelines.core.families import stages_of
from rnnzoo.pipelines.families.text import data_stages, model_stages
from rnnzoo.pipelines.families.text.model_stages import pushed as pushed
from rnnzoo.text.recipe import complete as complete

STAGES = stages_of(data_stages, model_stages)

DATA = "text"


def own_data(settings):
    """(name, sha256) of the recipe's text."""
    return settings["data"], text_sha256(settings["data"])


def given_data(path, settings):
    """(name, sha256) of the text in a user's file, which is kept in the cache.

    Raises:
        InputError: it cannot be read.
    """
    del settings
    text = read_text(path).encode()
    sha256 = hashlib.sha256(text).hexdigest()
    with atomic_file(data_stages.given_text_path(sha256)) as partial, open(partial, "wb") as file:
        file.write(text)
    # Not the file's name: the same text under another is the same data.
    return f"text-{sha256[:16]}", sha256


def source(settings):
    """Where the recipe's text comes from, for the card."""
    known = SOURCES.get(settings["data"])
    return {
        "url": known.url if known else "embedded in the package",
        "licence": known.licence if known else "public domain",
    }


def data_sha256(card):
    """The sha256 of the text that a card's model learned from."""
    return card["data"]["sha256_of_text"]
