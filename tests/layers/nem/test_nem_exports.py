"""An export has no noise: a SavedModel from TensorFlow and JAX, a program of torch.export."""

import keras
import numpy as np
import pytest

from rnnzoo.layers import NEMGRU, NEMLSTM, NEMMeanSquaredError, NEMModel

pytestmark = [pytest.mark.portable, pytest.mark.once]

X = np.random.default_rng(0).normal(size=(1, 4, 2)).astype("float32")
Y = np.ones((1, 3), "float32")


def trained(model, loss="mse"):
    """After one noisy step, so that a training graph exists beside that of inference."""
    model.compile("sgd", loss)
    model.fit(X, Y, verbose=0)
    return model


def exported_outputs(model, folder):
    """What the export gives for X in its own runtime."""
    if keras.backend.backend() == "torch":
        import torch

        path = str(folder / "model.pt2")
        model.export(path, format="torch", verbose=False)
        return torch.export.load(path).module()(torch.tensor(X)).detach().numpy()
    import tensorflow as tf

    model.export(str(folder), verbose=False)
    loaded = tf.saved_model.load(str(folder))
    return loaded.serve(X).numpy()


@pytest.mark.parametrize(
    ("noisy", "stock"), [(NEMLSTM, keras.layers.LSTM), (NEMGRU, keras.layers.GRU)], ids=str
)
def test_of_a_layer(noisy, stock, tmp_path):
    model = trained(keras.Sequential([keras.Input(X.shape[1:]), noisy(3, noise_std=9)]))
    plain = keras.Sequential([keras.Input(X.shape[1:]), stock(3)])
    plain.set_weights(model.get_weights())
    expected = plain.predict(X, verbose=0)
    np.testing.assert_allclose(exported_outputs(model, tmp_path), expected, atol=1e-6)


def test_of_an_nem_model_is_that_of_the_model_inside(tmp_path):
    inside = keras.Sequential([keras.Input(X.shape[1:]), NEMLSTM(3, noise_std=9)])
    model = trained(NEMModel(inside, noise_std=9), NEMMeanSquaredError())
    expected = inside.predict(X, verbose=0)
    np.testing.assert_allclose(exported_outputs(model, tmp_path), expected, atol=1e-6)


def test_of_a_reloaded_nem_model(tmp_path):
    inside = keras.Sequential([keras.Input(X.shape[1:]), NEMLSTM(3, noise_anneal=1)])
    model = trained(NEMModel(inside), NEMMeanSquaredError())
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    expected = model.predict(X, verbose=0)
    np.testing.assert_allclose(exported_outputs(again, tmp_path / "export"), expected, atol=1e-6)
