"""Commands on a classifier of videos, whose network is in a file."""

import keras
import numpy as np
import pytest

import rnnzoo
from rnnzoo.cli import main
from rnnzoo.families import families
from rnnzoo.pipelines.families.sequences.family import SEQUENCES
from rnnzoo.sequences.classifier import SequenceClassifier
from rnnzoo.sequences.networks import frame_network, inception
from rnnzoo.sequences.networks.network_files import read_network


def write_network(path, seed):
    keras.utils.set_random_seed(seed)
    layers = [keras.Input((6, 8, 3)), keras.layers.Conv2D(2, 1)]
    keras.Sequential([*layers, keras.layers.GlobalAveragePooling2D()]).save(path)
    return read_network(path)


@pytest.fixture(autouse=True)
def folders(tmp_path, models, monkeypatch):
    """Folders of this test alone, and no weights of ImageNet."""

    def unreachable(**settings):
        raise OSError("no way there")

    (tmp_path / "data").mkdir()
    monkeypatch.setenv("RNNZOO_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(frame_network, "_LAST", {})
    monkeypatch.setattr(inception.keras.applications, "InceptionV3", unreachable)


def failed(capsys, *command):
    assert main(list(map(str, command))) == 2
    (line,) = capsys.readouterr().err.splitlines()[-1:]
    return line


def test_a_saved_classifier_of_videos_finds_its_network(tmp_path, monkeypatch, capsys):
    network = write_network(tmp_path / "mine.keras", 1)
    reader = {"kind": "video", **network.reference(), "features": 2}
    rnnzoo.save(SequenceClassifier(["a", "b"], [keras.layers.GRU(2)], reader), "greys")
    frames = tmp_path / "frames.npy"
    np.save(frames, np.random.default_rng(0).integers(0, 256, (7, 6, 8, 3), "uint8"))
    monkeypatch.setattr(frame_network, "_LAST", {})
    assert main(["classify", "greys", str(frames), "--top", "1"]) == 0
    monkeypatch.setattr(frame_network, "_LAST", {})
    (tmp_path / "mine.keras").rename(tmp_path / "moved.keras")
    line = failed(capsys, "classify", "greys", frames, "--top", "1")
    assert "the network mine.keras with the digest" in line
    named = ["--frame-network", tmp_path / "moved.keras"]
    assert main(["classify", "greys", str(frames), "--top", "1", *map(str, named)]) == 0
    write_network(tmp_path / "other.keras", 2)
    other = ["--frame-network", tmp_path / "other.keras"]
    for command in (
        ["classify", "greys", frames, "--top", "1", *other],
        ["finetune", "greys", "--data", tmp_path, "--name", "again", *other],
        ["serve", "greys", "--port", "0", *other],
        ["evaluate", "greys", "--data", tmp_path, *other],
    ):
        line = failed(capsys, *command)
        assert "the network other.keras has the digest " in line
        assert f"features of mine.keras, {network.digest[:16]}: give that one" in line


def test_models_that_read_no_videos(tmp_path, capsys):
    named = ["--frame-network", tmp_path / "none.keras"]
    for command in (
        ["train", "action3d-lstm", *named],
        ["train", "sonnets-lstm", *named],
        ["finetune", "shakespeare-lstm", "--data", tmp_path / "a.txt", "--name", "mine", *named],
        ["serve", "shakespeare-lstm", *named],
    ):
        assert "none.keras is for models of videos" in failed(capsys, *command)
    ingest = {"sees": "skeletons"}  # as before there was the option: no stage is run again
    assert SEQUENCES.ingest(families()["SequenceClassifier"].complete(ingest)) == ingest
    videos = families()["SequenceClassifier"].complete({"sees": "video"})
    assert SEQUENCES.ingest(videos)["network"] == {"name": "EfficientNet-Lite2"}
    message = failed(capsys, "train", "ucf11-lstm", *named)
    assert "the network" in message and "none.keras is no file" in message


def test_training_on_videos_by_a_network_with_a_name(tmp_path, capsys):
    """Without its weights, the message says where to put them."""
    av = pytest.importorskip("av")
    for label in ("day", "night"):
        for group in range(1, 7):
            path = tmp_path / "clips" / label / f"v_{label}_{group:02}_01.avi"
            path.parent.mkdir(parents=True, exist_ok=True)
            with av.open(str(path), "w", format="avi") as container:
                stream = container.add_stream("mpeg4", rate=2)
                stream.width, stream.height, stream.pix_fmt = 32, 24, "yuv420p"
                picture = np.full((24, 32, 3), 20 * group, "uint8")
                frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
                for packet in [*stream.encode(frame), *stream.encode()]:
                    container.mux(packet)
    command = ["train", "ucf11-lstm", "--data", tmp_path / "clips", "--frame-network"]
    message = failed(capsys, *command, "InceptionV3")
    assert message.startswith("rnnzoo: error: the ImageNet weights of InceptionV3 cannot be down")
    for part in (inception.FILE, f"RNNZOO_DATA_DIR={tmp_path}/data", "--frame-network"):
        assert part in message
