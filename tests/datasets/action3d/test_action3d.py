"""MSR Action3D: reading, what is dropped, splits, and what is refused."""

import dataclasses
import io
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
import tensorflow_datasets as tfds

from rnnzoo.datasets.action3d.action3d_dataset_builder import FOLDER, Action3DConfig, Builder
from rnnzoo.datasets.action3d.archive import files, joined, joined_folder
from rnnzoo.datasets.action3d.features import skeleton_features
from rnnzoo.datasets.action3d.load import load_action3d
from rnnzoo.datasets.action3d.skeletons import (
    HIPS,
    LEFT_OUT,
    NECK,
    parsed,
    without_empty_frames,
)
from rnnzoo.datasets.action3d.sources import SOURCES
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.source import verified_bytes


def skeleton(frames=3, seed=0):
    """Text of a file with random joints, printed as the published ones are."""
    values = np.random.default_rng(seed).normal(size=(20 * frames, 4))
    values[:, 3] = 1
    return "\n".join("  ".join(f"{value:.6e}" for value in row) for row in values) + "\n"


FILES = {
    f"a{action:02}_s{subject:02}_e01_skeleton3D.txt": skeleton(2 + subject, action).encode()
    for action in (1, 2)
    for subject in range(1, 11)
}
STRAY = {"drawskt.m": b"% a script", "files_used.txt": b"a01_s01_e01\n"}


def tar(contents):
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w:gz") as archive:
        for name, content in contents.items():
            info = tarfile.TarInfo(f"some/folder/{name}")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return raw.getvalue()


def zipped(contents):
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        for name, content in contents.items():
            archive.writestr(f"repository-master/{name}", content)
    return raw.getvalue()


@pytest.fixture(scope="module")
def published():
    """The published files, where they can be had."""
    try:
        return dict(files(verified_bytes(SOURCES["action3d"])))
    except InputError as reason:
        pytest.skip(str(reason))


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "skeletons.tar.gz"
    path.write_bytes(tar(FILES | STRAY))
    return path


def test_archives_and_folders_of_the_same_files_are_the_same_bytes(tmp_path):
    for name, content in (FILES | STRAY).items():
        (tmp_path / name).write_bytes(content)
    backwards = dict(reversed((FILES | STRAY).items()))
    content = joined(tar(FILES | STRAY))
    assert content == joined(zipped(backwards)) == joined_folder(tmp_path)
    assert {name: text.encode() for name, text in files(content)} == FILES
    marked = {name: b"\xef\xbb\xbf" + text for name, text in FILES.items()}
    assert dict(files(joined(tar(marked)))) == dict(files(content))


def test_a_changed_byte_is_another_data_set(tmp_path, archive):
    changed = tmp_path / "changed.tar.gz"
    name = next(iter(FILES))
    changed.write_bytes(tar(FILES | {name: FILES[name].replace(b"1", b"2", 1)}))
    names = {Action3DConfig.of_path(path).name for path in (archive, changed)}
    assert len(names) == 2


def test_every_number_is_kept_and_the_rows_are_frames_of_twenty_joints():
    text = skeleton(frames=4)
    values = parsed("a.txt", text)
    assert values.shape == (4, 20, 4)
    again = [f"{value:.6e}" for value in values.reshape(-1)]
    assert again == text.split()


def test_a_frame_without_anybody_is_dropped_and_counted():
    frames = np.ones((4, 20, 4))
    frames[1:3, :, :3] = 0  # their confidence stays 1
    frames[3, :19, :3] = 0  # one joint was seen
    remaining, dropped = without_empty_frames(frames)
    assert (len(remaining), dropped) == (2, 2)


def test_splits_are_by_subject(archive):
    subjects = {
        split: set(load_action3d(split, archive).subject.tolist())
        for split in ("train", "validation", "test")
    }
    assert subjects == {"train": {1, 3, 5}, "validation": {7, 9}, "test": {2, 4, 6, 8, 10}}
    both = load_action3d("train+validation", archive)
    assert both.names == sorted(both.names)
    assert len(both.names) == 10
    assert both.joints[0].shape == (3, 20, 3)
    assert both.confidence[0].shape == (3, 20)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1 2 3\n" * 20, "row 1 is '1 2 3': give a row of numbers, x y z confidence"),
        ("1 2 3 1\n" * 19, "19 rows, which are no multiple of 20"),
        ("", "0 rows"),
        ("1 2 3 x\n" * 20, "has 'x', which is no number"),
        ("1 2 8_3.5 1\n" * 20, "has '8_3.5', which is no number"),
        ("1 2 nan 1\n" * 20, "not finite"),
    ],
)
def test_a_file_that_is_no_skeleton_is_refused_by_name(text, said):
    with pytest.raises(InputError, match=said) as refused:
        parsed("a01_s01_e01_skeleton3D.txt", text)
    assert "a01_s01_e01" in str(refused.value)


