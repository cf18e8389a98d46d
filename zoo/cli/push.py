"""Push a model that was made elsewhere, signed if asked, as the next version."""

import json
from pathlib import Path

from rnnzoo.datasets.common.errors import InputError


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument("folder", type=Path, help="a version of a model, .../NAME/VERSION")
    command.add_argument("--name", help="of the model that it becomes a version of (its own)")
    command.add_argument(
        "--sign",
        type=Path,
        metavar="PRIVATE.pem",
        help="sign it, for `rnnzoo serve --trust`, with a key made by `openssl genpkey -algorithm "
        "ed25519 -out PRIVATE.pem`",
    )


def run(options):
    """Prints the folder of the new version, which appears when it is complete."""
    from rnnzoo.artifacts import models_dir
    from rnnzoo.artifacts.signatures import read_private_key
    from rnnzoo.destination import writable

    if not options.folder.is_dir():
        raise InputError(f"{options.folder} is no folder: give one of a model, .../NAME/VERSION")
    key = None if options.sign is None else read_private_key(options.sign)
    from rnnzoo.native_stderr import import_keras

    import_keras()
    from rnnzoo.pipelines.export.artifact import push_folder

    folder, card = push_folder(options.folder, writable(models_dir()), options.name, key)
    row = {"name": card["name"], "version": card["version"], "path": str(folder)}
    signed = " signed" if key else ""
    print(json.dumps(row) if options.json else f"pushed{signed}: {folder}")
