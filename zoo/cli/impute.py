"""Restore the missing parts of a piece of music."""

import json
import sys

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.native_stderr import import_keras

MODEL = "music-bilstm"  # of `--method pretrained`, if no other is named


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument("audio", help="WAV, FLAC, OGG, MP3 ..., mono or stereo, at any rate")
    command.add_argument("--out", required=True, metavar="FILE", help="a .wav, .flac, .aiff ...")
    command.add_argument(
        "--gap", action="append", default=[], metavar="START:END", help="seconds; once per gap"
    )
    command.add_argument("--mask", metavar="FILE", help=".npy, bool (129, columns), True: missing")
    command.add_argument(
        "--available", type=int, default=0, help="lowest bins of 129 known in the gaps (0)"
    )
    command.add_argument(
        "--method",
        help="janssen, linear, knn, svd, plca, regression, wiener, fit, fit-rnn, pretrained "
        "(janssen for whole gaps of up to 2,205 samples, wiener for others)",
    )
    command.add_argument("--model", help="for --method pretrained (music-bilstm)")
    command.add_argument("--plot", metavar="FILE", help="a .png of before and after")
    command.add_argument("--truth", metavar="FILE", help="the complete audio, to measure against")


def run(options):
    """Writes the restored audio, and prints what was done to it."""
    if bool(options.gap) == bool(options.mask):
        raise InputError("give --gap START:END, once or more, or --mask FILE")
    if options.mask and options.available:
        raise InputError(f"--available {options.available} is for --gap: a mask says it itself")

    if options.model is not None and options.method != "pretrained":
        raise InputError(f"--model {options.model} is for --method pretrained: give it too")

    import time

    from rnnzoo.audio import inpainting
    from rnnzoo.audio.spectrogram_plot import check_plot, plot
    from rnnzoo.datasets.audio.gaps import parsed_gap
    from rnnzoo.datasets.audio.reader import read_audio
    from rnnzoo.datasets.audio.writer import writable_audio, write_audio
    from rnnzoo.registry import card_for

    if options.method not in (None, *inpainting.METHODS):
        raise InputError(
            f"--method {options.method} is none: give one of {', '.join(inpainting.METHODS)}"
        )
    name = (options.model or MODEL) if options.method == inpainting.PRETRAINED else None
    if name:
        card_for(name, "SpectrogramImputer", "impute is for models of music")
    out = writable_audio(options.out)
    gaps = [parsed_gap(text) for text in options.gap] or None
    if options.plot:
        check_plot(options.plot)
    audio = read_audio(options.audio)
    length = audio.samples.shape[1]
    missing = inpainting.missing_part(gaps, options.mask, length, audio.rate, options.available)
    method = options.method or inpainting.best_method(missing)
    truth = _truth(options.truth, audio) if options.truth else None
    for note in missing.notes:
        print(note, file=sys.stderr)
    if name or method in inpainting.FITTED:
        import_keras()
    began = time.perf_counter()
    model = _loaded(name) if name else None
    restored = inpainting.restore(audio.samples, missing, method, _progress, model=model)
    took = time.perf_counter() - began
    subtype, exact = write_audio(out, restored, audio.rate, audio.subtype)
    if options.plot:
        plot(options.plot, audio.samples, restored, missing, audio.rate)
    report = {
        "path": str(out),
        "method": method,
        "model": name,
        "rate": audio.rate,
        "channels": audio.samples.shape[0],
        "subtype": subtype,
        "exact": exact,
        "gaps": [[start / audio.rate, stop / audio.rate] for start, stop in missing.spans],
        "available": missing.available,
        "notes": list(missing.notes),
        "seconds": round(took, 3),
        "metrics": _metrics(truth, restored, missing) if truth is not None else None,
    }
    if options.json:
        print(json.dumps(report, indent=2))
        return
    total = sum(stop - start for start, stop in report["gaps"])
    outside = "every sample outside them as it was" if exact else f"rounded to {subtype}"
    print(f"{out}: {len(report['gaps'])} gaps, {total:.3g} s, by {method}; {outside}")
    for name, value in (report["metrics"] or {}).items():
        print(f"{name} {'-' if value is None else format(value, '.4g')}")


def _loaded(name):
    import rnnzoo

    return rnnzoo.load(name)


def _progress(channels):
    from tqdm import tqdm

    return tqdm(channels, desc="channels", disable=not sys.stderr.isatty(), leave=False)


def _truth(path, audio):
    from rnnzoo.datasets.audio.reader import read_audio

    truth = read_audio(path)
    if (truth.rate, truth.samples.shape) != (audio.rate, audio.samples.shape):
        raise InputError(
            f"{path} has {truth.samples.shape[0]} x {truth.samples.shape[1]} samples at "
            f"{truth.rate} Hz: give the complete audio of {audio.samples.shape[0]} x "
            f"{audio.samples.shape[1]} at {audio.rate} Hz"
        )
    return truth.samples


def _metrics(truth, restored, missing):
    import math

    import numpy as np

    from rnnzoo.audio.scores import relative_error, snr
    from rnnzoo.audio.spectrogram import analyse

    true, estimated = np.abs(analyse(truth)), np.abs(analyse(restored))
    inside = missing.samples()
    metrics = {
        "relative_error": relative_error(true, estimated),
        "relative_error_of_missing_cells": relative_error(true, estimated, missing.mask()),
        "snr_db": snr(truth, restored),
        "snr_of_gaps_db": snr(truth, restored, inside),
    }
    return {key: value if math.isfinite(value) else None for key, value in metrics.items()}
