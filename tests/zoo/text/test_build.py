import keras
import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.text.vocabulary import Vocabulary
from rnnzoo.layers import NEMGRU, NEMLSTM, SVDSimpleRNN
from rnnzoo.text.build import build
from rnnzoo.text.generator import TextGenerator
from rnnzoo.text.recipe import complete

pytestmark = pytest.mark.core

SHIPPED = {
    "rnn": (keras.layers.SimpleRNN, {}),
    "svdrnn": (SVDSimpleRNN, {"interval_weight": 0.1, "rms_weight": 1.0}),
    "lstm": (keras.layers.LSTM, {}),
    "nemlstm": (NEMLSTM, {"noise_std": 0.2}),
    "gru": (keras.layers.GRU, {}),
    "nemgru": (NEMGRU, {"noise_std": 0.2}),
}


def made(architecture, **settings):
    settings = complete({"architecture": architecture, "units": 3, "layers": 2, **settings})
    return build("a-b", settings, Vocabulary("abcde"))


@pytest.mark.parametrize("architecture", SHIPPED)
def test_what_ships_answers_as_what_was_trained(architecture, tmp_path):
    kind, settings = SHIPPED[architecture]
    trained = made(architecture, dropout=0.5, **settings)
    shipped = trained.finished()
    assert [type(layer) for layer in shipped.recurrent] == [kind, kind]
    for name, value in settings.items():
        assert shipped.recurrent[0].get_config()[name] == value
    assert shipped.dropout == 0.5
    ids = np.array([[0, 3, 1, 4, 2]])
    np.testing.assert_allclose(shipped(ids), trained(ids), atol=1e-6)
    shipped.save(tmp_path / "m.keras")
    again = keras.saving.load_model(tmp_path / "m.keras", safe_mode=True)
    assert type(again) is TextGenerator
    assert again.get_config() == shipped.get_config()
    np.testing.assert_array_equal(again(ids), shipped(ids))


def test_dropout_is_of_training_only():
    model = made("gru", dropout=0.5)
    ids = np.array([[0, 3, 1, 4, 2]])
    np.testing.assert_array_equal(model(ids), model(ids, training=False))
    assert np.abs(model(ids, training=True) - model(ids)).max() > 0


@pytest.mark.parametrize(
    ("architecture", "settings", "said"),
    [
        ("esn", {}, "unknown architecture 'esn': choose one of rnn, svdrnn, lstm"),
        ("lstm", {"noise_std": 0.1}, "a-b: lstm with {'noise_std': 0.1}: only nemlstm"),
        ("svdrnn", {}, "they need one above 0"),
    ],
)
def test_a_recipe_that_does_not_fit(architecture, settings, said):
    with pytest.raises(InputError, match=said):
        made(architecture, **settings)
