"""Runs of two families with their pages, and a check of a page."""

import collections
from html.parser import HTMLParser

import numpy as np
import pytest

SHORT = {"units": 8, "epochs": 2, "seeds": [1], "must_beat": 8}
VOID = {"meta", "br"}
EVIL = "<script>alert(1)<b> & \u202eabc.txt"  # the name of a user's file


class Checker(HTMLParser):
    """The elements of a page: `count` by name, `ids`, `links`; fails if it is not well formed."""

    def __init__(self, page):
        super().__init__()
        self.open, self.count, self.ids, self.links = [], collections.Counter(), [], []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        assert len(attributes) == len(attrs)
        self.count[tag] += 1
        self.ids += [attributes["id"]] if "id" in attributes else []
        for name in ("src", "href", "xlink:href", "action", "data"):
            self.links += [attributes[name]] if name in attributes else []
        assert not any(name.startswith("on") for name in attributes)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="session")
def checked_page():
    """A function that checks a page, a str, and returns its `Checker`."""

    def check(page):
        assert page.startswith('<!DOCTYPE html>\n<html lang="en">')
        checker = Checker(page.partition("\n")[2])
        assert len(set(checker.ids)) == len(checker.ids)
        assert all(link[0] == "#" and link[1:] in checker.ids for link in checker.links)
        assert not {"script", "img", "link", "iframe", "object"} & set(checker.count)
        assert "url(" not in page and "@import" not in page
        assert "\u202e" not in page and "\x00" not in page
        return checker

    return check


@pytest.fixture(scope="module")
def own_cache(own_folders, tmp_path_factory):
    """A cache and models of this module alone: Path of the models."""
    models = tmp_path_factory.mktemp("models")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RNNZOO_MODELS_DIR", str(models))
        patch.setenv("RNNZOO_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        yield models


@pytest.fixture(scope="module")
def train_again(own_cache, short_recipe, tmp_path_factory):
    """A function that runs the pipeline of a short recipe on a user's text, called `fox`."""
    from rnnzoo.pipelines.pipeline import Pipeline

    path = tmp_path_factory.mktemp("text") / EVIL
    words = "the <b>quick</b> brown fox & jumps over a lazy dog and runs home".split()
    random = np.random.default_rng(0)
    lines = (" ".join(random.choice(words, 7)) for _ in range(120))
    path.write_text(".\n".join(lines), encoding="utf-8")
    with short_recipe("sonnets-short", "sonnets-lstm", SHORT):
        yield lambda **options: Pipeline("sonnets-short", own_cache, path, "fox").run(**options)


@pytest.fixture(scope="module")
def text_runs(train_again):
    """A model that is no better than its n-grams, and is pushed by a second run.

    (page of the first run, page of the second, folder of the model).
    """
    from rnnzoo.datasets.common.errors import InputError
    from rnnzoo.pipelines.core.run_folders import reports_folder

    with pytest.raises(InputError, match="not pushed: "):
        train_again()
    (first,) = reports_folder("fox").glob("*-not-pushed.html")
    folder, _ = train_again(push_anyway=True)
    (second,) = reports_folder("fox").glob("*-version-1.html")
    return first, second, folder


@pytest.fixture(scope="module")
def rates_run(own_cache, tmp_path_factory):
    """Page of a run of a rates model, which its data end: the rate never moves."""
    from rnnzoo.datasets.common.errors import InputError
    from rnnzoo.pipelines.core.run_folders import reports_folder
    from rnnzoo.pipelines.pipeline import Pipeline

    days = np.arange("2010-01-04", "2020-01-01", dtype="datetime64[D]")
    days = days[np.is_busday(days)][:900]
    values = 60 * np.exp(np.cumsum(np.random.default_rng(0).normal(0, 0.004, 900)))
    values[:850] = 60
    path = tmp_path_factory.mktemp("rates") / "yen.csv"
    rows = "\n".join(f"{day},{value:.4f}" for day, value in zip(days, values, strict=True))
    path.write_text(f"date,value\n{rows}\n", encoding="utf-8")
    with pytest.raises(InputError):
        Pipeline("usdinr-gru", own_cache, path, "yen").run()
    (page,) = reports_folder("yen").glob("*.html")
    return page
