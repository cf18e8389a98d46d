"""Classes over time: those of a stream of the same frames, merged into segments."""

import io
import tracemalloc

import keras
import numpy as np
import pytest
from PIL import Image

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.video import writer
from rnnzoo.datasets.video.decoding import DamagedVideo
from rnnzoo.datasets.video.reader import Limits
from rnnzoo.datasets.video.timed_frames import timed_frames
from rnnzoo.sequences import over_time as module
from rnnzoo.sequences.classifier import SequenceClassifier
from rnnzoo.sequences.over_time import ClassesOverTime, classes_over_time


def strip():
    file = io.BytesIO()
    pixels = np.random.default_rng(0).integers(0, 256, (40 * 8, 8, 3), "uint8")
    Image.fromarray(pixels).save(file, "png")
    return file.getvalue()


@pytest.mark.parametrize("batch", [28, 3])
def test_predictions_are_those_of_a_stream(shades, shade_classifier, tmp_path, monkeypatch, batch):
    monkeypatch.setattr(module, "FRAMES", batch)
    config = shade_classifier.reader.get_config()
    keras.utils.set_random_seed(1)
    model = SequenceClassifier(["a", "b", "c"], [keras.layers.GRU(4)], config)
    model.frames_by(shade_classifier.reader.network)
    for video in (shades(tmp_path / "a.mp4", frames=61), strip()):
        over_time = model.classify_over_time(video)
        stream, times, expected = model.stream(), [], []
        with timed_frames(video) as frames:
            for frame in frames:
                if not times or frame.seconds - times[-1] > 0.4999:
                    times.append(frame.seconds)
                ranked = stream.push(frame.pixels((6, 8)), frame.seconds)
                if times[-1] == frame.seconds:
                    expected.append([dict(ranked)[name] for name in model.classes])
        assert over_time.classes == model.classes
        np.testing.assert_allclose(over_time.times, times)
        np.testing.assert_allclose(over_time.probabilities, expected, atol=1e-6)
        assert len(times) > 5
    assert np.ptp(expected, axis=0).max() > 0.005


def test_segments_follow_the_video(shades, shade_classifier, tmp_path):
    over_time = shade_classifier.classify_over_time(shades(tmp_path / "a.mp4"))
    np.testing.assert_allclose(over_time.times, np.arange(8) / 2, atol=1e-3)
    dark, light = over_time.segments()
    assert (dark.start, dark.label, light.label) == (0, "dark", "light")
    assert dark.stop == light.start == pytest.approx(2)
    assert light.stop == over_time.seconds == pytest.approx(4, abs=0.11)
    assert dark.probability == pytest.approx(over_time.probabilities[:4, 0].mean())
    assert dark.probability > 0.95
    assert [over_time.index_at(at) for at in (0, 0.4, 0.5, 1.9, 9)] == [0, 0, 1, 3, 7]


def test_one_prediction_and_classes_that_return():
    short = ClassesOverTime(["a", "b"], np.zeros(1), np.array([[0.4, 0.6]]), 0.04)
    (segment,) = short.segments()
    assert (segment.start, segment.stop, segment.label) == (0, 0.04, "b")
    values = np.array([[0.9, 0.1], [0.2, 0.8], [0.7, 0.3]])
    labels = [s.label for s in ClassesOverTime(["a", "b"], np.arange(3), values, 3).segments()]
    assert labels == ["a", "b", "a"]


def test_decoded_frames_are_not_all_in_memory(shades, shade_classifier, tmp_path):
    video = shades(tmp_path / "a.mp4", frames=150, size=(240, 320))
    shade_classifier.classify_over_time(video)
    tracemalloc.start()
    shade_classifier.classify_over_time(video)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 20 * 240 * 320 * 3


def test_progress_is_reported(shades, shade_classifier, tmp_path):
    totals = []

    def progress(items, total):
        totals.append(total)
        return items

    classes_over_time(shade_classifier, shades(tmp_path / "a.mp4"), progress=progress)
    assert totals in ([8], [9])


def test_what_is_refused(shades, shade_classifier, tmp_path):
    video = shades(tmp_path / "a.mp4")
    with pytest.raises(InputError, match="is 4 seconds long: give one of at most 2"):
        classes_over_time(shade_classifier, video, Limits(seconds=2))
    (tmp_path / "b.avi").write_bytes(b"no video")
    with pytest.raises(InputError, match="b.avi cannot be read as a video"):
        shade_classifier.classify_over_time(tmp_path / "b.avi")
    reader = {"kind": "features", "features": 3}
    other = SequenceClassifier(["a", "b"], [keras.layers.GRU(2)], reader, "signs")
    with pytest.raises(InputError, match="signs reads features: classes over time are of videos"):
        other.classify_over_time(video)


def test_damage_is_a_warning(shades, shade_classifier, tmp_path, monkeypatch):
    import av

    monkeypatch.setattr(writer, "CODECS", ("mpeg4",))
    video = shades(tmp_path / "a.mp4")
    with av.open(str(video)) as container:
        spans = [(packet.pos, packet.size) for packet in container.demux(video=0) if packet.size]
    content, (at, size) = bytearray(video.read_bytes()), spans[20]
    content[at : at + size] = bytes([0xFF]) * size
    video.write_bytes(bytes(content))
    with pytest.warns(DamagedVideo, match="a.mp4: 1 packet that is damaged left out"):
        shade_classifier.classify_over_time(video)
