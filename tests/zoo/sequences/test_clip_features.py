"""Features of clips: cached by content, resumed, skipped where unreadable; the same in Beam."""

import io
import sys

import apache_beam as beam
import av
import keras
import numpy as np
import pytest

from rnnzoo import progress
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.video.folder import video_clips
from rnnzoo.datasets.video.frames import video_frames
from rnnzoo.datasets.video.reader import Limits
from rnnzoo.pipelines.beam.clip_features import beam_clip_features
from rnnzoo.pipelines.families.sequences.clips import labelled_clips
from rnnzoo.sequences.clip_features import clip_features
from rnnzoo.sequences.networks.frame_network import FrameNetwork
from rnnzoo.sequences.sampling import Sampling


def encoded(grey, frames=12):
    file = io.BytesIO()
    with av.open(file, "w", format="avi") as container:
        stream = container.add_stream("mpeg4", rate=2)
        stream.width, stream.height, stream.pix_fmt = 32, 24, "yuv420p"
        for step in range(frames):
            picture = np.full((24, 32, 3), grey + 5 * step, "uint8")
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return file.getvalue()


def mean_network(pixels=(0, 1)):
    """Returns a frame network whose features are the means of the colours."""
    layers = [keras.Input((6, 8, 3)), keras.layers.GlobalAveragePooling2D()]
    return FrameNetwork(keras.Sequential(layers), pixels)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clips")
    for label, first in (("dark", 10), ("light", 120)):
        (folder / label).mkdir()
        for n in range(3):
            (folder / label / f"{n}.avi").write_bytes(encoded(first + 20 * n))
    (folder / "dark/broken.avi").write_bytes(b"RIFF no video")
    (folder / "light/again.avi").write_bytes((folder / "light/0.avi").read_bytes())
    return folder


@pytest.fixture
def clips(folder):
    return video_clips(folder)[0]


@pytest.fixture
def counted(monkeypatch):
    """A network, and the shapes of the frames that it was called with."""
    shapes, network = [], mean_network()
    call = FrameNetwork.__call__

    def counting(self, frames):
        shapes.append(frames.shape)
        return call(self, frames)

    monkeypatch.setattr(FrameNetwork, "__call__", counting)
    return network, shapes


def test_features_of_each_clip_in_order_and_the_unreadable_skipped(clips, tmp_path):
    network = mean_network()
    result = clip_features(clips, network, folder=tmp_path)
    assert [clip.name for clip in result.clips] == [
        clip.name for clip in clips if clip.name != "dark/broken.avi"
    ]
    assert list(result.skipped) == ["dark/broken.avi"]
    assert "cannot be read as a video" in result.skipped["dark/broken.avi"]
    for clip, features in zip(result.clips, result.features, strict=True):
        assert (features.shape, features.dtype) == ((1, 7, 3), np.float32)
        expected = network(video_frames(clip.path, size=network.size))
        np.testing.assert_allclose(features, expected, atol=1e-6)
    assert len(set(result.sha256)) == len(result.clips) - 1  # one clip occurs twice


def test_a_damaged_packet_ends_no_training_and_is_reported(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path / "cache"))
    content = bytearray(encoded(60))
    with av.open(io.BytesIO(content)) as container:
        at, size = [(p.pos, p.size) for p in container.demux(video=0) if p.size][5]
    content[at : at + size] = b"\xff" * size
    for label in ("dark", "light"):
        (tmp_path / "clips" / label).mkdir(parents=True)
        (tmp_path / "clips" / label / "0.avi").write_bytes(encoded(20))
    (tmp_path / "clips/light/1.avi").write_bytes(content)
    clips = video_clips(tmp_path / "clips")[0]
    splits = {"train": clips, "validation": clips[-1:]}  # the only one of a split
    parts, _ = labelled_clips(splits, mean_network())
    assert len(parts["train"].sequences) == 3
    report = "damaged: light/1.avi: 1 packet that is damaged left out\n"
    assert capsys.readouterr().err.count(report) == 1  # its features are in the cache then


def test_what_is_kept_is_not_made_again(clips, tmp_path, counted):
    network, shapes = counted
    first = clip_features(clips, network, folder=tmp_path)
    assert shapes == [(1, 7, 6, 8, 3)] * 6  # the same content is computed once
    second = clip_features(clips[::-1], network, folder=tmp_path)
    assert len(shapes) == 6
    for a, b in zip(first.features, second.features[::-1], strict=True):
        np.testing.assert_array_equal(a, b)
    files = sorted(tmp_path.rglob("*.npy"))
    files[0].write_bytes(b"damaged")
    files[1].write_bytes(files[1].read_bytes()[:-9])
    clip_features(clips, network, folder=tmp_path)
    assert len(shapes) == 8
    clip_features(clips, mean_network((-1, 1)), folder=tmp_path)  # another network
    clip_features(clips, network, Sampling(windows=3), folder=tmp_path)  # other frames
    assert len(shapes) == 8 + 6 + 6
    assert shapes[-1] == (3, 7, 6, 8, 3)


