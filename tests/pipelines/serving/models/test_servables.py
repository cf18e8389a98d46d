"""Which version is served where folders change: numbers that return, and folders in pieces."""

import json
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from rnnzoo.artifacts.manifest import write_manifest
from rnnzoo.datasets.common.atomic_write import remove_folder
from rnnzoo.pipelines.serving.models import servables, version
from rnnzoo.pipelines.serving.models.configuration import ModelConfiguration
from rnnzoo.pipelines.serving.models.configured import ConfiguredServable
from rnnzoo.pipelines.serving.models.servables import Servable


@dataclass
class Loaded:
    """A version of which nothing but its title matters."""

    folder: Path
    reader: dict | None
    signatures, content_digest, load_seconds = None, None, 0.0

    def __post_init__(self):
        self.title = json.loads((self.folder / "card.json").read_text())["title"]

    def specs(self, signature):
        return {"x": None}

    def run(self, signature, inputs):
        return {}


@pytest.fixture
def base(small_model, models, monkeypatch):
    """The folder of a model without versions, beside the small model, which is not loaded."""
    monkeypatch.setattr(version, "Version", Loaded)
    shutil.copytree(small_model[0], models / "made/1")
    (models / "letters-lstm").mkdir()
    return models / "letters-lstm"


def complete(base, number, title):
    """A whole folder under a name that is no version's."""
    partial = base / f".partial-{title}"
    shutil.copytree(base.parent / "made/1", partial)
    card = json.loads((partial / "card.json").read_text())
    card |= {"name": base.name, "version": number, "title": title}
    (partial / "card.json").write_text(json.dumps(card))
    write_manifest(partial)
    return partial


def push(base, number, title):
    complete(base, number, title).rename(base / str(number))


class Configured:
    """A `ConfiguredServable` that is refreshed before each `get`, as a poller does."""

    def __init__(self, base):
        self._servable = ConfiguredServable(base.name)
        self._configuration = ModelConfiguration(base.name, base, "all", {})

    def get(self, number=None):
        self._servable.refresh(self._configuration)
        return self._servable.get(number)


class Named:
    """A `Servable` that is asked as `Engine` does."""

    def __init__(self, base):
        self._servable = Servable(base.name)

    def get(self, number=None):
        return self._servable.loaded(number) or self._servable.get(number)


KINDS = pytest.mark.parametrize("kind", [Named, Configured])


def served(servable):
    number, version = servable.get()
    return number, version.title


@KINDS
def test_a_number_that_returns_is_another_version(base, kind):
    """`rnnzoo.save` takes the next free number: after a rollback it is that of the removed one."""
    push(base, 1, "a")
    push(base, 2, "b")
    servable = kind(base)
    assert served(servable) == (2, "b")
    remove_folder(base / "2")
    push(base, 2, "c")
    assert served(servable) == (2, "c")
    assert servable.get(2)[1].title == "c"
    assert servable.get(2)[1] is servable.get(2)[1]  # it is loaded once


@KINDS
def test_a_replaced_version_that_cannot_be_loaded_is_not_served(base, kind):
    push(base, 1, "a")
    push(base, 2, "b")
    servable = kind(base)
    assert served(servable) == (2, "b")
    remove_folder(base / "2")
    partial = complete(base, 2, "c")
    (partial / "golden.npz").unlink()
    partial.rename(base / "2")
    assert served(servable) == (1, "a")


def names_of(folder):
    return [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]


@KINDS
@pytest.mark.parametrize("first", ["SHA256SUMS", "card.json"])
def test_a_folder_that_is_copied_in_pieces_is_served_once_it_is_complete(base, kind, first):
    """As `cp -r` copies it, in any order; the folder of versions changes only at the start."""
    push(base, 1, "a")
    servable = kind(base)
    partial, folder = complete(base, 2, "b"), base / "2"
    time.sleep(0.1)
    folder.mkdir()
    assert served(servable) == (1, "a")
    time.sleep(0.1)
    names = sorted(names_of(partial), key=lambda name: (name.name != first, name))
    for name in names:
        assert served(servable) == (1, "a")
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy2(partial / name, folder / name)
    assert served(servable) == (2, "b")


def test_changes_of_the_same_clock_tick_are_seen(base):
    """The time of a folder is that of the last tick: a later change may not show."""
    push(base, 1, "a")
    servable = Named(base)
    assert served(servable) == (1, "a")
    times = base.stat()
    push(base, 2, "b")
    os.utime(base, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert served(servable) == (2, "b")


def test_a_refused_version_is_reported_once_and_slows_nothing(base, capfd):
    push(base, 1, "a")
    push(base, 2, "b")
    (base / "2/golden.npz").write_bytes(b"damaged")
    servable = Servable(base.name)
    time.sleep(0.1)  # what has just changed may change again
    assert servable.get()[0] == 1
    for _ in range(3):
        assert servable.loaded()[0] == 1
        assert servable.get()[0] == 1
    assert capfd.readouterr().err.count("not serving letters-lstm") == 1


def test_a_version_that_is_replaced_while_it_is_loaded_does_not_end_the_model(base, monkeypatch):
    """The next version is pushed, and this one removed, before its files were read."""
    push(base, 1, "a")
    servable = Named(base)
    load = servables.load_version

    def late(folder, check):
        monkeypatch.setattr(servables, "load_version", load)
        push(base, 3, "c")
        remove_folder(base / "2")
        return load(folder, check)

    push(base, 2, "b")
    remove_folder(base / "1")
    monkeypatch.setattr(servables, "load_version", late)
    assert served(servable) == (3, "c")
    remove_folder(base / "3")
    with pytest.raises(LookupError):
        servable.get()
