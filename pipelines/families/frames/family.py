"""What the pipeline asks of the frame models."""

import hashlib
import json

import numpy as np

from rnnzoo.datasets.common.atomic_write import atomic_file
from rnnzoo.datasets.frames.reader import read_frames
from rnnzoo.datasets.frames.splits import split_frames
from rnnzoo.frames.recipe import complete as complete
from rnnzoo.pipelines.core.families import stages_of
from rnnzoo.pipelines.families.frames import data_stages, model_stages
from rnnzoo.pipelines.families.frames.model_stages import pushed as pushed

STAGES = stages_of(data_stages, model_stages)

DATA = "frames"


def own_data(settings):
    """(name, sha256 of the simulator's settings) of the recipe's balls."""
    from rnnzoo.datasets.bouncing_balls.bouncing_balls_dataset_builder import Builder
    from rnnzoo.datasets.bouncing_balls.load import configuration

    name = settings["data"]
    config = configuration(name)
    fields = ("simulator", "balls", "size", "settings", "sequences", "steps", "seed")
    asked = {field: getattr(config, field) for field in fields}
    identity = json.dumps([asked, str(Builder.VERSION)], sort_keys=True)
    return name, hashlib.sha256(identity.encode()).hexdigest()


def given_data(path, settings):
    """(name, sha256) of a user's frames, which are kept in the cache.

    Raises:
        InputError: they cannot be read, or they are too few.
    """
    del settings
    frames = read_frames(path)
    split_frames(frames)  # says at once whether they are enough
    sha256 = sha256_of(frames)
    with atomic_file(data_stages.given_frames_path(sha256)) as partial, open(partial, "wb") as file:
        np.save(file, frames)
    # Not the file's name: the same frames under another are the same data.
    return f"frames-{sha256[:16]}", sha256


def sha256_of(frames):
    """sha256 of an array's shape and values."""
    sha = hashlib.sha256(json.dumps(frames.shape).encode())
    sha.update(np.ascontiguousarray(frames).tobytes())
    return sha.hexdigest()


def source(settings):
    """Where the recipe's frames come from, for the card."""
    del settings
    return {"url": "simulated: rnnzoo.datasets.bouncing_balls", "licence": "Apache-2.0"}


def data_sha256(card):
    """The sha256 of the frames that a card's model learned from, or of their simulator."""
    return card["data"]["sha256"]
