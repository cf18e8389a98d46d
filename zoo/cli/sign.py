"""Sign the manifest of a model of your own, for `rnnzoo serve --trust`."""

import json
from pathlib import Path


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument("name", help="a model of your own, NAME (newest version) or NAME/VERSION")
    command.add_argument(
        "--key",
        required=True,
        type=Path,
        metavar="PRIVATE.pem",
        help="private key, made by `openssl genpkey -algorithm ed25519 -out PRIVATE.pem`",
    )


def run(options):
    """Writes the signature beside the manifest, and prints where."""
    from rnnzoo.artifacts import own_version
    from rnnzoo.artifacts.layout import SIGNATURE
    from rnnzoo.artifacts.signatures import read_private_key, sign

    key = read_private_key(options.key)
    folder = own_version(options.name)
    sign(folder, key)
    path = str(folder / SIGNATURE)
    print(json.dumps({"signature": path}) if options.json else f"signed: {path}")
