"""[NB]'s split of clips, made of clips that are split by group already."""

import numpy as np

from rnnzoo.datasets.sequences.by_clip import split_by_clip
from rnnzoo.datasets.sequences.labelled import Labelled


def test_a_sixth_of_the_clips_of_each_class_judges_whatever_its_group():
    parts = {}
    for split, groups in {"train": range(1, 9), "validation": (9, 10), "test": (11, 12)}.items():
        names = [
            f"{label}/v_{label}_{group:02}_{n:02}.avi"
            for label in ("dive", "golf")
            for group in groups
            for n in range(1, 4)
        ]
        values = [np.full((7, 2), hash(name) % 97, "float32") for name in names]
        parts[split] = Labelled(names, values, [name[:4] for name in names])
    learned, judging = split_by_clip(parts)
    assert (len(learned), len(judging)) == (60, 12)
    assert [judging.labels.count(label) for label in ("dive", "golf")] == [6, 6]
    everything = sum((part.names for part in parts.values()), [])
    assert sorted(learned.names + judging.names) == sorted(everything)
    for part in (learned, judging):
        for name, one, label in zip(part.names, part.sequences, part.labels, strict=True):
            assert (one == hash(name) % 97).all()
            assert name.startswith(label)
    neighbours = {name[:-7] for name in learned.names} & {name[:-7] for name in judging.names}
    assert neighbours  # which is why it says less
