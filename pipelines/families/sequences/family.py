"""The family of sequence classifiers: labelled skeletons, videos, or features of a user's own."""

import dataclasses
from pathlib import Path
from types import MappingProxyType

from rnnzoo.datasets.common.arguments import whole
from rnnzoo.datasets.common.errors import InputError, quoted
from rnnzoo.datasets.common.splits import SPLITS
from rnnzoo.pipelines.core.examples import Feature
from rnnzoo.pipelines.core.family import STEPS, Family
from rnnzoo.pipelines.families.sequences.inputs import INPUTS, input_of, loader, missing_classes
from rnnzoo.sequences.family import LINEAR
from rnnzoo.sequences.networks.names import DEFAULT, NAMES

SLACK = 0.02  # error rate that a model may be worse than the one pushed before it
GOLDEN = 2  # sequences of the test split whose logits are kept as golden outputs


class SequenceFamily(Family):
    """See `Family`; the dataset is a `SequenceData`."""

    kind = "sequences"
    unit = "error rate"
    # What ships was trained on the validation split too: `rnnzoo.sequences.evaluation.HELD_OUT`.
    evaluated_parts = MappingProxyType({"validation": "held_out", "test": ""})
    features = {
        "name": Feature("string"),
        "label": Feature("string"),
        "sees": Feature("string"),
        "network": Feature("string"),
        "values": Feature("float32", None),
    }
    # Of videos, all but the first: a network, and a `rnnzoo.sequences.sampling.Sampling`.
    ingest_keys = ("sees", "network", "frames", "seconds", "mirrored")

    # Data

    def own_data(self, recipe):
        """(name, sha256) of the data set that the recipe names."""
        return recipe["data"], input_of(recipe["sees"]).own_sha256(recipe["data"])

    def user_data(self, path, recipe):
        """(name, sha256) of a user's data, of the kind that the recipe `sees`."""
        entry = input_of(recipe["sees"])
        sha256 = entry.keep(path)
        # Not the file's name: the same sequences in another folder are the same data.
        return f"{entry.plural}-{sha256[:16]}", sha256

    def with_frame_network(self, recipe, path):
        """The recipe of a classifier of videos with `network`: a name, or that of a file and its
        sha256.
        """
        from rnnzoo.pipelines.families.sequences.clips import keep_network

        if recipe["sees"] != "video":
            return super().with_frame_network(recipe, path)
        if path in NAMES:
            return {**recipe, "network": {"name": path}}
        return {**recipe, "network": {"file": Path(path).name, "sha256": keep_network(path)}}

    def source(self, recipe):
        """The URL and licence of the recipe's data set."""
        source = loader(recipe["data"]).source()
        return {"url": source.url, "licence": source.licence}

    def ingest(self, recipe):
        """Of videos with the network that reads their frames, the default one too."""
        default = {"network": {"name": DEFAULT}} if recipe["sees"] == "video" else {}
        return default | super().ingest(recipe)

    def examples(self, data, data_sha256, ingest):
        """An example per sequence; of videos the values are features of frames."""
        from rnnzoo.pipelines.families.sequences.dataset import network_feature

        source = input_of(ingest["sees"])
        parts, network = source.load(data, data_sha256, ingest)
        shared = {"sees": ingest["sees"], "network": network_feature(network)}
        return {
            split: (
                {"name": name, "label": label, "values": values, **shared}
                for name, values, label in zip(part.names, part.sequences, part.labels, strict=True)
            )
            for split, part in parts.items()
        }

    def columns(self, read):
        """`label`, `steps` and `repeated`, see `rnnzoo.pipelines.families.sequences.checks`."""
        from rnnzoo.pipelines.families.sequences import checks

        return checks.columns(read)

    def constrain(self, schema, statistics):
        """Gives `label` the classes of the training split as its domain."""
        from rnnzoo.pipelines.families.sequences import checks

        checks.constrain(schema, statistics)

    def checks(self, statistics, schema):
        """A single class, unknown, missing and rare classes, repeated sequences."""
        from rnnzoo.pipelines.families.sequences import checks

        return checks.anomalies(statistics, schema)

    def transform(self, read, schema):
        """All sequences as they are; the classes are in the order of their first sequences.

        Features are computed in training, where skeletons are augmented anew in every epoch.
        """
        from rnnzoo.pipelines.families.sequences.checks import classes_of
        from rnnzoo.pipelines.families.sequences.dataset import transformed_arrays

        parts = {split: list(read(split)) for split in SPLITS}
        labels = [example["label"] for example in parts["train"]]
        return transformed_arrays(parts, sorted(classes_of(schema), key=labels.index))

    def dataset(self, transformed):
        """The `SequenceData`."""
        from rnnzoo.pipelines.families.sequences.dataset import read_data

        return read_data(transformed)

    # Training

    def build(self, name, recipe, data):
        """A `SequenceClassifier`, its standardization adapted to the training split."""
        from rnnzoo.architectures import recurrent_layers
        from rnnzoo.sequences.classifier import SequenceClassifier

        if data.sees != "skeletons" and (strengths := augmentation(recipe)):
            raise InputError(f"{name}: {strengths} augments skeletons, these are {data.sees}")
        settings = ("bidirectional", "pool", "dropout", "input_dropout")
        model = SequenceClassifier(
            data.classes,
            recurrent_layers(name, recipe),
            INPUTS[data.sees].reader(recipe, data),
            name=name.replace("-", "_"),
            **{key: recipe[key] for key in settings},
        )
        model.standardized.adapt([model.reader.read(values) for values in data.train.sequences])
        return model

    def batches(self, recipe, data, seed, first_epoch):
        """`SequenceBatches` of the training split, augmented where the recipe asks for it."""
        from rnnzoo.sequences.batches import SequenceBatches
        from rnnzoo.sequences.readers import reader_of

        return SequenceBatches(
            data.train.sequences,
            data.train.indices(data.classes),
            len(data.classes),
            reader_of(INPUTS[data.sees].reader(recipe, data)).read,
            recipe["batch_size"],
            seed,
            first_epoch=first_epoch,
            change=change_of(recipe),
            mixup=recipe.get("mixup", 0.0),
        )

    def validation_batches(self, model, data):
        """Batches of 32 sequences; None where the model is trained on the validation split too."""
        if "validation" not in data.parts:
            return None
        part = data.parts["validation"]
        return model.batches(part.sequences, part.indices(model.classes), shuffle=False)

    def loss(self, recipe):
        """Cross entropy, in nats."""
        import keras

        return keras.losses.CategoricalCrossentropy(
            from_logits=True, label_smoothing=recipe["label_smoothing"]
        )

    def parts(self, recipe, data):
        """Without the validation split, with it, which ships, and by the split of [NB]."""
        from rnnzoo.datasets.sequences.by_clip import split_by_clip
        from rnnzoo.sequences.evaluation import BY_CLIP, HELD_OUT

        trained_on = {HELD_OUT: data.train, "": data.train + data.parts["validation"]}
        if recipe["by_clip"]:
            trained_on[BY_CLIP] = split_by_clip(data.parts)[0]
        return {
            folder: dataclasses.replace(data, parts={"train": part})
            for folder, part in trained_on.items()
        }

    # Evaluation

    def figure(self, model, data, split):
        """The error rate."""
        from rnnzoo.sequences.evaluation import of_model

        return 1 - of_model(model, data.parts[split])["accuracy"]

    def evaluation_rows(self, model, data):
        """Sequences by class, length, and subject or group; beside the most frequent class."""
        from rnnzoo.sequences.slices import rows

        return rows(model, data)

    def evaluate(self, models, data, recipe):
        """Models, and the baselines of `rnnzoo.baselines.sequences`."""
        from rnnzoo.sequences.evaluation import evaluate

        return evaluate(models, data, recipe)

    def baseline_figures(self, baselines):
        """Error rates."""
        titles = {
            "majority": "the most frequent class",
            **LINEAR,
            "nearest": "nearest neighbour",
        }
        return {
            title: {split: 1 - rows[name]["accuracy"] for split, rows in baselines.items()}
            for name, title in titles.items()
        }

    def for_evaluation(self, model, data):
        """The model itself, if it has all classes of the data."""
        if new := set(data.classes) - set(model.classes):
            raise InputError(f"the data has {quoted(new)}, classes that {model.name} has not")
        return model

    def limit(self, last):
        """0.02 above the last version's."""
        return last + SLACK

    # Export and card

    def golden_inputs(self, model, data):
        """Features of two sequences of the test split, float32 (2, time, features); of a video, of
        which there are a hundred kilobytes, one.
        """
        from rnnzoo.sequences.batches import padded

        count = 1 if model.reader.kind == "video" else GOLDEN
        return padded([model.reader.read(x) for x in data.parts["test"].sequences[:count]])

    def random_inputs(self, model, seed=0):
        """Normal features of two sequences, float32 (2, time, features)."""
        import numpy as np

        size = (GOLDEN, model.reader.steps or STEPS, model.reader.features)
        return np.random.default_rng(seed).normal(size=size).astype("float32")

    def question(self, model, data):
        """A sequence of the test split; compared are the probabilities of the classes."""
        import numpy as np

        sequence = data.parts["test"].sequences[0]
        expected = model.probabilities([sequence])
        return [sequence.tolist()], lambda response: np.abs(
            response["probabilities"] - expected
        ).max()

    def endpoints(self, model):
        """See `rnnzoo.pipelines.families.sequences.signatures`."""
        from rnnzoo.pipelines.families.sequences.signatures import endpoints

        return endpoints(model)

    def layers(self, model):
        """With the directions that each reads in: `["LSTM(64), both ways"]`."""
        ways = "both ways" if model.bidirectional else "one way"
        return [f"{layer}, {ways}" for layer in super().layers(model)]

    def describe(self, model, data):
        """Inputs, outputs, the classes, and the reader."""
        return {
            "input": INPUTS[model.reader.kind].description,
            "output": "float32 logits of the classes (batch, classes)",
            "classes": model.classes,
            "reader": model.reader.get_config(),
        }

    def filled_in(self, sentence, model):
        """With the number of classes for `{classes}`."""
        return sentence.replace("{classes}", str(len(model.classes)))

    def describe_data(self, data):
        """Sequences of each split, and the classes that are not at hand, see `missing_classes`."""
        described = {"splits": {split: len(part) for split, part in data.parts.items()}}
        if missing := missing_classes(data.name, data.classes):
            described["missing_classes"] = missing
        return described

    def predictor(self, card, options):
        """The class of each file."""
        from rnnzoo.pipelines.families.sequences.predictor import SequencePredictor

        return SequencePredictor(card, options)

    # Fine-tuning

    def user_dataset(self, path, base):
        """Sequences of the model's kind; only a classifier of skeletons takes no new classes."""
        from rnnzoo.datasets.sequences.user_sequences import sha256_of
        from rnnzoo.pipelines.families.sequences.dataset import SequenceData

        kind = base["reader"]["kind"]
        parts, network = INPUTS[kind].read(path, base["reader"])
        for split, part in parts.items():
            new = sorted(set(part.labels) - set(base["classes"]))
            if new and INPUTS[kind].fixed_classes:
                raise InputError(f"{split} of {path} has {quoted(new)}, which the model has not")
        sha256 = sha256_of(parts)
        classes = list(dict.fromkeys(parts["train"].labels))
        data = SequenceData(f"{kind}-{sha256[:16]}", sha256, classes, kind, network, parts)
        if kind == "features" and data.features != base["reader"]["features"]:
            raise InputError(
                f"{path} has {data.features} features per time step, {base['name']} takes "
                f"{base['reader']['features']}"
            )
        return data

    def adapt(self, model, data):
        """The model with the classes of the data, if one of them is new."""
        if set(data.classes) <= set(model.classes):
            return model
        return model.with_classes(data.classes).compile_default()

    def finetune_batches(self, model, data, seed):
        """Batches of sequences, as `fit` gets them by default."""
        labels = data.train.indices(model.classes)
        train = model.batches(data.train.sequences, labels, seed=seed)
        return train, self.validation_batches(model, data)


