"""The family of character models: a text is split by position and read in passages."""

import hashlib
import math
from collections import Counter

from rnnzoo.datasets.common.atomic_write import atomic_file
from rnnzoo.datasets.common.errors import InputError, quoted
from rnnzoo.datasets.common.folders import cache_dir
from rnnzoo.datasets.common.splits import SPLITS
from rnnzoo.pipelines.core.examples import Feature
from rnnzoo.pipelines.core.family import Anomaly, Family

PASSAGE = 1000  # characters of an example

# Windows of the training split that repetitions are searched in: bounds memory.
MOST_COMPARED = 5_000_000
REPETITION = 50  # characters of a window whose second appearance is a repetition

GOLDEN = 64  # characters of the validation split whose logits are kept as golden outputs
SLACK = 0.01  # nats per character that a model may be worse than the one pushed before it

WINDOW = 100  # characters of a window of fine-tuning


class TextFamily(Family):
    """See `Family`; the dataset is a `CharText`."""

    kind = "text"
    unit = "nats per character"
    features = {"text": Feature("string")}
    evaluation_keys = ("must_beat", "structure")
    digest_key = "sha256_of_text"

    # Data

    def own_data(self, recipe):
        """(name, sha256) of the recipe's text."""
        from rnnzoo.datasets.char_text.load import text_sha256

        return recipe["data"], text_sha256(recipe["data"])

    def user_data(self, path, recipe):
        """(name, sha256) of the text in a UTF-8 file."""
        from rnnzoo.datasets.text.reader import read_text

        text = read_text(path).encode()
        sha256 = hashlib.sha256(text).hexdigest()
        if not user_text_path(sha256).is_file():
            with atomic_file(user_text_path(sha256)) as partial:
                partial.write_bytes(text)
        # Not the file's name: the same text in another file is the same data.
        return f"text-{sha256[:16]}", sha256

    def source(self, recipe):
        """The URL and licence of the recipe's text."""
        from rnnzoo.datasets.char_text.sources import SOURCES

        source = SOURCES.get(recipe["data"])
        return {
            "url": source.url if source else "embedded in the package",
            "licence": source.licence if source else "public domain",
        }

    def examples(self, data, data_sha256, ingest):
        """Passages of 1,000 characters."""
        from rnnzoo.datasets.char_text.load import load_char_text

        path = user_text_path(data_sha256)
        if path.is_file():
            text = load_char_text(text=path.read_bytes().decode())
        else:
            text = load_char_text(data)
        if text.sha256 != data_sha256:
            raise InputError(f"{data} is another text: sha256 {text.sha256}, not {data_sha256}")
        parts = {split: getattr(text, split) for split in SPLITS}
        return {
            split: [{"text": part[i : i + PASSAGE]} for i in range(0, len(part), PASSAGE)]
            for split, part in parts.items()
        }

    def columns(self, read):
        """`text`, the passages; `character`, their characters; `repeated`, a 0 or 1 per window of
        50 characters: whether the training split has it too.
        """
        columns, trained = {}, set()
        for split in SPLITS:
            passages = [example["text"] for example in read(split)]
            whole = "".join(passages)
            if split == "train":
                compared = whole[-MOST_COMPARED:]
                last = len(compared) - REPETITION
                trained = {hash(compared[i : i + REPETITION]) for i in range(last + 1)}
            starts = range(0, max(0, len(whole) - REPETITION + 1), REPETITION)
            repeated = [float(hash(whole[i : i + REPETITION]) in trained) for i in starts]
            columns[split] = {
                "examples": len(passages),
                "text": passages,
                "character": Counter(whole),
                "repeated": repeated,
            }
        return columns

    def constrain(self, schema, statistics):
        """Adds the feature `character` with the characters of all splits as its domain."""
        from tensorflow_metadata.proto.v0 import schema_pb2

        characters = sorted(set().union(*map(_characters, statistics.values())))
        character = schema.feature.add(name="character", type=schema_pb2.BYTES, domain="characters")
        character.presence.min_fraction = 1.0
        schema.string_domain.add(name="characters", value=characters)

    def checks(self, statistics, schema):
        """A single character, unseen characters, a wrong decoding, repetitions."""
        if len(schema.string_domain[0].value) < 2:
            description = "the text has one distinct character: there is nothing to learn"
            yield Anomaly("character", "train", description, error=True)
        trained = _characters(statistics["train"])
        for split, columns in statistics.items():
            characters = _characters(columns)
            if unseen := characters.keys() - trained.keys():
                description = f"{split} has characters that train has not: {quoted(unseen)}"
                yield Anomaly("character", split, description)
            if "\ufffd" in characters:
                description = f"{split} has {characters[chr(0xFFFD)]} replacement characters"
                yield Anomaly("encoding", split, f"{description}: it was decoded wrongly once")
            repeated = columns["repeated"].num_stats.mean
            if split != "train" and repeated > 0.5:
                description = f"{repeated:.0%} of {split} is in train too: its figures mean little"
                yield Anomaly("repeated", split, description)

    def transform(self, read, schema):
        """Ids of the characters of each split, numbered as in the schema's domain."""
        from rnnzoo.datasets.text.vocabulary import Vocabulary

        vocabulary = Vocabulary("".join(schema.string_domain[0].value))
        texts = {split: "".join(example["text"] for example in read(split)) for split in SPLITS}
        arrays = ((split, vocabulary.encode(text)) for split, text in texts.items())
        return {"vocabulary": vocabulary.characters}, arrays

    def dataset(self, transformed):
        """The `CharText`."""
        from rnnzoo.datasets.char_text.load import CharText
        from rnnzoo.datasets.text.vocabulary import Vocabulary

        vocabulary = Vocabulary(transformed.about["vocabulary"])
        parts = {split: vocabulary.decode(transformed.array(split)) for split in SPLITS}
        return CharText(name=transformed.about["name"], vocabulary=vocabulary, **parts)

    # Training

    def build(self, name, recipe, data):
        """An untrained `TextGenerator` with the text's vocabulary."""
        from rnnzoo.architectures import recurrent_layers
        from rnnzoo.text.generator import TextGenerator

        return TextGenerator(
            data.vocabulary,
            recurrent_layers(name, recipe),
            name=name.replace("-", "_"),
            dropout=recipe["dropout"],
        )

    def batches(self, recipe, data, seed, first_epoch):
        """`TextWindows` of the training split."""
        from rnnzoo.text.batches import TextWindows

        ids = data.vocabulary.encode(data.train)
        return TextWindows(
            ids, recipe["window"], recipe["batch_size"], seed, first_epoch=first_epoch
        )

    def validation_batches(self, model, data):
        """Windows of 100 characters, or of all there are."""
        length = min(WINDOW, len(data.validation) - 1)
        if length < 1:
            return None
        return model.windows(data.validation, length, shuffle=False)

    def loss(self, recipe):
        """Nats per character."""
        import keras

        return keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    def sample(self, model):
        """300 generated characters: with the same random numbers in every epoch."""
        characters = model.vocabulary.characters
        prompt = "\n" if "\n" in characters else characters[0]
        return model.generate(prompt, 300, temperature=0.8, seed=1)[1:]

    # Evaluation

    def figure(self, model, data, split):
        """Nats per character."""
        return model.nats_per_character(getattr(data, split))

    def evaluation_rows(self, model, data):
        """Characters by class, position in the line, and tenth of the split; beside n-grams."""
        from rnnzoo.text.slices import rows

        return rows(model, data)

    def evaluate(self, models, data, recipe):
        """Models and n-grams of order 1 to 8; `must_beat` is the order to be better than."""
        from rnnzoo.text.evaluation import evaluate

        return evaluate(models(), data, recipe)

    def baseline_figures(self, baselines):
        """Nats per character of n-grams."""
        return {f"{row['order']}-grams": row for row in baselines["ngram"]}

    def results_table(self, names, log):
        """Models and n-grams, see `rnnzoo.text.results_table`."""
        from rnnzoo.text.results_table import rows

        return rows(names, log)

    def limit(self, last):
        """0.01 nats above the last version's."""
        return last + SLACK

    # Export and card

    def golden_inputs(self, model, data):
        """Ids (1, 64) of the beginning of the validation split."""
        return model.vocabulary.encode(data.validation[:GOLDEN])[None]

    def random_inputs(self, model, seed=0):
        """Ids (1, 64) of random characters."""
        import numpy as np

        random = np.random.default_rng(seed)
        return random.integers(len(model.vocabulary), size=(1, GOLDEN)).astype("int32")

    def question(self, model, data):
        """Raw text; compared are the logits of the character that follows it."""
        import numpy as np

        expected = np.asarray(model(self.golden_inputs(model, data)))[0, -1]
        text = data.validation[:GOLDEN]
        return [text], lambda response: np.abs(response["logits"][0] - expected).max()

    def endpoints(self, model):
        """See `rnnzoo.pipelines.families.text.signatures`."""
        from rnnzoo.pipelines.families.text.signatures import endpoints

        return endpoints(model)

    def describe(self, model, data):
        """Inputs, outputs, and the vocabulary."""
        return {
            "input": "int32 character ids (batch, time)",
            "output": "float32 logits of the next character (batch, time, characters)",
            "vocabulary": model.vocabulary.characters,
        }

    def describe_data(self, data):
        """The number of characters of each split."""
        return {"characters": {split: len(getattr(data, split)) for split in SPLITS}}

    def predictor(self, card, options):
        """The likelihood of files or lines."""
        from rnnzoo.pipelines.families.text.predictor import TextPredictor

        return TextPredictor(card, options)

    # Fine-tuning

    def user_dataset(self, path, base):
        """The text of a UTF-8 file; its characters need not be those of the model."""
        from rnnzoo.datasets.char_text.load import load_char_text
        from rnnzoo.datasets.common.splits import SHARES
        from rnnzoo.datasets.text.reader import read_text

        text = read_text(path)
        needed = math.ceil((WINDOW + 1) / SHARES["train"])
        if len(text) < needed:
            raise InputError(
                f"{path} has {len(text)} characters: a window of {WINDOW} characters and "
                f"the splits for validation and test need at least {needed}"
            )
        return load_char_text(text=text)

    def adapt(self, model, data):
        """The model with the new characters of the text."""
        return model.with_vocabulary_of(data.whole)

    def finetune_batches(self, model, data, seed):
        """Windows of 100 characters, as `fit` gets them by default."""
        train = model.windows(data.train, WINDOW, seed=seed)
        return train, self.validation_batches(model, data)


def user_text_path(sha256):
    """The path of a user's text in the cache, by the sha256 of its UTF-8 bytes."""
    return cache_dir() / "texts" / f"{sha256}.txt"


def _characters(columns):
    from rnnzoo.pipelines.stages.statistics_gen import label_counts

    return label_counts(columns["character"])


TEXT = TextFamily()
