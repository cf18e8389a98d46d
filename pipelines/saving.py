"""`rnnzoo.save`: pushes a task model that its user trained with `fit`; its data is not known."""

import math

from rnnzoo.pipelines.core.card import card_of
from rnnzoo.pipelines.export.artifact import push

PROVENANCE = "trained by its user with fit; not evaluated"


def push_saved(family, model, name, root, title=None, licence=None):
    """Pushes a task model with a card of what is known about it.

    Args:
        family: `rnnzoo.pipelines.core.family.Family`, of the model's task.
        model: a task model.
        name: str.
        root: Path, a folder that `writable` returned.
        title: str, a sentence; by default what it was loaded from.
        licence: str; by default that of the model it was loaded from, and of the data.

    Returns:
        (Path of the artifact, dict card).
    """
    origin, history = model.origin, rows_of(model)
    licences = origin.licence_with(family.kind) if origin else f"of the {family.kind}: its owner's"
    source = f"{origin.name}/{origin.version}" if origin else type(model).__name__
    fields = {
        "name": name,
        "title": title or f"{source}, trained by its user",
        "provenance": PROVENANCE,
        "source": {"name": "not recorded", "licence": "its owner's"},
        "licence": licence or licences,
        **({"base": origin.fields(), **origin.inherited()} if origin else {}),
        **({"last_fit": _summary(history)} if history else {}),
    }
    card = card_of(family, model, None, fields)
    return push(model, card, family.random_inputs(model), root, history)


def rows_of(model):
    """The history of a model's last `fit`: a list of dict, a row per epoch; None if there is none.

    Figures that are no finite numbers, or not of every epoch, are left out.
    """
    fitted = getattr(model, "history", None)
    epochs, columns = getattr(fitted, "epoch", []), getattr(fitted, "history", {})
    columns = {key: column for key, column in columns.items() if len(column) == len(epochs)}
    rows = [
        {"epoch": epoch + 1, **{key: _number(column[i]) for key, column in columns.items()}}
        for i, epoch in enumerate(epochs)
    ]
    return [{key: value for key, value in row.items() if value is not None} for row in rows] or None


def _summary(history):
    """The number of epochs and the figures of the last one, a dict."""
    last = {key: value for key, value in history[-1].items() if key != "epoch"}
    return {"epochs": len(history), **last}


def _number(value):
    try:
        value = float(value)
    except (TypeError, ValueError):
        return None
    return value if math.isfinite(value) else None
