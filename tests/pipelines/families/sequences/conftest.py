"""A classifier that is trained in seconds, on synthetic skeletons."""

import numpy as np
import pytest

from rnnzoo.datasets.action3d import load
from rnnzoo.datasets.sequences.labelled import Labelled

SHORT = {
    "units": 8,
    "steps": 8,
    "batch_size": 8,
    "epochs": 5,
    "learning_rate": 0.02,
    "seeds": [1],
    "bidirectional": False,
    "dropout": 0.0,
    "input_dropout": 0.0,
    "tilt": 0.0,
    "limbs": 0.0,
    "label_smoothing": 0.0,
    "warp": 0.0,
    "crop": 0.0,
}
CLASSES = ("high arm wave", "hammer", "draw x")
SPLITS = {"train": 150, "validation": 12, "test": 12}


def made_up(split, count=None):
    """Skeletons that wave a joint, which depends on the class, each of another person."""
    random = np.random.default_rng(list(SPLITS).index(split))
    body = np.random.default_rng(9).normal(size=(20, 3))
    sequences, labels = [], []
    for number in range(count or SPLITS[split]):
        kind, frames = number % len(CLASSES), 10 + int(random.integers(8))
        joints = np.tile(body, (frames, 1, 1)) + 0.05 * random.normal(size=(frames, 20, 3))
        joints[:, 9 + kind, 1] += 3 * np.sin(np.linspace(0, 9, frames) + random.uniform(0, 6.3))
        sequences.append((random.uniform(0.7, 1.3) * joints + random.normal(size=3)).astype("f4"))
        labels.append(CLASSES[kind])
    return Labelled([f"{split}_{i}" for i in range(len(labels))], sequences, labels)


@pytest.fixture(scope="module")
def few(short_recipe):
    """Few skeletons, and a short recipe, `action3d-short`, as long as the module's tests run."""
    read = load.load_labelled

    def splits(path=None):
        return {split: made_up(split) for split in SPLITS} if path is None else read(path)

    with short_recipe("action3d-short", "action3d-nemgru", SHORT) as patch:
        patch.setattr(load, "load_labelled", splits)
        yield


@pytest.fixture(scope="module")
def pushed(few, pushed_alone):
    """(folder of models, folder, card) of an `action3d-short`."""
    with pushed_alone("action3d-short") as pushed_model:
        yield pushed_model


@pytest.fixture
def skeletons():
    """The function that simulates skeletons: (split, count) -> `Labelled`."""
    return made_up


@pytest.fixture
def mine(tmp_path):
    """A folder with skeleton files of the subjects of every split."""
    from rnnzoo.datasets.action3d.skeletons import ACTIONS, SUBJECTS

    folder = tmp_path / "mine"
    folder.mkdir()
    for split, subjects in SUBJECTS.items():
        part = made_up(split, 3 * len(subjects))
        for number, (joints, label) in enumerate(zip(part.sequences, part.labels, strict=True)):
            action, subject = ACTIONS.index(label) + 1, subjects[number // 3]
            rows = np.concatenate([joints, np.ones((len(joints), 20, 1))], axis=-1).reshape(-1, 4)
            np.savetxt(folder / f"a{action:02}_s{subject:02}_e05_skeleton3D.txt", rows, "%.6f")
    return folder
