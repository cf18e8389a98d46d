"""List the models of the zoo and your own."""

import json
import sys

from rnnzoo.registry import info, list_models


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument("pattern", nargs="?", default="*", help="such as 'shakespeare*'")
    command.add_argument("--task", help="only models of this task, such as TextGenerator")
    command.add_argument("--pretrained", action="store_true", help="only models with weights")


def run(options):
    """Prints a line, or an object, per model."""
    names = list_models(options.pattern, options.task, options.pretrained or None)
    if not names:
        print("no model matches: `rnnzoo list` shows them all", file=sys.stderr)
    cards = [info(name) for name in names]
    if options.json:
        keys = ("name", "task", "title", "pretrained", "version", "content_digest")
        print(json.dumps([{key: card.get(key) for key in keys} for card in cards], indent=2))
        return
    width = max(map(len, names), default=0)
    for card in cards:
        note = "" if card["pretrained"] else f"  (no weights: `rnnzoo train {card['name']}`)"
        print(f"{card['name']:{width}}  {card['title']}{note}")
