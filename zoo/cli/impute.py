"""Restore the missing parts of a piece of music."""

import json
import sys
import time

from rnnzoo.cli._written_files import check_written
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
    check_written(options, "out", "plot", read=["audio", "mask", "truth"])

    from rnnzoo.audio import inpainting
    from rnnzoo.datasets.audio.gaps import parsed_gap
    from rnnzoo.datasets.audio.metadata import read_metadata
    from rnnzoo.datasets.audio.reader import open_audio
    from rnnzoo.datasets.audio.writer import writable_audio
    from rnnzoo.figure import checked_png
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
        checked_png(options.plot)
    file = open_audio(options.audio)
    length, metadata = file.checked_length(), read_metadata(file.path)
    missing = inpainting.missing_part(gaps, options.mask, length, file.rate, options.available)
    method = options.method or inpainting.best_method(missing)
    truth = _truth(options.truth, file, length) if options.truth else None
    notes = [*_cut_off(file, length, metadata), *missing.notes]
    for note in notes:
        print(note, file=sys.stderr)
    if name or method in inpainting.FITTED:
        import_keras()
    began = time.perf_counter()
    if name:
        print(f"compiling {name}, and adapting it to {file.path}", file=sys.stderr, flush=True)
    model = _loaded(name) if name else None
    writer, metrics, picture = _restored(
        out, file, truth, missing, method, model, metadata, options
    )
    took = time.perf_counter() - began
    if picture:
        picture.save(options.plot)
    further = [*_not_kept(out, writer, file), *_worse_than_silence(metrics)]
    for note in further:
        print(note, file=sys.stderr)
    report = {
        "path": str(out),
        "method": method,
        "model": name,
        "rate": file.rate,
        "channels": file.channels,
        "subtype": writer.subtype,
        "exact": writer.exact,
        "gaps": [[start / file.rate, stop / file.rate] for start, stop in missing.spans],
        "available": missing.available,
        "notes": [*notes, *further],
        "seconds": round(took, 3),
        "metrics": metrics,
    }
    if options.json:
        print(json.dumps(report, indent=2))
        return
    total = sum(stop - start for start, stop in report["gaps"])
    outside = (
        "every sample outside them as it was" if writer.exact else f"rounded to {writer.subtype}"
    )
    print(f"{out}: {len(report['gaps'])} gaps, {total:.3g} s, by {method}; {outside}")
    for name, value in (metrics or {}).items():
        print(f"{name} {'-' if value is None else format(value, '.4g')}")


def _restored(out, file, truth, missing, method, model, metadata, options):
    """Writes the restored audio: (`Writer`, dict of metrics or None, `RestorationPlot` or None)."""
    from rnnzoo.audio.restored_blocks import restored_blocks
    from rnnzoo.audio.scores import RestorationScores
    from rnnzoo.audio.spectrogram_plot import RestorationPlot
    from rnnzoo.datasets.audio.writer import audio_writer

    scores = RestorationScores(missing) if truth else None
    titles = ("before", "after", *["truth"] * bool(truth))
    picture = RestorationPlot(missing, file.rate, titles) if options.plot else None
    true = truth.blocks() if truth else None
    written = audio_writer(out, file.channels, file.rate, file.subtype, metadata, missing.length)
    with written as writer:
        for before, after in restored_blocks(file, missing, method, _progress, model):
            writer.write(after)
            signals = [before, after, *([next(true)] if truth else [])]
            if truth:
                scores.add(signals[-1], after)
            if picture:
                picture.add(*signals)
    return writer, scores and scores.metrics(), picture


def _cut_off(file, length, metadata):
    if metadata.cut_off or length < file.declared:
        seconds = length / file.rate
        yield f"{file.path} is cut off: its header has more than the {seconds:.6g} s that are there"


def _not_kept(out, writer, file):
    if writer.dropped:
        yield f"{out} does not keep, of {file.path}: {', '.join(writer.dropped)}"


def _worse_than_silence(metrics):
    decibels = metrics and metrics["snr_of_gaps_db"]
    if decibels is not None and decibels < 0:
        yield (
            f"snr_of_gaps_db {decibels:.4g} is below 0: silence in the gaps would be nearer to the "
            "truth, sample by sample"
        )


def _loaded(name):
    import rnnzoo

    return rnnzoo.load(name)


def _progress(items, label, unit):
    from tqdm import tqdm

    from rnnzoo.progress import progressed

    if unit == "step":  # of a training
        return progressed(items, len(items), label, unit)
    return tqdm(items, label, unit=unit, disable=not sys.stderr.isatty(), leave=False)


def _truth(path, file, length):
    """The `AudioFile` of the complete audio."""
    from rnnzoo.datasets.audio.reader import open_audio

    truth = open_audio(path)
    count = truth.checked_length()
    if (truth.rate, truth.channels, count) != (file.rate, file.channels, length):
        raise InputError(
            f"{path} has {truth.channels} x {count} samples at {truth.rate} Hz: give the complete "
            f"audio of {file.channels} x {length} at {file.rate} Hz"
        )
    return truth
