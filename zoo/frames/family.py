"""Registers the frame predictors."""

from rnnzoo.families import DataOption, FamilyEntry


def headline(card):
    """Squared error per frame beside that of copying the last frame, in one line."""
    metrics, copied = card["metrics"], card["baselines"]["copied"]
    before = f" (before: {metrics['before']['test']:.2f})" if "before" in metrics else ""
    return (
        f"test: squared error {metrics['test']:.2f} per frame{before}; "
        f"copying the last frame {copied['test']:.2f}"
    )


FAMILY = FamilyEntry(
    task="FramePredictor",
    task_class="rnnzoo.frames.predictor:FramePredictor",
    pipeline="rnnzoo.pipelines.families.frames.family:FRAMES",
    headline=headline,
    defaults={
        "encoder": [],  # pairs (filters, kernel) of convolutions before the recurrent layers
        "decoder": [],  # the same after them
        "patch": 1,  # pixels on each side of a pixel that its recurrent layer sees, with an encoder
        "objects": 0,  # discs per frame at most, each followed by the recurrent layer
        "radius": 0.0,  # of the discs, pixels, with objects
        "hidden": 0,  # units of the networks of a collision, with objects
        "loss": "mse",
        "free_run": 0,  # frames of a window that are hidden in the second part of the training
        "free_run_epochs": 0,  # epochs of that part, after `epochs`
        "free_run_learning_rate": 0.0,
        "also": [],  # other balls that the model is evaluated on
    },
    predict_options=(DataOption("pixels", "write the frame after the last too", ("next",)),),
)
