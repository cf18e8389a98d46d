"""SimpleRNN students of a teacher with a memory of a thousand steps."""

from rnnzoo.pipelines.experiments.harness.experiment import Experiment, Measure
from rnnzoo.pipelines.experiments.studies import svd_teacher_student
from rnnzoo.pipelines.experiments.studies.common import simulated_data, svd_arms

STATES, KINDS = svd_teacher_student.STATES, svd_teacher_student.KINDS
DRIVE = 0.01

EXPERIMENT = Experiment(
    name="svd-long-teacher",
    title="Students of a teacher that does not forget",
    question="Does a SimpleRNN learn better from a teacher whose product of Jacobians does not "
    "vanish in a thousand steps if its own singular values are kept near one?",
    source="[TH] (Bay, Recurrent Neural Networks: Methods and Applications to Non-linear "
    "Predictions), tables 4.1 and 4.2, figures 4.3 to 4.7: the teachers of svd-teacher-student "
    "have singular values between 0.9 and 1.1, as in [TH], and yet forget within 122 to 172 "
    "steps, since their inputs drive tanh out of its linear range. Inputs scaled by 0.1 give a "
    "teacher like that of figure 4.3, with outputs as large as before. Everything else is as in "
    "svd-teacher-student, whose results were known when this experiment was designed.",
    pairs=tuple((f"{state} reg", f"{state} ortho") for state in STATES),
    arms=svd_arms.arms(
        KINDS, {str(state): {"state": state, "drive": DRIVE} for state in STATES}, first="32"
    ),
    seeds=(1, 2, 3, 4, 5),
    choice_seeds=(101, 102),
    criterion="mse",
    measures=(
        *svd_teacher_student.EXPERIMENT.measures,
        Measure(
            "test MSE over the variance of the targets",
            "",
            "lower",
            lambda cell, _: cell["mse"] / cell["variance"],
        ),
    ),
    load=simulated_data.load,
    run=svd_teacher_student.run,
    curve="held_out_mse",
    version=1,
)
