"""The resolver against a real HTTP server on this machine."""

import hashlib
import http.server
import threading

import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.source import Source, verified_bytes, verified_path
from rnnzoo.datasets.common.source_registry import all_sources, source_named
from rnnzoo.datasets.text.gutenberg import body

pytestmark = pytest.mark.core

CONTENT = b"some text\n" * 1000


@pytest.fixture
def server():
    class Handler(http.server.BaseHTTPRequestHandler):
        asked = []

        def do_GET(self):
            self.asked.append(self.path)
            exists = self.path == "/text.txt"
            self.send_response(200 if exists else 404)
            self.send_header("Content-Length", str(len(CONTENT)))
            self.end_headers()
            self.wfile.write(CONTENT if exists else b"x" * len(CONTENT))

        def log_message(self, *arguments):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        server.asked = Handler.asked
        yield server
        server.shutdown()


@pytest.fixture
def source(server, tmp_path, monkeypatch):
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("RNNZOO_DATA_DIR", raising=False)
    return Source(
        name="sample",
        url=f"http://127.0.0.1:{server.server_port}/text.txt",
        path="text/sample.txt",
        licence="none",
        sha256=hashlib.sha256(CONTENT).hexdigest(),
    )


def left(tmp_path):
    return sorted(path.name for path in (tmp_path / "cache").rglob("*") if path.is_file())


def test_it_is_downloaded_once_and_then_read_from_the_cache(source, server, tmp_path, capsys):
    assert verified_bytes(source) == CONTENT
    assert verified_bytes(source) == CONTENT
    assert server.asked == ["/text.txt"]
    assert left(tmp_path) == ["sample.txt"]
    assert capsys.readouterr().err == f"downloading sample from {source.url}\n"


def test_a_local_folder_comes_first(source, server, tmp_path, monkeypatch):
    (tmp_path / "data/text").mkdir(parents=True)
    (tmp_path / "data/text/sample.txt").write_bytes(CONTENT)
    monkeypatch.setenv("RNNZOO_DATA_DIR", str(tmp_path / "data"))
    assert verified_bytes(source) == CONTENT
    assert server.asked == []


def test_an_altered_local_file_is_refused_not_replaced(source, tmp_path, monkeypatch):
    (tmp_path / "data/text").mkdir(parents=True)
    altered = tmp_path / "data/text/sample.txt"
    altered.write_bytes(CONTENT + b"x")
    monkeypatch.setenv("RNNZOO_DATA_DIR", str(tmp_path / "data"))
    with pytest.raises(InputError, match="is not the sample data: sha256"):
        verified_bytes(source)
    assert altered.read_bytes() == CONTENT + b"x"


def test_a_damaged_cache_is_downloaded_again(source, server, tmp_path):
    verified_bytes(source)
    (tmp_path / "cache/text/sample.txt").write_bytes(b"damaged")
    assert verified_bytes(source) == CONTENT
    assert len(server.asked) == 2


@pytest.mark.parametrize("damaged", [b"no markers", b"\xff"])
def test_a_copy_that_cannot_be_cut_is_downloaded_again(source, server, tmp_path, damaged):
    """The wrapper's markers are gone, or it is not even text."""

    def content(raw):
        return raw if raw == CONTENT else body(raw)

    cut = Source(**{**source.__dict__, "content": content})
    (tmp_path / "cache/text").mkdir(parents=True)
    (tmp_path / "cache/text/sample.txt").write_bytes(damaged)
    assert verified_bytes(cut) == CONTENT


def test_a_large_file_is_verified_where_it_lies(source, server, tmp_path):
    assert verified_path(source) == tmp_path / "cache/text/sample.txt"
    (tmp_path / "cache/text/sample.txt").write_bytes(b"damaged")
    assert verified_path(source).read_bytes() == CONTENT
    assert len(server.asked) == 2
    unknown = Source(**{**source.__dict__, "sha256": None})
    (tmp_path / "cache/text/sample.txt").write_bytes(b"as it is")
    assert verified_path(unknown).read_bytes() == b"as it is"


def test_another_content_than_published_is_not_kept(source, tmp_path):
    wrong = Source(**{**source.__dict__, "sha256": "0" * 64})
    with pytest.raises(InputError, match=f"expected {'0' * 64}"):
        verified_bytes(wrong)
    assert left(tmp_path) == []


def test_no_answer_names_the_address_and_the_way_out(source, tmp_path):
    gone = Source(**{**source.__dict__, "url": source.url.replace("text.txt", "gone")})
    with pytest.raises(InputError, match=r"HTTP status 404.*RNNZOO_DATA_DIR") as error:
        verified_bytes(gone)
    assert "\n" not in str(error.value)
    assert left(tmp_path) == []


def test_an_interrupted_download_leaves_nothing(source, tmp_path):
    def interrupted(raw):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        verified_bytes(Source(**{**source.__dict__, "content": interrupted}))
    assert left(tmp_path) == []


def test_a_data_folder_that_is_none_is_named(source, monkeypatch):
    monkeypatch.setenv("RNNZOO_DATA_DIR", "/no/such/folder")
    with pytest.raises(InputError, match="RNNZOO_DATA_DIR=/no/such/folder"):
        verified_bytes(source)


def test_every_data_sets_sources_are_known_by_name():
    known = {"shakespeare", "action3d", "usdinr", "ucf11", "shanghai-trips", "bologna-routes"}
    assert known < set(all_sources())
    assert source_named("usdinr").path == "usdinr/DEXINUS.csv"
    with pytest.raises(InputError, match="unknown source 'none': choose one of"):
        source_named("none")


def test_every_source_is_complete():
    assert all(source.name == name for name, source in all_sources().items())
    for source in all_sources().values():
        assert source.url.startswith("https://")
        # The publisher of UCF-11 states no hash, and nobody here has seen the file.
        assert source.name == "ucf11" if source.sha256 is None else len(source.sha256) == 64
        assert source.licence
        assert ".." not in source.path
