"""Music with short gaps: an LSTM fitted on the rest, Janssen, linear interpolation and others."""

from rnnzoo.datasets.music.sources import PIECES
from rnnzoo.pipelines.experiments.harness.experiment import Arm, Experiment, Measure
from rnnzoo.pipelines.experiments.studies.common import measures_per_piece
from rnnzoo.pipelines.experiments.studies.common.music_imputation import (
    QUICK_SECONDS,
    load,
    settings_of,
)

LENGTHS = (20, 50, 100, 500)  # milliseconds
GAPS = 3  # per piece
METHODS = ("linear", "svd", "wiener", "janssen", "fit")
TITLES = {"svd": "SVD", "wiener": "Wiener", "janssen": "Janssen", "fit": "LSTM"}


def arm(length, method):
    """Returns the name of an arm."""
    return f"{length} ms {TITLES.get(method, method)}"


def arms():
    """Every method with gaps of every length; linear interpolation is the control."""
    return tuple(
        Arm(
            arm(length, method),
            ({**settings_of(method), "milliseconds": length},),
            None if method == "linear" else arm(length, "linear"),
        )
        for length in LENGTHS
        for method in METHODS
    )


def gaps(count, rate, milliseconds, seed):
    """Draws the gaps of a piece: one in each third, not at its ends.

    Args:
        count: int, samples.
        rate: int, samples per second.
        milliseconds: number, length of a gap.
        seed: int.

    Returns:
        list of (start, end) in seconds.
    """
    import numpy as np

    length = milliseconds / 1000
    part = count / rate / GAPS
    random = np.random.default_rng(seed)
    starts = [i * part + random.uniform(0.1 * part, 0.9 * part - length) for i in range(GAPS)]
    return [(start, start + length) for start in starts]


def run(settings, seed, train, held_out, quick):
    """Imputes every piece; SNR of the gaps, and relative error of the masked cells."""
    import numpy as np

    from rnnzoo.audio.inpainting import restore
    from rnnzoo.audio.scores import relative_error, snr
    from rnnzoo.audio.spectrogram import analyse
    from rnnzoo.datasets.audio.gaps import missing_gaps

    scores = {"snr": [], "relative_error": []}
    for audio in held_out.values():
        samples = audio.samples[:1, : QUICK_SECONDS * audio.rate if quick else None]
        count, rate = samples.shape[1], audio.rate
        missing = missing_gaps(gaps(count, rate, settings["milliseconds"], seed), count, rate)
        restored = restore(samples, missing, settings["method"], seed=seed)
        true, imputed = (np.abs(analyse(audio[0])) for audio in (samples, restored))
        scores["snr"].append(snr(samples, restored, missing.samples()))
        scores["relative_error"].append(relative_error(true, imputed, missing.mask()))
    return {**scores, "error": float(np.mean(scores["relative_error"]))}


EXPERIMENT = Experiment(
    name="imputation-gaps",
    title="Short gaps in music, restored",
    question="Which method imputes gaps of 20 to 500 milliseconds without any available bins best?",
    source="Mokry and Rajmic, On the use of autoregressive methods for audio inpainting "
    "(arXiv:2403.04433): gap-wise Janssen is the best method known for gaps of up to 80 "
    "milliseconds. [TH] (Bay, Recurrent Neural Networks: Methods and Applications to Non-linear "
    "Predictions), chapter 8, has gaps of a quarter of a song only. All but Janssen impute "
    "magnitudes, and their phase is estimated.",
    arms=arms(),
    seeds=(1, 2, 3),
    choice_seeds=(),
    criterion="error",
    measures=(
        Measure(
            "SNR of the gaps, mean of six pieces", "dB", "higher", measures_per_piece.mean("snr")
        ),
        Measure(
            "pieces of six in which it is higher than of linear interpolation",
            "",
            "higher",
            measures_per_piece.wins("snr", "higher"),
        ),
        Measure(
            "relative error of the missing cells, mean",
            "",
            "lower",
            measures_per_piece.mean("relative_error"),
        ),
        *(
            Measure(
                f"SNR of the gaps in {piece}",
                "dB",
                "higher",
                measures_per_piece.of_piece("snr", index),
            )
            for index, piece in enumerate(PIECES)
        ),
    ),
    load=load,
    run=run,
    version=1,
)
