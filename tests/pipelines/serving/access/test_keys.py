"""API keys: over sockets, of HTTP and WebSockets, and their file while it changes."""

import asyncio
import hashlib
import os
import threading
import time

import pytest
import requests
import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route, WebSocketRoute
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from rnnzoo.cli import main
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.serving.access.key_file import KeyFile
from rnnzoo.pipelines.serving.access.keys import read_keys
from rnnzoo.pipelines.serving.app import create_app
from rnnzoo.pipelines.serving.core.engine import Engine
from rnnzoo.pipelines.serving.http.authentication import Authentication, secret_of
from rnnzoo.pipelines.serving.statuses import TooManyRequests, Unauthenticated


def entry(name, secret, /, **fields):
    """The lines of a key."""
    digest = hashlib.sha256(secret.encode()).hexdigest()
    fields = {"name": f'"{name}"', "sha256": f'"{digest}"', **fields}
    return "[[keys]]\n" + "".join(f"{field} = {value}\n" for field, value in fields.items())


def written(path, *entries):
    """Writes entries to a file that only its owner can read."""
    path.write_text("\n".join(entries))
    path.chmod(0o600)
    os.utime(path, ns=(0, hash(entries) % 10**15))  # faster than the clock of a file system
    return path


class Slow:
    """A route that answers once it is `released`."""

    def __init__(self):
        self.arrived, self.released = threading.Event(), threading.Event()

    async def __call__(self, request):
        self.arrived.set()
        await asyncio.to_thread(self.released.wait, 30)
        return PlainTextResponse("done")


async def echo(websocket):
    await websocket.accept()
    async for message in websocket.iter_text():
        await websocket.send_text(message)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return written(
        tmp_path_factory.mktemp("keys") / "keys.toml",
        entry("all", "key-of-all"),
        entry("some", "key-of-some", models='["te*", "rates"]'),
        entry("paced", "key-paced", requests_per_second=5),
        entry("alone", "key-alone", at_once=1),
        entry("slow", "key-slow", requests_per_second=0.001),
    )


@pytest.fixture(scope="module")
def slow():
    return Slow()


@pytest.fixture(scope="module")
def address(servables, file, slow, listening):
    """host:port of a server with keys."""
    app = Starlette(
        routes=[
            Route("/healthz", lambda request: PlainTextResponse("ok")),
            Route("/slow", slow.__call__),
            WebSocketRoute("/echo", echo),
            Mount("/", create_app(Engine(servables))),
        ]
    )
    config = uvicorn.Config(Authentication(app, KeyFile(file)), log_level="warning")
    with listening(config) as address:
        yield address


def get(address, path, key=None, **headers):
    if key is not None:
        headers["Authorization"] = f"Bearer {key}"
    return requests.get(f"http://{address}{path}", headers=headers, timeout=60)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer key-of-al"},
        {"Authorization": "Bearer key-of-all2"},
        {"Authorization": "Basic key-of-all"},
        {"Authorization": "key-of-all"},
        {"X-API-Key": "KEY-OF-ALL"},
        {"X-API-Key": "clé".encode("latin-1")},
        {"X-API-Key": hashlib.sha256(b"key-of-all").hexdigest()},
    ],
)
def test_without_a_valid_key_every_route_is_401(address, headers):
    for path in ("/v1/models", "/v1/models/text", "/nothing", "/v1/models/text/metadata"):
        response = requests.get(f"http://{address}{path}", headers=headers, timeout=60)
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"].startswith("Bearer")
        assert "key" in response.json()["error"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer key-of-all"},
        {"authorization": "bearer  key-of-all "},
        {"X-API-Key": "key-of-all"},
        {"Authorization": "Basic abc", "X-API-Key": "key-of-all"},
    ],
)
def test_a_key_is_sent_in_either_header(address, headers):
    body = {"instances": ["abc"]}
    url = f"http://{address}/v1/models/text:predict"
    assert requests.post(url, json=body, headers=headers, timeout=60).status_code == 200


def test_probes_need_no_key(address):
    assert get(address, "/healthz").text == "ok"
    assert get(address, "/healthz/x").status_code == 401


