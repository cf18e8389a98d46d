"""Make an API key for the file that `rnnzoo serve --keys` reads."""

import json
from pathlib import Path


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument("name", help="whose key it is")
    command.add_argument(
        "--keys",
        required=True,
        type=Path,
        metavar="FILE",
        help="TOML to which the SHA-256 of the key is added; it is created if there is none",
    )


def run(options):
    """Prints the key, which is stored nowhere else."""
    from rnnzoo.pipelines.serving.access.new_key import add_key

    secret = add_key(options.name, options.keys)
    if options.json:
        print(json.dumps({"name": options.name, "key": secret, "file": str(options.keys)}))
    else:
        print(secret)
