"""Classify a skeleton, a video or a sequence of features."""

import json
import warnings

from rnnzoo.cli._frame_network import add_frame_network, network_for, reads_videos
from rnnzoo.cli._written_files import check_written
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

    from rnnzoo.cli._classes_over_time import (
        as_data,
        classified_over_time,
        classify_live,
        print_segments,
        rows,
    )
    from rnnzoo.datasets.video.decoding import DamagedVideo
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
        classify_live(model, options.file, top, options.json)
        return
    with warnings.catch_warnings():
        if is_video:  # all of it is read after that, with the same warning
            warnings.simplefilter("ignore", DamagedVideo)
        ranked = model.classify(sequence, top)
    over_time = classified_over_time(model, options) if is_video else None
    if options.json:
        report = {"name": options.name, "file": options.file, "classes": rows(ranked)}
        if is_video:
            report["over_time"] = as_data(model, over_time, top)
        print(json.dumps(report, indent=2))
        return
    for name, probability in ranked:
        print(f"{probability:6.1%}  {name}")
    if is_video:
        print()
        print_segments(over_time)


def _check_options(options, card):
    """Refuses the options of a video for others, and paths that cannot be written."""
    check_written(options, "plot", "out", read=["file"])
    named = [name for name in ("plot", "out", "live") if getattr(options, name)]
    if named and not reads_videos(card):
        raise InputError(f"--{named[0]} is for models of videos: {options.name} is none")
    if named and options.file.lower().endswith(".npy"):
        raise InputError(f"--{named[0]} is for videos: {options.file} has frames without times")
    if options.live:
        if named != ["live"]:
            raise InputError(f"--{named[0]} is for a complete video: leave --live out")
        from rnnzoo.datasets.video.live import check_source

        return check_source(options.file)
    if options.file == "-" and reads_videos(card):
        raise InputError("- is standard input: give --live too")
    if options.plot:
        from rnnzoo.figure import checked_png

        checked_png(options.plot)
    if options.out:
        from rnnzoo.sequences.labelled_video import checked_output

        checked_output(options.out)
