"""Which experiments there are; each is imported when it is run."""

import ast
import difflib
import importlib
import importlib.util

from rnnzoo.datasets.common.errors import InputError

# From an experiment's name to the module that defines it as `EXPERIMENT`.
EXPERIMENTS = {
    "balls": "rnnzoo.pipelines.experiments.studies.balls",
    "esn-limit-cycles": "rnnzoo.pipelines.experiments.studies.esn_limit_cycles",
    "esn-prediction": "rnnzoo.pipelines.experiments.studies.esn_prediction",
    "imputation": "rnnzoo.pipelines.experiments.studies.imputation",
    "imputation-gaps": "rnnzoo.pipelines.experiments.studies.imputation_gaps",
    "ls-online": "rnnzoo.pipelines.experiments.studies.ls_online",
    "ls-teacher-student": "rnnzoo.pipelines.experiments.studies.ls_teacher_student",
    "nem-action3d": "rnnzoo.pipelines.experiments.studies.nem_action3d",
    "nem-action3d-adam": "rnnzoo.pipelines.experiments.studies.nem_action3d_adam",
    "nem-actions": "rnnzoo.pipelines.experiments.studies.nem_actions",
    "nem-actions-ucf11": "rnnzoo.pipelines.experiments.studies.nem_actions_ucf11",
    "nem-usdinr": "rnnzoo.pipelines.experiments.studies.nem_usdinr",
    "nem-usdinr-ohlc": "rnnzoo.pipelines.experiments.studies.nem_usdinr_ohlc",
    "svd-long-teacher": "rnnzoo.pipelines.experiments.studies.svd_long_teacher",
    "svd-memory": "rnnzoo.pipelines.experiments.studies.svd_memory",
    "svd-permuted": "rnnzoo.pipelines.experiments.studies.svd_permuted",
    "svd-shakespeare": "rnnzoo.pipelines.experiments.studies.svd_shakespeare",
    "svd-subsequence": "rnnzoo.pipelines.experiments.studies.svd_subsequence",
    "svd-teacher-student": "rnnzoo.pipelines.experiments.studies.svd_teacher_student",
}


def load(name):
    """The `Experiment` of that name.

    Raises:
        InputError: there is none.
    """
    if name not in EXPERIMENTS:
        near = difflib.get_close_matches(name, EXPERIMENTS) or EXPERIMENTS
        raise InputError(f"unknown experiment {name!r}: choose one of {', '.join(near)}")
    return importlib.import_module(EXPERIMENTS[name]).EXPERIMENT


def summaries():
    """What each experiment is about, without importing it.

    Returns:
        dict from name to the first line of its module's text.
    """
    found = {}
    for name, module in sorted(EXPERIMENTS.items()):
        source = importlib.util.find_spec(module).loader.get_source(module)
        found[name] = ast.get_docstring(ast.parse(source)).splitlines()[0]
    return found
