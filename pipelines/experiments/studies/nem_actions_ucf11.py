"""The grid of nem-actions on the videos of UCF-11, from a user's copy."""

import dataclasses

from rnnzoo.pipelines.experiments.studies import nem_actions

UNITS = 256  # [NB] 6.1


def load(phase):
    """Returns (training, held out), split by group, each (features, one-hot classes).

    Features are (clips, 7, 1280).

    Args:
        phase: `"validation"`: trained on groups 1 to 18, evaluated on 19 to 21; `"test"`:
            trained on 1 to 21, evaluated on 22 to 25.

    Raises:
        InputError: the videos or the weights of EfficientNet-Lite2 are not available.
    """
    import numpy as np

    from rnnzoo.datasets.ucf11.clips import CLASSES
    from rnnzoo.datasets.ucf11.load import load_clips
    from rnnzoo.pipelines.families.sequences.clips import labelled_clips
    from rnnzoo.sequences.networks.by_name import network_named

    clips = load_clips()
    used = {"validation": ("train", "validation"), "test": ("train", "validation", "test")}[phase]
    parts, _ = labelled_clips({split: clips[split] for split in used}, network_named())
    known = parts["train"] if phase == "validation" else parts["train"] + parts["validation"]

    def arrays(part):
        return np.stack(part.sequences), np.eye(len(CLASSES), dtype="float32")[
            part.indices(CLASSES)
        ]

    return arrays(known), arrays(parts[phase])


def run(settings, seed, train, held_out, quick):
    """Trains one classifier; metrics of the held-out groups after every epoch."""
    return nem_actions.train_classifier(settings, seed, train, held_out, quick, UNITS)


EXPERIMENT = dataclasses.replace(
    nem_actions.EXPERIMENT,
    name="nem-actions-ucf11",
    title="NEM noise in classifiers of the videos of UCF-11",
    source="[NB] (Adigun and Kosko, Noise-boosted recurrent backpropagation), sections 6.1 and "
    "6.2, tables 1 to 4. Its split is 5:1 by clips, whose neighbours leak; this one holds "
    "out groups, so accuracies here are lower.",
    load=load,
    run=run,
)
