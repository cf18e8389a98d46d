"""Show which data, code and parameters made a model."""

import json

from rnnzoo.cards import rendered
from rnnzoo.registry import info, located


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument("name", help="a model, NAME or NAME/VERSION")


def run(options):
    """Prints the stages from the data to the model, each with its version and parameters."""
    located(options.name)
    card = info(options.name)
    keys = ("name", "version", "content_digest", "data", "base", "command", "versions", "lineage")
    found = {key: card[key] for key in keys if key in card}
    if options.json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
        return
    stages = found.pop("lineage", [])
    print(rendered(found))
    for one in stages:
        print(f"{one['stage']} (version {one['version']}, sha256 {one['digest'][:16]})")
        for name, value in one["parameters"].items():
            print(f"  {name} = {json.dumps(value, ensure_ascii=False)}")
        for name, digest in one["inputs"].items():
            print(f"  from {name} {digest[:16]}")
