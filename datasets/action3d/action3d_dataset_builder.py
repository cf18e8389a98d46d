"""TFDS builder for MSR Action3D, split by subject."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import tensorflow_datasets as tfds

from rnnzoo.datasets.action3d.archive import files, joined, joined_folder
from rnnzoo.datasets.action3d.skeletons import (
    ACTIONS,
    JOINTS,
    LEFT_OUT,
    SUBJECTS,
    numbers,
    parsed,
    without_empty_frames,
)
from rnnzoo.datasets.action3d.sources import SOURCES
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.source import verified_bytes
from rnnzoo.datasets.common.system_errors import reason_of

FOLDER = Path(__file__).parent
PUBLISHED = "published"


@dataclass(eq=False)
class Action3DConfig(tfds.core.BuilderConfig):
    """Which skeleton files are read.

    Args:
        content: bytes that `archive.joined` returned; None for the published files, verified.
    """

    content: bytes | None = field(default=None, repr=False)

    @classmethod
    def of_path(cls, path):
        """A configuration of a user's files, named by their content: changed files are another."""
        path = Path(path)
        try:
            content = joined_folder(path) if path.is_dir() else joined(path.read_bytes())
        except InputError as problem:
            raise InputError(f"{path}: {problem}") from None
        except OSError as problem:
            raise InputError(f"{path} cannot be read: {reason_of(problem)}") from None
        digest = hashlib.sha256(content).hexdigest()
        if digest == SOURCES["action3d"].sha256:
            return cls(name=PUBLISHED, description="As published.", content=content)
        return cls(name=f"files-{digest[:16]}", description="A user's files.", content=content)

    def files(self):
        """(name, text) of every skeleton file."""
        return files(self.content or verified_bytes(SOURCES["action3d"]))


class Builder(tfds.core.GeneratorBasedBuilder):
    """Each example is one performance of one action, as a skeleton of 20 joints over time."""

    pkg_dir_path = tfds.core.Path(FOLDER)

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "First release."}
    BUILDER_CONFIGS = [Action3DConfig(name=PUBLISHED, description="The 567 published sequences.")]

    def _info(self):
        return self.dataset_info_from_configs(
            features=tfds.features.FeaturesDict(
                {
                    "name": tfds.features.Text(),
                    "joints": tfds.features.Tensor(shape=(None, JOINTS, 3), dtype=np.float64),
                    "confidence": tfds.features.Tensor(shape=(None, JOINTS), dtype=np.float64),
                    "action": tfds.features.ClassLabel(names=list(ACTIONS)),
                    "subject": np.int32,
                    "episode": np.int32,
                    "dropped_frames": np.int32,
                    "left_out": np.bool_,
                }
            ),
            supervised_keys=("joints", "action"),
        )

    def _split_generators(self, dl_manager):
        del dl_manager  # rnnzoo.datasets.common.source resolves and verifies
        texts = dict(self.builder_config.files())
        present = {numbers(file)[1] for file in texts}
        for split, subjects in SUBJECTS.items():
            if not present & {*subjects}:
                raise InputError(
                    f"no skeletons for the split {split}: give subjects "
                    f"{', '.join(map(str, subjects))} too"
                )
        return {split: self._generate_examples(texts, SUBJECTS[split]) for split in SUBJECTS}

    def _generate_examples(self, texts, subjects):
        for file, text in texts.items():
            action, subject, episode = numbers(file)
            if subject not in subjects:
                continue
            frames, dropped = without_empty_frames(parsed(file, text))
            name = file.removesuffix("_skeleton3D.txt")
            yield (
                name,
                {
                    "name": name,
                    "joints": frames[..., :3],
                    "confidence": frames[..., 3],
                    "action": action - 1,
                    "subject": subject,
                    "episode": episode,
                    "dropped_frames": dropped,
                    "left_out": name in LEFT_OUT,
                },
            )