def test_an_extraction_goes_on_where_it_was_interrupted(clips, tmp_path, counted, monkeypatch):
    network, shapes = counted
    call = FrameNetwork.__call__

    def interrupted(self, frames):
        features = call(self, frames)
        if len(shapes) == 3:
            raise KeyboardInterrupt
        return features

    with monkeypatch.context() as patch:
        patch.setattr(FrameNetwork, "__call__", interrupted)
        with pytest.raises(KeyboardInterrupt):
            clip_features(clips, network, folder=tmp_path)
    assert len(list(tmp_path.rglob("*.npy"))) == len(list(tmp_path.rglob("*.*"))) == 2
    clip_features(clips, network, folder=tmp_path)
    assert len(shapes) == 3 + 4


def test_by_default_features_are_in_the_cache(clips, tmp_path, monkeypatch):
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path))
    clip_features(clips[:1], mean_network())
    assert len(list(tmp_path.glob("clip_features/*/*/*.npy"))) == 1


def test_no_clip_that_can_be_read(clips, tmp_path):
    broken = [clip for clip in clips if clip.name == "dark/broken.avi"]
    with pytest.raises(InputError, match="none of 1 clips can be read: .*broken.avi cannot"):
        clip_features(broken, mean_network(), folder=tmp_path)
    with pytest.raises(InputError, match="none of 0 clips can be read: there are none"):
        clip_features([], mean_network(), folder=tmp_path)
    with pytest.raises(InputError, match="give a video of 1 to 100 bytes"):
        clip_features(clips, mean_network(), folder=tmp_path, limits=Limits(size=100))


def test_progress_is_a_plain_line_now_and_then(capsys, monkeypatch):
    monkeypatch.setattr(progress, "EVERY", 0)
    assert list(progress.progressed("abc", 3, "features", "clip")) == ["a", "b", "c"]
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "features: 1 of 3 clips, about 0 min left"
    assert lines[-1] == "features: 3 of 3 clips"
    monkeypatch.setattr(progress, "EVERY", 60)
    list(progress.progressed("abc", 3, "features", "clip"))
    assert capsys.readouterr().err == "features: 3 of 3 clips\n"


THREADS = {
    "direct_num_workers": 2,
    "direct_running_mode": "multi_threading",
    "allow_unsafe_triggers": True,
}


def in_beam(pairs, folder, make=mean_network, **settings):
    return beam_clip_features(
        beam.Create(pairs), make, folder=folder, runner="DirectRunner", options=THREADS, **settings
    )


def test_beam_writes_what_this_machine_finds(clips, tmp_path, counted):
    network, shapes = counted
    pairs = [(clip.name, str(clip.path)) for clip in clips]
    pairs[1] = (pairs[1][0], clips[1].path.read_bytes())
    features, skipped = in_beam([*pairs, ("gone", "/no/such.avi")], tmp_path)
    assert sorted(skipped) == ["dark/broken.avi", "gone"]
    assert "broken.avi cannot be read as a video" in skipped["dark/broken.avi"]
    assert "/no/such.avi cannot be read" in skipped["gone"]
    assert len(features) == len(clips) - 1
    before = len(shapes)
    result = clip_features(clips, network, folder=tmp_path)
    assert len(shapes) == before  # all of them are cached
    for clip, array in zip(result.clips, result.features, strict=True):
        np.testing.assert_array_equal(np.load(features[clip.name], allow_pickle=False), array)
    again, _ = in_beam(pairs, tmp_path)
    assert again == features
    assert len(shapes) == before
    assert {path.suffix for path in tmp_path.rglob("*") if path.is_file()} == {".npy"}


def test_what_beam_refuses(clips, tmp_path, monkeypatch):
    for source, make, message in (
        (3, mean_network, "source is 3: give a beam.PTransform, or a function from a pipeline"),
        (beam.Create([]), mean_network(), "network is no function"),
        (beam.Create([]), mean_network, "the workers left no .* here: give a folder that"),
    ):
        with pytest.raises(InputError, match=message):
            beam_clip_features(source, make, folder=tmp_path, runner="DirectRunner",
                               options=THREADS)  # fmt: skip
    _, skipped = in_beam([("a", str(clips[0].path))], tmp_path, limits=Limits(size=10))
    assert "give a video of 1 to 10" in skipped["a"]
    monkeypatch.setitem(sys.modules, "apache_beam", None)
    monkeypatch.delitem(sys.modules, "rnnzoo.pipelines.beam.clip_features_workers")
    with pytest.raises(InputError, match=r"needs apache_beam: pip install 'rnnzoo\[beam\]'"):
        in_beam([], tmp_path)
