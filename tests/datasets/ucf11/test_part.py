"""A part of UCF-11: fewer classes and groups, and strips of frames."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.ucf11.clips import is_strip, numbers, order, ucf11_clips
from rnnzoo.datasets.ucf11.load import load_clips, load_ucf11
from rnnzoo.datasets.ucf11.sources import PART
from rnnzoo.datasets.ucf11.splits import leave_one_group_out, split_ucf11
from rnnzoo.datasets.video.frames import video_frames

LABELS = ("biking", "diving", "walking")


def write_strip(path, frames=20, side=8):
    """A strip whose frames grow lighter."""
    path.parent.mkdir(parents=True, exist_ok=True)
    greys = np.repeat(10 * np.arange(frames, dtype="uint8"), side)
    Image.fromarray(np.repeat(greys[:, None], side, axis=1)).save(path)


@pytest.fixture
def part(tmp_path, monkeypatch):
    """Videos of the groups 1 to 4 (files without content) and strips, as `RNNZOO_DATA_DIR` has."""
    folder = tmp_path / PART
    for label in LABELS:
        for group in range(1, 5):
            path = folder / "videos" / label / f"v_{label}_{group:02}_01.avi"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"x")
        for number in range(30):
            write_strip(folder / "strips" / label / f"{5 + number / 2:05.1f}.jpeg")
    monkeypatch.setenv("RNNZOO_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path / "cache"))
    return folder


def groups_of(clips):
    return sorted({numbers(clip)[0] for clip in clips if not is_strip(clip)})


def test_missing_classes_are_named_and_each_form_is_read(part, capsys):
    clips = ucf11_clips()
    assert capsys.readouterr().err == (
        "UCF-11 without basketball, golf_swing, horse_riding, soccer_juggling, swing, "
        "tennis_swing, trampoline_jumping, volleyball_spiking: 3 of 11 classes\n"
    )
    assert (len(clips), sum(map(is_strip, clips))) == (3 * 34, 3 * 30)
    assert not any(map(is_strip, ucf11_clips(form="videos")))
    strips = ucf11_clips(part, "strips")
    assert all(map(is_strip, strips))
    assert (strips[1].name, order(strips[1])) == ("strips/biking/005.5.jpeg", 5.5)
    (part / "strips/biking/last.jpeg").write_bytes(b"x")
    with pytest.raises(InputError, match="last.jpeg: expected the name of a strip like 005.5"):
        ucf11_clips()


def test_the_last_groups_at_hand_are_held_out_and_strips_are_for_training(part):
    splits = load_clips()
    assert {split: groups_of(clips) for split, clips in splits.items()} == {
        "train": [1, 2], "validation": [3], "test": [4]
    }  # fmt: skip
    assert sum(map(is_strip, splits["train"])) == 3 * 30
    assert not any(is_strip(clip) for split in ("validation", "test") for clip in splits[split])
    for path in part.glob("videos/*/*_0[34]_*"):
        path.unlink()
    with pytest.raises(InputError, match="UCF-11 has 2 groups here: give at least 3"):
        load_clips()


def test_each_group_is_left_out_once(part):
    folds = dict(leave_one_group_out(ucf11_clips()))
    assert list(folds) == [1, 2, 3, 4]
    for group, splits in folds.items():
        before = group - 1 or 4
        assert groups_of(splits["test"]) == [group]
        assert groups_of(splits["validation"]) == [before]
        assert groups_of(splits["train"]) == sorted({1, 2, 3, 4} - {group, before})
        assert sum(map(is_strip, splits["train"])) == 3 * 30


def test_strips_alone_are_split_by_their_order(part):
    splits = split_ucf11(ucf11_clips(form="strips"))
    for label in LABELS:
        train, validation, test = (
            [order(clip) for clip in clips if clip.label == label] for clips in splits.values()
        )
        assert (len(train), len(validation), len(test)) == (16, 2, 4)
        assert max(train) < min(validation) - 2  # four are left out between
        assert max(validation) < min(test) - 2
    for path in sorted((part / "strips/diving").iterdir())[:15]:
        path.unlink()
    with pytest.raises(InputError, match="UCF-11 has 15 strips of diving here: give at least 22"):
        split_ucf11(ucf11_clips(form="strips"))


def test_strips_are_examples_of_the_builder(part):
    shutil.rmtree(part / "videos")
    train, skipped = load_ucf11("train")
    assert skipped == {}
    examples = list(train.as_numpy_iterator())
    assert len(examples) == 3 * 16
    for example in examples:
        assert example["frames"].shape == (7, 8, 8, 3)
        assert example["seconds"] == pytest.approx(20 * 4 / 30)
        # In the middles of seven slots of 20 frames.
        greys = example["frames"].mean((1, 2, 3))
        np.testing.assert_allclose(greys, [10, 40, 70, 100, 120, 150, 180], atol=3)


def test_the_real_part():
    """217 clips of nine classes in four groups, and 446 strips of other groups."""
    folder = os.environ.get("RNNZOO_DATA_DIR")
    if not folder or not (Path(folder) / PART).is_dir():
        pytest.skip(f"{PART} is not in RNNZOO_DATA_DIR={folder}")
    clips = ucf11_clips()
    assert (len(clips), sum(map(is_strip, clips)), groups_of(clips)) == (663, 446, [1, 2, 3, 4])
    strip, video = clips[-1], clips[0]
    assert video_frames(strip.path, size=32).shape == (1, 7, 32, 32, 3)
    assert video_frames(video.path, size=32).shape == (1, 7, 32, 32, 3)