def test_a_key_has_its_models_alone(address):
    for path in ("/v1/models/text", "/v1/models/rates/versions/1/metadata"):
        assert get(address, path, "key-of-some").status_code == 200
    for path in (
        "/v1/models/audio",
        "/v1/models/audio/",
        "/v1/models/%61udio/metadata",
        "/v1/models/audio/versions/1",
        "/v1/models/unknown",
    ):
        response = get(address, path, "key-of-some")
        assert response.status_code == 403
        assert "the key some may not use" in response.json()["error"]
    url = f"http://{address}/v1/models/audio:predict"
    response = requests.post(url, json={}, headers={"X-API-Key": "key-of-some"}, timeout=60)
    assert response.status_code == 403
    listed = get(address, "/v1/models", "key-of-some").json()["models"]
    assert {model["name"] for model in listed} == {"text", "rates"}
    assert len(get(address, "/v1/models", "key-of-all").json()["models"]) > 2
    missing = get(address, "/v1/models/test", "key-of-some")
    assert missing.status_code == 404 and "audio" not in missing.text


def test_a_rate_that_is_exceeded_is_429(address):
    statuses = [get(address, "/v1/models/text", "key-slow") for _ in range(3)]
    assert [response.status_code for response in statuses] == [200, 429, 429]
    assert 900 < int(statuses[1].headers["Retry-After"]) <= 1000
    assert "over 0.001 requests per second" in statuses[1].json()["error"]
    assert get(address, "/v1/models/text", "key-of-all").status_code == 200


def test_requests_at_once_are_limited_and_ended_ones_do_not_count(address, slow):
    results = []
    thread = threading.Thread(target=lambda: results.append(get(address, "/slow", "key-alone")))
    thread.start()
    try:
        assert slow.arrived.wait(30)
        response = get(address, "/v1/models/text", "key-alone")
        assert response.status_code == 429 and response.headers["Retry-After"] == "1"
        assert get(address, "/v1/models/text", "key-of-all").status_code == 200
    finally:
        slow.released.set()
        thread.join()
    assert results[0].text == "done"
    for _ in range(3):
        assert get(address, "/v1/models/text", "key-alone").status_code == 200
        assert get(address, "/nothing", "key-alone").status_code == 404


def test_a_websocket_needs_a_key_too(address):
    with pytest.raises(InvalidStatus) as refused:
        connect(f"ws://{address}/echo")
    assert refused.value.response.status_code == 401
    headers = {"X-API-Key": "key-alone"}
    with connect(f"ws://{address}/echo", additional_headers=headers) as stream:
        stream.send("a")
        assert stream.recv() == "a"
        with pytest.raises(InvalidStatus) as refused:
            connect(f"ws://{address}/echo", additional_headers=headers)
        assert refused.value.response.status_code == 429
    # The server hears of the end in its own time.
    statuses = (get(address, "/v1/models/text", "key-alone").status_code for _ in range(1000))
    assert 200 in statuses


def test_messages_of_a_websocket_are_read_at_the_rate_of_its_key(address):
    headers = {"X-API-Key": "key-paced"}
    with connect(f"ws://{address}/echo", additional_headers=headers) as stream:
        start = time.monotonic()
        for _ in range(8):
            stream.send("a")
        assert [stream.recv() for _ in range(8)] == ["a"] * 8
        # The connection is a request; four messages more are the rest of the burst.
        assert time.monotonic() - start > 0.7


class Clock:
    seconds = 0.0

    def __call__(self):
        return self.seconds


def admit(keys, secret):
    with keys.admitted(secret) as key:
        return key.name


def test_a_bucket_is_filled_at_the_rate(tmp_path):
    clock = Clock()
    file = written(tmp_path / "keys", entry("a", "k", requests_per_second=2))
    keys = KeyFile(file, clock)
    for seconds, admitted in ((0, 2), (0.5, 1), (0.9, 0), (1.0, 1), (100, 2)):
        clock.seconds = seconds
        for _ in range(admitted):
            assert admit(keys, b"k") == "a"
        with pytest.raises(TooManyRequests) as refused:
            admit(keys, b"k")
        assert refused.value.retry_after == 1


