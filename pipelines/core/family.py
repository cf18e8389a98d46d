"""The contract of a family: what the nine stages, fine-tuning and exports ask of it.

A family is a subclass of `Family` that says only what differs from other families, and a
`rnnzoo.families.FamilyEntry` that registers it. Methods import what is heavy (Keras, TensorFlow)
when they are called: a run with nothing to do does not wait for it.

The order of a training: `own_data` or `user_data` names the data, `examples` reads it, `columns`,
`constrain` and `checks` look at it, `transform` and `dataset` prepare it, `train` (`build`,
`batches`, `loss`) makes a model per seed, `evaluate` compares it with baselines, `question` is sent
to the export, and `describe` fills the card. Fine-tuning begins with `user_dataset` and `adapt`.
"""

from dataclasses import dataclass

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.families import families

# Recipe keys that say what a model is, not how it is trained.
DESCRIPTION = ("task", "title", "data", "seeds", "paper", "limits")


@dataclass(frozen=True)
class Anomaly:
    """Something odd about a split.

    Args:
        name: str, short: `"repeated"`.
        split: str.
        description: str, one line.
        error: bool; an error ends the pipeline, a warning goes on the card.
    """

    name: str
    split: str
    description: str
    error: bool = False


class Family:
    """Base class of the families; a method without a default has to be overridden.

    Attributes:
        kind: str, what messages call the data: `"text"`.
        unit: str, what the figures measure: `"nats per character"`.
        version: int; raise it when the code comes to make something else of the same recipe.
        features: dict from name to `rnnzoo.pipelines.core.examples.Feature`, of an example.
        ingest_keys: recipe keys that `examples` reads.
        evaluation_keys: recipe keys that only `evaluate` reads: a change of theirs trains nothing.
        digest_key: str, the key of the data's sha256 in the card's field `data`.
    """

    kind = "data"
    unit = "loss"
    version = 1
    features = {}
    ingest_keys = ()
    evaluation_keys = ()
    digest_key = "sha256"

    # Data

    def own_data(self, recipe):
        """(name, sha256) of the recipe's own data.

        Raises:
            InputError: it cannot be had.
        """
        raise NotImplementedError

    def user_data(self, path, recipe):
        """(name, sha256) of a user's data, which is kept in the cache from then on.

        Raises:
            InputError: it cannot be read, or is too little.
        """
        raise InputError(f"{self.kind} of your own cannot be trained on: leave --data out")

    def source(self, recipe):
        """dict, the card's fields on where the recipe's data comes from: `url`, `licence`."""
        raise NotImplementedError

    def examples(self, data, data_sha256, ingest):
        """ExampleGen: the examples of each split.

        Args:
            data, data_sha256: str, what `own_data` or `user_data` returned.
            ingest: dict, the recipe's `ingest_keys`.

        Returns:
            dict from split to iterable of dict with a value for each of `features`.
        """
        raise NotImplementedError

    def columns(self, read):
        """StatisticsGen: columns whose statistics are to be known, of features or derived.

        Args:
            read: function from a split to an iterator over its examples.

        Returns:
            dict from split to dict from name to a column: an array of numbers, a list of str, or a
            `collections.Counter` of labels. `"examples"`, an int, is the number of examples.
        """
        raise NotImplementedError

    def constrain(self, schema, statistics):
        """SchemaGen: adds domains to a Schema that has the features with types and shapes.

        Args:
            schema: `schema_pb2.Schema`, changed in place.
            statistics: dict from split to dict from name to `FeatureNameStatistics`.
        """

    def checks(self, statistics, schema):
        """ExampleValidator: yields each `Anomaly`.

        Args:
            statistics: as for `constrain`.
            schema: `schema_pb2.Schema`.
        """
        return ()

    def transform(self, read, schema):
        """Transform: what a dataset is made of.

        Args:
            read: as for `columns`.
            schema: `schema_pb2.Schema`.

        Returns:
            (dict of JSON values, iterable of (str, array)).
        """
        raise NotImplementedError

    def dataset(self, transformed):
        """The dataset of all splits, in whatever form the other methods take it.

        Args:
            transformed: `rnnzoo.pipelines.core.transformed.Transformed`; its `about` has `name` and
                `sha256` besides what `transform` returned.

        Returns:
            an object with the attributes `name` and `sha256`.
        """
        raise NotImplementedError

    # Training

    def build(self, name, recipe, data):
        """An untrained task model.

        Args:
            name: str, the model's.
            recipe: dict, what `training_settings` returns.
            data: the dataset.

        Raises:
            InputError: the recipe asks for what the architecture cannot have.
        """
        raise NotImplementedError

    def batches(self, recipe, data, seed, first_epoch):
        """Training batches, a `keras.utils.PyDataset`; they depend on seed and epoch alone."""
        raise NotImplementedError

    def loss(self, recipe):
        """The loss, as `compile` takes it."""
        return "mse"

    # Function from the model to a str, a sample that the history and TensorBoard keep; or None.
    sample = None

    def callbacks(self, data, folder, every):
        """Further callbacks of `fit`.

        Args:
            data: the dataset.
            folder: Path of the training's event files.
            every: int, epochs between two samples.
        """
        return []

    def parts(self, recipe, data):
        """What is trained on: dict from a folder's name, "" for what ships, to a dataset."""
        return {"": data}

    def training_settings(self, recipe):
        """The part of a complete recipe that a training depends on, a dict."""
        others = (*DESCRIPTION, *self.ingest_keys, *self.evaluation_keys)
        return {key: value for key, value in recipe.items() if key not in others}

    def train(self, name, recipe, data, seed, work):
        """The trained model of a seed, as it ships; an interrupted training is continued.

        Args:
            name, recipe, data: as for `build`.
            seed: int.
            work: Path of a folder for the checkpoint and the history.
        """

        model = self.fit(name, recipe, data, seed, work).finished()
        self.after_fit(model, data)
        return model

    def fit(self, name, recipe, data, seed, work, build=None):
        """The trained model of a seed as it was built, compiled.

        Args:
            name, recipe, data, seed, work: as for `train`.
            build: function without arguments that returns the model to begin with; by default an
                untrained one.
        """
        from rnnzoo.pipelines.core.training import train

        return train(
            name,
            recipe,
            seed,
            work,
            build=build or (lambda: self.build(name, recipe, data)),
            batches=lambda first_epoch: self.batches(recipe, data, seed, first_epoch),
            loss=self.loss(recipe),
            sample=self.sample,
            callbacks=lambda folder, every: self.callbacks(data, folder, every),
        )

    def after_fit(self, model, data):
        """Sets in a trained or fine-tuned model what is estimated on the validation split."""

    def history(self, recipe, work, seed):
        """The history of a seed's training, a list of dict with a row per epoch."""
        from rnnzoo.pipelines.core.history import read_history

        return read_history(work / f"seed-{seed}.json")

    # Evaluation

    def figures(self, model, data):
        """dict from split, `"validation"` and `"test"`, to the model's figure."""
        raise NotImplementedError

    def evaluate(self, models, data, recipe):
        """Evaluator: the figures of models and baselines.

        Args:
            models: function from one of the names of `parts` to dict from seed (str) to model.
            data: the dataset.
            recipe: dict, the complete recipe; None when a model was fine-tuned.

        Returns:
            `Evaluation`.
        """
        raise NotImplementedError

    def limit(self, last):
        """The figure to stay below when the version pushed before has the figure `last`."""
        return last

    # Export and card

    def golden_inputs(self, model, data):
        """The array whose outputs an artifact keeps, (batch, ...) as the model takes it."""
        raise NotImplementedError

    def question(self, model, data):
        """InfraValidator: a request to `serving_default`.

        Returns:
            (instances as a server takes them, function from the response, a dict from output to
            array, to a float: its distance from the model's own answer).
        """
        import numpy as np

        inputs = self.golden_inputs(model, data)
        expected = np.asarray(model(inputs))
        return inputs.tolist(), lambda response: np.abs(response["predictions"] - expected).max()

    def endpoints(self, model):
        """The signatures of the export, see `rnnzoo.pipelines.export.saved_model`."""
        from rnnzoo.pipelines.export.saved_model import plain_endpoints

        return plain_endpoints(model)

    def layers(self, model):
        """list of str, the recurrent layers as the card names them: `["LSTM(64)"]`."""
        return [f"{type(layer).__name__}({layer.units})" for layer in model.recurrent]

    def describe(self, model, data):
        """dict, the card's fields `input`, `output` and what else is to be known of the model."""
        kinds = {"input": model.inputs, "output": model.outputs}
        return {kind: f"{tensor.dtype} {tensor.shape}" for kind, (tensor,) in kinds.items()}

    def describe_data(self, data):
        """dict, further entries of the card's field `data`: the sizes of the splits."""
        return {}

    # Fine-tuning

    def user_dataset(self, path, base):
        """The dataset of a user's data, to fine-tune a model on.

        Args:
            path: str or path.
            base: dict, the card of the model.

        Raises:
            InputError: it cannot be read, is too little, or is not for this model.
        """
        raise InputError(f"models of {self.kind} cannot be fine-tuned by this command")

    def adapt(self, model, data):
        """The model with the vocabulary, classes, ... of a user's dataset, compiled."""
        return model

    def finetune_batches(self, model, data, seed):
        """(training batches, validation batches), each a `keras.utils.PyDataset`."""
        raise NotImplementedError


def identity(task):
    """What a stage's parameters keep of a family: dict of `task` and `version`."""
    return {"task": task, "version": families()[task].load_pipeline().version}


def of(parameter):
    """The `Family` that `identity` stands for."""
    return families()[parameter["task"]].load_pipeline()
