"""TFDS's own checks of a builder: its description, preparation, reading and splits."""

import tensorflow_datasets as tfds

from rnnzoo.datasets.char_text.char_text_dataset_builder import FOLDER, Builder


class CharTextTest(tfds.testing.DatasetBuilderTestCase):
    DATASET_CLASS = Builder
    BUILDER_CONFIG_NAMES_TO_TEST = ["sonnets"]
    SPLITS = {"train": 1, "validation": 1, "test": 1}
    EXAMPLE_DIR = FOLDER  # nothing is downloaded: the text is embedded
    SKIP_CHECKSUMS = True  # rnnzoo.datasets.common.source checks them
