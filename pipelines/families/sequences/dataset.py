"""The dataset of a sequence classifier, and the arrays that Transform writes."""

import json
from dataclasses import dataclass

import numpy as np

from rnnzoo.datasets.sequences.labelled import Labelled
from rnnzoo.datasets.sequences.user_sequences import split_rows


@dataclass(frozen=True)
class SequenceData:
    """Labelled sequences of all splits.

    Args:
        name: str.
        sha256: str.
        classes: list of str, those of the training split.
        sees: str, see `rnnzoo.pipelines.families.sequences.inputs`.
        network: dict, of videos what a `VideoReader` takes: the `reference` of the network that
            computed their features, and the `reader` of the sampling; {} for others.
        parts: dict from split to `Labelled`.
    """

    name: str
    sha256: str
    classes: list
    sees: str
    network: dict
    parts: dict

    @property
    def train(self):
        """The training split."""
        return self.parts["train"]

    @property
    def features(self):
        """int, the size of the last dimension of the sequences."""
        return self.train.sequences[0].shape[-1]


def transformed_arrays(parts, classes):
    """The description and the arrays that `read_data` reads.

    Args:
        parts: dict from split to list of examples, dict.
        classes: list of str.

    Returns:
        (dict of JSON values, list of (str, array)): the values of a split one sequence after the
        other, their lengths, and the indices of their classes.
    """
    first = parts["train"][0]
    about = {
        "classes": classes,
        "sees": first["sees"],
        "network": first["network"],
        "names": {split: [row["name"] for row in rows] for split, rows in parts.items()},
    }
    arrays = []
    for split, rows in parts.items():
        values = [row["values"] for row in rows]
        arrays += [
            (f"{split}_values", np.concatenate(values)),
            (f"{split}_lengths", np.array([len(sequence) for sequence in values])),
            (f"{split}_labels", np.array([classes.index(row["label"]) for row in rows])),
        ]
    return about, arrays


def network_feature(network):
    """The feature `network` of an example, str, of a `SequenceData.network`."""
    return json.dumps(network, sort_keys=True) if network else ""


def network_of(feature):
    """The `SequenceData.network` of a feature `network`, which once was a digest alone."""
    if feature and not feature.startswith("{"):
        return {"digest": feature}
    return json.loads(feature) if feature else {}


def read_data(transformed):
    """The `SequenceData` of a `rnnzoo.pipelines.core.transformed.Transformed`."""
    about, parts = dict(transformed.about), {}
    about["network"] = network_of(about["network"])
    for split, names in about.pop("names").items():
        values, lengths, indices = (
            transformed.array(f"{split}_{column}") for column in ("values", "lengths", "labels")
        )
        labels = [about["classes"][index] for index in indices]
        parts[split] = Labelled(names, split_rows(values, lengths), labels)
    return SequenceData(**about, parts=parts)
