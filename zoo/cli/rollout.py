"""Roll out a frame model, and draw truth and prediction side by side."""

import json
from pathlib import Path

from rnnzoo.cli._written_files import check_written
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.native_stderr import import_keras
from rnnzoo.registry import card_for

PICTURES = (".gif", ".png")


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument("name", help="a frame model, NAME or NAME/VERSION")
    command.add_argument("--out", required=True, metavar="FILE", help="a .gif, or a .png strip")
    command.add_argument(
        "--data", metavar="PATH", help="frames of yours (.npy, GIF, folder) to start from"
    )
    command.add_argument("--given", type=int, default=10, help="frames that the model reads (10)")
    command.add_argument("--steps", type=int, default=50, help="frames to predict (50)")
    command.add_argument(
        "--threshold", type=float, help="binarize predictions at this value before they are read"
    )
    command.add_argument("--seed", type=int, default=0, help="other balls to begin with (0)")
    command.add_argument("--every", type=int, help="of a strip, show each so many steps (5)")


def run(options):
    """Writes the picture, and prints the errors of the balls' positions."""
    card_for(options.name, "FramePredictor", "rollout is for frame models")
    check_written(options, "out", read=["data"])
    out = Path(options.out)
    if out.suffix.lower() not in PICTURES:
        raise InputError(f"{out} does not end in {' or '.join(PICTURES)}: give a path that does")
    if options.every is not None and out.suffix.lower() == ".gif":
        raise InputError(f"--every {options.every} is for a strip: give a path that ends in .png")

    from rnnzoo.datasets.common.arguments import whole
    from rnnzoo.datasets.common.atomic_write import writable
    from rnnzoo.datasets.frames.pictures import animation, strip

    writable(out, out.suffix.lower())
    if options.every is not None:
        whole("every", options.every)
    import_keras()
    from rnnzoo.frames.rollout import rollout

    result = rollout(
        options.name,
        options.data,
        given=options.given,
        steps=options.steps,
        threshold=options.threshold,
        seed=options.seed,
    )
    if out.suffix.lower() == ".gif":
        animation(out, result.rows, result.labels, given=options.given)
    else:
        every = 5 if options.every is None else options.every
        strip(out, result.rows, every, result.labels, given=options.given)
    if options.json:
        print(json.dumps({"path": str(out), "name": options.name, "steps": result.measurements}))
        return
    print(f"{out}: {options.given} frames given, {options.steps} predicted by {options.name}")
    for row in result.measurements:
        print("  ".join(f"{key} {_formatted(value)}" for key, value in row.items()))


def _formatted(value):
    return f"{value:.2f}" if isinstance(value, float) else "-" if value is None else str(value)
