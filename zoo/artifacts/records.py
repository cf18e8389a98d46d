"""`card.json` and `history.json`: what is recorded about a model and its training."""

import json

from rnnzoo.artifacts.layout import CARD, HISTORY
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.escapes import ESCAPES

# Fields of a card that have other fields or entries.
FIELDS = {"lineage": list, "metrics": dict, "data": dict, "warnings": list, "recipe": dict}
NAMES = {list: "list", dict: "table"}


def read_card(folder):
    """The card of the artifact in `<name>/<version>/`.

    Raises:
        InputError: it is missing, no JSON, without a task or title, has a field of another type, or
            is the card of another model.
    """
    path = folder / CARD
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
        identity = f"{card['name']}/{card['version']}"
    except FileNotFoundError:
        raise InputError(f"{path} is missing: fetch the model again") from None
    except (ValueError, TypeError, KeyError, RecursionError):
        raise InputError(f"{path} is no card: fetch the model again") from None
    for key in ("task", "title"):
        if not isinstance(card.get(key), str):
            raise InputError(f"{path} has no text as its {key}: fetch the model again")
    for key, kind in FIELDS.items():
        if not isinstance(card.get(key, kind()), kind):
            raise InputError(f"{path} has no {NAMES[kind]} as its {key}: fetch the model again")
    if identity != f"{folder.parent.name}/{folder.name}":
        raise InputError(f"{path} is the card of {identity}: move the folder there")
    return card


def write_card(folder, card):
    """Writes a card, a dict; a list of numbers or texts is one line."""
    text = _json(card, "\n") + "\n"
    # The name of a user's file may hold bytes that are no UTF-8.
    (folder / CARD).write_text(text, encoding="utf-8", errors=ESCAPES)


def _json(value, line):
    """JSON whose dicts and lists of these have an entry per line; `line` begins one."""
    inner = line + "  "
    if isinstance(value, dict) and value:
        entries = (f"{_json(str(k), inner)}: {_json(v, inner)}" for k, v in value.items())
        return "{" + ",".join(inner + entry for entry in entries) + line + "}"
    if isinstance(value, list | tuple) and any(isinstance(v, dict | list | tuple) for v in value):
        return "[" + ",".join(inner + _json(v, inner) for v in value) + line + "]"
    return json.dumps(value, ensure_ascii=False)


def read_history(folder):
    """The history of the training: a list of dict, one per epoch; None if there is none.

    Raises:
        InputError: it is something else.
    """
    path = folder / HISTORY
    try:
        history = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (ValueError, RecursionError):
        history = None
    if not isinstance(history, list) or not all(isinstance(row, dict) for row in history):
        raise InputError(f"{path} is no history of a training: fetch the model again")
    return history


def write_history(folder, history):
    """Writes the history of a training, a list of dict."""
    text = json.dumps(history, indent=1, ensure_ascii=False) + "\n"
    (folder / HISTORY).write_text(text, encoding="utf-8")
