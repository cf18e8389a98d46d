"""Errors of classifiers by class, length, and subject or group where names tell it."""

import re

import numpy as np

from rnnzoo.baselines.sequences import majority
from rnnzoo.datasets.common.splits import EVALUATED
from rnnzoo.evaluation_rows import coded, merged_rows, thirds

# Of MSR Action3D, `a01_s02_e03`, and of UCF-11, `walking/v_walk_dog_01_02.mpg`.
NAMES = {
    "subject": re.compile(r"(?:.*/)?a\d\d_s(\d\d)_e\d\d(?:_.*|\..*)?"),
    "group": re.compile(r"(?:.*/)?v_.+_(\d+)_\d+(?:\..*)?"),
}


def rows(model, data):
    """Yields the rows of `rnnzoo.pipelines.core.family.Family.evaluation_rows`.

    Args:
        model: `SequenceClassifier`.
        data: `SequenceData`.
    """
    known = data.parts["train"].indices(model.classes)
    for split in EVALUATED:
        part = data.parts[split]
        truth = part.indices(model.classes)
        losses = model.probabilities(part.sequences).argmax(axis=1) != truth
        baselines = {"the most frequent class": majority(None, known, truth) != truth}
        yield from merged_rows(split, dimensions(part), losses, baselines=baselines)


def dimensions(part):
    """The dimensions of a `Labelled`, as `merged_rows` takes them.

    `subject` and `group` are there where all names tell them.
    """
    lengths = np.array([len(sequence) for sequence in part.sequences])
    slices = {"class": coded(part.labels), "length": thirds(lengths, ("short", "medium", "long"))}
    for name, pattern in NAMES.items():
        matches = [pattern.fullmatch(text) for text in part.names]
        if matches and all(matches):
            slices[name] = coded([match[1] for match in matches])
    return slices
