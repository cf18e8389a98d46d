"""From stock layers to NEM layers and back."""

import keras
import numpy as np
import pytest

from rnnzoo.layers import NEMGRU, NEMLSTM, NEMLSTMCell, NEMModel, with_noise, without_noise

pytestmark = [pytest.mark.portable, pytest.mark.once]

X = np.array([[1, 2, 3, 0], [4, 1, 0, 0]])


def stock_model():
    """Recurrent layers in a Bidirectional one, by themselves and in a model inside."""
    keras.utils.set_random_seed(3)
    inputs = keras.Input((4,))
    x = keras.layers.Embedding(6, 3, mask_zero=True)(inputs)
    kwargs = {"return_sequences": True, "bias_initializer": "random_normal"}
    x = keras.layers.Bidirectional(keras.layers.LSTM(3, **kwargs), merge_mode="sum")(x)
    x = keras.layers.GRU(4, reset_after=False, dropout=0.2, name="middle", **kwargs)(x)
    x = keras.Sequential([keras.layers.LSTM(2, go_backwards=True), keras.layers.Dense(3)])(x)
    return keras.Model(inputs, x)


def kinds(model):
    """The recurrent layers, in order."""
    result = []
    for layer in model.layers:
        if isinstance(layer, keras.Sequential):
            result.extend(kinds(layer))
        elif isinstance(layer, keras.layers.Bidirectional):
            result.extend([type(layer.forward_layer), type(layer.backward_layer)])
        elif isinstance(layer, keras.layers.RNN):
            result.append(type(layer))
    return result


def same_outputs(model, reference):
    result, expected = (keras.ops.convert_to_numpy(m(X)) for m in (model, reference))
    np.testing.assert_allclose(result, expected, atol=1e-6)


def test_there_and_back_with_all_weights_and_outputs():
    stock = stock_model()
    noisy = with_noise(stock, noise_std=0.4)
    assert kinds(noisy) == [NEMLSTM, NEMLSTM, NEMGRU, NEMLSTM]
    same_outputs(noisy, stock)
    back = without_noise(noisy)
    assert kinds(back) == kinds(stock)
    names, expected = ([layer.name for layer in m.layers[1:]] for m in (back, stock))
    assert names == expected
    same_outputs(back, stock)


def test_the_original_keeps_its_layers_and_weights():
    stock = stock_model()
    before = [w.copy() for w in stock.get_weights()]
    noisy = with_noise(stock)
    noisy.set_weights([w + 1 for w in before])
    assert NEMLSTM not in kinds(stock)
    for weight, expected in zip(stock.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, expected)


def test_settings_arrive_and_those_of_the_layer_stay():
    layer = with_noise(stock_model(), noise="blind", noise_std=0.4).get_layer("middle")
    config = layer.get_config()
    assert (config["noise"], config["noise_std"], config["noise_gates"]) == (
        "blind",
        0.4,
        ["update", "reset"],
    )
    assert (config["reset_after"], config["dropout"]) == (False, 0.2)


def test_a_model_with_noise_is_given_other_noise():
    model = keras.Sequential([keras.Input((4, 1)), NEMLSTM(2, noise_std=0.4, noise="blind")])
    config = with_noise(model, noise_std=0.7).layers[0].get_config()
    assert (config["noise"], config["noise_std"]) == ("blind", 0.7)


def test_one_kind_of_layer_takes_a_choice_of_gates():
    model = keras.Sequential([keras.Input((4, 1)), keras.layers.LSTM(2)])
    noisy = with_noise(model, noise_gates=["forget"])
    assert noisy.layers[0].get_config()["noise_gates"] == ["forget"]
    with pytest.raises(ValueError, match=r"noise_gates is \['forget'\]"):
        with_noise(stock_model(), noise_gates=["forget"])


def test_a_compiled_model_comes_back_compiled_and_trains():
    model = keras.Sequential([keras.Input((2, 1)), keras.layers.GRU(2)])
    model.compile(keras.optimizers.SGD(0.5), "mse", metrics=["mae"])
    noisy = with_noise(model, noise_std=0.4)
    result = noisy.fit(np.ones((4, 2, 1)), np.ones((4, 2)), verbose=0).history
    assert np.isfinite([result["loss"], result["mae"]]).all()
    assert np.abs(noisy.get_weights()[0] - model.get_weights()[0]).max() > 1e-4


