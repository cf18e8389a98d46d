"""`rnnzoo train`: ten stages from data to a pushed model; cached ones are not run again.

The stages are those of `rnnzoo.pipelines.stages`; a family of models defines what differs, see
`rnnzoo.pipelines.core.family`. Each stage names which of these parameters it takes:

    family          dict of the task and the version of its family
    name            str, the model's name
    data            str, the data's name
    data_sha256     str, the data's digest
    ingest          dict, the recipe's keys that ExampleGen reads
    training        dict, the recipe without the keys that describe or only evaluate
    recipe          dict, the recipe without the keys that describe
    seeds           list of int; the model of the first one is pushed
    thresholds      dict of the recipe's `drift` and `skew`, of which nothing depends but warnings
    last_pushed     None, or a dict of `version`, `content_digest`, `validation`, `data_sha256`
    last_statistics None, unless the statistics of the last version are an input
"""

import contextlib
import shlex
import sys
from pathlib import Path

from rnnzoo.artifacts import read_card, verify_files, versions
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.destination import check_task, free_name, writable
from rnnzoo.families import family_of
from rnnzoo.pipelines.card_fields import default_name, fields_of_recipe, fields_of_user_data
from rnnzoo.pipelines.core import last_statistics
from rnnzoo.pipelines.core.distributions import thresholds_of
from rnnzoo.pipelines.core.family import DESCRIPTION, identity
from rnnzoo.pipelines.core.run_folders import stages_folder
from rnnzoo.pipelines.core.runner import Runner, lineage
from rnnzoo.pipelines.core.transformed import Transformed
from rnnzoo.pipelines.stages import PREPARING, STAGES
from rnnzoo.pipelines.stages.pusher import pushed
from rnnzoo.pipelines.stages.statistics_gen import statistics
from rnnzoo.pipelines.tuning.settings import checked_settings, named
from rnnzoo.registry import recipe


