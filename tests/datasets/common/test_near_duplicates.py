"""A file under two names is never in two splits."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from rnnzoo.datasets.common.class_folders import labelled_files
from rnnzoo.datasets.common.clip_splits import split_clips
from rnnzoo.datasets.common.near_duplicates import first_of_each, report
from rnnzoo.datasets.common.splits import SPLITS
from rnnzoo.datasets.frames.splits import split_frames
from rnnzoo.datasets.sequences.feature_folder import feature_splits


@dataclass(frozen=True)
class File:
    name: str
    path: Path


def files(folder, contents):
    """Files of these names and contents; a name alone has a content of its own."""
    written = []
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content or name)
        written.append(File(name, path))
    return written


def test_equal_contents_belong_together_wherever_they_are(tmp_path):
    contents = {"a/x.txt": "same", "b/y.bin": "same", "b/z.bin": "else", "b/w.bin": "SAME"}
    first = first_of_each(files(tmp_path, contents))
    assert first == {**{name: name for name in contents}, "b/y.bin": "a/x.txt"}


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("trumpet.ogg", "trumpet.hq.ogg", True),
        ("trumpet.ogg", "Trumpet.WAV", True),
        ("song-128k.mp3", "song_320 kbps.mp3", True),
        ("song 44.1khz.wav", "song-48kHz.wav", True),
        ("clip.mp4", "clip_720p.mp4", True),
        ("clip.mp4", "clip (1).mp4", True),
        ("clip.mp4", "clip - Copy.mp4", True),
        ("clip.mp4", "Copy of clip.mp4", True),
        ("a_b.wav", "a b.wav", True),
        ("take (1).mp4", "take (2).mp4", False),
        ("holiday_2.mp4", "holiday_3.mp4", False),
        ("run_10k.mp4", "run_42k.mp4", False),
        ("hq.wav", "lq.wav", False),
        ("one/01.wav", "two/01.wav", False),
    ],
)
def test_names_of_the_same_in_another_form(tmp_path, one, other, together):
    first = first_of_each(files(tmp_path, {one: None, other: None, "third.xyz": None}))
    assert first == {one: one, other: one if together else other, "third.xyz": "third.xyz"}


def test_further_pairs_and_chains(tmp_path):
    contents = dict.fromkeys(["a.x", "b.x", "c.x", "d.x"])
    first = first_of_each(files(tmp_path, contents), [("d.x", "b.x"), ("c.x", "d.x")])
    assert first == {"a.x": "a.x", "b.x": "b.x", "c.x": "b.x", "d.x": "b.x"}


def test_what_is_kept_together_is_reported_in_one_line(capsys):
    report({"a": "a", "b": "b"})
    assert capsys.readouterr().err == ""
    report({"a": "a", "b": "a", "c": "c", "d": "a"})
    report({str(n): str(n // 2) for n in range(2)} | {f"x{n}": f"x{n // 2 * 2}" for n in range(8)})
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "the same under several names, kept in one split: a = b = d"
    assert lines[1].endswith("kept in one split: 0 = 1; x0 = x1; x2 = x3; and 2 more")


def test_clips_of_the_same_content_are_in_one_split_across_classes_too(tmp_path):
    contents = {f"{label}/{n}.avi": None for label in "xy" for n in range(12)}
    files(tmp_path, contents)
    clips, _ = labelled_files(tmp_path, (".avi",), "videos")
    before = split_clips(clips)
    assert split_clips(clips, first=first_of_each(clips)) == before
    side = {clip.name: split for split, part in before.items() for clip in part}
    held = [name for name in side if side[name] != "train"]
    trained = next(name for name in side if side[name] == "train")
    (tmp_path / held[-1]).write_bytes((tmp_path / trained).read_bytes())
    clips, _ = labelled_files(tmp_path, (".avi",), "videos")
    parts = split_clips(clips, first=first_of_each(clips))
    side = {clip.name: split for split, part in parts.items() for clip in part}
    assert side[held[-1]] == side[trained]
    assert sum(len(part) for part in parts.values()) == 24 and all(parts.values())


def test_a_feature_file_twice_is_in_one_split(tmp_path, capsys):
    random = np.random.default_rng(0)
    for label in "xy":
        (tmp_path / label).mkdir()
        for n in range(6):
            np.save(tmp_path / label / f"{n}.npy", random.normal(size=(5, 2)))
        for n in range(6):
            content = (tmp_path / label / f"{n}.npy").read_bytes()
            (tmp_path / label / f"again{n}.npy").write_bytes(content)
    parts = feature_splits(tmp_path)
    for part in parts.values():
        stems = [name.split("/")[0] + name.split("/")[1][-5] for name in part.names]
        assert all(stems.count(stem) == 2 for stem in stems)
    err = capsys.readouterr().err
    assert err.startswith("the same under several names, kept in one split: x/0.npy = x/again0.npy")
    assert err.count("\n") == 1


def test_equal_sequences_of_frames_are_in_one_split(capsys):
    different = np.random.default_rng(0).uniform(size=(40, 3, 4, 4)).astype("float32")
    frames = np.concatenate([different, different[:10]])
    parts = split_frames(frames)
    keys = {split: {sequence.tobytes() for sequence in parts[split]} for split in SPLITS}
    assert not keys["train"] & (keys["validation"] | keys["test"])
    assert not keys["validation"] & keys["test"]
    assert [len(parts[split]) for split in SPLITS] == [46, 2, 2]
    err = capsys.readouterr().err
    assert "kept in one split: sequence 0 = sequence 40; " in err and err.count("\n") == 1
