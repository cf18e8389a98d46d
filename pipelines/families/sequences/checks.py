"""Statistics of labelled sequences, and their anomalies."""

import hashlib
from collections import Counter

from rnnzoo.datasets.common.splits import SPLITS
from rnnzoo.pipelines.core.family import Anomaly
from rnnzoo.pipelines.stages.schema_gen import feature_of
from rnnzoo.pipelines.stages.statistics_gen import label_counts

# A class with fewer than this share of the most frequent class's sequences is reported.
RARE = 0.1


def columns(read):
    """See `Family.columns`.

    Returns:
        dict from split to dict: `label`; `steps`, the lengths; `repeated`, a 0 or 1 per sequence,
        whether an equal sequence is before it, in the same split or an earlier one.
    """
    by_split, known = {}, set()
    for split in SPLITS:
        labels, steps, repeated = [], [], []
        for example in read(split):
            labels.append(example["label"])
            steps.append(len(example["values"]))
            digest = hashlib.sha256(example["values"].tobytes()).digest()
            repeated.append(float(digest in known))
            known.add(digest)
        by_split[split] = {
            "examples": len(labels),
            "label": Counter(labels),
            "steps": steps,
            "repeated": repeated,
        }
    return by_split


def constrain(schema, statistics):
    """Gives `label` the classes of the training split as its domain."""
    domain = feature_of(schema, "label").string_domain
    domain.value.extend(sorted(label_counts(statistics["train"]["label"])))


def classes_of(schema):
    """list of str, the classes in the domain of `label`."""
    return list(feature_of(schema, "label").string_domain.value)


def anomalies(statistics, schema):
    """Yields an `Anomaly` for a single class, unknown, missing and rare classes, and repeated
    sequences.
    """
    classes = classes_of(schema)
    if len(classes) < 2:
        description = f"all of train is {classes[0]!r}: give two classes or more"
        yield Anomaly("label", "train", description, error=True)
    for split, features in statistics.items():
        counts = label_counts(features["label"])
        for name in sorted(counts.keys() - classes):
            description = f"{split} has {name!r}, which train has not"
            yield Anomaly(f"unknown/{name}", split, description, error=True)
        for name in classes:
            if name not in counts:
                yield Anomaly(f"missing/{name}", split, f"{split} has no {name!r}")
        repeated = features["repeated"].num_stats
        if count := round(repeated.mean * repeated.common_stats.num_non_missing):
            description = f"{split} has {count} repeated sequences"
            yield Anomaly("repeated", split, description)
    counts = label_counts(statistics["train"]["label"])
    for name, count in counts.items():
        if count < RARE * max(counts.values()):
            share = count / sum(counts.values())
            yield Anomaly(
                f"rare/{name}", "train", f"{name!r} is {share:.1%} of train: hardly learned"
            )
