"""The contract of a family: the methods that the ten stages, fine-tuning and exports call.

A family is a subclass of `Family` that defines only what differs from other families, and a
`rnnzoo.families.FamilyEntry` that registers it. Methods import Keras and TensorFlow when they are
called: a run whose stages are all cached does not wait for them.

The order of a training: `own_data` or `user_data` identifies the data, `examples` reads it,
`columns`, `constrain` and `checks` validate it, `transform` and `dataset` prepare it, `train`
(`build`, `batches`, `loss`) fits a model per seed, `evaluate` compares the models with baselines,
`evaluation_rows` has the losses by slice, `question` is the request sent to the export, and
`describe` fills the card. Fine-tuning begins with `user_dataset` and `adapt`, bulk inference with
`predictor`.
"""

from dataclasses import dataclass
from types import MappingProxyType

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.splits import EVALUATED
from rnnzoo.families import family_of

# Recipe keys that describe a model or warn, and do not influence its training.
DESCRIPTION = ("task", "title", "data", "seeds", "paper", "limits", "drift", "skew")

STEPS = 16  # of random inputs, for a dimension of any size


@dataclass(frozen=True)
class Anomaly:
    """An anomaly of a split.

    Args:
        name: str, short: `"repeated"`.
        split: str.
        description: str, one line.
        error: bool; an error ends the pipeline, a warning is written on the card.
    """

    name: str
    split: str
    description: str
    error: bool = False


