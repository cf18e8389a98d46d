"""Classifiers of sequences: masks, predictions, streams, and saving."""

import io

import keras
import numpy as np
import pytest

from rnnzoo.datasets.action3d.invariant import invariant_features
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.layers import NEMGRU, NEMLSTM
from rnnzoo.sequences import classifier
from rnnzoo.sequences.batches import padded
from rnnzoo.sequences.classifier import SequenceClassifier
from rnnzoo.sequences.networks.frame_network import FrameNetwork

CLASSES = ["golf swing", "tennis swing", "tennis serve"]


def build_model(layers=None, reader=None, **settings):
    keras.utils.set_random_seed(4)
    reader = reader or {"kind": "features", "features": 5}
    return SequenceClassifier(CLASSES, layers or [keras.layers.GRU(6)], reader, **settings)


@pytest.fixture(autouse=True)
def eager(monkeypatch):
    """Tracing a network takes longer than these few steps of it."""
    monkeypatch.setattr(classifier, "compiled", lambda function: function)


def sequences(*lengths):
    random = np.random.default_rng(0)
    return [random.normal(size=(length, 5)).astype("float32") for length in lengths]


BUILT = [
    {"pool": "mean", "dropout": 0.5, "input_dropout": 0.2},
    {"bidirectional": True, "pool": "max"},
    {"layers": [NEMLSTM(4, noise_std=0.3), NEMGRU(3)], "bidirectional": True, "pool": "mean"},
]


@pytest.mark.parametrize("settings", BUILT)
def test_padding_does_not_count(settings):
    model, inputs = build_model(**settings), sequences(7, 3, 5)
    model.standardized.adapt(inputs)
    together = model.probabilities(inputs)
    assert together.shape == (3, 3)
    np.testing.assert_allclose(together.sum(axis=1), 1, atol=1e-5)
    for row, sequence in zip(together, inputs, strict=True):
        np.testing.assert_allclose(model.probabilities([sequence])[0], row, atol=1e-5)
    assert padded(inputs).shape == (3, 7, 5)


def test_batches_of_sequences_of_several_lengths_have_one_shape():
    model, inputs = build_model(), sequences(4, 4, 4, 4, 7, 3)
    batches = model.batches(inputs, [0, 1, 2, 0, 1, 2], batch_size=2, shuffle=False)
    assert {batches[i][0].shape for i in range(len(batches))} == {(2, 7, 5)}
    np.testing.assert_array_equal(batches[2][0], padded(inputs[4:]))
    model.compile_default().fit(batches, verbose=0)


def test_the_equations():
    """Against a GRU written out, with features standardized and the last state read out."""
    model, (x,) = build_model(), sequences(6)
    model.standardized.adapt([x])
    mean, scale = x.mean(axis=0), np.maximum(x.std(axis=0), 0.05)
    kernel, recurrent, bias = [w.astype("float64") for w in model.recurrent[0].get_weights()]
    h, sigmoid = np.zeros(6), lambda v: 1 / (1 + np.exp(-v))
    for step in (x - mean) / scale:
        a, b = step @ kernel + bias[0], h @ recurrent + bias[1]
        z, r = sigmoid(a[:6] + b[:6]), sigmoid(a[6:12] + b[6:12])
        h = z * h + (1 - z) * np.tanh(a[12:] + r * b[12:])
    weights, offset = model.get_layer("readout").get_weights()
    logits = h @ weights + offset
    np.testing.assert_allclose(model(x[None]).numpy()[0], logits, atol=1e-5)
    expected = np.exp(logits) / np.exp(logits).sum()
    prediction = model.classify(x)
    assert [name for name, _ in prediction] == [CLASSES[i] for i in np.argsort(-expected)]
    np.testing.assert_allclose([p for _, p in prediction], np.sort(expected)[::-1], atol=1e-5)
    assert model.classify(x, top=2) == prediction[:2]


@pytest.mark.parametrize("settings", BUILT[1:])
def test_saved_and_loaded_it_answers_alike(settings, tmp_path):
    model, inputs = build_model(**settings), sequences(4, 6)
    model.standardized.adapt(inputs)
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras", compile=False, safe_mode=True)
    assert again.classes == CLASSES
    assert again.get_config() == model.get_config()
    np.testing.assert_allclose(again.probabilities(inputs), model.probabilities(inputs), atol=1e-6)


