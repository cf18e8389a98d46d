"""Options on the reading of a user's data; each family declares its own."""

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.families import families


def add_data_options(command, task=None):
    """Adds the options of all families, or of one.

    Args:
        command: `argparse.ArgumentParser`.
        task: str, the task of a command that is for one family, such as `"Forecaster"`.
    """
    for option, tasks in _options(task):
        of = "" if task else f"{', '.join(tasks)}: "
        command.add_argument(
            option.flag,
            dest=_destination(option),
            choices=option.choices or None,
            metavar=option.metavar,
            help=f"{of}{option.help}",
        )


def data_options(options, task):
    """The keyword arguments that were given, a dict from name to str.

    Args:
        options: `argparse.Namespace` of a command with `add_data_options`.
        task: str, that of the model.

    Raises:
        InputError: an option that the task's family does not have.
    """
    chosen = {}
    for option, tasks in _options():
        value = getattr(options, _destination(option), None)
        if value is None:
            continue
        if task not in tasks:
            raise InputError(
                f"{option.flag} {value} is for a {' or '.join(tasks)}, not for a {task}: "
                "leave it out"
            )
        chosen[option.name] = value
    return chosen


def _options(task=None):
    """(option, names of the tasks that have it), once per name."""
    merged = {}
    for name, entry in families().items():
        for option in entry.data_options:
            if task in (None, name):
                merged.setdefault(option.name, (option, []))[1].append(name)
    return list(merged.values())


def _destination(option):
    return f"data_{option.name}"
