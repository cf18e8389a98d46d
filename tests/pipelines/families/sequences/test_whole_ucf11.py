"""A made folder of all eleven classes of UCF-11, in its layout and codecs, from end to end."""

import io
import json

import av
import keras
import numpy as np
import pytest

import rnnzoo
from rnnzoo.cli import main
from rnnzoo.datasets.ucf11.clips import CLASSES, ucf11_clips
from rnnzoo.datasets.ucf11.load import load_ucf11
from rnnzoo.datasets.ucf11.splits import leave_one_group_out, split_ucf11
from rnnzoo.pipelines.experiments.studies import nem_actions_ucf11, ucf11_groups
from rnnzoo.sequences.networks import by_name
from rnnzoo.sequences.networks.network_files import read_network

pytestmark = pytest.mark.slow

NAME = "eleven-gru"  # not that of a model that ships
GROUPS, CLIPS = 25, 2
SHORT = {"units": 8, "epochs": 8, "learning_rate": 0.02, "seeds": [1], "batch_size": 64}
# The names in UCF-11's files are not those of its folders: `v_shooting_01_02` of basketball.
STEMS = {"basketball": "shooting", "diving": "diving", "golf_swing": "golf"}


def video(colour, suffix):
    """A clip of 16 frames: MS-MPEG4 version 3 in an AVI, or MPEG-1 in an MPG."""
    codec, container = {".avi": ("msmpeg4", "avi"), ".mpg": ("mpeg1video", "mpeg")}[suffix]
    file = io.BytesIO()
    with av.open(file, "w", format=container) as output:
        stream = output.add_stream(codec, rate=30)
        stream.width, stream.height, stream.pix_fmt = 48, 32, "yuv420p"
        for step in range(16):
            picture = np.full((32, 48, 3), colour, "uint8") + np.uint8(step)
            output.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        output.mux(stream.encode())
    return file.getvalue()


def colour(label, group):
    """A colour for each class, a little other in each group."""
    index = CLASSES.index(label)
    return np.array([20 * index, 200 - 18 * index, 60 * (index % 4)]) + group % 5


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data") / "video" / "ucf11"
    for number, label in enumerate(CLASSES):
        stem, suffix = STEMS.get(label, label), (".avi", ".mpg")[number % 2]
        for group in range(1, GROUPS + 1):
            inner = folder / label / f"v_{stem}_{group:02}"
            inner.mkdir(parents=True)
            content = video(colour(label, group), suffix)
            for clip in range(1, CLIPS + 1):
                # Followed by other bytes: the same content is no repeated clip.
                path = inner / f"v_{stem}_{group:02}_{clip:02}{suffix}"
                path.write_bytes(content + bytes([clip]) * 8)
    return folder


@pytest.fixture(scope="module")
def network_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("network") / "colours.keras"
    keras.Sequential([keras.Input((6, 8, 3)), keras.layers.GlobalAveragePooling2D()]).save(path)
    return path


@pytest.fixture(scope="module")
def pushed(short_recipe, pushed_alone, folder, network_file):
    with short_recipe(NAME, "ucf11-gru", SHORT) as patch:
        patch.setenv("RNNZOO_DATA_DIR", str(folder.parents[1]))
        with pushed_alone(NAME, None, None, None, network_file) as pushed_model:
            yield pushed_model


def test_all_classes_and_groups_are_read(folder, capsys):
    clips = ucf11_clips(folder)
    assert not capsys.readouterr().err, "no class is missing"
    assert len(clips) == len(CLASSES) * GROUPS * CLIPS
    parts = split_ucf11(clips)
    sizes = {split: len(part) for split, part in parts.items()}
    assert sizes == {"train": 11 * 18 * 2, "validation": 11 * 3 * 2, "test": 11 * 4 * 2}
    folds = dict(leave_one_group_out(clips))
    assert list(folds) == list(range(1, 26))
    assert all(len(parts["test"]) == 22 for parts in folds.values())


def test_the_builder_decodes_both_codecs(folder, monkeypatch, tmp_path):
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path))
    test, skipped = load_ucf11("test", path=folder)
    assert not skipped
    examples = list(test.as_numpy_iterator())
    assert len(examples) == 88 and examples[0]["frames"].shape == (7, 32, 48, 3)
    for example in examples[::9]:
        expected = colour(CLASSES[example["label"]], int(example["group"])) + 8
        assert np.abs(example["frames"].mean(axis=(0, 1, 2)) - expected).max() < 12
        assert example["seconds"] == pytest.approx(16 / 30, abs=0.05)


def test_a_classifier_of_all_classes(pushed, folder, capsys):
    models, path, card = pushed
    assert card["classes"] == list(CLASSES)
    assert card["title"] == "GRU that classifies 11 sports from the frames of a video"
    assert "11 of the eleven sports" in card["limits"]
    assert card["data"]["splits"] == {"train": 396, "validation": 66, "test": 88}
    assert card["metrics"]["test"] < 0.3 and card["metrics"]["by_clip"] < 0.3
    assert card["reader"]["frames"] == 24 and card["reader"]["mirrored"] is True
    clip = folder / "volleyball_spiking/v_volleyball_spiking_24/v_volleyball_spiking_24_01.mpg"
    assert main(["classify", NAME, str(clip), "--top", "11", "--json"]) == 0
    classes = json.loads(capsys.readouterr().out)["classes"]
    assert {row["class"] for row in classes} == set(CLASSES)
    assert rnnzoo.load(NAME).classify(clip, top=1)[0][0] == classes[0]["class"]
    assert main(["evaluate", NAME, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)


def test_the_studies_read_it(folder, network_file, monkeypatch, tmp_path):
    monkeypatch.setenv("RNNZOO_DATA_DIR", str(folder.parents[1]))
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(by_name, "network_named", lambda: read_network(network_file))
    train, test = nem_actions_ucf11.load("test")
    x, y = train["groups"]
    assert x.shape == (11 * 21 * 2, 7, 3) and y.shape == (11 * 21 * 2, 11)
    assert len(test["groups"][0]) == 88 and len(test["clips"][0]) == 11 * 8
    train, test = ucf11_groups.load("test")
    own = ucf11_groups.OWN
    assert len(train[own]) == 26 and len(test[own]["7"]) == 22
    settings = {"sampling": own}
    only = {own: {"7": train[own]["7"]}}, {own: {"7": test[own]["7"]}}
    result = ucf11_groups.run(settings, 1, *only, quick=True)
    assert result["error"] < 30 and result["sizes"] == [22]
