"""`rnnzoo remove`: a user's own model disappears, with its logs and checkpoints.

Each folder is renamed before it is deleted: it is whole or gone for whoever loads it meanwhile.
"""

import contextlib

from rnnzoo import training_logs
from rnnzoo.artifacts import checked_name, installed, models_dir, packaged_dir
from rnnzoo.datasets.common.atomic_write import remove_folder
from rnnzoo.datasets.common.errors import InputError, shown, unknown
from rnnzoo.datasets.common.locks import folder_lock
from rnnzoo.pipelines.core.run_folders import checkpoint_folders, stages_folder, tfx_folder


def belongings(name):
    """What `remove` removes.

    Args:
        name: str, a model of the user's own, `NAME` for all its versions or `NAME/VERSION`.

    Returns:
        (list of Path of its versions, list of Path of TensorBoard logs and, if no version is left,
        of checkpoints and cached stages).

    Raises:
        InputError: it is a pattern, unknown, or a model of the package.
    """
    name, _, version = name.partition("/")
    folders = _own_versions(name)
    chosen = [folder for folder in folders if version in ("", folder.name)]
    if not chosen:
        numbers = ", ".join(folder.name for folder in folders)
        raise InputError(f"{name} has no version {shown(version)}: choose one of {numbers}")
    caches = [training_logs.history_folder(name, folder.name) for folder in chosen]
    if chosen == folders:
        caches.append(training_logs.runs_folder(name))
        caches += [*checkpoint_folders(name), stages_folder(name), tfx_folder(name)]
    return chosen, [folder for folder in caches if folder.is_dir()]


def remove(name):
    """Removes what `belongings` returns.

    Raises:
        InputError: as for `belongings`, a process trains this model, or a folder cannot be removed.
    """
    versions, caches = belongings(name)
    model = versions[0].parent.name
    trained = {stages_folder(model), tfx_folder(model), *checkpoint_folders(model)}
    with contextlib.ExitStack() as locks:
        for folder in trained.intersection(caches):
            locks.enter_context(folder_lock(folder))
        for folder in versions + caches:
            remove_folder(folder)
    with contextlib.suppress(OSError):  # another version is there, or is being pushed
        versions[0].parent.rmdir()


def _own_versions(name):
    if any(character in name for character in "*?["):
        raise InputError(f"{shown(name)} is a pattern: name one model")
    root = models_dir()
    if root.resolve() == packaged_dir().resolve():
        raise InputError(f"{root} is the package's folder: remove is for models of your own")
    if (root / name).is_symlink():
        raise InputError(f"{root / name} is a link: remove the link, or the model that it leads to")
    own = [folder for folder in installed() if folder.parent.parent == root]
    folders = [folder for folder in own if folder.parent.name == name]
    if not folders:
        if (packaged_dir() / checked_name(name)).is_dir():
            raise InputError(f"{name} comes with the package: remove is for models of your own")
        if not own:
            raise InputError(f"{root} has no models: there is nothing to remove")
        raise unknown("model of your own", name, dict.fromkeys(f.parent.name for f in own))
    return folders
