"""`rnnzoo train`: nine stages from data to a pushed model, only those that are needed.

What differs by family is in the module `family` of its package, see
`rnnzoo.pipelines.core.families`:

    STAGES                    list of `Stage`, the first eight of the nine: one is called
                              `evaluation` and takes the parameter `last_pushed`
    DATA                      str, what a message calls the data: `"text"`
    complete(settings)        -> the recipe's settings, with what it leaves out
    own_data(settings)        -> (name, sha256) of the recipe's own data
    given_data(path, settings)
                              -> the same of a user's data, which is then in the cache
    source(settings)          -> dict, where the recipe's own data comes from: `url`, `licence`
    data_sha256(card)         -> the sha256 of the data that a card's model learned from
    pushed(made, settings, root, words)
                              the last stage -> (Path of the artifact, dict card); the card has
                              `lineage(made)`, `words`, and the `validation` figure in `metrics`

The stages' parameters are the settings and `name`, `data`, `data_sha256` and `last_pushed`: None,
or a dict of `version`, `content_digest`, `validation` and `data_sha256`.
"""

import re
import shlex
import sys
from pathlib import Path

from rnnzoo.artifacts import read_card, roots, verify_files, versions
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.folders import cache_dir
from rnnzoo.pipelines.core.destination import free_name, writable
from rnnzoo.pipelines.core.families import module_of
from rnnzoo.pipelines.core.runner import Runner, lineage
from rnnzoo.registry import recipe


class Pipeline:
    """The stages of one model, with their parameters.

    Args:
        name: str, a model with a recipe.
        root: folder of models to push to.
        data: path of data to train on instead of the recipe's, in the form the family reads.
        new_name: str, what to call a model of one's own data; by default the file's name
            and the architecture's.

    Raises:
        InputError: unknown model, no data, a name that is taken or without `data`, or a
            folder that cannot be written to.
    """

    def __init__(self, name, root, data=None, new_name=None):
        self.settings = recipe(name)
        self._family = module_of(self.settings["task"], "family")
        kind = self._family.DATA
        if data is None and new_name is not None:
            raise InputError(f"--name {new_name} is for a {kind} of your own: give --data too")
        self.name = name if data is None else free_name(new_name or default_name(name, data, kind))
        if data is None:
            data_name, sha256 = self._family.own_data(self.settings)
        else:
            data_name, sha256 = self._family.given_data(data, self.settings)
        self._root = writable(root)
        self._runner = Runner(
            cache_dir() / "pipelines" / self.name, lambda line: print(line, file=sys.stderr)
        )
        self._parameters = {
            **self._family.complete(self.settings),
            "name": self.name,
            "data": data_name,
            "data_sha256": sha256,
        }
        self._words = self._own_words() if data is None else self._given_words(name, data)

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
        made = self._runner.cached(self._family.STAGES, {**self._parameters, "last_pushed": last})
        said = all(card.get(key) == self._words[key] for key in self._words if key != "source")
        if made is None or lineage(made) != card["lineage"] or not said:
            return None
        try:
            verify_files(folder)
        except InputError:
            return None
        return folder, card

    def run(self):
        """Runs what there is to run and returns (folder, card).

        Raises:
            InputError: the data, the evaluation or the export was refused; says why. Or
                another process is at work on this model, or its name is one of another task's.
        """
        with self._runner.alone():
            if done := self.unchanged():
                return done
            newest = self._newest()
            if newest and newest["task"] != self.settings["task"]:
                raise InputError(f"{self.name} is a {newest['task']}: give another name")
            last = newest and {
                "version": newest["version"],
                "content_digest": newest["content_digest"],
                "validation": newest["metrics"]["validation"],
                "data_sha256": self._family.data_sha256(newest),
            }
            parameters = {**self._parameters, "last_pushed": last}
            made = self._runner.run(self._family.STAGES, parameters)
            done = self._family.pushed(made, self.settings, self._root, self._words)
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

    def _own_words(self):
        """What the card of a model of the recipe's own data says beside figures."""
        return {
            "name": self.name,
            "title": self.settings["title"],
            "licence": "Apache-2.0",
            "limits": self.settings["limits"],
            "paper": self.settings["paper"],
            "recipe": self.settings,
            "command": f"rnnzoo train {self.name}",
            "source": self._family.source(self.settings),
        }

    def _given_words(self, base, path):
        """The same of a user's data."""
        file = Path(path).name
        command = ["rnnzoo", "train", base, "--data", file, "--name", self.name]
        return {
            "name": self.name,
            "title": f"{base}'s recipe on {file}",
            "licence": f"the {self._family.DATA}'s: its owner's",
            "recipe": self.settings,
            "command": shlex.join(command),
            "source": {"file": file, "licence": "its owner's"},
        }


def default_name(base, path, kind):
    """`my-lstm` for `My.txt` and a recipe `...-lstm`; `text-lstm` if no letter can be used."""
    stem = re.sub(r"[^a-z0-9]+", "-", Path(path).stem.lower()).strip("-")
    return f"{stem or kind}-{base.split('-', 1)[-1]}"
