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
    fields = {key: card[key] for key in keys if key in card}
    if options.json:
        print(json.dumps(fields, indent=2, ensure_ascii=False))
        return
    stages = fields.pop("lineage", [])
    print(rendered(fields))
    for stage in stages:
        print(f"{stage['stage']} (version {stage['version']}, sha256 {stage['digest'][:16]})")
        for name, value in stage["parameters"].items():
            print(f"  {name} = {json.dumps(value, ensure_ascii=False)}")
        for name, digest in stage["inputs"].items():
            print(f"  from {name} {digest[:16]}")
