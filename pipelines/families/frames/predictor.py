"""Bulk inference of frame predictors: the errors of sequences, and the frame after them."""

import os

import numpy as np

from rnnzoo.datasets.frames.folders import entries
from rnnzoo.datasets.frames.images import SUFFIXES, is_animation
from rnnzoo.datasets.frames.reader import read_frames
from rnnzoo.pipelines.core.predictor import Predictor, by_shape


class FrameSequencePredictor(Predictor):
    """Each sequence of a file: an .npy file may have several; a folder of images is one."""

    suffixes = (".npy", ".gif")

    def files(self, folder):
        """The files in a folder; the folder itself where there are images in it."""
        paths = [path for path in folder.iterdir() if not path.name.startswith(".")]
        if any(path.suffix.lower() in SUFFIXES and not is_animation(path) for path in paths):
            return [folder]
        files = []
        for path in entries(folder) if paths else []:
            if os.path.isdir(path):
                files += [] if path.is_symlink() else self.files(path)
            elif path.suffix.lower() in self.suffixes:
                files.append(path)
        return files

    def items(self, path, model):
        """The sequences, float32 arrays (steps, height, width)."""
        return list(read_frames(path, model.size))

    def predict(self, items, model):
        """`frames`; `squared_error` of the predictions of all but the first, per frame, and
        `copied_error`, that of copies of the last frame; with `pixels` also `next`.
        """
        return by_shape(items, lambda group: self._records(np.stack(group), model))

    def _records(self, sequences, model):
        from rnnzoo.frames.evaluation import copied_errors, frame_errors

        columns = {
            "frames": [sequences.shape[1]] * len(sequences),
            "squared_error": frame_errors(model, sequences).mean(axis=1),
            "copied_error": copied_errors(sequences).mean(axis=1),
        }
        if "pixels" in self.options:
            columns["next"] = model.rollout(sequences, 1)[:, 0]
        rows = zip(*columns.values(), strict=True)
        return [dict(zip(columns, row, strict=True)) for row in rows]
