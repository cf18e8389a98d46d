"""`rnnzoo train`: nine stages from a text to a pushed model, only those that are needed."""

import hashlib
import os
import re
import shlex
import sys
from pathlib import Path

from rnnzoo.artifacts import read_card, roots, verify_files, versions
from rnnzoo.datasets.char_text.load import text_sha256
from rnnzoo.datasets.errors import InputError
from rnnzoo.datasets.folders import cache_dir
from rnnzoo.datasets.sources import SOURCES
from rnnzoo.datasets.text_file import read_text
from rnnzoo.pipelines.destination import free_name, writable
from rnnzoo.pipelines.runner import Runner
from rnnzoo.pipelines.text import data_stages, model_stages
from rnnzoo.registry import recipe
from rnnzoo.text.recipe import complete

STAGES = [
    data_stages.examples,
    data_stages.statistics,
    data_stages.schema,
    data_stages.anomalies,
    data_stages.transformed,
    model_stages.model,
    model_stages.evaluation,
    model_stages.infra,
]


class TextPipeline:
    """The stages of one model, with their parameters.

    Args:
        name: str, a model with a recipe.
        root: folder of models to push to.
        data: path of a UTF-8 file to train on instead of the recipe's text.
        new_name: str, what to call a model of one's own data; by default the file's name
            and the architecture's.

    Raises:
        InputError: unknown model, no text, a name that is taken or without `data`, or a
            folder that cannot be written to.
    """

    def __init__(self, name, root, data=None, new_name=None):
        self.settings = recipe(name)
        if data is None and new_name is not None:
            raise InputError(f"--name {new_name} is for a text of your own: give --data too")
        self.name = name if data is None else free_name(new_name or _name_for(name, data))
        text, sha256 = _data(self.settings["data"], data)
        self._root = writable(root)
        self._runner = Runner(
            cache_dir() / "pipelines" / self.name, lambda line: print(line, file=sys.stderr)
        )
        self._parameters = {
            **complete(self.settings),
            "name": self.name,
            "data": text,
            "data_sha256": sha256,
        }
        self._words = _words(name, self.name, self.settings, data)

    def unchanged(self):
        """(folder, card) of the model that is there already, or None if there is work to do."""
        numbers = versions(self._root / self.name)
        if not numbers:
            return None
        folder = self._root / self.name / str(numbers[-1])
        card = read_card(folder)
        records = {one["stage"]: one for one in card.get("lineage", [])}
        if "evaluation" not in records:
            return None
        # The newest model was compared with the one before it, not with itself.
        last = records["evaluation"]["parameters"]["last_pushed"]
        made = self._runner.cached(STAGES, {**self._parameters, "last_pushed": last})
        said = all(card.get(key) == self._words[key] for key in self._words if key != "source")
        if made is None or model_stages.lineage(made) != card["lineage"] or not said:
            return None
        try:
            verify_files(folder)
        except InputError:
            return None
        return folder, card

    def run(self):
        """Runs what there is to run and returns (folder, card).

        Raises:
            InputError: the text, the evaluation or the export was refused; says why. Or
                another process is at work on this model.
        """
        with self._runner.alone():
            if done := self.unchanged():
                return done
            newest = self._newest()
            last = newest and {
                "version": newest["version"],
                "content_digest": newest["content_digest"],
                "validation": newest["metrics"]["validation"],
                "data_sha256": newest["data"]["sha256_of_text"],
            }
            made = self._runner.run(STAGES, {**self._parameters, "last_pushed": last})
            done = model_stages.pushed(made, self.settings["seeds"], self._root, self._words)
            print(f"pushed: {done[0]}", file=sys.stderr)
            return done

    def _newest(self):
        """The card of the newest version of this name in any folder, or None."""
        found = {
            number: root / self.name / str(number)
            for root in [*reversed(roots()), self._root]
            for number in versions(root / self.name)
        }
        return read_card(found[max(found)]) if found else None


def train_text(name, root, data=None, new_name=None):
    """Runs a text model's pipeline; see `TextPipeline`.

    Returns:
        (Path of the artifact, dict card).
    """
    return TextPipeline(name, root, data, new_name).run()


def _data(own, path):
    """(name, sha256) of the text to train on; a file's text is kept in the cache."""
    if path is None:
        return own, text_sha256(own)
    text = read_text(path).encode()
    sha256 = hashlib.sha256(text).hexdigest()
    kept = data_stages.given_text_path(sha256)
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        partial = kept.with_name(f"{kept.name}.partial-{os.getpid()}")
        partial.write_bytes(text)
        os.replace(partial, kept)
    # Not the file's name: the same text under another is the same data.
    return f"text-{sha256[:16]}", sha256


def _name_for(base, path):
    """`my-lstm` for `My.txt` and a recipe `...-lstm`."""
    stem = re.sub(r"[^a-z0-9]+", "-", Path(path).stem.lower()).strip("-")
    return f"{stem or 'text'}-{base.split('-', 1)[-1]}"


def _words(base, name, settings, path):
    """What the card says beside figures."""
    if path is None:
        source = SOURCES.get(settings["data"])
        return {
            "name": name,
            "title": settings["title"],
            "licence": "Apache-2.0",
            "limits": settings["limits"],
            "paper": settings["paper"],
            "recipe": settings,
            "command": f"rnnzoo train {name}",
            "source": {
                "url": source.url if source else "embedded in the package",
                "licence": source.licence if source else "public domain",
            },
        }
    file = Path(path).name
    command = ["rnnzoo", "train", base, "--data", file, "--name", name]
    return {
        "name": name,
        "title": f"{base}'s recipe on {file}",
        "licence": "the text's: its owner's",
        "recipe": settings,
        "command": shlex.join(command),
        "source": {"file": file, "licence": "its owner's"},
    }