def test_a_model_without_recurrent_layers_is_refused():
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    with pytest.raises(ValueError, match="there is no LSTM or GRU layer in the model, only Dense"):
        with_noise(model)


def test_a_wrong_setting_is_refused():
    with pytest.raises(ValueError, match="noise_std is -1"):
        with_noise(stock_model(), noise_std=-1)


def test_a_model_that_is_not_built_is_converted_too():
    model = with_noise(keras.Sequential([keras.layers.GRU(2)]))
    assert type(model.layers[0]) is NEMGRU
    assert model(np.ones((1, 2, 3))).shape == (1, 2)


def test_without_noise_saves_a_model_that_needs_keras_alone(tmp_path):
    plain = without_noise(with_noise(stock_model()))
    plain.save(tmp_path / "plain.keras")
    same_outputs(keras.saving.load_model(tmp_path / "plain.keras"), plain)
    assert "rnnzoo" not in plain.to_json()


def test_adapted_layers_keep_what_they_have_learnt():
    x = np.random.default_rng(0).normal(3, 5, size=(20, 4, 2)).astype("float32")
    norm = keras.layers.Normalization()
    norm.adapt(x)
    model = keras.Sequential([keras.Input((4, 2)), norm, keras.layers.LSTM(3)])
    expected = model.predict(x, verbose=0)
    noisy = with_noise(model)
    np.testing.assert_allclose(noisy.predict(x, verbose=0), expected, atol=1e-6)
    np.testing.assert_allclose(without_noise(noisy).predict(x, verbose=0), expected, atol=1e-6)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="text needs TensorFlow")
def test_vocabularies_are_kept():
    import tensorflow as tf

    words = keras.layers.TextVectorization(output_sequence_length=4)
    words.adapt(["to be or not", "to be"])
    layers = [words, keras.layers.Embedding(9, 3), keras.layers.GRU(2)]
    model = keras.Sequential([keras.Input((), dtype="string"), *layers])
    x = tf.constant(["to be", "or"])
    expected = model.predict(x, verbose=0)
    np.testing.assert_allclose(with_noise(model).predict(x, verbose=0), expected, atol=1e-6)


def test_wrappers_are_followed_and_keep_their_settings():
    timed = keras.layers.TimeDistributed(keras.layers.LSTM(2), name="timed")
    both = keras.layers.Bidirectional(keras.layers.GRU(2), dtype="mixed_bfloat16", trainable=False)
    model = keras.Sequential([keras.Input((3, 4, 1)), timed, both])
    noisy = with_noise(model)
    assert type(noisy.get_layer("timed").layer) is NEMLSTM
    assert type(noisy.layers[1].backward_layer) is NEMGRU
    assert noisy.layers[1].dtype_policy.name == "mixed_bfloat16"
    assert not noisy.layers[1].trainable
    assert type(without_noise(noisy).get_layer("timed").layer) is keras.layers.LSTM


def test_the_model_inside_an_nem_model_is_meant():
    inside = keras.Sequential([keras.Input((4, 1)), NEMLSTM(2)])
    assert type(without_noise(NEMModel(inside)).layers[0]) is keras.layers.LSTM


def test_what_cannot_be_replaced_is_refused_by_name():
    model = keras.Sequential([keras.Input((4, 1)), keras.layers.RNN(NEMLSTMCell(2, name="cell"))])
    with pytest.raises(ValueError, match="^cell cannot be replaced inside another layer"):
        without_noise(model)


def test_a_model_of_its_own_class_is_refused():
    class Own(keras.Model):
        """A model as a class."""

    with pytest.raises(ValueError, match="Own is a subclassed model: build it with"):
        with_noise(Own())


def test_only_settings_of_the_noise_are_taken():
    with pytest.raises(ValueError, match="return_sequences: choose among noise, noise_std"):
        with_noise(stock_model(), return_sequences=True)
