"""Pushes an artifact: its folder appears under its version when it is complete."""

import contextlib
import secrets
import shutil
import time

import keras

from rnnzoo.artifacts import SUMS, checked_name, read_card, roots, verify_files, versions
from rnnzoo.artifacts.digest import content_digest
from rnnzoo.artifacts.layout import SIGNATURE
from rnnzoo.artifacts.manifest import write_manifest
from rnnzoo.artifacts.model import load_model, write_golden, write_model
from rnnzoo.artifacts.records import write_card, write_history
from rnnzoo.artifacts.signatures import sign
from rnnzoo.datasets.common.atomic_write import PARTIAL
from rnnzoo.datasets.common.durable import rename_durably
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.locks import NAME, folder_lock
from rnnzoo.datasets.common.system_errors import writing
from rnnzoo.loading import golden_difference, served
from rnnzoo.pipelines.export.saved_model import export_saved_model


def push(model, card, golden_inputs, root, history):
    """Writes `<root>/<name>/<version>/` with the next free version; returns it and the card.

    Args:
        model: a task model; it is saved without optimizer state or compilation.
        card: dict, all fields but `version` and `content_digest`.
        golden_inputs: array, stored with the outputs of the model for them.
        root: Path, a folder that `writable` returned.
        history: list of dict, one per epoch: `epoch`, metrics, and samples of some epochs; None if
            it is not known.

    Returns:
        (Path of the new folder, dict card).

    Raises:
        InputError: the folder cannot be written to or locked; nothing is left of the version then.
    """

    def write(partial):
        _write(model, golden_inputs, partial)
        if history is not None:
            write_history(partial, history)
        return {**card, "content_digest": content_digest(partial)}

    return _pushed(checked_name(card["name"]), root, write)


def push_folder(folder, root, name=None, key=None):
    """Copies an artifact that was made elsewhere, as the next version of a model.

    Args:
        folder: Path of the artifact.
        root: Path, a folder that `writable` returned.
        name: str, the model's; None for that of its card.
        key: `Ed25519PrivateKey`, with which the version is signed before it appears; or None.

    Returns:
        (Path of the new folder, dict card).

    Raises:
        InputError: a file is not that of the manifest, or the folder cannot be written to or
            locked; nothing is left of the version then.
    """
    verify_files(folder)
    card = read_card(folder)
    name = checked_name(name or card["name"])

    def write(partial):
        shutil.copytree(folder, partial, dirs_exist_ok=True, ignore=_without_sums)
        # The files may have changed while they were copied.
        shutil.copyfile(folder / SUMS, partial / SUMS)
        verify_files(partial)
        return {**card, "name": name}

    return _pushed(name, root, write, key)


def _without_sums(folder, names):
    return {SUMS, SIGNATURE}


def _pushed(name, root, write, key=None):
    """Pushes what a function writes into a folder, which returns the card without its version."""
    parent = root / name
    taken = [number for folder in (root, *roots()) for number in versions(folder / name)]
    version = max(taken, default=0) + 1
    try:
        with _locked_partial(parent) as scratch:
            partial = scratch / "version"
            with writing(parent, partial):
                partial.mkdir()
                card = write(partial)
            while True:
                card["version"] = version
                with writing(parent, partial):
                    write_card(partial, card)
                    write_manifest(partial)
                if key is not None:
                    sign(partial, key)
                try:
                    rename_durably(partial, parent / str(version))
                    return parent / str(version), card
                except OSError:
                    if not (parent / str(version)).exists():
                        raise
                    version += 1  # another push took it meanwhile
    except BaseException:
        with contextlib.suppress(OSError):  # other versions are there
            parent.rmdir()
        raise


@contextlib.contextmanager
def _locked_partial(parent):
    """Yields the Path of a new folder in `parent`, locked and removed at the end.

    Those that killed pushes left are removed: whoever can lock one is alone with it. A folder
    without a lock, of an earlier release or of another command, is removed a day later.
    """
    parent.mkdir(parents=True, exist_ok=True)
    for folder in parent.glob(f"{PARTIAL}*"):
        if (folder / NAME).is_file():
            with contextlib.suppress(InputError), folder_lock(folder):
                shutil.rmtree(folder, ignore_errors=True)
        elif time.time() - folder.stat().st_mtime > 86_400:
            shutil.rmtree(folder, ignore_errors=True)
    scratch = parent / f"{PARTIAL}{secrets.token_hex(8)}"
    with folder_lock(scratch):
        try:
            yield scratch
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def _write(model, golden_inputs, folder):
    bare = type(model).from_config(model.get_config())
    bare.set_weights(model.get_weights())
    export_saved_model(bare, folder)
    write_model(bare, folder)
    outputs = keras.ops.convert_to_numpy(bare(golden_inputs, training=False))
    write_golden(folder, golden_inputs, outputs)
    # The files have to predict what the model does before anything reads them.
    golden_difference(folder, "the Keras model", load_model(folder))
    golden_difference(folder, "the export", served(folder))
