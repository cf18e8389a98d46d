"""Classify a skeleton, a video or a sequence of features."""

import json

from rnnzoo.cli._frame_network import add_frame_network, network_for
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.native_stderr import import_keras
from rnnzoo.registry import card_for


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument("name", help="a classifier of sequences, NAME or NAME/VERSION")
    command.add_argument(
        "file", metavar="FILE", help="skeleton (.txt, .npy), video, or features (.npy, .csv)"
    )
    add_frame_network(command)
    command.add_argument("--top", type=int, help="classes to name (3, or all of fewer)")


def run(options):
    """Prints a line per class, the most probable first."""
    card = card_for(options.name, "SequenceClassifier", "classify is for models of sequences")

    from rnnzoo.sequences.files import read_sequence

    count = len(card["classes"])
    top = min(3, count) if options.top is None else options.top
    if not 1 <= top <= count:
        raise InputError(f"--top {top}: give 1 to {count}, the number of classes")
    sequence = read_sequence(options.file, card["reader"]["kind"])
    import_keras()
    import rnnzoo

    if options.frame_network:
        network_for(card, options.frame_network)
    ranked = rnnzoo.load(options.name).classify(sequence, top)
    if options.json:
        rows = [{"class": name, "probability": probability} for name, probability in ranked]
        print(json.dumps({"name": options.name, "file": options.file, "classes": rows}, indent=2))
        return
    for name, probability in ranked:
        print(f"{probability:6.1%}  {name}")
