"""Tuner: Keras Tuner's search on the families' trainer, the same as that of `rnnzoo tune`.

Complete trials are in the journal in the cache, not in artifacts: after a kill the component
continues with the next one.
"""

import json

from tfx import v1 as tfx
from tfx.proto import trainer_pb2

from rnnzoo.datasets.common.splits import SPLITS
from rnnzoo.pipelines.core import family as contract
from rnnzoo.pipelines.core.transformed import Transformed
from rnnzoo.pipelines.stages import PREPARING
from rnnzoo.pipelines.tfx.settings import text_of
from rnnzoo.pipelines.tfx.stage_artifacts import run_stages
from rnnzoo.pipelines.tfx.training import KEYS, ordered_examples


def tuner(settings, examples, schema, transform_graph):
    """The component; arguments but `settings` are channels."""
    return tfx.components.Tuner(
        tuner_fn="rnnzoo.pipelines.tfx.tuning.tuner_fn",
        examples=examples,
        schema=schema,
        transform_graph=transform_graph,
        train_args=trainer_pb2.TrainArgs(splits=[SPLITS[0]]),
        eval_args=trainer_pb2.EvalArgs(splits=list(SPLITS[1:])),
        custom_config={
            "settings": text_of(settings, *KEYS, "ingest"),
            "plan": json.dumps(settings["plan"]),
        },
    )


def tuner_fn(fn_args):
    """The tuner and no arguments of its search.

    Args:
        fn_args: `tfx.v1.components.FnArgs`.

    Returns:
        `tfx.v1.components.TunerFnResult`.
    """
    from rnnzoo.pipelines.tuning.tune import Plan, tuner_of

    parameters = json.loads(fn_args.custom_config["settings"])
    plan = Plan(parameters, **json.loads(fn_args.custom_config["plan"]))
    work = fn_args.working_dir
    artifacts = run_stages(work, [ordered_examples(fn_args), *PREPARING[1:]], parameters)
    data = contract.of(parameters["family"]).dataset(Transformed(artifacts["transformed"].path))
    return tfx.components.TunerFnResult(
        tuner=tuner_of(plan, data, plan.journal(), work), fit_kwargs={}
    )
