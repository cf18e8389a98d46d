"""NEM noise in LSTM and GRU classifiers of MSR Action3D skeletons, trained with Adam."""

import dataclasses

from rnnzoo.pipelines.experiments.studies import nem_action3d as with_sgd
from rnnzoo.pipelines.experiments.studies.nem_action3d import ARCHITECTURES, gate_arms, gate_pairs

SCALES, CONTROLS = (0.1, 0.3), ("blind",)
ARMS = tuple(
    arm
    for architecture in ARCHITECTURES
    for arm in gate_arms(architecture, SCALES, CONTROLS, optimizer="adam")
)
NAMES = {arm.name for arm in ARMS}


def _of_these_arms(measure):
    source = {arm: figure for arm, figure in measure.source.items() if arm in NAMES}
    return dataclasses.replace(measure, source=source)


EXPERIMENT = dataclasses.replace(
    with_sgd.EXPERIMENT,
    name="nem-action3d-adam",
    title="NEM noise on MSR Action3D, trained with Adam",
    question=f"{with_sgd.EXPERIMENT.question} Repeated because with SGD the test loss jumps "
    "from epoch to epoch, and after some test results of nem-action3d were known. The optimizer "
    "was tried on the validation subjects only.",
    arms=ARMS,
    measures=tuple(map(_of_these_arms, with_sgd.EXPERIMENT.measures)),
    pairs=gate_pairs(CONTROLS),
)
