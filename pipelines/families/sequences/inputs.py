"""Kinds of training data of classifiers, the recipe's `sees`: skeletons, features, or videos.

The recipe's `data` is a folder of `rnnzoo.datasets` whose module `load` has `source()`, which
returns a `Source`, and `load_labelled()`, which returns a dict from split to `Labelled`; or, for
videos, `load_clips()`, which returns a dict from split to list of `Clip`; and `all_classes()`, a
list of str, if there are parts of it with fewer.
"""

import importlib

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.sequences.user_sequences import keep_sequences, read_sequences
from rnnzoo.pipelines.families.sequences import clips
from rnnzoo.sequences.readers import SkeletonReader, reader_of


class Skeletons:
    """Joints of skeletons; a user's files have the format of MSR Action3D, split by subject."""

    kind, plural = "skeletons", "skeletons"
    description = "joints of a skeleton, metres, y upward, float32 (batch, frames, 20, 3)"
    fixed_classes = True  # fine-tuning takes no new classes

    def own_sha256(self, data):
        """The sha256 of the recipe's `data`.

        Raises:
            InputError: there is no such data set, or it is not available.
        """
        return loader(data).source().sha256

    def keep(self, path):
        """The sha256 of a user's data, which is copied into the cache.

        Raises:
            InputError: it cannot be read, or a split has no example.
        """
        return keep_sequences(self.read(path)[0])

    def read(self, path, reader=None):
        """A user's data: (dict from split to `Labelled`, dict network), see `labelled_clips`.

        Args:
            path: str or path.
            reader: dict, the reader of the model that is fine-tuned; None if none is.

        Raises:
            InputError: as for `keep`.
        """
        from rnnzoo.datasets.action3d.load import load_labelled

        return load_labelled(path), {}

    def load(self, data, sha256, ingest):
        """As `read`, of the data whose sha256 `own_sha256` or `keep` returned.

        Args:
            data, sha256: str.
            ingest: dict, see `SequenceFamily.ingest_keys`.
        """
        parts = read_sequences(sha256)
        if parts is None:
            parts = loader(data).load_labelled()
        return parts, {}

    def reader(self, recipe, data):
        """The reader of a classifier, dict as `SequenceClassifier` takes it.

        Args:
            recipe: dict, complete.
            data: `rnnzoo.pipelines.families.sequences.dataset.SequenceData`.
        """
        optional = {key: recipe[key] for key in SkeletonReader.optional_features if key in recipe}
        return {"kind": self.kind, "steps": recipe["steps"], **optional}


class Features(Skeletons):
    """Feature sequences; a user's are a folder with a sub-folder of files per class."""

    kind, plural = "features", "features"
    description = "float32 features (batch, time, features)"
    fixed_classes = False

    def read(self, path, reader=None):
        """As `Skeletons.read`."""
        from rnnzoo.datasets.sequences.feature_folder import feature_splits

        return feature_splits(path), {}

    def reader(self, recipe, data):
        """As `Skeletons.reader`."""
        return {"kind": self.kind, "features": data.features}


class Videos(Skeletons):
    """Features of the frames of videos; the cache stores only the paths of the videos."""

    kind, plural = "video", "videos"
    description = "float32 features of frames (batch, time, features)"
    fixed_classes = False

    def own_sha256(self, data):
        """As `Skeletons.own_sha256`, of the content of all videos."""
        return clips.keep_clips(loader(data).load_clips())

    def keep(self, path):
        """As `Skeletons.keep`; the videos are not decoded."""
        return clips.keep_clips(clips.user_clips(path))

    def read(self, path, reader=None):
        """As `Skeletons.read`; with the network of the model that is fine-tuned."""
        parts = clips.user_clips(path)
        if reader is None:
            return clips.labelled_clips(parts, clips.network_of_recipe(None))
        reader = reader_of(reader)
        return clips.labelled_clips(parts, reader.network, reader.sampling)

    def load(self, data, sha256, ingest):
        """As `Skeletons.load`."""
        network = clips.network_of_recipe(ingest.get("network"))
        sampling = clips.sampling_of_recipe(ingest)
        return clips.labelled_clips(clips.listed_clips(sha256), network, sampling)

    def reader(self, recipe, data):
        """As `Skeletons.reader`."""
        return {"kind": self.kind, **data.network, "features": data.features}


INPUTS = {entry.kind: entry for entry in (Skeletons(), Features(), Videos())}


def input_of(kind):
    """The entry of `INPUTS` for a recipe's `sees`.

    Raises:
        InputError: there is no such kind.
    """
    if kind not in INPUTS:
        raise InputError(f"sees is {kind!r}: choose one of {', '.join(INPUTS)}")
    return INPUTS[kind]


def loader(data):
    """The module `load` of the data set that a recipe names.

    Raises:
        InputError: there is no such data set.
    """
    name = f"rnnzoo.datasets.{data}"
    try:
        return importlib.import_module(f"{name}.load")
    except ModuleNotFoundError as problem:
        if problem.name not in (name, f"{name}.load"):
            raise
        raise InputError(f"{data!r} is no data set of rnnzoo: give --data") from None


def missing_classes(data, classes):
    """list of str, the classes of a whole data set that a part of it lacks.

    Args:
        data: str, the recipe's `data`, whose module `load` may have `all_classes()`; or the name of
            a user's data, which lacks none.
        classes: list of str, those at hand.
    """
    try:
        whole = getattr(loader(data), "all_classes", list)()
    except InputError:
        return []
    return [name for name in whole if name not in classes]
