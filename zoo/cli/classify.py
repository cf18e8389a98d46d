"""Classify a skeleton, a video or a sequence of features."""

import json
import os
import sys
import warnings

from rnnzoo.cli._frame_network import add_frame_network, network_for, reads_videos
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.native_stderr import import_keras
from rnnzoo.registry import card_for


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument("name", help="a classifier of sequences, NAME or NAME/VERSION")
    command.add_argument(
        "file",
        metavar="FILE",
        help="skeleton (.txt, .npy), video, or features (.npy, .csv); with --live also - for a "
        "video on standard input, or a camera such as /dev/video0",
    )
    add_frame_network(command)
    command.add_argument("--top", type=int, help="classes to name (3, or all of fewer)")
    command.add_argument(
        "--plot", metavar="FILE", help="of a video: a .png of the probabilities over time"
    )
    command.add_argument(
        "--out",
        metavar="FILE",
        help="of a video: its frames with the class drawn in (.mp4), or some of them (.png, .jpg)",
    )
    command.add_argument(
        "--live", action="store_true", help="of a video: print a line at each prediction"
    )


def run(options):
    """Prints a line per class, the most probable first; of a video also the classes over time."""
    card = card_for(options.name, "SequenceClassifier", "classify is for models of sequences")

    from rnnzoo.sequences.files import read_sequence

    count = len(card["classes"])
    top = min(3, count) if options.top is None else options.top
    if not 1 <= top <= count:
        raise InputError(f"--top {top}: give 1 to {count}, the number of classes")
    is_video = reads_videos(card) and not options.file.lower().endswith(".npy")
    _check_options(options, card)
    sequence = None if options.live else read_sequence(options.file, card["reader"]["kind"])
    import_keras()
    import rnnzoo

    if options.frame_network:
        network_for(card, options.frame_network)
    model = rnnzoo.load(options.name)
    if options.live:
        from rnnzoo.cli._live_classes import classify_live

        classify_live(model, options.file, top, options.json)
        return
    ranked = model.classify(sequence, top)
    over_time = _over_time(model, options) if is_video else None
    if options.json:
        report = {"name": options.name, "file": options.file, "classes": _rows(ranked)}
        if over_time is not None:
            report["over_time"] = _report(model, over_time, top)
        print(json.dumps(report, indent=2))
        return
    for name, probability in ranked:
        print(f"{probability:6.1%}  {name}")
    if over_time is None:
        return
    print()
    width = len(f"{over_time.seconds:.1f}")
    for part in over_time.segments():
        time = f"{part.start:{width}.1f} - {part.stop:{width}.1f} s"
        print(f"  {time}  {part.probability:6.1%}  {part.label}")


def _check_options(options, card):
    """Refuses the options of a video for others, and paths that cannot be written."""
    named = [name for name in ("plot", "out", "live") if getattr(options, name)]
    if named and not reads_videos(card):
        raise InputError(f"--{named[0]} is for models of videos: {options.name} is none")
    if named and options.file.lower().endswith(".npy"):
        raise InputError(f"--{named[0]} is for videos: {options.file} has frames without times")
    if options.live:
        if named != ["live"]:
            raise InputError(f"--{named[0]} is for a complete video: leave --live out")
        return
    if options.file == "-":
        raise InputError("- is standard input: give --live too")
    if options.plot:
        from rnnzoo.figure import checked_png

        _check_other(checked_png(options.plot), options.file)
    if options.out:
        from rnnzoo.sequences.labelled_video import checked_output

        _check_other(checked_output(options.out), options.file, options.plot)


def _check_other(path, *others):
    for other in filter(None, others):
        if os.path.abspath(path) == os.path.abspath(other) or (
            path.exists() and os.path.exists(other) and os.path.samefile(path, other)
        ):
            raise InputError(f"{path} would replace {other}: give another path")


def _over_time(model, options):
    """The `ClassesOverTime` of the video, which is drawn as the options say."""
    from rnnzoo.datasets.video.decoding import DamagedVideo
    from rnnzoo.sequences.over_time import classes_over_time

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DamagedVideo)  # the whole video's classes came with one
        over_time = classes_over_time(model, options.file, progress=_progress)
    if options.plot:
        from rnnzoo.sequences.over_time_plot import draw_over_time

        title = f"{options.name}: {os.path.basename(options.file)}"
        draw_over_time(options.plot, options.file, over_time, title)
    if options.out:
        from rnnzoo.sequences.labelled_video import draw_labels

        draw_labels(options.out, options.file, over_time, progress=_progress)
    return over_time


def _progress(items, total):
    from tqdm import tqdm

    return tqdm(items, "frames", total, unit="frame", disable=not sys.stderr.isatty(), leave=False)


def _report(model, over_time, top):
    """The classes over time as plain data."""
    return {
        "seconds": over_time.seconds,
        "segments": [
            {
                "start": part.start,
                "stop": part.stop,
                "class": part.label,
                "probability": part.probability,
            }
            for part in over_time.segments()
        ],
        "predictions": [
            {"time": float(seconds), "classes": _rows(model.ranked(probabilities, top))}
            for seconds, probabilities in zip(over_time.times, over_time.probabilities, strict=True)
        ],
    }


def _rows(ranked):
    return [{"class": name, "probability": probability} for name, probability in ranked]
