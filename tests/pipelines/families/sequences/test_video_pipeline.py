"""From a folder of videos to a classifier that takes a video, and fine-tuning on another folder."""

import base64
import io

import keras
import numpy as np
import pytest

import rnnzoo
from rnnzoo.cli import main
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.video.reader import Limits
from rnnzoo.pipelines.finetune import finetune
from rnnzoo.pipelines.serving.models import videos
from rnnzoo.pipelines.serving.models.servables import Servable
from rnnzoo.sequences.networks import frame_network

pytestmark = pytest.mark.slow

SHORT = {
    "units": 4,
    "batch_size": 8,
    "epochs": 20,
    "learning_rate": 0.05,
    "seeds": [1],
}


def encoded(grey):
    """A video that grows lighter."""
    import av

    file = io.BytesIO()
    with av.open(file, "w", format="avi") as container:
        stream = container.add_stream("mpeg4", rate=2)
        stream.width, stream.height, stream.pix_fmt = 32, 24, "yuv420p"
        for step in range(10):
            picture = np.full((24, 32, 3), grey + 2 * step, "uint8")
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return file.getvalue()


def write_videos(folder, classes):
    """Six videos per class, each in its own group, and a file that is no video."""
    for label, first in classes.items():
        (folder / label).mkdir(parents=True)
        for n in range(6):
            (folder / label / f"v_{label}_{n + 1:02}_01.avi").write_bytes(encoded(first + 4 * n))
        (folder / label / f"v_{label}_07_01.avi").write_bytes(b"no video")
    return folder


def write_network(path, scale=1.0):
    """A network whose features are the mean of each colour, in a file."""
    keras.Sequential(
        [
            keras.Input((6, 8, 3)),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(3, kernel_initializer=keras.initializers.Identity(scale)),
        ]
    ).save(path)
    return path


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    """The path of the network's file."""
    return write_network(tmp_path_factory.mktemp("network") / "colours.keras")


@pytest.fixture(scope="module")
def pushed(short_recipe, pushed_alone, tmp_path_factory, network):
    """(folder of models, folder, card) of a classifier of `dark` and `light` videos."""
    videos = write_videos(tmp_path_factory.mktemp("videos"), {"dark": 20, "light": 150})
    with short_recipe("ucf11-nemlstm", "ucf11-nemlstm", SHORT):
        with pushed_alone("ucf11-nemlstm", videos, "greys", None, network) as pushed_model:
            yield pushed_model


@pytest.fixture(autouse=True)
def a_process_of_its_own(monkeypatch):
    """No test finds the network that another has loaded."""
    monkeypatch.setattr(frame_network, "_LAST", {})


def test_a_folder_of_videos_makes_a_classifier(pushed, tmp_path, capsys):
    _, _, card = pushed
    assert card["classes"] == ["dark", "light"]
    assert sum(card["data"]["splits"].values()) == 12  # those that can be read
    assert card["metrics"]["test"] == card["metrics"]["by_clip"] == 0
    assert card["reader"]["network"] == card["recipe"]["network"]["file"] == "colours.keras"
    assert card["command"].endswith("--name greys --frame-network colours.keras")
    assert rnnzoo.verify("greys")["served_difference"] <= 1e-4
    model = rnnzoo.load("greys")
    video = tmp_path / "one.avi"
    video.write_bytes(encoded(30))
    (best, _), _ = model.classify(video)
    assert best == "dark"
    capsys.readouterr()
    assert main(["classify", "greys", str(video), "--top", "1"]) == 0
    assert capsys.readouterr().out.endswith("dark\n")


def test_a_server_takes_the_bytes_of_videos(pushed, monkeypatch):
    _, served = Servable("greys").get()

    def classify(*contents):
        return served.predict(
            "video", [{"b64": base64.b64encode(content).decode()} for content in contents]
        )

    contents = [encoded(30), encoded(160)]
    outputs = classify(*contents)
    assert outputs["best"].tolist() == [b"dark", b"light"]
    expected = rnnzoo.load("greys").probabilities(contents)
    np.testing.assert_allclose(outputs["probabilities"], expected, atol=1e-5)
    signatures = served.signatures
    assert signatures["video"]["inputs"]["video"]["dtype"] == "DT_STRING"
    assert signatures["video"]["outputs"] == signatures["serving_default"]["outputs"]
    with pytest.raises(InputError, match="cannot be read as a video"):
        classify(b"no video")
    with pytest.raises(InputError, match="^9 videos: a request takes 1 to 8$"):
        classify(*[contents[0]] * 9)
    monkeypatch.setattr(videos, "LIMITS", Limits(seconds=4.0))
    with pytest.raises(InputError, match="is 5 seconds long: give one of at most 4"):
        classify(contents[0])


def test_another_network_is_refused(pushed, tmp_path, capsys):
    folder = write_videos(tmp_path / "videos", {"dark": 20, "light": 150})
    other, video = write_network(tmp_path / "other.keras", 2.0), next(folder.glob("dark/*"))
    named = ["--frame-network", str(other)]
    for command in (
        ["finetune", "greys", "--data", str(folder), "--name", "again", *named],
        ["classify", "greys", str(video), *named],
        ["serve", "greys", *named],
    ):
        assert main(command) == 2
        message = capsys.readouterr().err
        assert "the network other.keras has the digest " in message
        assert f"features of colours.keras, {pushed[2]['reader']['digest'][:16]}" in message


def test_fine_tuning_on_videos_with_a_class_of_ones_own(pushed, tmp_path):
    folder = write_videos(tmp_path / "videos", {"dark": 20, "middle": 90, "light": 150})
    _, card = finetune("greys", folder, "three", pushed[0], epochs=2)
    assert card["classes"] == ["dark", "light", "middle"]
    assert card["base"]["name"] == "greys"
    assert rnnzoo.verify("three")["served_difference"] <= 1e-4


def test_with_classes_keeps_what_it_knows(pushed):
    model = rnnzoo.load("greys")
    other = model.with_classes(["middle", "light"])
    x = np.random.default_rng(0).normal(size=(2, 7, 3)).astype("float32")
    np.testing.assert_allclose(other(x)[:, 1], model(x)[:, 1], rtol=1e-5)


def test_without_videos_a_sentence_says_how_to_make_the_weights(short_recipe):
    command = "`rnnzoo train sports-lstm`"
    message = rf"no pretrained weights here: .*{command}, which downloads .*--data DIR"
    with short_recipe("sports-lstm", "ucf11-lstm", {}), pytest.raises(InputError, match=message):
        rnnzoo.load("sports-lstm")
