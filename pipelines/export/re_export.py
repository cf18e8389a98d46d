"""Writes the graph of an artifact again, from its own weights, after a change of the signatures.

python -m rnnzoo.pipelines.export.re_export saved_models/NAME/VERSION ...
"""

import shutil
import sys
import tempfile
from pathlib import Path

import keras

from rnnzoo.artifacts import SUMS, read_card, verify_files
from rnnzoo.artifacts.digest import content_digest
from rnnzoo.artifacts.layout import GRAPH, MODEL, SIGNATURE, VARIABLES
from rnnzoo.artifacts.manifest import write_manifest
from rnnzoo.artifacts.model import describe, read_model
from rnnzoo.artifacts.records import write_card
from rnnzoo.datasets.common.atomic_write import PARTIAL, replace_folder
from rnnzoo.loading import golden_difference, load_folder, served
from rnnzoo.pipelines.export.saved_model import export_saved_model


def re_export(folder):
    """Replaces the SavedModel of an artifact, and renews its hashes.

    Weights, configuration, golden tensors and history stay, and so does the content digest, which
    is computed from them.

    Args:
        folder: path, `<name>/<version>/`.

    Returns:
        dict, the card.

    Raises:
        InputError: the files are not those of the hashes, or the new export does not predict the
            golden outputs; the folder is unchanged then.
    """
    folder = Path(folder)
    verify_files(folder)
    card, model = read_card(folder), load_folder(folder)
    partial = Path(tempfile.mkdtemp(prefix=PARTIAL, dir=folder.parent))
    try:
        renewed = shutil.ignore_patterns(GRAPH, VARIABLES, MODEL, SUMS, SIGNATURE)
        shutil.copytree(folder, partial, ignore=renewed, dirs_exist_ok=True)
        export_saved_model(model, partial)
        describe(read_model(folder), partial)
        golden_difference(partial, "the new export", served(partial))
        card["content_digest"] = content_digest(partial)
        write_card(partial, card)
        write_manifest(partial)
        partial.chmod(0o755)
        replace_folder(partial, folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return card


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        print(argument, re_export(argument)["content_digest"], flush=True)
        keras.backend.clear_session()
