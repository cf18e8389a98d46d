"""`rnnzoo train`: nine stages from a text to a pushed model, only those that are needed."""

import hashlib
import json
import os
import shlex
import shutil
import sys
from pathlib import Path

from rnnzoo.artifacts import read_card, roots, verify_files, versions
from rnnzoo.datasets.char_text.load import text_sha256
from rnnzoo.datasets.errors import InputError
from rnnzoo.datasets.folders import cache_dir
from rnnzoo.datasets.sources import SOURCES
from rnnzoo.datasets.text_file import read_text
from rnnzoo.pipelines import text_data_stages, text_model_stages
from rnnzoo.pipelines.destination import free_name, writable
from rnnzoo.pipelines.runner import Runner
from rnnzoo.registry import recipe

STAGES = [
    text_data_stages.examples,
    text_data_stages.statistics,
    text_data_stages.schema,
    text_data_stages.anomalies,
    text_data_stages.transformed,
    text_model_stages.model,
    text_model_stages.evaluation,
    text_model_stages.infra,
]
PUSHER = text_model_stages.pushed


class TextPipeline:
    """The stages of one model, with their parameters.

    Args:
        name: str, a model with a recipe.
        root: folder of models to push to.
        data: path of a UTF-8 file to train on instead of the recipe's text.
        new_name: str, what to call a model of one's own data.

    Raises:
        InputError: unknown model, no data, `data` without `new_name` or the reverse, or a
            folder that cannot be written to.
    """

    def __init__(self, name, root, data=None, new_name=None):
        self.settings = recipe(name)
        if (data is None) != (new_name is None):
            raise InputError("data of one's own and a name go together: give --data and --name")
        self.name = name if new_name is None else free_name(new_name)
        file, sha256 = _data(self.settings["data"], data)
        self._root = writable(root)
        self._runner = Runner(
            cache_dir() / "pipelines" / self.name, lambda line: print(line, file=sys.stderr)
        )
        self._parameters = {
            **self.settings,
            "name": self.name,
            "data": file,
            "data_sha256": sha256,
            "root": str(self._root),
            "words": _words(name, self.name, self.settings, data),
        }

    def unchanged(self):
        """(folder, card) of the model that is there already, or None if there is work to do."""
        records = {one["stage"]: one for one in (self._newest() or {}).get("lineage", [])}
        if "evaluation" not in records:
            return None
        # The newest model was compared with the one before it, not with itself.
        before = records["evaluation"]["parameters"]["last_pushed"]
        made = self._runner.cached(STAGES, {**self._parameters, "last_pushed": before})
        if made is None:
            return None
        return self._pushed(self._runner.cached([*STAGES, PUSHER], self._with(made, before)))

    def run(self):
        """Runs what there is to run and returns (folder, card).

        Raises:
            InputError: the text, the evaluation or the export was refused; says why.
        """
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
        with_lineage = self._with(made, last)
        self._pushed(self._runner.cached([*STAGES, PUSHER], with_lineage))
        self._runner.run([PUSHER], with_lineage, made)
        return self._pushed(self._runner.cached([*STAGES, PUSHER], with_lineage))

    def _with(self, made, last):
        lineage = [one.record() for one in made.values()]
        return {**self._parameters, "last_pushed": last, "lineage": lineage}

    def _pushed(self, made):
        """(folder, card) of what the pusher made; None, and forgotten, if it is not whole."""
        if made is None:
            return None
        report = json.loads((made["pushed"].path / "pushed.json").read_text(encoding="utf-8"))
        folder = Path(report["path"])
        try:
            verify_files(folder)
            return folder, read_card(folder)
        except (InputError, OSError):
            shutil.rmtree(made["pushed"].path)
            return None

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
    kept = text_data_stages.given_text_path(sha256)
    kept.parent.mkdir(parents=True, exist_ok=True)
    partial = kept.with_name(f"{kept.name}.partial-{os.getpid()}")
    partial.write_bytes(text)
    os.replace(partial, kept)
    return Path(path).name, sha256


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
