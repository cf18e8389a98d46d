"""How a pretrained frame model goes on learning on a user's own frames."""

from rnnzoo.datasets.frames.reader import read_frames
from rnnzoo.datasets.frames.splits import split_frames
from rnnzoo.pipelines.families.frames.card import frame_card
from rnnzoo.pipelines.families.frames.evaluator import SPLITS, UNIT, copied_error, squared_error
from rnnzoo.pipelines.families.frames.family import sha256_of
from rnnzoo.pipelines.families.frames.model_stages import golden_inputs

BATCH = 8


def read(path, base):
    """The frames of a file or folder, of the size that the model has.

    Raises:
        InputError: they cannot be read, have another size, or are too few.
    """
    frames = read_frames(path, tuple(base["size"]))
    split_frames(frames)
    return frames


def finetuned(model, data, words, seed, fit):
    """Fine-tunes a frame model on the training split of frames.

    Args:
        model: `FramePredictor`, compiled.
        data: array (sequences, steps, height, width).
        words: dict, what the card says beside figures.
        seed: int.
        fit: function (model, batches, batches of the validation split, sample) that trains
            the model and returns its history.

    Returns:
        (`FramePredictor`, dict card, golden inputs, history).
    """
    parts = split_frames(data)
    before = _errors(model, parts)
    history = fit(
        model,
        model.windows(parts["train"], batch_size=BATCH, seed=seed),
        model.windows(parts["validation"], batch_size=BATCH, shuffle=False),
    )
    sha256 = sha256_of(data)
    card = frame_card(
        **words,
        model=model,
        data={"name": f"frames-{sha256[:16]}", "sha256": sha256},
        frames=parts,
        metrics={"unit": UNIT, "seed": seed, **_errors(model, parts), "before": before},
        baselines={"copied": {split: copied_error(parts[split]) for split in SPLITS}},
    )
    return model, card, golden_inputs(parts["validation"]), history


def _errors(model, parts):
    return {split: squared_error(model, parts[split]) for split in SPLITS}