def test_fit_learns_what_can_be_told():
    random = np.random.default_rng(1)
    y = random.integers(3, size=32)
    inputs = [
        random.normal(size=(3 + k % 2, 5)) + 2 * np.eye(5)[label] for k, label in enumerate(y)
    ]
    model = build_model([keras.layers.SimpleRNN(6)]).compile_default()
    before = model.standardized.get_weights()
    model.optimizer.learning_rate = 0.03
    model.fit(model.batches(inputs, y, batch_size=8), epochs=5, verbose=0)
    assert (model.probabilities(inputs).argmax(axis=1) == y).mean() > 0.8
    for a, b in zip(before, model.standardized.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_the_path_of_a_file_in_place_of_its_features(tmp_path):
    model, (features,) = build_model(), sequences(7)
    np.save(tmp_path / "a.npy", features)
    np.savetxt(tmp_path / "a.csv", features, delimiter=",", fmt="%.9g")
    for name in ("a.npy", "a.csv"):
        assert model.classify(tmp_path / name) == model.classify(features)
    with pytest.raises(InputError, match="none.npy is no file: give an .npy file of numbers"):
        model.classify("none.npy")


def test_skeletons_wherever_they_stand():
    model = build_model(reader={"kind": "skeletons", "steps": 4}, bidirectional=True)
    joints = np.random.default_rng(0).normal(size=(5, 20, 3))
    prediction = model.classify(joints)
    turned = 3 * joints[..., [2, 1, 0]] * [1, 1, -1] + 5  # by a right angle
    moved = model.classify(turned)
    assert [name for name, _ in moved] == [name for name, _ in prediction]
    np.testing.assert_allclose([p for _, p in moved], [p for _, p in prediction], atol=1e-5)
    features = padded([invariant_features(joints, 4)])
    expected = keras.ops.softmax(model(features)).numpy()[0]
    np.testing.assert_allclose(dict(prediction)[CLASSES[1]], expected[1], atol=1e-5)
    stream = model.stream(top=1)
    for frame in joints:
        streamed = stream.push(frame)
    np.testing.assert_allclose(streamed[0][1], prediction[0][1], atol=1e-5)
    with pytest.raises(InputError, match=r"shape \(3, 19, 3\)"):
        model.classify(np.zeros((3, 19, 3)))
    with pytest.raises(InputError, match="only to a classifier of videos"):
        stream.push(joints[0], at=1.0)


def small_network(pixels=(0, 1)):
    layers = [keras.Input((6, 8, 3)), keras.layers.GlobalAveragePooling2D()]
    return FrameNetwork(keras.Sequential(layers), pixels)


def video():
    import av

    file = io.BytesIO()
    with av.open(file, "w", format="avi") as container:
        stream = container.add_stream("mpeg4", rate=7)
        stream.width, stream.height, stream.pix_fmt = 32, 24, "yuv420p"
        for step in range(35):
            picture = np.full((24, 32, 3), 7 * step, "uint8")
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return file.getvalue()


@pytest.fixture
def video_classifier():
    network = small_network()
    reader = {"kind": "video", "digest": network.digest, "features": 3}
    return build_model(reader=reader).frames_by(network), network


def test_a_video_its_frames_and_their_features_are_the_same(video_classifier, tmp_path):
    from rnnzoo.datasets.video.frames import video_frames

    model, network = video_classifier
    (tmp_path / "clip.avi").write_bytes(video())
    frames = video_frames(video(), size=network.size)[0]
    prediction = model.classify(tmp_path / "clip.avi")
    for source in (str(tmp_path / "clip.avi"), video(), frames, network(frames)):
        np.testing.assert_allclose(
            [p for _, p in model.classify(source)], [p for _, p in prediction], atol=1e-6
        )
    with pytest.raises(InputError, match="cannot be read as a video"):
        model.classify(b"no video")
    with pytest.raises(InputError, match="give uint8 of shape"):
        model.classify(frames[:, :3])
    with pytest.raises(InputError, match="there are no frames"):
        model.classify(frames[:0])


def test_a_stream_of_video_sees_the_last_seven_frames_at_their_pace(video_classifier):
    model, network = video_classifier
    frames = np.random.default_rng(0).integers(0, 256, (9, 6, 8, 3), "uint8")
    stream = model.stream()
    predictions = [stream.push(frame) for frame in frames]
    assert dict(predictions[2]) == pytest.approx(dict(model.classify(frames[:3])), abs=1e-5)
    assert dict(predictions[8]) == pytest.approx(dict(model.classify(frames[2:])), abs=1e-5)
    timed = model.stream(top=1)
    first = timed.push(frames[0], at=0.0)
    assert timed.push(frames[1], at=0.5) is first
    last = timed.push(frames[2], at=0.72)
    assert dict(last) == pytest.approx(dict(model.classify(frames[[0, 2]], top=1)), abs=1e-5)
    with pytest.raises(InputError, match="at is 0.1 after 0.72: give frames in the order"):
        timed.push(frames[3], at=0.1)
    with pytest.raises(InputError, match="give uint8"):
        timed.push(frames[3] / 255, at=2.0)


def test_another_network_for_frames_is_refused(video_classifier, tmp_path):
    model, _ = video_classifier
    with pytest.raises(InputError, match="the network .* has the digest .* give that one"):
        model.frames_by(small_network((-1, 1)))
    with pytest.raises(InputError, match="reads features: it needs no network"):
        build_model().frames_by(small_network())
    model.save(tmp_path / "model.keras")
    assert (tmp_path / "model.keras").stat().st_size < 50_000  # the network is not saved
    again = keras.saving.load_model(tmp_path / "model.keras", compile=False, safe_mode=True)
    assert again.reader.digest == model.reader.digest


def test_what_is_refused():
    model, (x,) = build_model(), sequences(4)
    for wrong, message in (
        (x[:, :3], r"shape \(4, 3\): give \(time, 5\)"),
        (x[:0], "one step or more"),
        (x * np.nan, "not finite"),
        (x * 0, "all features of a sequence are zeros: there is nothing to classify"),
        ("clip.avi", "clip.avi is no file"),
        (object(), "object is no array of features"),
    ):
        with pytest.raises(InputError, match=message):
            model.classify(wrong)
    for top in (0, 4, "all"):
        with pytest.raises(InputError, match="top is"):
            model.classify(x, top=top)
    for settings, message in (
        ({"pool": "sum"}, "pool is 'sum': choose one of last, mean, max"),
        ({"reader": {"kind": "sound"}}, "unknown input 'sound': choose one of features"),
    ):
        with pytest.raises(InputError, match=message):
            build_model(**settings)
    with pytest.raises(InputError, match="give two or more, each once"):
        SequenceClassifier(["a", "a"], [keras.layers.GRU(2)], {"kind": "features", "features": 2})
    stream = model.stream()
    stream.push(x[0])
    with pytest.raises(InputError):
        stream.push(x[1, :2])
    assert dict(stream.push(x[1])) == pytest.approx(dict(model.classify(x[:2])), abs=1e-5)
    assert model.probabilities([]).shape == (0, 3)
