"""NEM noise in LSTM and GRU classifiers of MSR Action3D skeletons, trained with Adam."""

import dataclasses

from rnnzoo.pipelines.experiments import nem_action3d
from rnnzoo.pipelines.experiments.nem_action3d import ARCHITECTURES, gate_arms, gate_pairs

SCALES, CONTROLS = (0.1, 0.3), ("blind",)

# The same as with SGD, whose curves jump from epoch to epoch.
EXPERIMENT = dataclasses.replace(
    nem_action3d.EXPERIMENT,
    name="nem-action3d-adam",
    title="NEM noise on MSR Action3D, trained with Adam",
    arms=tuple(
        arm
        for architecture in ARCHITECTURES
        for arm in gate_arms(architecture, SCALES, CONTROLS, optimizer="adam")
    ),
    measures=tuple(
        dataclasses.replace(
            measure,
            source={
                arm: figure
                for arm, figure in measure.source.items()
                if "outputs" not in arm and "both" not in arm
            },
        )
        for measure in nem_action3d.MEASURES
    ),
    pairs=gate_pairs(CONTROLS),
)
