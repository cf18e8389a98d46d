"""[NB]'s split, 5:1 clip by clip: neighbours that were cut from one video leak across it."""

from pathlib import Path

from rnnzoo.datasets.video.folder import Clip
from rnnzoo.datasets.video.splits import split_clips
from rnnzoo.pipelines.families.sequences.labelled import Labelled


def split_by_clip(parts):
    """(what is learned from, what judges), each `Labelled`, whatever side of `parts` a clip is on.

    Args:
        parts: dict from split to `Labelled` of clips of videos.

    Raises:
        InputError: a class has fewer than three clips.
    """
    whole = sum(parts.values(), Labelled([], [], []))
    clips = [
        Clip(name, Path(name), label, "")
        for name, label in zip(whole.names, whole.labels, strict=True)
    ]
    judging = {clip.name for clip in split_clips(clips, by="clip")["test"]}
    return tuple(
        whole.where([(name in judging) == side for name in whole.names]) for side in (0, 1)
    )
