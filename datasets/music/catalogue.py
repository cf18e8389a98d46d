"""Collections of music by the name that a recipe gives them."""

from collections.abc import Callable
from dataclasses import dataclass

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.music.debian import debian_pieces
from rnnzoo.datasets.music.sources import PACKAGES


@dataclass(frozen=True)
class Collection:
    """Music to train on.

    Args:
        pieces: function that returns a dict from split to list of `Piece`.
        source: dict, a card's fields: `url`, `licence`, and what else there is to know.
    """

    pieces: Callable
    source: dict


COLLECTIONS = {
    "debian-music": Collection(
        debian_pieces,
        {
            "url": ", ".join(package.url for package in PACKAGES.values()),
            "licence": "; ".join(
                f"{name}: {package.licence}" for name, package in PACKAGES.items()
            ),
            "judged on": "six pieces of librosa, of no package",
        },
    ),
}


def collection(name):
    """The `Collection` of that name.

    Raises:
        InputError: there is none.
    """
    if name not in COLLECTIONS:
        raise InputError(f"unknown music {name!r}: choose one of {', '.join(COLLECTIONS)}")
    return COLLECTIONS[name]
