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
        help="Beam's, such as '--direct_num_workers=4 --direct_running_mode=multi_processing'",
    )
    command.add_argument(
        "--compile",
        metavar="FILE",
        help="write the TFX pipeline for Kubeflow Pipelines (.json, .yaml) and run nothing",
    )
    command.add_argument("--image", metavar="NAME", help="the container image of --compile")


def engine_options(options):
    """dict of `pipeline_root` and `beam`, see `rnnzoo.pipelines.tfx.run.train`.

    Raises:
        InputError: the options of Beam are none, or are given to the embedded engine.
    """
    named = {
        "--pipeline-root": options.pipeline_root,
        "--beam-runner": options.beam_runner,
        "--beam-options": options.beam_options,
        "--compile": options.compile,
    }
    for name, value in named.items():
        if value and options.engine != "tfx":
            raise InputError(f"{name} {shown(value)} is for --engine tfx: give that too")
    if options.image and not options.compile:
        raise InputError(f"--image {shown(options.image)} is for --compile FILE: give that too")
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
    return {"pipeline_root": options.pipeline_root, "beam": beam}
