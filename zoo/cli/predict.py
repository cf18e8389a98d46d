"""Predict many files in bulk: a record per item, as JSON lines or CSV."""

import argparse
import json

from rnnzoo.cli._data_options import PREDICTING, add_data_options, data_options
from rnnzoo.cli._frame_network import add_frame_network, network_for, reads_videos
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.native_stderr import import_keras
from rnnzoo.registry import info, located

SOME_ERRORS = 1  # exit status where files were skipped

EXAMPLES = """\
records have `file`, `item` (its index in the file, from 0), and by the model's task:
  TextGenerator       characters, nats_per_character; with --per line also line, from 1
  Forecaster          date (the next one), location, quantiles
  SequenceClassifier  class, probability, probabilities (of each class)
  FramePredictor      frames, squared_error (per frame), copied_error (of copies of the last
                      frame); with --pixels next also next
  SpectrogramImputer  seconds, excerpts, relative_error (of gaps cut into them, by the lowest
                      bins that are known), wiener (that of Wiener interpolation)
  PathPredictor       trip, links, next (link, null for the end, and probability)
  FieldForecaster     step, time, total, cell, channel, mean, quantiles: a record per step
  WeatherForecaster   date, parameter, unit, mean, quantiles, wet: a record per day and parameter
  others              outputs, of inputs (items, ...) in .npy files
`note` is on what was filled in or does not fit; `error` on what was skipped by --skip-errors. In
a CSV file nested keys are joined: quantiles.0.05, next.0.link

examples:
  rnnzoo predict usdinr-lstm --data rates/ --out rates.csv
  rnnzoo predict shakespeare-lstm --data 'plays/*.txt' --per line --out lines.jsonl
  rnnzoo predict ucf11-lstm --data clips/ more.mp4 --out classes.csv --skip-errors

After an interrupt the same command continues. Exit status: 0; 1 if records have an `error`; 2 if
the run ended with one line on what cannot be used."""


def add_arguments(command):
    """Adds this command's arguments."""
    command.formatter_class, command.epilog = argparse.RawDescriptionHelpFormatter, EXAMPLES
    command.add_argument("name", help="any model, NAME or NAME/VERSION")
    command.add_argument(
        "--data",
        required=True,
        nargs="+",
        metavar="PATH",
        help="files, folders and patterns in quotes, in the form that the model's command reads",
    )
    command.add_argument(
        "--out",
        required=True,
        metavar="FILE",
        help="a .jsonl or .csv; until it is complete, FILE.partial has what was predicted",
    )
    command.add_argument(
        "--batch-size", type=int, default=32, metavar="N", help="items predicted at once (32)"
    )
    command.add_argument(
        "--skip-errors",
        action="store_true",
        help="write a record with `error` for what cannot be predicted, instead of ending",
    )
    add_data_options(command, fields=PREDICTING)
    add_frame_network(command)


def run(options):
    """Writes the file, and prints the number of its records."""
    card = info(options.name)
    located(options.name)
    from rnnzoo.datasets.common.arguments import whole
    from rnnzoo.datasets.common.atomic_write import writable
    from rnnzoo.pipelines.bulk_inference.predict import counted, predict
    from rnnzoo.pipelines.bulk_inference.records import SUFFIXES

    size = whole("--batch-size", options.batch_size)
    out = writable(options.out, *SUFFIXES)
    if options.frame_network and not reads_videos(card):
        raise InputError(
            f"--frame-network {options.frame_network} is for models of videos: {card['name']} is "
            "none"
        )
    summary = predict(
        card,
        lambda: _loaded(options, card),
        options.data,
        out,
        batch_size=size,
        skip_errors=options.skip_errors,
        options=data_options(options, card["task"], PREDICTING),
    )
    if options.json:
        print(json.dumps({"path": str(out), "name": options.name, **vars(summary)}))
    else:
        errors = f", {summary.errors} of them with an error" if summary.errors else ""
        records, files = counted(summary.records, "record"), counted(summary.files, "file")
        print(f"{out}: {records} of {files} by {options.name}{errors}")
    return SOME_ERRORS if summary.errors else None


def _loaded(options, card):
    import_keras()
    import rnnzoo

    if options.frame_network:
        network_for(card, options.frame_network)
    return rnnzoo.load(options.name)