class Pipeline:
    """The stages of one model, with their parameters.

    Args:
        name: str, a model with a recipe.
        root: folder of models to push to.
        data: path of data to train on instead of the recipe's, in the form the family reads.
        new_name: str, the name of a model of the user's own data; by default the file's name and
            the architecture's.
        data_options: dict, how the user's data are read: see `FamilyEntry.data_options`.
        frame_network: name or path of the network for frames of videos, see
            `rnnzoo.sequences.networks.network_files.read_network`; None for the recipe's.
        hyperparameters: `rnnzoo.pipelines.tuning.settings.Hyperparameters`, settings instead of
            the recipe's; the model needs a new name then, of the recipe's data too.

    Raises:
        InputError: unknown model, no data, a name that is taken, missing or without `data`, a
            setting that the recipe does not have, or a folder that cannot be written to.
    """

    def __init__(
        self, name, root, data=None, new_name=None, data_options=None, frame_network=None,
        hyperparameters=None,
    ):  # fmt: skip
        self.recipe = recipe(name)
        entry = family_of(self.recipe["task"])
        self._family = entry.load_pipeline()
        self._options = []
        if frame_network is not None:
            self.recipe = self._family.with_frame_network(self.recipe, frame_network)
            self._options = ["--frame-network", Path(frame_network).name]
        kind = self._family.kind
        if data is None and hyperparameters is None and new_name is not None:
            raise InputError(f"--name {new_name} names a model of your own data: give --data too")
        if data is None and hyperparameters is not None and new_name is None:
            raise InputError(
                f"{shlex.join(hyperparameters.arguments)} makes another model of {name}'s recipe: "
                "give --name too"
            )
        reading = entry.as_arguments(data_options or {})
        if data is None and reading:
            raise InputError(f"{shlex.join(reading)} is for your own data: give --data too")
        renamed = new_name
        if renamed is None and data is not None:
            renamed = default_name(name, data, kind)
        self.name = name if renamed is None else free_name(renamed)
        self._settings = self._checked(entry.complete(self.recipe), hyperparameters)
        self.recipe = {**self.recipe, **self._settings}
        complete = entry.complete(self.recipe)
        if data is None:
            data_name, sha256 = self._family.own_data(complete)
        else:
            data_name, sha256 = self._family.user_data(data, complete, **(data_options or {}))
        self._root = writable(root)
        self._log = lambda line: print(line, file=sys.stderr)
        self._runner = Runner(stages_folder(self.name), self._log)
        self.parameters = {
            "family": identity(self.recipe["task"]),
            "name": self.name,
            "data": data_name,
            "data_sha256": sha256,
            "ingest": self._family.ingest(complete),
            "training": self._family.training_settings(complete),
            "recipe": {key: value for key, value in complete.items() if key not in DESCRIPTION},
            "seeds": complete["seeds"],
            "thresholds": thresholds_of(complete),
            last_statistics.NAME: None,
        }
        if data is None:
            source = self._family.source(complete)
            self._fields = fields_of_recipe(self.name, name, self.recipe, source, self._options)
        else:
            self._fields = fields_of_user_data(
                self.name, name, self.recipe, kind, data, reading, self._options
            )

    def _checked(self, complete, hyperparameters):
        """dict, the settings instead of the recipe's."""
        if hyperparameters is None:
            return {}
        self._options += hyperparameters.arguments
        return checked_settings(
            shlex.join(hyperparameters.arguments),
            hyperparameters.settings,
            self._family.training_settings(complete),
        )

    @contextlib.contextmanager
    def prepared(self):
        """Yields the dataset of `Family.dataset`; stages that are not cached run before.

        Other processes cannot train this model meanwhile.

        Raises:
            InputError: the data was refused, or another process trains this model.
        """
        with self._runner.lock():
            artifacts = self._runner.run(PREPARING, self.parameters)
            yield self._family.dataset(Transformed(artifacts["transformed"].path))

    def unchanged(self):
        """(folder, card) of the newest model if nothing has changed since, else None."""
        numbers = versions(self._root / self.name)
        if not numbers:
            return None
        folder = self._root / self.name / str(numbers[-1])
        card = read_card(folder)
        records = {record["stage"]: record for record in card.get("lineage", [])}
        if "evaluation" not in records:
            return None
        # The newest model was compared with the one before it, not with itself.
        last = records["evaluation"]["parameters"].get("last_pushed")
        artifacts = self._runner.cached(
            STAGES,
            {**self.parameters, "last_pushed": last},
            others=last_statistics.recorded(records),
        )
        same_fields = all(
            card.get(key) == self._fields[key] for key in self._fields.keys() - {"source"}
        )
        if artifacts is None or not same_fields:
            return None
        if lineage(artifacts) != card["lineage"]:
            return None
        try:
            verify_files(folder)
        except InputError:
            return None
        return folder, card

    def run(self, push_anyway=False):
        """Runs the stages that are not cached and returns (folder, card).

        Args:
            push_anyway: bool, whether a model that the Evaluator does not bless is pushed, with the
                failed checks among the warnings of its card.

        Raises:
            InputError: the data, the evaluation or the export was refused, another process trains
                this model, or a model of another task has its name.
        """
        with self._runner.lock():
            if unchanged := self.unchanged():
                return unchanged
            from rnnzoo.pipelines.report.train_page import page_of_run  # not for a cached run

            last = self.last_pushed()
            with page_of_run(self._runner, self._known_before(), self._log) as page:
                with named(self._settings) if self._settings else contextlib.nullcontext():
                    artifacts = self._runner.run(
                        STAGES,
                        {**self.parameters, "last_pushed": last},
                        others=self._last_statistics(last),
                    )
                folder, card = pushed(
                    artifacts,
                    self.parameters["family"],
                    self.parameters["seeds"],
                    self._root,
                    self._fields,
                    push_anyway,
                )
                page(folder, card)
                self._log(f"pushed: {folder}")
            return folder, card

    def last_pushed(self):
        """dict, the parameter of that name: the version that a new model is compared with, or None.

        Raises:
            InputError: a model of another task has this one's name.
        """
        newest = check_task(self.name, self.recipe["task"], self._root)
        # A model that its user saved has not been evaluated.
        if not newest or "metrics" not in newest:
            return None
        return {
            "version": newest["version"],
            "content_digest": newest["content_digest"],
            "validation": newest["metrics"]["validation"],
            "data_sha256": newest["data"].get(self._family.digest_key),
        }

    def _last_statistics(self, last):
        """Those of the last version that a pipeline trained, if that was on other data: dict."""
        if last is None or last["data_sha256"] == self.parameters["data_sha256"]:
            return {}
        card = check_task(self.name, self.recipe["task"], self._root)
        return last_statistics.last_statistics(self._runner, statistics.version, card, self._log)

    def compared_with(self, chosen=()):
        """As `last_pushed`; of a newest version with these parameters what that was compared with.

        Args:
            chosen: names of settings that are chosen later, and may have any value.

        Raises:
            InputError: as `last_pushed`.
        """
        last = self.last_pushed()
        if last is None or int(last["version"]) not in versions(self._root / self.name):
            return last  # None, or of another folder of models
        card = read_card(self._root / self.name / str(last["version"]))
        parameters = {record["stage"]: record["parameters"] for record in card.get("lineage", [])}
        if "evaluation" not in parameters:
            return last
        before = parameters["evaluation"].get("last_pushed")
        expected = {**self.parameters, "last_pushed": before}

        def fixed(key, value):
            if key not in ("training", "recipe") or not isinstance(value, dict):
                return value
            return {name: value[name] for name in value if name not in chosen}

        same = all(
            fixed(k, expected.get(k)) == fixed(k, v)
            for taken in parameters.values()
            for k, v in taken.items()
        )
        return before if same else last

    def settings(self, chosen=()):
        """dict of JSON values, what another engine needs to run these stages and to push.

        Args:
            chosen: see `compared_with`.
        """
        return {
            "parameters": {**self.parameters, "last_pushed": self.compared_with(chosen)},
            "fields": self._fields,
            "root": str(self._root.absolute()),
        }

    def _known_before(self):
        """dict, what is known of the card before the stages have run."""
        source = {"name": self.parameters["data"], "sha256": self.parameters["data_sha256"]}
        fields = {key: value for key, value in self._fields.items() if key != "source"}
        data = {**source, **self._fields["source"]}
        return {**fields, "task": self.recipe["task"], "data": data}
