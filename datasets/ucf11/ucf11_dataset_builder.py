"""TFDS builder for UCF-11, split by group or by clip."""

import sys
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import tensorflow_datasets as tfds

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.files_digest import files_digest
from rnnzoo.datasets.ucf11.clips import CLASSES, is_strip, numbers, ucf11_clips
from rnnzoo.datasets.ucf11.splits import split_ucf11
from rnnzoo.datasets.video.frames import FRAMES, video_frames, video_length
from rnnzoo.datasets.video.reader import LIMITS

FOLDER = Path(__file__).parent


@dataclass(eq=False)
class Ucf11Config(tfds.core.BuilderConfig):
    """Configuration: which clips are read, and how they are split.

    Args:
        by: str, `"group"` or `"clip"`, see `split_ucf11`.
        clips: list of `rnnzoo.datasets.common.class_folders.Clip`; None for the published ones.
    """

    by: str = "group"
    clips: list | None = field(default=None, repr=False)

    @classmethod
    def of_path(cls, path=None, by="group", form="both"):
        """Configuration of a folder or archive, named by its content, see `ucf11_clips`."""
        clips = ucf11_clips(path, form)
        name = f"{by}-{files_digest(clips)[:16]}"
        return cls(name=name, description="Clips of a folder.", by=by, clips=clips)


class Builder(tfds.core.GeneratorBasedBuilder):
    """Each example is one clip: seven frames of it, at its own size."""

    pkg_dir_path = tfds.core.Path(FOLDER)

    VERSION = tfds.core.Version("1.1.0")
    RELEASE_NOTES = {"1.0.0": "First release.", "1.1.0": "Parts of the data set, and strips."}
    BUILDER_CONFIGS = [
        Ucf11Config(name="group", description="No group in two splits.", by="group"),
        Ucf11Config(name="clip", description="Clips 5:1; neighbours leak.", by="clip"),
    ]

    def _info(self):
        return self.dataset_info_from_configs(
            features=tfds.features.FeaturesDict(
                {
                    "name": tfds.features.Text(),
                    "frames": tfds.features.Video(shape=(FRAMES, None, None, 3)),
                    "label": tfds.features.ClassLabel(names=list(CLASSES)),
                    "group": np.int32,
                    "clip": np.int32,
                    "seconds": np.float32,
                }
            ),
            supervised_keys=("frames", "label"),
            metadata=tfds.core.MetadataDict(skipped={}),
        )

    def _split_generators(self, dl_manager):
        del dl_manager  # rnnzoo.datasets.common.source resolves
        clips = self.builder_config.clips or ucf11_clips()
        parts = split_ucf11(clips, self.builder_config.by)
        return {split: self._generate_examples(parts[split]) for split in parts}

    def _generate_examples(self, clips):
        for clip in clips:
            group, number = (0, 0) if is_strip(clip) else numbers(clip)  # a strip tells neither
            try:
                seconds, _ = video_length(clip.path, LIMITS)
                frames = video_frames(clip.path)[0]
            except InputError as problem:
                self.info.metadata["skipped"][clip.name] = str(problem)
                print(f"skipped: {problem}", file=sys.stderr)
                continue
            yield (
                clip.name,
                {
                    "name": clip.name,
                    "frames": frames,
                    "label": clip.label,
                    "group": group,
                    "clip": number,
                    "seconds": seconds,
                },
            )
