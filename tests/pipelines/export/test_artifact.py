import os
import time

import pytest

from rnnzoo.artifacts import SUMS, read_card, verify_files
from rnnzoo.artifacts.digest import content_digest
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.locks import folder_lock
from rnnzoo.loading import served
from rnnzoo.pipelines.export import artifact
from rnnzoo.pipelines.export.saved_model import export_saved_model

CARD = {"name": "tiny-lstm", "task": "TextGenerator", "title": "For tests"}


@pytest.fixture
def golden(tiny):
    return tiny.vocabulary.encode("abc")[None]


def test_versions_count_up_over_all_folders(tiny, golden, models, tmp_path):
    for root, version in ((models, 1), (models, 2), (tmp_path / "other", 3)):
        folder, card = artifact.push(tiny, CARD, golden, root, [])
        assert folder == root / f"tiny-lstm/{version}"
        assert card["version"] == version
        assert read_card(folder) == card


def test_two_pushes_at_once_take_two_versions(tiny, golden, models, monkeypatch):
    def meanwhile(folder):
        monkeypatch.setattr(artifact, "content_digest", content_digest)
        artifact.push(tiny, CARD, golden, models, [])
        return content_digest(folder)

    monkeypatch.setattr(artifact, "content_digest", meanwhile)
    folder, card = artifact.push(tiny, CARD, golden, models, [])
    assert (folder.name, card["version"]) == ("2", 2)
    verify_files(folder)
    assert sorted(path.name for path in folder.parent.iterdir()) == ["1", "2"]


def test_what_a_killed_push_left_is_cleared_a_day_later(tiny, golden, models):
    for name, age in (("old", 100_000), ("new", 1000)):
        folder = models / f"tiny-lstm/.partial-{name}"
        folder.mkdir(parents=True)
        os.utime(folder, (time.time() - age,) * 2)
    artifact.push(tiny, CARD, golden, models, [])
    assert sorted(p.name for p in (models / "tiny-lstm").iterdir()) == [".partial-new", "1"]


def test_what_a_killed_push_left_is_cleared_by_the_next_one(tiny, golden, models):
    """A lock tells the folder of a dead process from that of another push at work."""
    dead, alive = (models / f"tiny-lstm/.partial-{name}" for name in ("dead", "alive"))
    for folder in (dead, alive):
        (folder / "version").mkdir(parents=True)
    (dead / ".lock").write_text("")
    with folder_lock(alive):
        artifact.push(tiny, CARD, golden, models, [])
        assert sorted(p.name for p in alive.parent.iterdir()) == [".partial-alive", "1"]
        assert (alive / "version").is_dir()


def test_the_files_of_a_version_are_on_the_disk_before_its_name(tiny, golden, models, disk_calls):
    folder, _ = artifact.push(tiny, CARD, golden, models, [])
    moment = next(i for i, call in enumerate(disk_calls) if call[0] == "replace")
    written = {path for name, path in disk_calls[:moment] if name == "fsync"}
    files = {path.relative_to(folder) for path in folder.rglob("*")}
    assert files <= {path.relative_to(disk_calls[moment][1]) for path in written}
    assert disk_calls[moment + 1 :] == [("fsync", folder.parent)]


def test_an_export_of_other_weights_is_not_pushed(tiny, golden, models, monkeypatch):
    def wrong(model, folder):
        model.readout.bias.assign_add([0.01] * 5)
        export_saved_model(model, folder)
        model.readout.bias.assign_add([-0.01] * 5)

    monkeypatch.setattr(artifact, "export_saved_model", wrong)
    with pytest.raises(ValueError, match="variables lacks the weight layers/dense/vars/1"):
        artifact.push(tiny, CARD, golden, models, [])
    assert not any(models.iterdir())


def test_an_export_that_predicts_otherwise_is_not_pushed(tiny, golden, models, monkeypatch):
    def wrong(folder):
        return lambda inputs: served(folder)(inputs) + 0.01

    monkeypatch.setattr(artifact, "served", wrong)
    with pytest.raises(InputError, match=r"the export differs from the golden outputs by 0\.01"):
        artifact.push(tiny, CARD, golden, models, [])
    assert not any(models.iterdir())


@pytest.mark.parametrize(
    "problem", [OSError("disk full"), pytest.param(KeyboardInterrupt, marks=pytest.mark.slow)]
)
@pytest.mark.parametrize(
    "step",
    ["export_saved_model", "write_model", "golden_difference", "content_digest", "write_manifest"],
)
def test_a_version_appears_whole_or_not_at_all(tiny, golden, models, monkeypatch, step, problem):
    def fails(*arguments):
        raise problem

    (models / "tiny-lstm/1").mkdir(parents=True)
    (models / "tiny-lstm/1" / SUMS).write_text("")
    monkeypatch.setattr(artifact, step, fails)
    with pytest.raises((KeyboardInterrupt, OSError)):
        artifact.push(tiny, CARD, golden, models, [])
    assert [path.name for path in (models / "tiny-lstm").iterdir()] == ["1"]
    with pytest.raises((KeyboardInterrupt, OSError)):
        artifact.push(tiny, {**CARD, "name": "new"}, golden, models, [])
    assert [path.name for path in models.iterdir()] == ["tiny-lstm"]
