"""Music with short gaps: an LSTM fitted on the rest beside Janssen and straight lines."""

from rnnzoo.datasets.music.sources import PIECES
from rnnzoo.pipelines.experiments.harness.experiment import Arm, Experiment, Measure
from rnnzoo.pipelines.experiments.studies.common import measures_per_piece
from rnnzoo.pipelines.experiments.studies.common.music_imputation import (
    QUICK_SECONDS,
    load,
    settings_of,
)

LENGTHS = (20, 50, 100, 500)  # milliseconds
GAPS = 3  # in a piece
METHODS = ("linear", "svd", "wiener", "janssen", "fit")
SHOWN = {"svd": "SVD", "wiener": "Wiener", "janssen": "Janssen", "fit": "LSTM"}


def arm(length, method):
    """The name of an arm."""
    return f"{length} ms {SHOWN.get(method, method)}"


def arms():
    """Every method with gaps of every length; straight lines are the control."""
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
    """Where the gaps of a piece are: one in each third, not at its ends.

    Args:
        count: int, samples.
        rate: int, samples a second.
        milliseconds: number, of a gap.
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
    """Restores every piece; SNR of the gaps, and relative error of the cells that see them."""
    import numpy as np

    from rnnzoo.audio.inpainting import restore
    from rnnzoo.audio.scores import relative_error, snr
    from rnnzoo.audio.spectrogram import analyse
    from rnnzoo.datasets.audio.gaps import missing_gaps

    found = {"snr": [], "relative_error": []}
    for audio in held_out.values():
        samples = audio.samples[:1, : QUICK_SECONDS * audio.rate if quick else None]
        count, rate = samples.shape[1], audio.rate
        missing = missing_gaps(gaps(count, rate, settings["milliseconds"], seed), count, rate)
        restored = restore(samples, missing, settings["method"], seed=seed)
        true, made = (np.abs(analyse(one[0])) for one in (samples, restored))
        found["snr"].append(snr(samples, restored, missing.samples()))
        found["relative_error"].append(relative_error(true, made, missing.mask()))
    return {**found, "error": float(np.mean(found["relative_error"]))}


EXPERIMENT = Experiment(
    name="imputation-gaps",
    title="Short gaps in music, restored",
    question="Which method restores gaps of 20 to 500 milliseconds, of which nothing is left?",
    source="Mokry and Rajmic, On the use of autoregressive methods for audio inpainting "
    "(arXiv:2403.04433): gap-wise Janssen is the best method known for gaps of up to 80 "
    "milliseconds. [TH] (Bay, Recurrent Neural Networks: Methods and Applications to Non-linear "
    "Predictions), chapter 8, has gaps of a quarter of a song only. All but Janssen impute "
    "magnitudes, and the tool finds a phase for them.",
    arms=arms(),
    seeds=(1, 2, 3),
    choice_seeds=(),
    criterion="error",
    measures=(
        Measure(
            "SNR of the gaps, mean of six pieces", "dB", "higher", measures_per_piece.mean("snr")
        ),
        Measure(
            "pieces of six in which it is higher than of straight lines",
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
                measures_per_piece.of_piece("snr", place),
            )
            for place, piece in enumerate(PIECES)
        ),
    ),
    load=load,
    run=run,
    version=1,
)
