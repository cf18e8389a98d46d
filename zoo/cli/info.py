"""Show the card of a model: data, licence, metrics, paper, how to retrain."""

import json

from rnnzoo.cards import rendered, summary
from rnnzoo.registry import info


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument("name", help="a model, NAME or NAME/VERSION")
    command.add_argument("--full", action="store_true", help="all fields")


def run(options):
    """Prints the fields of the card that matter, or all."""
    card = info(options.name)
    if options.json:
        print(json.dumps(card, indent=2, ensure_ascii=False))
    elif options.full:
        print(rendered(card))
    else:
        print(f"{summary(card)}\nall fields: rnnzoo info {options.name} --full")
