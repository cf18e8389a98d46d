"""Folders and archives of videos: what is listed, unpacked, split and refused."""

import io
import random
import tarfile
import zipfile

import pytest

from rnnzoo.datasets.common.class_folders import group_of
from rnnzoo.datasets.common.clip_splits import split_clips
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.video import archive
from rnnzoo.datasets.video.archive import video_folder
from rnnzoo.datasets.video.folder import video_clips

# Nothing here opens them.
NAMES = [f"{c}/v_{c}_{g:02}/v_{c}_{g:02}_{n:02}.mpg" for c in "ab" for g in range(1, 13)
         for n in (1, 2)]  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    return written(tmp_path / "videos", NAMES)


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache/videos"


def written(folder, names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return folder


def zipped(path, contents):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return path


def tar(path, contents, links=()):
    with tarfile.open(path, "w:gz") as archive:
        for name, content in contents.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        for name, target in links:
            info = tarfile.TarInfo(name)
            info.type, info.linkname = tarfile.SYMTYPE, target
            archive.addfile(info)
    return path


def test_clips_are_listed_with_class_and_group_and_the_rest_is_passed_over(folder):
    written(folder, ["a/Annotation/v_a_01_01.xgtf", "a/.hidden.mpg", ".git/x.mpg", "notes/a.txt",
                     "b/.cache/x.avi", "stray.avi"])  # fmt: skip
    clips, classes = video_clips(folder)
    assert classes == ["a", "b"]
    assert [clip.name for clip in clips] == NAMES
    assert (clips[0].label, clips[0].group) == ("a", "v_a_01")
    assert clips[-1].path == folder / NAMES[-1]
    assert video_clips(folder.parent)[0][0].name == NAMES[0]  # the folder around it


def test_groups_of_names():
    film = "hmdb51_Turnk_r_Pippi_Michel_cartwheel_f_cm_np2_le_med_6"
    assert group_of("v_walk_dog_12_04") == "v_walk_dog_12"
    assert group_of(film) == "hmdb51_Turnk_r_Pippi_Michel_cartwheel"
    assert group_of("IMG_2024_0512") is None


def test_names_that_tell_no_group_are_groups_of_their_own(tmp_path):
    names = [f"{label}/day{day}/{n}.mp4" for label in "xy" for day in (1, 2) for n in (1, 2, 10)]
    clips, _ = video_clips(written(tmp_path / "mine", names))
    assert [clip.name for clip in clips] == names  # 2 before 10
    assert len({clip.group for clip in clips}) == len(names)
    parts = split_clips(clips)
    assert [len(parts[split]) for split in parts] == [8, 2, 2]


def test_a_folder_without_two_classes_is_refused(tmp_path):
    (tmp_path / "empty").mkdir()
    for folder, said in (
        (tmp_path / "none", "is no folder"),
        (tmp_path / "empty", "has no sub-folder with videos"),
        (written(tmp_path / "one", ["a/x.mp4", "a/y.mp4"]), "has videos of one class, a: give"),
    ):
        with pytest.raises(InputError, match=said) as refused:
            video_clips(folder)
        assert str(folder) in str(refused.value)


@pytest.mark.parametrize("by", ["group", "clip"])
def test_splits_depend_on_names_alone(folder, by):
    clips, _ = video_clips(folder)
    parts = split_clips(clips, by)
    units = {"group": 12, "clip": 24}[by]
    each = 24 // units  # clips of a unit
    sizes = {split: len(part) for split, part in parts.items()}
    test, held = 2 * each * units // 6, 2 * each * units // 12
    assert sizes == {"train": 48 - test - held, "validation": held, "test": test}
    for part in parts.values():
        assert {clip.label for clip in part} == {"a", "b"}
    groups = [{clip.group for clip in part} for part in parts.values()]
    apart = not (groups[0] & groups[1] or groups[0] & groups[2] or groups[1] & groups[2])
    assert apart == (by == "group")
    other = list(clips)
    random.Random(0).shuffle(other)
    assert {s: set(p) for s, p in split_clips(other, by).items()} == {
        s: set(p) for s, p in parts.items()
    }


def test_splits_that_cannot_be(folder):
    clips, _ = video_clips(folder)
    with pytest.raises(InputError, match="by is 'time': choose one of group, clip"):
        split_clips(clips, "time")
    with pytest.raises(InputError, match="the class 'a' has 1 group: give at least 3"):
        split_clips(clips[:2])
    with pytest.raises(InputError, match="the class 'a' has 2 clips: give at least 3"):
        split_clips(clips[:2], "clip")


@pytest.mark.parametrize("pack", [zipped, tar])
def test_an_archive_is_unpacked_once_and_only_its_videos(tmp_path, cache, pack):
    contents = {f"wrap/{name}": name.encode() for name in NAMES}
    junk = {"wrap/readme.txt": b"x", "__MACOSX/._a.mpg": b"x", "wrap/a/._x.mpg": b"x"}
    path = pack(tmp_path / "videos.archive", contents | junk)
    clips, _ = video_clips(video_folder(path))
    assert [clip.name for clip in clips] == NAMES
    assert clips[3].path.read_bytes() == NAMES[3].encode()
    before = clips[0].path.stat().st_mtime_ns
    again = video_clips(video_folder(path))[0]
    assert again[0].path.stat().st_mtime_ns == before
    assert [child.is_dir() for child in cache.iterdir()] == [True]  # no partial one


def test_a_folder_is_taken_as_it_is(folder):
    assert video_folder(folder) == folder


def test_archives_that_would_leave_their_folder_or_fill_the_disk(tmp_path, cache, monkeypatch):
    monkeypatch.setattr(archive, "SPARE", 1000)
    for name, path, said in (
        ("up", zipped(tmp_path / "u.zip", {"../../up.mpg": b"x"}), "which is outside of it"),
        ("up", tar(tmp_path / "u.tar", {"a/../../up.mpg": b"x"}), "which is outside of it"),
        ("up", zipped(tmp_path / "w.zip", {"..\\up.mpg": b"x"}), "which is outside of it"),
        ("up", tar(tmp_path / "r.tar", {"/up.mpg": b"x"}), "which is outside of it"),
        ("up", zipped(tmp_path / "b.zip", {"up.mpg": bytes(10**6)}), "more than 4 times its size"),
        ("up", tar(tmp_path / "l.tar", {}, [("up.mpg", "/etc/passwd")]), "has no videos in it"),
    ):
        with pytest.raises(InputError, match=said):
            video_folder(path)
        assert not list(tmp_path.rglob(f"{name}.mpg"))
    assert not list(cache.iterdir())


def test_what_is_no_archive(tmp_path, cache):
    whole = tar(tmp_path / "whole.tar.gz", {f"{i}.mpg": random.Random(i).randbytes(5000)
                                            for i in range(3)})  # fmt: skip
    for path, content, said in (
        (tmp_path / "x.zip", b"nothing", "is no archive that can be unpacked"),
        (tmp_path / "x.rar", b"Rar!\x1a", "unpack it and give the folder"),
        (tmp_path / "cut.tar.gz", whole.read_bytes()[:-3000], "is no archive that can be unpacked"),
        (tmp_path / "twice.zip", None, "is no archive that can be unpacked"),
    ):
        if content is None:
            with zipfile.ZipFile(path, "w") as archive, pytest.warns(UserWarning):
                archive.writestr("a.mpg", b"1")
                archive.writestr("a.mpg", b"2")
        else:
            path.write_bytes(content)
        with pytest.raises(InputError, match=said):
            video_folder(path)
    with pytest.raises(InputError, match="does not exist: give a folder, or a .zip"):
        video_folder(tmp_path / "none.zip")
    assert not list(cache.iterdir())
