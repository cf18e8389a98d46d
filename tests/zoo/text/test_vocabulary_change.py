import numpy as np
import pytest

pytestmark = pytest.mark.core


def test_shared_characters_keep_their_weights(tiny, capsys):
    larger = tiny.with_vocabulary_of("dé bà")
    assert larger.vocabulary.characters == "abc dàé"
    assert capsys.readouterr().err == (
        "vocabulary: 5 characters keep their weights, 2 new: 'à', 'é'\n"
    )
    ids = np.array([[0, 1, 4, 3, 2]])
    np.testing.assert_allclose(larger(ids)[..., :5], tiny(ids), atol=1e-6)


def test_new_characters_start_average_in_and_rare_out(tiny):
    tiny.readout.bias.assign([0.3, -1.5, 0.2, 0.1, 0.0])
    larger = tiny.with_vocabulary_of("xyz")
    kernel = np.asarray(larger.recurrent[0].cell.kernel)
    np.testing.assert_allclose(kernel[5:], np.repeat(kernel[None, :5].mean(axis=1), 3, axis=0))
    np.testing.assert_allclose(np.asarray(larger.readout.bias)[5:], -1.5)


def test_it_can_write_and_learn_them(tiny):
    larger = tiny.with_vocabulary_of("é")
    larger.fit(larger.windows("éé a" * 200, length=10), epochs=1, verbose=0)
    assert set(larger.generate("é", 300, seed=1)) <= set("abc dé")


def test_nothing_new_nothing_said(tiny, capsys):
    assert tiny.with_vocabulary_of("abba") is tiny
    assert capsys.readouterr().err == ""