def test_the_file_is_read_again(tmp_path, capfd):
    path = tmp_path / "keys"
    keys = KeyFile(written(path, entry("a", "k", at_once=1)))
    with keys.admitted(b"k"):
        written(path, entry("a", "new", at_once=1), entry("b", "l"))
        assert admit(keys, b"l") == "b"
        with pytest.raises(Unauthenticated):
            admit(keys, b"k")
        with pytest.raises(TooManyRequests):  # a new key of a has the requests of the old one
            admit(keys, b"new")
    assert admit(keys, b"new") == "a"
    assert capfd.readouterr().err == ""
    for damage in (lambda: written(path, "[[keys]"), path.unlink):
        damage()
        assert [admit(keys, b"l") for _ in range(3)] == ["b"] * 3
        err = capfd.readouterr().err
        assert err.count("\n") == 1 and err.startswith("rnnzoo: the keys stay as they were: ")
    written(path, entry("c", "m"))
    assert admit(keys, b"m") == "c"
    with pytest.raises(Unauthenticated):
        admit(keys, b"l")


def test_a_file_that_others_can_read_is_a_warning(tmp_path, capfd):
    file = written(tmp_path / "keys", entry("a", "k"))
    file.chmod(0o640)
    KeyFile(file)
    assert "is open to other users (mode 640): chmod 600" in capfd.readouterr().err


DIGEST = '"' + "a" * 64 + '"'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"has to have \[\[keys\]\]"),
        ("keys = []", "has to have"),
        ("keys = [1]", "key 1 is no table"),
        ("[[keys]", "is no TOML"),
        ("other = 1\n" + entry("a", "k"), "nothing else"),
        (entry("a", "k", key='"k"'), "has 'key': fields are name, sha256"),
        (entry("a b", "k"), "name='a b': give"),
        (f"[[keys]]\nsha256 = {DIGEST}", "name=None"),
        ('[[keys]]\nname = "a"\nsha256 = "secret"', "key 1 has no sha256 of 64"),
        (entry("a", "k", requests_per_second=0), "requests_per_second=0: give a number above 0"),
        (entry("a", "k", requests_per_second="nan"), "requests_per_second=nan"),
        (entry("a", "k", requests_per_second="inf"), "requests_per_second=inf"),
        (entry("a", "k", requests_per_second="true"), "requests_per_second=True"),
        (entry("a", "k", at_once=1.5), "at_once=1.5: give a whole number"),
        (entry("a", "k", models='"text"'), "models='text': give a list"),
        (entry("a", "k", models="[]"), r"models=\[\]"),
        (entry("a", "k") + entry("a", "l"), "two keys with the name 'a'"),
        (entry("a", "k") + entry("b", "k"), "two keys with the sha256"),
    ],
)
def test_an_invalid_file_names_the_entry_and_no_secret(tmp_path, text, message):
    with pytest.raises(InputError, match=message) as refused:
        read_keys(written(tmp_path / "keys", text))
    assert "secret" not in str(refused.value) and "\n" not in str(refused.value)


def test_the_first_of_repeated_headers_is_the_key():
    assert secret_of([(b"x-api-key", b"a"), (b"x-api-key", b"b")]) == b"a"
    assert secret_of([(b"authorization", b"Bearer")]) is None


def test_the_command_makes_keys(tmp_path, capsys):
    path = tmp_path / "keys.toml"
    secrets = []
    for name in ("alice", "bob"):
        assert main(["key", name, "--keys", str(path)]) == 0
        secrets.append(capsys.readouterr().out.strip())
    assert path.stat().st_mode & 0o777 == 0o600
    assert not any(secret in path.read_text() for secret in secrets)
    path.write_text("# ours\n" + path.read_text())
    assert main(["key", "carol", "--keys", str(path)]) == 0
    assert path.read_text().startswith("# ours\n")
    keys = KeyFile(path)
    assert [admit(keys, secret.encode()) for secret in secrets] == ["alice", "bob"]
    before = path.read_text()
    for name in ("alice", "a b", 'x"\ny'):
        assert main(["key", name, "--keys", str(path)]) == 2
        assert capsys.readouterr().err.count("\n") == 1
    assert path.read_text() == before
    assert list(tmp_path.iterdir()) == [path]


def test_an_invalid_file_is_reported_before_models_are_loaded(tmp_path, capsys):
    path = tmp_path / "keys"
    assert main(["serve", "shakespeare-rnn", "--port", "0", "--keys", str(path)]) == 2
    assert (
        capsys.readouterr().err
        == f"rnnzoo: error: {path} cannot be read: No such file or directory\n"
    )
