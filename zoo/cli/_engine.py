"""The options on what runs a pipeline."""

import shlex

from rnnzoo.datasets.common.errors import InputError, shown

ENGINES = ("embedded", "tfx")


def add_engine_choice(command, tfx):
    """Adds the choice of the engine to a command.

    Args:
        command: `argparse.ArgumentParser`.
        tfx: str, what the command does with the engine of that name.
    """
    command.add_argument(
        "--engine", choices=ENGINES, default=ENGINES[0], help=f"tfx {tfx} (extra `tfx`)"
    )
    command.add_argument("--pipeline-root", metavar="DIR", help="where TFX keeps its artifacts")


def add_engine(command):
    """Adds the options on running a pipeline to a command."""
    add_engine_choice(command, "runs the same stages as components of TensorFlow Extended")
    command.add_argument(
        "--beam-runner", metavar="NAME", help="what runs TFX's Beam pipelines, such as FlinkRunner"
    )
    command.add_argument(
        "--beam-options",
        metavar="TEXT",
        default="",
        help="options of Beam, such as "
        "'--direct_num_workers=4 --direct_running_mode=multi_processing'",
    )
    command.add_argument(
        "--compile",
        metavar="FILE",
        help="write the TFX pipeline for Kubeflow Pipelines (.json, .yaml) and run nothing",
    )
    command.add_argument("--image", metavar="NAME", help="the container image of --compile")
    command.add_argument(
        "--predict",
        nargs="+",
        default=(),
        metavar="PATH",
        help="files to predict by the pushed model as a component of TFX, as `rnnzoo predict` does",
    )
    command.add_argument(
        "--predictions", metavar="FILE", help="the .jsonl or .csv of the records of --predict"
    )


def engine_options(options):
    """dict of options of `rnnzoo.pipelines.tfx.run.train`.

    Raises:
        InputError: an option is for the other engine or lacks another one, the options of Beam are
            none, or --predictions cannot be written.
    """
    named = {
        "--pipeline-root": options.pipeline_root,
        "--beam-runner": options.beam_runner,
        "--beam-options": options.beam_options,
        "--compile": options.compile,
        "--predict": " ".join(options.predict),
    }
    for name, value in named.items():
        if value and options.engine != "tfx":
            raise InputError(f"{name} {shown(value)} is for --engine tfx: give that too")
    if options.image and not options.compile:
        raise InputError(f"--image {shown(options.image)} is for --compile FILE: give that too")
    predictions = _predictions(options)
    try:
        beam = shlex.split(options.beam_options)
    except ValueError as problem:
        raise InputError(
            f"--beam-options {shown(options.beam_options)} ({problem}): give options as in a shell"
        ) from None
    if any(not option.startswith("--") for option in beam):
        raise InputError(f"--beam-options {shown(options.beam_options)}: give each as --name=value")
    if options.beam_runner:
        beam = [f"--runner={options.beam_runner}", *beam]
    return {
        "pipeline_root": options.pipeline_root,
        "beam": beam,
        "predict": options.predict,
        "predictions": predictions,
    }


def _predictions(options):
    """Path of the file of --predictions, or None."""
    if not options.predict and not options.predictions:
        return None
    if not options.predict or not options.predictions:
        missing = "--predictions FILE" if options.predict else "--predict PATH"
        raise InputError(f"{missing} is missing: give --predict and --predictions, or neither")
    if options.compile:
        raise InputError("--predict is for a run on this machine: leave out --compile")
    from rnnzoo.datasets.common.atomic_write import writable
    from rnnzoo.pipelines.bulk_inference.records import SUFFIXES

    return writable(options.predictions, *SUFFIXES)
