"""What the pipeline asks of the imputers of music."""

from rnnzoo.audio.recipe import complete as complete
from rnnzoo.datasets.music.debian import debian_pieces
from rnnzoo.datasets.music.folder import music_pieces, split_pieces
from rnnzoo.datasets.music.sources import PACKAGES
from rnnzoo.pipelines.core.families import stages_of
from rnnzoo.pipelines.families.audio import data_stages, model_stages
from rnnzoo.pipelines.families.audio.given_pieces import kept_pieces
from rnnzoo.pipelines.families.audio.model_stages import pushed as pushed

STAGES = stages_of(data_stages, model_stages)

DATA = "music"


def own_data(settings):
    """(name, sha256) of the recipe's music.

    Raises:
        InputError: it cannot be had.
    """
    return settings["data"], kept_pieces(debian_pieces())


def given_data(path, settings):
    """(name, sha256) of a user's folder of music, split by piece and known to the cache.

    Raises:
        InputError: it is no folder, or has fewer than three files of music.
    """
    del settings
    sha256 = kept_pieces(split_pieces(music_pieces(path)))
    return f"music-{sha256[:16]}", sha256


def source(settings):
    """Where the recipe's music comes from, for the card, and whose it is."""
    del settings
    return {
        "url": ", ".join(one.url for one in PACKAGES.values()),
        "licence": "; ".join(f"{one.name}: {one.licence}" for one in PACKAGES.values()),
        "judged on": "six pieces of librosa, of no package",
    }


def data_sha256(card):
    """The sha256 of the music that a card's model learned from."""
    return card["data"]["sha256"]
