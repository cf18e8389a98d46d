"""What `rnnzoo classify` prints and writes of the classes of a video over time."""

import json
import os
import sys


def classified_over_time(model, options):
    """The `ClassesOverTime` of the video of a command, drawn as its options say.

    Raises:
        InputError: the video cannot be read, or a file cannot be written.
    """
    from rnnzoo.sequences.over_time import classes_over_time

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


def print_segments(over_time):
    """Prints a line per segment."""
    segments = over_time.segments()
    width = len(f"{segments[-1].stop:.1f}")
    for part in segments:
        time = f"{part.start:{width}.1f} - {part.stop:{width}.1f} s"
        print(f"  {time}  {part.probability:6.1%}  {part.label}")


def as_data(model, over_time, top):
    """The classes over time as plain data: dict of the length, the segments, the predictions."""
    predictions = zip(over_time.times, over_time.probabilities, strict=True)
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
            {"time": float(seconds), "classes": rows(model.ranked(probabilities, top))}
            for seconds, probabilities in predictions
        ],
    }


def classify_live(model, source, top, as_json):
    """Prints a line with the classes of the last frames when a frame is due, until the video ends.

    Args:
        model: `rnnzoo.sequences.classifier.SequenceClassifier` of videos.
        source: str, see `rnnzoo.datasets.video.live.live_frames`.
        top: int, classes per line.
        as_json: bool, whether a line is a JSON object.

    Raises:
        InputError: the video cannot be read; the lines until then are printed.
    """
    from rnnzoo.datasets.video.live import live_frames

    stream, network = model.stream(top), model.reader.network
    for frame in model.reader.sampling.due(live_frames(source)):
        ranked = stream.push(frame.pixels(network.size), frame.seconds)
        print(_line(frame.seconds, ranked, as_json), flush=True)


def _line(seconds, ranked, as_json):
    if as_json:
        return json.dumps({"time": round(seconds, 3), "classes": rows(ranked)})
    classes = "  ".join(f"{probability:6.1%}  {name}" for name, probability in ranked)
    return f"{seconds:8.1f} s  {classes}"


def rows(ranked):
    """The most probable classes as plain data: list of dict."""
    return [{"class": name, "probability": probability} for name, probability in ranked]
