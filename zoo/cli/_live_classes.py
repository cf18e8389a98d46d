"""`rnnzoo classify --live`: a line per prediction while a video arrives."""

import json


def classify_live(model, source, top, as_json):
    """Prints the classes of the last frames each time that a frame is due, until the video ends.

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
        rows = [{"class": name, "probability": probability} for name, probability in ranked]
        return json.dumps({"time": round(seconds, 3), "classes": rows}, ensure_ascii=False)
    classes = "  ".join(f"{probability:6.1%}  {name}" for name, probability in ranked)
    return f"{seconds:8.1f} s  {classes}"
