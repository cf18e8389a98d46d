import os

import pytest

from rnnzoo.datasets.char_text.char_text_dataset_builder import FOLDER, Builder
from rnnzoo.datasets.char_text.load import load_char_text
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.text.reader import read_text
from rnnzoo.datasets.text.vocabulary import Vocabulary


def test_the_embedded_text_is_split_by_position():
    whole = (FOLDER / "sonnets.txt").read_text(encoding="utf-8")
    text = load_char_text("sonnets")
    assert text.train + text.validation + text.test == whole
    assert len(text.train) == round(0.9 * len(whole))
    assert text.vocabulary == Vocabulary.of(whole)


def test_shakespeare_is_the_text_of_the_source(real_text):
    text = real_text("shakespeare")
    assert len(text.train + text.validation + text.test) == 1_115_394
    assert len(text.vocabulary) == 65


def test_artusi_is_the_book_up_to_its_last_recipe(real_text):
    text = real_text("artusi")
    whole = text.train + text.validation + text.test
    assert len(whole) == 921_067
    assert "Gutenberg" not in whole
    assert "\r" not in whole
    assert "790. " in text.test
    assert whole.endswith("aiutano lo stomaco a\ndigerire.\n")
    assert len(text.vocabulary) == 105


def test_a_users_file_is_known_by_its_content(tmp_path):
    path = tmp_path / "my.txt"
    path.write_text("uno due tre\r\n" * 20, encoding="utf-8", newline="")
    first = load_char_text(text=read_text(path))
    assert first.train.startswith("uno due tre\nuno")
    path.write_text("quattro\n" * 20, encoding="utf-8")
    second = load_char_text(text=read_text(path))
    assert second.name != first.name
    assert second.train.startswith("quattro")


def test_an_unknown_text_is_named():
    with pytest.raises(InputError, match="unknown text 'none': choose one of shakespeare"):
        load_char_text("none")


def test_the_builder_is_described():
    builder = Builder(config="sonnets", data_dir=os.environ["RNNZOO_CACHE_DIR"])
    assert "split by position" in builder.info.description
    assert "artusi" in builder.info.citation
