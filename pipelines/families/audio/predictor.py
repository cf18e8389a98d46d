"""Bulk inference of imputers: how well they restore gaps of each recording."""

import numpy as np

from rnnzoo.pipelines.core.predictor import Predictor


class AudioPredictor(Predictor):
    """Errors of gaps that are cut into a recording, as the evaluation does: it needs no gaps.

    To restore missing parts, see `rnnzoo impute`.
    """

    most = 1

    def __init__(self, card, options):
        from rnnzoo.datasets.music.folder import SUFFIXES

        super().__init__(card, options)
        self.suffixes = SUFFIXES

    def items(self, path, model):
        """The seconds of a recording, and its excerpts, see `rnnzoo.audio.evaluation`."""
        from rnnzoo.audio.evaluation import excerpts
        from rnnzoo.audio.spectrogram import analyse
        from rnnzoo.datasets.audio.reader import read_audio
        from rnnzoo.datasets.music.mono import mono

        audio = read_audio(path)
        columns = np.abs(analyse(mono(audio))).T
        return [(audio.seconds, excerpts({path.name: columns}, str(path)))]

    def predict(self, items, model):
        """`seconds`; `excerpts`, their number; `relative_error` of the missing cells, by the
        lowest bins that are known in the gaps, and `mean`; `wiener`, that of Wiener interpolation.
        """
        from rnnzoo.audio.evaluation import BASELINES, errors, of_model

        return [
            {
                "seconds": seconds,
                "excerpts": len(excerpts),
                "relative_error": errors(of_model(model), excerpts),
                "wiener": errors(BASELINES["wiener"], excerpts),
            }
            for seconds, excerpts in items
        ]
