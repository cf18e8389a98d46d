"""Trainer: the embedded stages from examples to the models of all seeds, and the export.

The `Model` artifact has the SavedModel of the first seed in `Format-Serving`, and the artifacts of
the stages in `rnnzoo`, of which evaluation, validation and push read.
"""

import json
from pathlib import Path

from tfx import v1 as tfx
from tfx.proto import trainer_pb2

from rnnzoo.datasets.common.splits import SPLITS
from rnnzoo.pipelines.core.runner import stage
from rnnzoo.pipelines.stages import PREPARING
from rnnzoo.pipelines.stages.trainer import TrainedModels
from rnnzoo.pipelines.stages.trainer import model as train_models
from rnnzoo.pipelines.tfx.settings import text_of
from rnnzoo.pipelines.tfx.stage_artifacts import run_stages

TRAINING = [*PREPARING[1:], train_models]
KEYS = ("family", "name", "data", "data_sha256", "training", "seeds")


def trainer(settings, examples, schema, transform_graph, hyperparameters=None):
    """The component; arguments but `settings` are channels, the last one of the Tuner or None."""
    return tfx.components.Trainer(
        run_fn="rnnzoo.pipelines.tfx.training.run_fn",
        examples=examples,
        schema=schema,
        transform_graph=transform_graph,
        hyperparameters=hyperparameters,
        train_args=trainer_pb2.TrainArgs(splits=[SPLITS[0]]),
        eval_args=trainer_pb2.EvalArgs(splits=list(SPLITS[1:])),
        custom_config={"settings": text_of(settings, *KEYS)},
    )


def run_fn(fn_args):
    """Trains the models of all seeds and exports the first one.

    Args:
        fn_args: `tfx.v1.components.FnArgs`.
    """
    from rnnzoo.pipelines.export.saved_model import export_saved_model
    from rnnzoo.pipelines.tuning.settings import of_types

    parameters = json.loads(fn_args.custom_config["settings"])
    if fn_args.hyperparameters:
        chosen = of_types(fn_args.hyperparameters["values"], parameters["training"])
        parameters["training"] |= chosen
    serving = Path(fn_args.serving_model_dir)
    artifacts = run_stages(serving.parent, [ordered_examples(fn_args), *TRAINING], parameters)
    task, seeds = parameters["family"]["task"], parameters["seeds"]
    export_saved_model(TrainedModels(artifacts["model"].path, task, seeds).shipped(), serving)


def ordered_examples(fn_args):
    """The stage `examples`, of the files that a component reads, in the order of the family.

    Args:
        fn_args: `tfx.v1.components.FnArgs`.
    """
    from rnnzoo.pipelines.tfx.examples import write_in_order

    files = dict(zip(SPLITS, [*fn_args.train_files, *fn_args.eval_files], strict=True))

    @stage(version=1)
    def examples(out):
        """Writes the examples."""
        write_in_order(files, out)

    return examples
