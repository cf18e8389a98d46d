"""`--config`: what is served changes with the file and the folders, and no request is dropped."""

import json
import os
import shutil
import threading
import time

import numpy as np
import pytest
import requests

from rnnzoo.artifacts.manifest import write_manifest
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.serving.app import create_app
from rnnzoo.pipelines.serving.core.batching import Batching
from rnnzoo.pipelines.serving.core.engine import Engine
from rnnzoo.pipelines.serving.models.configuration import parsed
from rnnzoo.pipelines.serving.models.configured import Poller

TIMEOUT = 60


def push(artifact, base, number):
    """A copy of an artifact as a version."""
    partial = base / ".partial"
    shutil.copytree(artifact, partial)
    card = json.loads((partial / "card.json").read_text())
    (partial / "card.json").write_text(json.dumps({**card, "version": number}))
    write_manifest(partial)
    partial.rename(base / str(number))


def replace(path, content):
    """Replaces a file at once, as editors and orchestrators do."""
    path.with_suffix(".new").write_text(content)
    os.replace(path.with_suffix(".new"), path)


class Site:
    """A folder of versions, a configuration of it, and a server."""

    def __init__(self, folder, artifact):
        self.path, self.base, self.artifact = (
            folder / "models.toml",
            folder / "sonnets-lstm",
            artifact,
        )
        self.base.mkdir()
        self.address = self.poller = None

    def configure(self, *lines, name="sonnets"):
        head = [
            "poll_seconds = 0.1",
            "[[models]]",
            f'name = "{name}"',
            'base_path = "sonnets-lstm"',
        ]
        replace(self.path, "\n".join([*head, *lines]))

    def push(self, number):
        push(self.artifact, self.base, number)

    def get(self, path):
        return requests.get(f"{self.address}{path}", timeout=TIMEOUT)

    def version(self, path="sonnets"):
        """The version that a path is of; None if it is not served."""
        response = self.get(f"/v1/models/{path}/metadata")
        return response.json()["model_spec"]["version"] if response.status_code == 200 else None

    def until(self, condition):
        for _ in range(600):
            if condition():
                return
            time.sleep(0.05)
        raise AssertionError("it did not happen within 30 seconds")


@pytest.fixture
def site(tmp_path, small_model):
    site = Site(tmp_path, small_model[0])
    site.push(3)
    return site


@pytest.fixture
def served(site, serving):
    site.configure()
    engine = Engine({})
    poller = Poller(str(site.path), engine)
    with serving(create_app(engine)) as site.address:
        assert site.get("/readyz").json() == {"status": "loading", "unloaded": ["sonnets"]}
        assert site.get("/readyz").status_code == 503
        assert "no models are" in site.get("/v1/models/sonnets").json()["error"]
        poller.start()
        try:
            site.until(lambda: site.get("/readyz").status_code == 200)
            yield site
        finally:
            poller.stop()


def test_versions_and_labels_follow_the_file(served, capfd):
    site = served
    assert site.version() == "3"
    site.push(4)
    site.until(lambda: site.version() == "4")
    assert site.version("sonnets/versions/3") is None  # latest is a single one
    site.configure("versions = [3, 4]", "labels = { stable = 3, canary = 4, lost = 4 }")
    site.until(lambda: site.version("sonnets/labels/stable") == "3")
    assert site.version("sonnets/labels/canary") == "4"
    assert site.version() == "4"
    site.configure('versions = "all"', "labels = { stable = 4 }")
    site.until(lambda: site.version("sonnets/labels/stable") == "4")
    site.configure("versions = 'all'", "labels = { stable = 9 }")
    site.until(lambda: "label stable of sonnets: version 9 is not loaded" in capfd.readouterr().err)
    assert site.version("sonnets/labels/stable") == "4", "a label stays with its version"
    assert site.version("sonnets/labels/canary") is None
    site.configure("versions = [3]")
    site.until(lambda: site.version() == "3")
    assert site.version("sonnets/versions/4") is None
    site.configure(name="poems")
    site.until(lambda: site.version("poems") == "4")
    assert site.version() is None
    assert site.get("/readyz").status_code == 200


def test_what_is_invalid_keeps_what_is_served(served, capfd):
    site = served
    log = ""

    def logged(text):
        nonlocal log
        log += capfd.readouterr().err
        return text in log

    replace(site.path, "[[models")
    site.until(lambda: logged("rnnzoo: keeping the configuration: "))
    assert site.version() == "3"
    site.path.unlink()
    site.until(lambda: logged("models.toml cannot be read: No such file or directory"))
    assert site.version() == "3"
    damaged = site.base / "5"
    shutil.copytree(site.base / "3", site.base / ".partial")
    (site.base / ".partial/variables/variables.index").write_bytes(b"damaged")
    (site.base / ".partial").rename(damaged)
    site.until(lambda: logged("rnnzoo: not serving sonnets: "))
    assert site.version() == "3"
    (site.base / "3").rename(site.base / "gone")
    site.configure('versions = "all"')
    time.sleep(0.5)
    assert site.version() == "3"  # better than nothing
    logged("")
    assert log.count("keeping the configuration") == 2
    assert log.count("not serving sonnets") == 1


