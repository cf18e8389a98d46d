"""Folders in the cache that hold what belongs to one model: checkpoints and cached stages."""

import re

from rnnzoo.datasets.common.folders import cache_dir


def stages_folder(name):
    """Path of the folder of a model's cached stages, see `rnnzoo.pipelines.core.runner`."""
    return cache_dir() / "pipelines" / name


def reports_folder(name):
    """Path of the folder of the pages on a model's runs, see `rnnzoo.pipelines.report`."""
    return stages_folder(name) / "reports"


def tfx_folder(name):
    """Path of the folder of a model's artifacts of TFX, and their store of metadata."""
    return cache_dir() / "tfx" / name


def checkpoint_folder(name, sha256):
    """Path of the folder of a training's checkpoints; `sha256` identifies the training."""
    return cache_dir() / "runs" / f"{name}-{sha256[:16]}"


def checkpoint_folders(name):
    """Existing folders of the checkpoints of all trainings of a model, a list of Path."""
    pattern = re.compile(re.escape(name) + r"-[0-9a-f]{16}(-free-run)?")
    root = cache_dir() / "runs"
    children = sorted(root.iterdir()) if root.is_dir() else []
    return [child for child in children if pattern.fullmatch(child.name)]
