"""Show the card of a model: data, licence, metrics, paper, how to retrain."""

import json

from rnnzoo.cards import rendered
from rnnzoo.registry import info


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument("name", help="a model, NAME or NAME/VERSION")


def run(options):
    """Prints the card."""
    card = info(options.name)
    print(json.dumps(card, indent=2, ensure_ascii=False) if options.json else rendered(card))
