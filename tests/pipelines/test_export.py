import numpy as np
import tensorflow as tf

from rnnzoo.pipelines.export import export_saved_model


def test_the_saved_model_answers_as_the_model_does(tiny, tmp_path):
    export_saved_model(tiny, tmp_path / "export")
    signature = tf.saved_model.load(tmp_path / "export").signatures["serving_default"]
    assert list(signature.structured_input_signature[1]) == ["characters"]
    for shape in ((1, 1), (3, 7)):
        ids = np.random.default_rng(0).integers(5, size=shape, dtype=np.int32)
        answer = signature(characters=tf.constant(ids))
        assert list(answer) == ["logits"]
        np.testing.assert_allclose(answer["logits"], tiny(ids), atol=1e-6)


def test_the_pushed_one_loads_without_this_package(small_model):
    """Plain TensorFlow reads what a server would."""
    folder, _ = small_model
    signature = tf.saved_model.load(folder).signatures["serving_default"]
    golden = np.load(folder / "golden.npz")
    answer = signature(characters=tf.constant(golden["inputs"]))["logits"]
    np.testing.assert_allclose(answer, golden["outputs"], atol=1e-5)