def change_of(recipe):
    """The augmentation of a sequence in training, see `SequenceBatches`, or None.

    Args:
        recipe: dict, complete: the arguments of `rnnzoo.datasets.action3d.augmentation.augmented`,
            or `drawn`, the number of steps that are drawn from a sequence.

    Raises:
        InputError: both, or `drawn` is no whole number of at least 1.
    """
    from rnnzoo.datasets.action3d.augmentation import augmented
    from rnnzoo.sequences.augmentation import drawn_steps

    strengths, steps = augmentation(recipe), recipe.get("drawn")
    if strengths and steps:
        raise InputError(f"drawn is {steps!r}: it is for features, {list(strengths)} for skeletons")
    if strengths:
        return lambda joints, seed: augmented(joints, seed, **strengths)
    if steps:
        whole("drawn", steps)
        return lambda features, seed: drawn_steps(features, seed, steps)
    return None


def augmentation(recipe):
    """The arguments of `rnnzoo.datasets.action3d.augmentation.augmented` that a recipe names.

    Args:
        recipe: dict, complete.

    Returns:
        dict; empty where all are 0.
    """
    strengths = {name: recipe[name] for name in ("tilt", "turn", "limbs", "warp", "crop")}
    strengths["noise"] = recipe["shake"]
    return strengths if any(strengths.values()) else {}


SEQUENCES = SequenceFamily()
