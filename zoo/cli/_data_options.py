"""Options on the reading of a user's data, and on its predictions; each family has its own."""

from rnnzoo.cli._frame_network import add_frame_network
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.families import families

READING = ("data_options",)
PREDICTING = (*READING, "predict_options")  # the fields of a `FamilyEntry` for `rnnzoo predict`


def add_own_data(command, note="", required=False):
    """Adds `--data PATH` of a command that reads any family's data, and how these are read.

    Args:
        command: `argparse.ArgumentParser`.
        note: str, what the command needs or does with them, for the help.
        required: bool.
    """
    text = f"your own data, in the form the family reads{note}"
    command.add_argument("--data", required=required, metavar="PATH", help=text)
    add_data_options(command)
    add_frame_network(command)


def add_data_options(command, task=None, fields=READING):
    """Adds the options of all families, or of one.

    Args:
        command: `argparse.ArgumentParser`.
        task: str, the task of a command that is for one family, such as `"Forecaster"`.
        fields: tuple of str, the fields of a `FamilyEntry` that have them.
    """
    for options in _options(task, fields):
        option = next(iter(options.values()))
        choices = [choice for of_task in options.values() for choice in of_task.choices]
        command.add_argument(
            option.flag,
            dest=_destination(option),
            choices=list(dict.fromkeys(choices)) or None,
            metavar=option.metavar,
            help="; ".join(_help(options, named=not task)),
        )


def data_options(options, task, fields=READING):
    """The keyword arguments that were given, a dict from name to str.

    Args:
        options: `argparse.Namespace` of a command with `add_data_options`.
        task: str, that of the model.
        fields: as for `add_data_options`.

    Raises:
        InputError: an option that the task's family does not have.
    """
    chosen = {}
    for of_tasks in _options(None, fields):
        option = next(iter(of_tasks.values()))
        value = getattr(options, _destination(option), None)
        if value is None:
            continue
        if task not in of_tasks:
            raise InputError(
                f"{option.flag} {value} is for a {' or '.join(of_tasks)}, not for a {task}: "
                "leave it out"
            )
        choices = of_tasks[task].choices
        if choices and value not in choices:
            raise InputError(f"{option.flag} {value}: a {task} takes {' or '.join(choices)}")
        chosen[option.name] = value
    return chosen


def _help(options, named):
    """Yields the help of an option, once for the tasks whose help is alike."""
    by_help = {}
    for task, option in options.items():
        by_help.setdefault(option.help, []).append(task)
    for text, tasks in by_help.items():
        yield f"{', '.join(tasks)}: {text}" if named else text


def _options(task, fields):
    """list of dict from task to its option, once per name of an option."""
    merged = {}
    for name, entry in families().items():
        for option in (option for field in fields for option in getattr(entry, field)):
            if task in (None, name):
                merged.setdefault(option.name, {})[name] = option
    return list(merged.values())


def _destination(option):
    return f"data_{option.name}"
