"""Writes an artifact's folder: whole under its version, or not at all."""

import json
import os
import shutil
import tempfile
import time
from pathlib import Path

import keras
import numpy as np

from rnnzoo.artifacts import SUMS, checked_name, files, roots, sha256, versions
from rnnzoo.digest import content_digest
from rnnzoo.loading import golden_difference, served
from rnnzoo.pipelines.export.saved_model import export_saved_model

PARTIAL = ".partial-"


def push(model, card, golden_inputs, root, history):
    """Writes `<root>/<name>/<version>/` with the next free version.

    Args:
        model: a task model; it is saved without optimizer state or compilation.
        card: dict, all fields but `version` and `content_digest`.
        golden_inputs: array, kept with the outputs the model gives to it.
        root: Path, a folder that `writable` returned.
        history: list of dict, a row an epoch: `epoch`, figures, now and then a sample.

    Returns:
        (Path of the new folder, dict card).
    """
    name = checked_name(card["name"])
    parent = root / name
    taken = [number for place in (root, *roots()) for number in versions(place / name)]
    version = max(taken, default=0) + 1
    parent.mkdir(parents=True, exist_ok=True)
    _clear_abandoned(parent)
    partial = Path(tempfile.mkdtemp(prefix=PARTIAL, dir=parent))
    try:
        _write(model, golden_inputs, partial)
        rows = json.dumps(history, indent=1, ensure_ascii=False) + "\n"
        (partial / "history.json").write_text(rows, encoding="utf-8")
        card = {**card, "content_digest": content_digest(partial)}
        while True:
            card["version"] = version
            _seal(partial, card)
            try:
                os.rename(partial, parent / str(version))
                return parent / str(version), card
            except OSError:
                if not (parent / str(version)).exists():
                    raise
                version += 1  # another push took it meanwhile
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        if not any(parent.iterdir()):
            parent.rmdir()
        raise


def _clear_abandoned(parent):
    """Removes what a killed push left behind; one that is a day old is not at work."""
    for left in parent.glob(f"{PARTIAL}*"):
        if time.time() - left.stat().st_mtime > 86_400:
            shutil.rmtree(left, ignore_errors=True)


def _write(model, golden_inputs, folder):
    bare = type(model).from_config(model.get_config())
    bare.set_weights(model.get_weights())
    bare.save(folder / "model.keras")
    export_saved_model(bare, folder / "export")
    for item in ("saved_model.pb", "variables"):
        shutil.move(folder / "export" / item, folder / item)
    shutil.rmtree(folder / "export")  # an empty assets/ and a fingerprint that is not stable
    outputs = keras.ops.convert_to_numpy(bare(golden_inputs, training=False))
    np.savez(folder / "golden.npz", inputs=golden_inputs, outputs=outputs)
    # What was written has to answer like the model, before anybody sees it.
    loaded = keras.saving.load_model(folder / "model.keras", compile=False, safe_mode=True)
    golden_difference(folder, folder / "model.keras", loaded)
    golden_difference(folder, folder / "saved_model.pb", served(folder))


def _seal(folder, card):
    text = json.dumps(card, indent=2, ensure_ascii=False) + "\n"
    (folder / "card.json").write_text(text, encoding="utf-8")
    lines = [f"{sha256(folder / name)}  {name}\n" for name in files(folder)]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")
    folder.chmod(0o755)
