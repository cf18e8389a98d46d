"""The report of a command that pushed a model."""

import json

from rnnzoo.artifacts import roots
from rnnzoo.cards import headline


def report(folder, card, as_json):
    """Prints the folder and the figures of a new artifact."""
    if as_json:
        print(json.dumps({"path": str(folder), **card}, indent=2, ensure_ascii=False))
        return
    root = folder.parent.parent
    searched = root in [folder.resolve() for folder in roots()]
    where = "" if searched else f" (to find it by name: RNNZOO_MODELS_DIR={root})"
    print(f"{card['name']}/{card['version']} is in {folder}{where}\n{headline(card)}")
