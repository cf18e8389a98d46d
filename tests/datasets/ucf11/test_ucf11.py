"""UCF-11: its layout, its two splits, clips that cannot be read, and the TFDS builder."""

import io
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
import tensorflow_datasets as tfds

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.ucf11.clips import CLASSES, numbers, ucf11_clips
from rnnzoo.datasets.ucf11.load import load_ucf11
from rnnzoo.datasets.ucf11.sources import SOURCES
from rnnzoo.datasets.ucf11.splits import split_ucf11
from rnnzoo.datasets.ucf11.ucf11_dataset_builder import FOLDER, Builder, Ucf11Config

SHORT = {"basketball": "shooting", "horse_riding": "riding", "walking": "walk_dog"}


def encoded(grey):
    import av

    file = io.BytesIO()
    with av.open(file, "w", format="mpeg") as container:
        stream = container.add_stream("mpeg1video", rate=25)
        stream.width, stream.height, stream.pix_fmt = 32, 24, "yuv420p"
        for _ in range(10):
            frame = av.VideoFrame.from_ndarray(np.full((24, 32, 3), grey, "uint8"), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return file.getvalue()


def clip_name(label, group, clip, suffix="mpg"):
    short = SHORT.get(label, label.split("_")[0])
    return f"{label}/v_{short}_{group:02}/v_{short}_{group:02}_{clip:02}.{suffix}"


def layout(folder, content=lambda label, group, clip: b"x", groups=range(1, 26), suffix="mpg"):
    """A folder with the layout of UCF-11: two clips of each group."""
    for label in CLASSES:
        (folder / label / "Annotation").mkdir(parents=True)
        (folder / label / "Annotation/a.xgtf").write_bytes(b"<xml>")
        for group in groups:
            for clip in (1, 2):
                path = folder / clip_name(label, group, clip, suffix)
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(content(label, group, clip))
    return folder


@pytest.fixture
def names(tmp_path):
    return layout(tmp_path / "UCF11_updated_mpg")


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Real videos, a few of the groups; one clip is cut, one is empty, one is no video."""
    folder = tmp_path_factory.mktemp("ucf11") / "videos"
    by_class = {label: encoded(20 * index) for index, label in enumerate(CLASSES)}
    layout(folder, lambda label, group, clip: by_class[label], groups=(1, 2, 20, 22))
    (folder / clip_name("biking", 1, 1)).write_bytes(by_class["biking"][:30])
    (folder / clip_name("walking", 22, 2)).write_bytes(b"")
    (folder / clip_name("swing", 20, 1)).write_bytes(b"<html>not found</html>")
    return folder


def test_clips_have_class_group_and_number(names):
    clips = ucf11_clips(names)
    assert len(clips) == 11 * 25 * 2
    assert list(dict.fromkeys(clip.label for clip in clips)) == list(CLASSES)
    assert clips[3].name == "basketball/v_shooting_02/v_shooting_02_02.mpg"
    assert (numbers(clips[3]), clips[3].group) == ((2, 2), "v_shooting_02")
    assert clips[-1].group == "v_walk_dog_25"


def test_the_split_by_groups_leaves_whole_groups_out(names):
    clips = ucf11_clips(names)
    parts = split_ucf11(clips)
    groups = {split: sorted({numbers(clip)[0] for clip in part}) for split, part in parts.items()}
    assert groups == {
        "train": [*range(1, 19)], "validation": [19, 20, 21], "test": [22, 23, 24, 25]
    }  # fmt: skip
    assert sum(map(len, parts.values())) == len(clips)
    parts = split_ucf11(clips, groups={"train": range(2, 26), "test": [1]})
    assert {numbers(clip)[0] for clip in parts["test"]} == {1}
    assert parts["validation"] == []


def test_the_split_of_clips_is_five_to_one_and_the_same_in_either_container(names, tmp_path):
    clips = ucf11_clips(names)
    parts = split_ucf11(clips, "clip")
    learned = len(parts["train"]) + len(parts["validation"])
    assert learned / len(parts["test"]) == pytest.approx(5, rel=0.06)
    for part in parts.values():
        assert {clip.label for clip in part} == set(CLASSES)
    groups = {split: {clip.group for clip in part} for split, part in parts.items()}
    assert groups["train"] & groups["test"]  # what the other split is for
    videos = split_ucf11(ucf11_clips(layout(tmp_path / "avi", suffix="avi")), "clip")
    for split, part in parts.items():
        stems = [clip.name.removesuffix("mpg") for clip in part]
        assert stems == [clip.name.removesuffix("avi") for clip in videos[split]]
    with pytest.raises(InputError, match="by is 'person': choose one of group, clip"):
        split_ucf11(clips, "person")


def test_what_is_not_ucf11(names):
    extra = names / "swing/v_swing_01/mine.mpg"
    extra.write_bytes(b"x")
    with pytest.raises(InputError, match="mine.mpg: expected a name like v_shooting_01_02"):
        ucf11_clips(names)
    extra.unlink()
    (names / "archery").mkdir()
    (names / "archery/v_archery_01_01.mpg").write_bytes(b"x")
    with pytest.raises(InputError, match="also has archery: UCF-11 has the folders basketball"):
        ucf11_clips(names)
    shutil.rmtree(names / "archery")
    with pytest.raises(InputError, match="form is 'films': choose one of videos, strips, both"):
        ucf11_clips(names, "films")
    with pytest.raises(InputError, match="has no strips: give a folder of UCF-11"):
        ucf11_clips(names, "strips")


def test_the_published_archive_is_found_where_sources_are(names, tmp_path, monkeypatch):
    path = tmp_path / SOURCES["ucf11"].path
    path.parent.mkdir(parents=True)
    with zipfile.ZipFile(path, "w") as archive:
        for clip in ucf11_clips(names):
            archive.write(clip.path, f"action_youtube_naudio/{clip.name}")
    monkeypatch.setenv("RNNZOO_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path / "cache"))
    clips = ucf11_clips()
    assert [clip.name for clip in clips] == [clip.name for clip in ucf11_clips(names)]
    assert clips[0].path.is_relative_to(tmp_path / "cache")


def test_unreadable_clips_are_listed_and_left_out(small, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path))
    train, skipped = load_ucf11("train", path=small)
    bad = [clip_name("biking", 1, 1), clip_name("walking", 22, 2), clip_name("swing", 20, 1)]
    assert sorted(skipped) == sorted(bad)
    assert "is empty" in skipped[clip_name("walking", 22, 2)]
    assert capsys.readouterr().err.count("skipped: ") == 3
    examples = list(train.as_numpy_iterator())
    assert len(examples) == 11 * 2 * 2 - 1
    assert {example["label"] for example in examples} == set(range(11))
    for example in examples:
        assert example["frames"].shape == (7, 24, 32, 3)
        assert example["seconds"] == pytest.approx(0.4)
        assert abs(example["frames"].mean() - 20 * example["label"]) < 4
    again, known = load_ucf11("validation+test", path=small)  # prepared already
    assert known == skipped
    assert {int(example["group"]) for example in again.as_numpy_iterator()} == {20, 22}
    assert capsys.readouterr().err == ""


def test_a_changed_clip_is_another_data_set(small, tmp_path):
    copy = shutil.copytree(small, tmp_path / "copy")
    assert Ucf11Config.of_path(copy).name == Ucf11Config.of_path(small).name
    (copy / clip_name("swing", 2, 1)).write_bytes(b"other")
    assert Ucf11Config.of_path(copy).name != Ucf11Config.of_path(small).name
    assert Ucf11Config.of_path(copy, "clip").name.startswith("clip-")


def test_what_load_refuses(small):
    with pytest.raises(InputError, match="unknown split 'all': choose one of train"):
        load_ucf11("all", path=small)
    with pytest.raises(InputError, match="by is 'x': choose one of group, clip"):
        load_ucf11("train", "x", small)


class Ucf11Test(tfds.testing.DatasetBuilderTestCase):
    """TFDS's own checks of a builder."""

    DATASET_CLASS = Builder
    BUILDER_CONFIG_NAMES_TO_TEST = ["group"]
    SPLITS = {"train": 11, "validation": 11, "test": 11}
    EXAMPLE_DIR = FOLDER
    SKIP_CHECKSUMS = True  # nothing is downloaded by TFDS

    def setUp(self):
        super().setUp()
        patch = self.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("RNNZOO_DATA_DIR", self.tmp_dir)
        patch.setenv("RNNZOO_CACHE_DIR", self.tmp_dir)
        archive = Path(self.tmp_dir) / SOURCES["ucf11"].path
        archive.parent.mkdir(exist_ok=True)
        with zipfile.ZipFile(archive, "w") as file:
            for label in CLASSES:
                for group in (1, 19, 22):
                    file.writestr(clip_name(label, group, 1), VIDEO)


VIDEO = encoded(99)
