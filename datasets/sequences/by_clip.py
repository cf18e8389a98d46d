"""The split of [NB], 5:1 clip by clip: clips that were cut from one video are on both sides.

[NB]: Adigun and Kosko, "Noise-boosted recurrent backpropagation".
"""

from pathlib import Path

from rnnzoo.datasets.common.class_folders import Clip
from rnnzoo.datasets.common.clip_splits import split_clips
from rnnzoo.datasets.sequences.labelled import Labelled


def split_by_clip(parts):
    """Splits the clips of all splits anew, regardless of their groups.

    Args:
        parts: dict from split to `Labelled` of clips of videos.

    Returns:
        (`Labelled` to train on, `Labelled` to evaluate on).

    Raises:
        InputError: a class has fewer than three clips.
    """
    whole = sum(parts.values(), Labelled([], [], []))
    clips = [
        Clip(name, Path(name), label, "")
        for name, label in zip(whole.names, whole.labels, strict=True)
    ]
    test = {clip.name for clip in split_clips(clips, by="clip")["test"]}
    return tuple(
        whole.where([(name in test) == in_test for name in whole.names])
        for in_test in (False, True)
    )
