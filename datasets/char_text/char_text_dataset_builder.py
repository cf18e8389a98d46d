"""TFDS builder for character text, split by position, with its vocabulary as an artifact."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import tensorflow_datasets as tfds

from rnnzoo.datasets.char_text.sources import EMBEDDED, SOURCES
from rnnzoo.datasets.common.source import verified_bytes
from rnnzoo.datasets.common.splits import SHARES, split_by_position
from rnnzoo.datasets.common.utf8 import decoded
from rnnzoo.datasets.text.reader import read_text
from rnnzoo.datasets.text.vocabulary import Vocabulary

FOLDER = Path(__file__).parent
VOCABULARY_FILE = "vocabulary.json"


@dataclass(eq=False)
class CharTextConfig(tfds.core.BuilderConfig):
    """Configuration: a verified source, or a given text.

    Args:
        source: name in `rnnzoo.datasets.char_text.sources.SOURCES`, or None.
        given: the text itself, where `source` is None.
    """

    source: str | None = None
    given: str | None = field(default=None, repr=False)

    @classmethod
    def of_text(cls, text):
        """Configuration of a user's text, named by its content: a changed one is another."""
        digest = hashlib.sha256(text.encode()).hexdigest()
        return cls(name=f"text-{digest[:16]}", description="A user's text.", given=text)

    def text(self):
        """The whole text, verified and decoded."""
        if self.source is None:
            return self.given
        return decoded(verified_bytes(SOURCES[self.source]), self.source)


class VocabularyMetadata(tfds.core.Metadata):
    """Writes the vocabulary beside the prepared data, inside TFDS's atomic preparation.

    TFDS restores only its own `metadata.json`; whoever wants the vocabulary reads the file.
    """

    vocabulary: Vocabulary | None = None

    def save_metadata(self, data_dir):
        """Writes `vocabulary.json` into the prepared folder."""
        self.vocabulary.save(Path(data_dir) / VOCABULARY_FILE)

    def load_metadata(self, data_dir):
        """Reads it back."""
        self.vocabulary = Vocabulary.load(Path(data_dir) / VOCABULARY_FILE)


class Builder(tfds.core.GeneratorBasedBuilder):
    """Each split is one example: the part of the text in that position, as one string."""

    # TFDS would look below the root package's folder, where an editable install has nothing.
    pkg_dir_path = tfds.core.Path(FOLDER)

    VERSION = tfds.core.Version("2.0.0")
    RELEASE_NOTES = {
        "2.0.0": "artusi ends with its last recipe: no menus and no index.",
        "1.0.0": "First release.",
    }
    BUILDER_CONFIGS = [
        CharTextConfig(
            name="shakespeare",
            description="Plays, 1,115,394 characters, 65 distinct.",
            source="shakespeare",
        ),
        CharTextConfig(
            name="artusi",
            description="La scienza in cucina e l'arte di mangiar bene, 790 recipes in Italian.",
            source="artusi",
        ),
        CharTextConfig(
            name="sonnets",
            description="Some of Shakespeare's sonnets; embedded, for demonstrations and tests.",
            given=read_text(EMBEDDED["sonnets"]),
        ),
    ]

    def _info(self):
        return self.dataset_info_from_configs(
            features=tfds.features.FeaturesDict({"text": tfds.features.Text()}),
            metadata=VocabularyMetadata(),
        )

    def _split_generators(self, dl_manager):
        del dl_manager  # rnnzoo.datasets.common.source resolves and verifies
        text = self.builder_config.text()
        # Over the whole text, as in char-rnn: the test split hides how characters follow each
        # other, not which characters exist.
        self.info.metadata.vocabulary = Vocabulary.of(text)
        parts = split_by_position(text)
        return {name: self._generate_examples(parts[name]) for name in SHARES}

    def _generate_examples(self, part):
        yield 0, {"text": part}