def test_batches_of_a_model_are_as_configured(site):
    site.configure("batch_rows = 3", "batch_seconds = 0.5")
    engine = Engine({})
    poller = Poller(str(site.path), engine)
    poller.poll()
    assert engine.batchings == {"sonnets": Batching(3, 0.5)}
    site.configure()
    poller.poll()
    assert engine.batchings == {}


def test_no_request_is_dropped_while_versions_and_the_file_change(served):
    site, statuses, ended = served, [], threading.Event()
    body = {"instances": ["Shall I"]}

    def send(path):
        while not ended.is_set():
            url = f"{site.address}/v1/models/{path}:predict"
            statuses.append((path, requests.post(url, json=body, timeout=TIMEOUT).status_code))

    site.configure("labels = { stable = 3 }")
    site.until(lambda: site.version("sonnets/labels/stable") == "3")
    paths = ["sonnets", "sonnets/labels/stable", "sonnets"]
    clients = [threading.Thread(target=send, args=[path]) for path in paths]
    for client in clients:
        client.start()
    try:
        site.configure("versions = [3, 4]", "labels = { stable = 3 }")
        site.push(4)
        site.until(lambda: site.version() == "4")
        site.configure("versions = [4]", "labels = { stable = 4 }")
        site.until(lambda: site.version("sonnets/versions/3") is None)
        shutil.rmtree(site.base / "3")
        replace(site.path, "no TOML")
        site.push(6)
        site.configure("versions = [6]", "labels = { stable = 6 }")
        site.until(lambda: site.version() == "6")
    finally:
        ended.set()
        for client in clients:
            client.join()
    assert {status for _, status in statuses} == {200}
    assert {path for path, _ in statuses} == set(paths)


def test_a_version_is_run_with_its_golden_inputs_before_it_is_requested(site, capfd):
    """Wrong golden inputs, with right hashes: the version is refused before a client meets it."""
    golden = site.base / "3/golden.npz"
    np.savez(golden, inputs=np.array([[99_999]], np.int32), outputs=np.zeros((1, 1), np.float32))
    write_manifest(site.base / "3")
    site.configure()
    engine = Engine({})
    poller = Poller(str(site.path), engine)
    poller.poll()
    assert engine.servables == {}
    assert "not serving sonnets: ids are indices from 0 to" in capfd.readouterr().err
    shutil.copy(site.artifact / "golden.npz", golden)
    write_manifest(site.base / "3")
    poller.poll()  # a replaced version is tried again
    assert engine.servables["sonnets"].loaded()[0] == 3


MODEL = '[[models]]\nname = "a"\nbase_path = "."\n'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "no models: give a table [[models]] for each"),
        ("models = 3", "no models: give a table [[models]] for each"),
        ("models = [3]", "models has 3: give tables [[models]]"),
        ("[[models]]", "name = None: give the name of a model"),
        ('[[models]]\nname = "../a"', "'../a' is no model name"),
        ('[[models]]\nname = "nope"', "nope: unknown model 'nope'"),
        ('[[models]]\nname = "a"\nbase_path = "no"', "a: base_path = 'no' is no folder: give one"),
        (f"{MODEL}other = 1", "unknown field 'other': fields are base_path, batch_rows, batch_"),
        (f"{MODEL}{MODEL}", "a is configured twice"),
        (f"poll_seconds = 0\n{MODEL}", "poll_seconds = 0: give a number from 0.1 to 86400"),
        (f"poll_seconds = true\n{MODEL}", "poll_seconds = True: give a number"),
        (f"poll_seconds = nan\n{MODEL}", "poll_seconds = nan: give a number"),
        (f'{MODEL}versions = "new"', "a: versions = 'new': give 'latest', 'all' or a list of whol"),
        (f"{MODEL}batch_rows = 0", "a: batch_rows = 0: give 1 to 4096"),
        (f"{MODEL}batch_seconds = '1'", "a: batch_seconds = '1': give 0 to 10"),
        (f"{MODEL}versions = []", "a: versions = []: give 'latest', 'all' or a list"),
        (f"{MODEL}versions = [0]", "a: versions = [0]: give"),
        (f"{MODEL}versions = [true]", "a: versions = [True]: give"),
        (f"{MODEL}labels = 3", "a: labels = 3: give a table such as { stable = 3 }"),
        (f'{MODEL}labels = {{ "a/b" = 3 }}', "a: label 'a/b': use up to 64 letters"),
        (f'{MODEL}labels = {{ a = "3" }}', "a: labels.a = '3': give a whole number from 1"),
        (f"{MODEL}versions = [1]\nlabels = {{ a = 3 }}", "a: labels.a = 3 is none of versions [1]"),
    ],
)
def test_a_field_that_is_invalid_is_named(tmp_path, content, message):
    path = tmp_path / "models.toml"
    with pytest.raises(InputError) as raised:
        parsed(content.encode(), path)
    assert str(raised.value).startswith(f"{path}: {message}")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("content", [b"[[models", b"\xff", b"a = " + b"[" * 100_000])
def test_what_is_no_toml_is_said(tmp_path, content):
    with pytest.raises(InputError, match="models.toml is no TOML: "):
        parsed(content, tmp_path / "models.toml")
