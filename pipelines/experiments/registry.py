"""The registered experiments: every module in `studies` that defines `EXPERIMENT`.

An experiment is named after its module, with `-` for `_`, and imported when it is run.
"""

import ast
import importlib
import importlib.util
import pkgutil

from rnnzoo.datasets.common.errors import unknown
from rnnzoo.pipelines.experiments import studies


def _syntax_tree(module):
    """The parsed source of a module, which is not imported."""
    return ast.parse(importlib.util.find_spec(module).loader.get_source(module))


def _defines_experiment(tree):
    return any(
        isinstance(target, ast.Name) and target.id == "EXPERIMENT"
        for statement in tree.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
    )


# From an experiment's name to the module that defines it as `EXPERIMENT`.
EXPERIMENTS = {
    info.name.rpartition(".")[2].replace("_", "-"): info.name
    for info in pkgutil.iter_modules(studies.__path__, f"{studies.__name__}.")
    if not info.ispkg and _defines_experiment(_syntax_tree(info.name))
}


def load(name):
    """Returns the `Experiment` of that name.

    Raises:
        InputError: no experiment has this name.
    """
    if name not in EXPERIMENTS:
        raise unknown("experiment", name, EXPERIMENTS)
    return importlib.import_module(EXPERIMENTS[name]).EXPERIMENT


def summaries():
    """Returns a dict from each experiment's name to the first line of its module's docstring."""
    return {
        name: ast.get_docstring(_syntax_tree(module)).splitlines()[0]
        for name, module in sorted(EXPERIMENTS.items())
    }