class Family:
    """Base class of the families; a method without a default has to be overridden.

    Attributes:
        kind: str, the data's name in messages: `"text"`.
        unit: str, what the figures measure: `"nats per character"`.
        version: int; raise it when the code returns something else for the same recipe.
        features: dict from name to `rnnzoo.pipelines.core.examples.Feature`, of an example.
        ingest_keys: recipe keys that `examples` reads.
        evaluation_keys: recipe keys that only `evaluate` reads: a change trains nothing again.
        row_unit: str, what the losses of `evaluation_rows` measure; empty where it is `unit`.
        evaluated_parts: dict from held-out split to the key of `parts` whose models are evaluated
            on it.
        digest_key: str, the key of the data's sha256 in the card's field `data`.
    """

    kind = "data"
    unit = "loss"
    version = 1
    features = {}
    ingest_keys = ()
    evaluation_keys = ()
    row_unit = ""
    evaluated_parts = MappingProxyType({"validation": "", "test": ""})
    digest_key = "sha256"

    # Data

    def own_data(self, recipe):
        """(name, sha256) of the recipe's own data.

        Raises:
            InputError: it is not available.
        """
        raise NotImplementedError

    def user_data(self, path, recipe):
        """(name, sha256) of a user's data, which is copied into the cache.

        The `data_options` of the family's entry, and of `user_dataset`, are keyword arguments.

        Raises:
            InputError: it cannot be read, or there is too little.
        """
        raise InputError(f"{self.kind} of your own cannot be trained on: leave --data out")

    def with_frame_network(self, recipe, path):
        """The recipe with a network for the frames of videos, of a family that has any.

        Raises:
            InputError: the model takes no videos, or there is no such file.
        """
        raise InputError(f"--frame-network {path} is for models of videos")

    def source(self, recipe):
        """dict, the card's fields on the origin of the recipe's data: `url`, `licence`."""
        raise NotImplementedError

    def ingest(self, recipe):
        """dict, the `ingest_keys` that a complete recipe has."""
        return {key: recipe[key] for key in self.ingest_keys if key in recipe}

    def examples(self, data, data_sha256, ingest):
        """ExampleGen: the examples of each split.

        Args:
            data, data_sha256: str, as `own_data` or `user_data` returned them.
            ingest: dict, as `ingest` returns it.

        Returns:
            dict from split to iterable of dict with a value for each of `features`.
        """
        raise NotImplementedError

    def columns(self, read):
        """StatisticsGen: the columns of which statistics are computed, features or derived.

        Args:
            read: function from a split to an iterator over its examples.

        Returns:
            dict from split to dict from name to a column: an array of numbers, a list of str, or a
            `collections.Counter` of labels. `"examples"`, an int, is the number of examples.
        """
        raise NotImplementedError

    def constrain(self, schema, statistics):
        """SchemaGen: adds domains to a schema, which has the features' types and shapes.

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
        """Transform: the arrays and the description that `dataset` reads.

        Args:
            read: as for `columns`.
            schema: `schema_pb2.Schema`.

        Returns:
            (dict of JSON values, iterable of (str, array)).
        """
        raise NotImplementedError

    def dataset(self, transformed):
        """The dataset of all splits, in the form that the other methods take.

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
            name: str, the model's name.
            recipe: dict, as `training_settings` returns it.
            data: the dataset.

        Raises:
            InputError: the architecture does not support a setting of the recipe.
        """
        raise NotImplementedError

    def batches(self, recipe, data, seed, first_epoch):
        """Training batches, a `keras.utils.PyDataset`; they depend on seed and epoch only."""
        raise NotImplementedError

    def validation_batches(self, model, data):
        """Batches of the validation split, a `keras.utils.PyDataset`; None without one.

        Args:
            model: the model that is trained or fine-tuned.
            data: the dataset.
        """
        return None

    def loss(self, recipe):
        """The loss, as `compile` takes it."""
        return "mse"

    # Function from the model to a str, a sample for the history and TensorBoard; or None.
    sample = None

    def callbacks(self, data, folder, every):
        """Further callbacks of `fit`, in training and in fine-tuning.

        Args:
            data: the dataset.
            folder: Path of the training's event files.
            every: int, epochs between two samples.
        """
        return []

    def parts(self, recipe, data):
        """dict from a folder's name, "" for the shipped models, to the dataset to train on."""
        return {"": data}

    def training_settings(self, recipe):
        """dict, the keys of a complete recipe that a training depends on."""
        others = (*DESCRIPTION, *self.ingest_keys, *self.evaluation_keys)
        return {key: value for key, value in recipe.items() if key not in others}

    def train(self, name, recipe, data, seed, work):
        """The trained model of a seed, as it is pushed; an interrupted training is continued.

        Args:
            name, recipe, data: as for `build`.
            seed: int.
            work: Path of a folder for the checkpoint and the history.
        """

        model = self.fit(name, recipe, data, seed, work).finished()
        self.after_fit(model, data)
        return model

    def fit(self, name, recipe, data, seed, work, build=None):
        """The trained model of a seed as `build` returned it, compiled.

        Args:
            name, recipe, data, seed, work: as for `train`.
            build: function without arguments that returns the initial model; by default an
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
            validation=lambda model: self.validation_batches(model, data),
            sample=self.sample,
            callbacks=lambda folder, every: self.callbacks(data, folder, every),
        )

    def after_fit(self, model, data):
        """Sets what is estimated on the validation split in a trained or fine-tuned model."""

    def history(self, recipe, work, seed):
        """The history of a seed's training, a list of dict with a row per epoch."""
        from rnnzoo.pipelines.core.history import read_history

        return read_history(work / f"seed-{seed}.json")

    # Evaluation

    def figure(self, model, data, split):
        """The model's figure, a float in `unit`, of which less is better.

        Args:
            model: a trained task model.
            data: the dataset.
            split: str, `"validation"` or `"test"`; the other one is not read.
        """
        raise NotImplementedError

    def figures(self, model, data):
        """dict from held-out split, `"validation"` and `"test"`, to the model's figure."""
        return {split: self.figure(model, data, split) for split in EVALUATED}

    def evaluation_rows(self, model, data):
        """Yields the losses of the held-out splits in rows that can be sliced.

        The weighted mean loss of a split is its figure, see `figure_of`. Rows are few, thousands at
        most: those of the same slices are merged, see `rnnzoo.evaluation_rows.merged_rows`. Their
        values are plain, and name features, predictions and example weights of other tools.

        Args:
            model, data: as for `figures`.

        Yields:
            dict of

                split      str, `"validation"` or `"test"`
                loss       float, of which less is better
                weight     float, above 0
                slices     dict from a dimension to its value, both str: `{"year": "2020"}`
                baselines  dict from the name of a baseline to its loss; empty if there is none
        """
        return iter(())

    def figure_of(self, mean_loss):
        """The figure, in `unit`, of a weighted mean of the losses of `evaluation_rows`."""
        return mean_loss

    def evaluate(self, models, data, recipe):
        """Evaluator: the figures of models and baselines.

        Args:
            models: function from a key of `parts` to dict from seed (str) to model.
            data: the dataset.
            recipe: dict, the complete recipe; None for a fine-tuned model.

        Returns:
            `Evaluation`.
        """
        raise NotImplementedError

    def baseline_figures(self, baselines):
        """dict from baseline to dict from held-out split to its figure, in `unit`.

        Args:
            baselines: dict, the card's field of that name, as `evaluate` returned it.
        """
        return baselines

    def for_evaluation(self, model, data):
        """The model as it is evaluated on a user's dataset.

        Raises:
            InputError: it cannot be evaluated on that.
        """
        return self.adapt(model, data)

    def results_table(self, names, log):
        """A list of dict, further measurements of models on their own data set; or None.

        Args:
            names: list of str, models of this family, trained on data sets of the package.
            log: function that is called with a line per model.
        """
        return None

    def limit(self, last):
        """The limit of the figure if the version pushed before has the figure `last`."""
        return last

    # Export and card

    def golden_inputs(self, model, data):
        """The inputs of the golden tensors, an array (batch, ...) as the model takes it."""
        return self.random_inputs(model)

    def random_inputs(self, model, seed=0):
        """Inputs of the golden tensors where the data is not known: random, and valid.

        Args:
            model: a task model; by default of one input, of any numbers.
            seed: int.

        Returns:
            an array (batch, ...) as the model takes it.
        """
        import numpy as np

        (tensor,) = model.inputs
        shape = [1, *(size or STEPS for size in tensor.shape[1:])]
        return np.random.default_rng(seed).normal(size=shape).astype(tensor.dtype)

    def question(self, model, data):
        """InfraValidator: a request to `serving_default`.

        Returns:
            (instances as a server takes them, function from the response, a dict from output to
            array, to a float: its distance from the model's own outputs).
        """
        import numpy as np

        inputs = self.golden_inputs(model, data)
        expected = np.asarray(model(inputs))
        return inputs.tolist(), lambda response: np.abs(response["predictions"] - expected).max()

    def predictor(self, card, options):
        """What `rnnzoo predict` reads users' files and predicts their items with.

        Args:
            card: dict, that of the model.
            options: dict from `data_options` and `predict_options` of the family's entry to str.

        Returns:
            `rnnzoo.pipelines.core.predictor.Predictor`; by default one of arrays as the model takes
            them.

        Raises:
            InputError: an option has an unsuitable value.
        """
        from rnnzoo.pipelines.core.predictor import Predictor

        return Predictor(card, options)

    def save(self, model, name, root, title=None, licence=None):
        """Pushes a model that its user trained, see `rnnzoo.save`.

        Returns:
            (Path of the artifact, dict card).
        """
        from rnnzoo.pipelines.saving import push_saved

        return push_saved(self, model, name, root, title, licence)

    def endpoints(self, model):
        """The signatures of the export, see `rnnzoo.pipelines.export.saved_model`.

        Args:
            model: a task model, on the TensorFlow backend.

        Returns:
            (dict from signature name to (function, list of `tf.TensorSpec`), list of the
            resources that the functions need besides the model).
        """
        from rnnzoo.pipelines.export.saved_model import plain_endpoints

        return plain_endpoints(model)

    def layers(self, model):
        """list of str, the recurrent layers as the card names them: `["LSTM(64)"]`."""
        return [f"{type(layer).__name__}({layer.units})" for layer in model.recurrent]

    def describe(self, model, data):
        """dict, the card's fields `input`, `output` and further ones on the model.

        Args:
            model: a task model.
            data: the dataset that it was trained on; None if that is not known.
        """
        tensors = {"input": model.inputs, "output": model.outputs}
        return {name: f"{tensor.dtype} {tensor.shape}" for name, (tensor,) in tensors.items()}

    def filled_in(self, sentence, model):
        """A recipe's title or limits as on the card of a model, str."""
        return sentence

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
            InputError: it cannot be read, is too little, or does not fit the model.
        """
        raise InputError(f"models of {self.kind} cannot be fine-tuned by this command")

    def adapt(self, model, data):
        """The model with the vocabulary, classes, ... of a user's dataset, compiled."""
        return model

    def finetune_batches(self, model, data, seed):
        """(training batches, validation batches), each an `rnnzoo.epoch_batches.EpochBatches`."""
        raise NotImplementedError


def identity(task):
    """The stage parameter `family`: dict of `task` and `version`."""
    return {"task": task, "version": family_of(task).load_pipeline().version}


def of(parameter):
    """The `Family` of a stage parameter `family`, see `identity`."""
    return family_of(parameter["task"]).load_pipeline()
