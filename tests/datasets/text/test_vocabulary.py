import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.text.vocabulary import Vocabulary

pytestmark = pytest.mark.core


def test_ids_are_places_whatever_the_order():
    vocabulary = Vocabulary("zaé❦")
    assert vocabulary.encode("a❦zé").tolist() == [1, 3, 0, 2]
    assert vocabulary.decode(vocabulary.encode("a❦zé")) == "a❦zé"
    assert vocabulary.encode("a").dtype == np.int32
    assert vocabulary.encode("").shape == (0,)


def test_new_characters_come_after_the_old_ones():
    assert Vocabulary("ba").extended("cabd").characters == "bacd"


def test_unknown_characters_are_named():
    with pytest.raises(InputError, match="unknown characters '1', '2'"):
        Vocabulary("ab").encode("a21")


@pytest.mark.parametrize("characters", ["", "aa"])
def test_a_vocabulary_is_distinct_and_not_empty(characters):
    with pytest.raises(InputError):
        Vocabulary(characters)


def test_it_survives_a_file(tmp_path):
    vocabulary = Vocabulary('\n"\\é❦')
    vocabulary.save(tmp_path / "v.json")
    assert Vocabulary.load(tmp_path / "v.json") == vocabulary
    assert [path.name for path in tmp_path.iterdir()] == ["v.json"]
