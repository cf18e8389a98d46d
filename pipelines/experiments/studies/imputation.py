"""Music with a quarter missing in the middle: networks beside SVD, EM and others."""

from rnnzoo.datasets.music.pieces import PIECES, load_piece
from rnnzoo.pipelines.experiments.harness.experiment import Arm, Example, Experiment, Measure
from rnnzoo.pipelines.experiments.studies import by_piece, imputation_example

AVAILABLE = (0, 2, 4, 16)  # lowest bins of 129 that are known in the gap
MODELS = ("music-rnn", "music-lstm", "music-bilstm")  # pretrained, and adapted to the piece
METHODS = (
    *("svd", "plca", "plca_oracle", "knn", "linear", "regression", "wiener", "fit-rnn", "fit"),
    *MODELS,
)
SHOWN = {
    "svd": "SVD",
    "plca": "EM",
    "plca_oracle": "EM, oracle",
    "wiener": "Wiener",
    "fit": "LSTM",
    "fit-rnn": "RNN",
}
# What makes a method what it is, where its name does not say it.
MORE = {
    "wiener": {"known": "all columns"},
    **{name: {"method": "pretrained", "model": name, "copies": 4} for name in MODELS},
}
# Seconds of a piece that a quick run takes.
QUICK_SECONDS = 3

# Means over the six songs of [TH], tables 8.1 to 8.4, by available bins.
SOURCE = {
    0: {"svd": "0.482", "fit-rnn": "0.375", "fit": "0.332"},
    2: {"svd": "0.250", "plca_oracle": "0.243", "fit-rnn": "0.278", "fit": "0.220"},
    4: {"svd": "0.165", "plca_oracle": "0.150", "fit-rnn": "0.195", "fit": "0.138"},
    16: {"svd": "0.053", "plca_oracle": "0.045", "fit-rnn": "0.052", "fit": "0.043"},
}


def arm(available, method):
    """The name of an arm."""
    return f"{available} bins {SHOWN.get(method, method)}"


def arms():
    """Every method with every number of bins it can be used with; SVD is the control."""
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


def settings_of(method):
    """The settings of a method."""
    return {"method": method, **MORE.get(method, {})}


def load(phase):
    """(None, dict from a piece's name to its `Audio`): each is its own training data."""
    return None, {name: load_piece(name) for name in PIECES}


def central(length, rate, available):
    """The quarter in the middle of `length` samples as `Missing`."""
    from rnnzoo.datasets.audio.gaps import missing_gaps

    start, stop = 3 * length // 8, 5 * length // 8
    return missing_gaps([(start / rate, stop / rate)], length, rate, available)


def restored_by(settings, true, mask, seed):
    """Magnitudes as the method of the settings makes them of those that are left."""
    import numpy as np

    from rnnzoo.audio.inpainting import filled

    named = {"model": settings["model"]} if "model" in settings else {}
    return filled(np.where(mask, 0, true), mask, settings["method"], seed, **named)


def run(settings, seed, train, held_out, quick):
    """Restores every piece; relative error of the spectrogram, and SNR with two phases."""
    import numpy as np

    from rnnzoo.audio.resynthesis import resynthesise
    from rnnzoo.audio.scores import relative_error, snr
    from rnnzoo.audio.spectrogram import analyse, synthesise
    from rnnzoo.baselines.spectrograms import ORACLES

    found = {"relative_error": [], "snr_true_phase": [], "snr": []}
    for audio in held_out.values():
        samples = audio.samples[0][: QUICK_SECONDS * audio.rate if quick else None]
        missing = central(len(samples), audio.rate, settings["available"])
        spectrum = analyse(samples)
        true, mask, method = np.abs(spectrum), missing.mask(), settings["method"]
        if method in ORACLES:
            magnitudes = ORACLES[method](true, mask)
        else:
            magnitudes = restored_by(settings, true, mask, seed)
        phase = np.where(true > 0, spectrum / np.where(true > 0, true, 1), 1)
        with_phase = synthesise(magnitudes * phase, len(samples))
        restored = resynthesise(samples[None], missing, magnitudes[None])[0]
        found["relative_error"].append(relative_error(true, magnitudes))
        found["snr_true_phase"].append(snr(samples, with_phase))
        found["snr"].append(snr(samples, restored))
    return {**found, "error": float(np.mean(found["relative_error"]))}


ARMS = arms()

EXPERIMENT = Experiment(
    name="imputation",
    title="A quarter of a piece of music, restored",
    question="Does a network that is fitted on what is left of a song, or one that has heard hours "
    "of other music, restore its spectrogram better than an SVD of rank 10 and than EM with ten "
    "spectra?",
    source="[TH] (Bay, Recurrent Neural Networks: Methods and Applications to Non-linear "
    "Predictions), chapter 8, tables 8.1 to 8.4, of six other songs: its LSTM has the least mean "
    "error. Its EM is fitted on the complete data, gap included, which here is the oracle; its "
    "SNRs are those of the true phase.",
    arms=ARMS,
    seeds=(1, 2, 3),
    choice_seeds=(),
    criterion="error",
    measures=(
        Measure(
            "relative error of the magnitudes, mean of six pieces",
            "",
            "lower",
            by_piece.mean("relative_error"),
            {
                arm(available, method): f"[TH] table 8.{place}: {figure}"
                for place, (available, row) in enumerate(SOURCE.items(), 1)
                for method, figure in row.items()
            },
        ),
        Measure(
            "pieces of six in which it is lower than SVD's",
            "",
            "higher",
            by_piece.wins("relative_error", "lower"),
        ),
        *(
            Measure(
                f"relative error of {piece}",
                "",
                "lower",
                by_piece.of_piece("relative_error", place),
            )
            for place, piece in enumerate(PIECES)
        ),
        Measure("SNR with the true phase, mean", "dB", "higher", by_piece.mean("snr_true_phase")),
        Measure(
            "SNR with the phase that the tool finds, mean", "dB", "higher", by_piece.mean("snr")
        ),
    ),
    load=load,
    run=run,
    version=1,
    example=Example(imputation_example.WORDS, imputation_example.draw),
)
