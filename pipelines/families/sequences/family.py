"""What the pipeline asks of the sequence classifiers."""

from rnnzoo.datasets.common.atomic_write import atomic_file
from rnnzoo.datasets.common.source_registry import source_named
from rnnzoo.pipelines.core.families import stages_of
from rnnzoo.pipelines.families.sequences import data_stages, model_stages
from rnnzoo.pipelines.families.sequences.clips import given_clips, kept_clips, own_clips
from rnnzoo.pipelines.families.sequences.labelled import SPLITS, sha256_of, write_parts
from rnnzoo.pipelines.families.sequences.model_stages import pushed as pushed
from rnnzoo.sequences.recipe import complete as complete

STAGES = stages_of(data_stages, model_stages)

DATA = "sequences"


def own_data(settings):
    """(name, sha256) of the recipe's sequences.

    Raises:
        InputError: the videos of UCF-11 cannot be had.
    """
    if settings["sees"] == "video":
        return settings["data"], kept_clips(own_clips())
    return settings["data"], source_named(settings["data"]).sha256


def given_data(path, settings):
    """(name, sha256) of a user's skeletons or videos, as the recipe sees, known to the cache.

    Raises:
        InputError: they cannot be read, or a split has none.
    """
    if settings["sees"] == "video":
        sha256 = kept_clips(given_clips(path))
        return f"videos-{sha256[:16]}", sha256
    parts = given_skeletons(path)
    sha256 = sha256_of(parts)
    with atomic_file(data_stages.given_path(sha256)) as partial, open(partial, "wb") as file:
        write_parts(file, parts)
    # Not the file's name: the same sequences under another are the same data.
    return f"skeletons-{sha256[:16]}", sha256


def given_skeletons(path):
    """dict from split to `Labelled` of a folder or archive of skeleton files, split by subject.

    Raises:
        InputError: they cannot be read, or a split has none.
    """
    from rnnzoo.datasets.action3d.load import load_action3d

    return {split: data_stages.skeletons(load_action3d(split, path)) for split in SPLITS}


def source(settings):
    """Where the recipe's sequences come from, for the card."""
    found = source_named(settings["data"])
    return {"url": found.url, "licence": found.licence}


def data_sha256(card):
    """The sha256 of the sequences that a card's model learned from."""
    return card["data"]["sha256"]
