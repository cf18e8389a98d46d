"""Music whose central quarter is missing: networks, SVD, EM and other methods."""

from rnnzoo.datasets.music.sources import PIECES
from rnnzoo.pipelines.experiments.harness.experiment import Arm, Example, Experiment, Measure
from rnnzoo.pipelines.experiments.studies.common import (
    imputation_example,
    measures_per_piece,
    music_imputation,
)
from rnnzoo.pipelines.experiments.studies.common.music_imputation import (
    PRETRAINED,
    QUICK_SECONDS,
    central_gap,
    imputed_magnitudes,
    settings_of,
)

AVAILABLE = (0, 2, 4, 16)  # lowest of 129 frequency bins that are known in the gap
METHODS = (
    *("svd", "plca", "plca_oracle", "knn", "linear", "regression", "wiener", "fit-rnn", "fit"),
    *PRETRAINED,
)
TITLES = {
    "svd": "SVD",
    "plca": "EM",
    "plca_oracle": "EM, oracle",
    "wiener": "Wiener",
    "fit": "LSTM",
    "fit-rnn": "RNN",
}
# Means over the six songs of [TH], tables 8.1 to 8.4, by available bins.
SOURCE = {
    0: {"svd": "0.482", "fit-rnn": "0.375", "fit": "0.332"},
    2: {"svd": "0.250", "plca_oracle": "0.243", "fit-rnn": "0.278", "fit": "0.220"},
    4: {"svd": "0.165", "plca_oracle": "0.150", "fit-rnn": "0.195", "fit": "0.138"},
    16: {"svd": "0.053", "plca_oracle": "0.045", "fit-rnn": "0.052", "fit": "0.043"},
}


def arm(available, method):
    """Returns the name of an arm."""
    return f"{available} bins {TITLES.get(method, method)}"


def arms():
    """Every method with every number of bins that it supports; SVD is the control."""
    return tuple(
        Arm(
            arm(available, method),
            ({**settings_of(method), "available": available},),
            None if method == "svd" else arm(available, "svd"),
        )
        for available in AVAILABLE
        for method in METHODS
        if available or not method.startswith("plca")
    )


def run(settings, seed, train, held_out, quick):
    """Imputes every piece; relative error of the spectrogram, and SNR with two phases."""
    import numpy as np

    from rnnzoo.audio.resynthesis import resynthesise
    from rnnzoo.audio.scores import relative_error, snr
    from rnnzoo.audio.spectrogram import analyse, synthesise
    from rnnzoo.baselines.spectrograms import ORACLES

    scores = {"relative_error": [], "snr_true_phase": [], "snr": []}
    for audio in held_out.values():
        samples = audio.samples[0][: QUICK_SECONDS * audio.rate if quick else None]
        missing = central_gap(len(samples), audio.rate, settings["available"])
        spectrum = analyse(samples)
        true, mask, method = np.abs(spectrum), missing.mask(), settings["method"]
        if method in ORACLES:
            magnitudes = ORACLES[method](true, mask)
        else:
            magnitudes = imputed_magnitudes(settings, true, mask, seed)
        phase = np.where(true > 0, spectrum / np.where(true > 0, true, 1), 1)
        with_phase = synthesise(magnitudes * phase, len(samples))
        resynthesised = resynthesise(samples[None], missing, magnitudes[None])[0]
        scores["relative_error"].append(relative_error(true, magnitudes))
        scores["snr_true_phase"].append(snr(samples, with_phase))
        scores["snr"].append(snr(samples, resynthesised))
    return {**scores, "error": float(np.mean(scores["relative_error"]))}


ARMS = arms()

EXPERIMENT = Experiment(
    name="imputation",
    title="A quarter of a piece of music, restored",
    question="Does a network that is fitted on the intact part of a song, or one that was trained "
    "on hours of other music, impute its spectrogram better than an SVD of rank 10 and than EM "
    "with ten spectra?",
    source="[TH] (Bay, Recurrent Neural Networks: Methods and Applications to Non-linear "
    "Predictions), chapter 8, tables 8.1 to 8.4, of six other songs: its LSTM has the lowest "
    "mean error. Its EM is fitted on the complete data, gap included, which here is the oracle; "
    "its SNRs are those of the true phase.",
    arms=ARMS,
    seeds=(1, 2, 3),
    choice_seeds=(),
    criterion="error",
    measures=(
        Measure(
            "relative error of the magnitudes, mean of six pieces",
            "",
            "lower",
            measures_per_piece.mean("relative_error"),
            {
                arm(available, method): f"[TH] table 8.{number}: {value}"
                for number, (available, row) in enumerate(SOURCE.items(), 1)
                for method, value in row.items()
            },
        ),
        Measure(
            "pieces of six in which it is lower than SVD's",
            "",
            "higher",
            measures_per_piece.wins("relative_error", "lower"),
        ),
        *(
            Measure(
                f"relative error of {piece}",
                "",
                "lower",
                measures_per_piece.of_piece("relative_error", index),
            )
            for index, piece in enumerate(PIECES)
        ),
        Measure(
            "SNR with the true phase, mean",
            "dB",
            "higher",
            measures_per_piece.mean("snr_true_phase"),
        ),
        Measure(
            "SNR with the estimated phase, mean",
            "dB",
            "higher",
            measures_per_piece.mean("snr"),
        ),
    ),
    load=music_imputation.load,
    run=run,
    version=1,
    example=Example(imputation_example.CAPTION, imputation_example.draw),
)