def test_what_is_no_archive_of_skeletons_is_refused(tmp_path):
    path = tmp_path / "x.tar.gz"
    for raw, said in (
        (b"no archive", "no readable .tar.gz or .zip"),
        (tar(FILES)[:-200], "no readable .tar.gz or .zip"),
        (tar(STRAY), "no file is called like"),
    ):
        path.write_bytes(raw)
        with pytest.raises(InputError, match=said) as refused:
            load_action3d("train", path)
        assert str(path) in str(refused.value)
    with pytest.raises(InputError, match="cannot be read"):
        load_action3d("train", tmp_path / "missing.tar.gz")
    with pytest.raises(InputError, match="unknown split 'all': choose one of train"):
        load_action3d("all")


def test_a_damaged_published_archive_is_refused(tmp_path, monkeypatch):
    (tmp_path / "action").mkdir()
    path = tmp_path / "action/msr_action3d_skeletons.tar.gz"
    path.write_bytes(tar(FILES))
    monkeypatch.setenv("RNNZOO_DATA_DIR", str(tmp_path))
    with pytest.raises(InputError, match="is not the action3d data: sha256"):
        verified_bytes(SOURCES["action3d"])


def test_features_do_not_depend_on_place_or_size():
    joints = np.random.default_rng(0).normal(size=(9, 20, 3))
    moved = 1.7 * joints + np.array([3.0, -2.0, 5.0])
    features, moved_features = skeleton_features([joints, moved], steps=5)
    np.testing.assert_allclose(features, moved_features, atol=1e-5)
    positions = features[:, :60].reshape(5, 20, 3)
    np.testing.assert_array_equal(positions[:, HIPS], 0)
    torso = np.median(np.linalg.norm(joints[:, NECK] - joints[:, HIPS], axis=-1))
    np.testing.assert_allclose(positions[0], (joints[0] - joints[0, HIPS]) / torso, atol=1e-5)
    # Five steps over nine frames: every second frame, and the last.
    np.testing.assert_allclose(positions[2], (joints[4] - joints[4, HIPS]) / torso, atol=1e-5)
    np.testing.assert_allclose(features[1:, 60:], np.diff(features[:, :60], axis=0) / 2, atol=1e-5)
    np.testing.assert_array_equal(features[0, 60:], 0)
    assert skeleton_features([joints[:1]], steps=4, velocities=False).shape == (1, 4, 60)


def test_the_published_files_are_read_without_loss(published):
    assert len(published) == 567
    empty = 0
    for name, text in published.items():
        values = parsed(name, text)
        assert values.shape[0] * 20 == len(text.splitlines())
        printed = [float(word) for word in text.split()]
        np.testing.assert_array_equal(values.reshape(-1), printed)
        empty += without_empty_frames(values)[1]
    assert empty == 1113


def test_the_published_splits(published):
    sizes = {
        split: (len(load_action3d(split).names), len(load_action3d(split, left_out=True).names))
        for split in ("train", "validation", "test")
    }
    # 557 that papers use; 566 with the others, less the one that has no frame.
    assert sizes == {"train": (170, 173), "validation": (114, 118), "test": (273, 275)}
    assert {name + "_skeleton3D.txt" for name in LEFT_OUT} <= published.keys()


class Action3DTest(tfds.testing.DatasetBuilderTestCase):
    """TFDS's own checks of a builder."""

    DATASET_CLASS = Builder
    SPLITS = {"train": 6, "validation": 4, "test": 10}
    EXAMPLE_DIR = FOLDER
    SKIP_CHECKSUMS = True  # rnnzoo.datasets.common.source checks them

    def setUp(self):
        super().setUp()
        patch = self.enter_context(pytest.MonkeyPatch.context())
        source = dataclasses.replace(SOURCES["action3d"], sha256=None)  # few files, made up
        patch.setitem(SOURCES, source.name, source)
        patch.setenv("RNNZOO_DATA_DIR", self.tmp_dir)
        path = Path(self.tmp_dir) / source.path
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(tar(FILES))
