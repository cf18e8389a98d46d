"""The components of a family's pipeline, and how they are connected."""

from tfx import v1 as tfx

from rnnzoo.pipelines.core.run_folders import tfx_folder
from rnnzoo.pipelines.tfx.distributions import last_artifacts, validators
from rnnzoo.pipelines.tfx.evaluation import evaluator, figures_of
from rnnzoo.pipelines.tfx.examples import example_gen
from rnnzoo.pipelines.tfx.inference import bulk_inferrer_of
from rnnzoo.pipelines.tfx.pushing import pusher_of
from rnnzoo.pipelines.tfx.runners import is_dask
from rnnzoo.pipelines.tfx.store import STORE
from rnnzoo.pipelines.tfx.training import trainer
from rnnzoo.pipelines.tfx.tuning import tuner
from rnnzoo.pipelines.tfx.validation import infra_validator_of


def build(
    settings,
    pipeline_root=None,
    beam=(),
    push_anyway=False,
    attempt="",
    store=True,
    inference=None,
):
    """The TFX pipeline of a model.

    Args:
        settings: dict, see `rnnzoo.pipelines.tfx.settings`.
        pipeline_root: folder of TFX's artifacts and its store; None for one in the cache.
        beam: list of str, options of Beam, such as `["--runner=FlinkRunner"]`.
        push_anyway: bool, see `rnnzoo.pipelines.pipeline.Pipeline.run`.
        attempt: str; another one pushes again what is cached.
        store: bool, whether metadata go to `STORE` in the root; a cluster has a store of its own.
        inference: dict of `files`, `out` and `options` of files to predict, see
            `rnnzoo.pipelines.tfx.inference.bulk_inferrer_of`; or None.

    Returns:
        `tfx.v1.dsl.Pipeline`.
    """
    name = settings["parameters"]["name"]
    root = str(pipeline_root or tfx_folder(name))
    sqlite = tfx.orchestration.metadata.sqlite_metadata_connection_config
    return tfx.dsl.Pipeline(
        pipeline_name=name,
        pipeline_root=root,
        components=_with_beam(
            components(
                settings,
                push_anyway,
                attempt,
                last_artifacts(root, settings["parameters"]),
                inference,
            ),
            beam,
        ),
        enable_cache=True,
        metadata_connection_config=sqlite(f"{root}/{STORE}") if store else None,
        beam_pipeline_args=None if is_dask(beam) else list(beam),
    )


def _with_beam(nodes, beam):
    """The components; options of a runner that cannot run all of them are those of the first."""
    if is_dask(beam):
        nodes[0].with_beam_pipeline_args(beam)
    return nodes


def components(settings, push_anyway=False, attempt="", last=None, inference=None):
    """list of the components, in their order.

    Args:
        settings, push_anyway, attempt, inference: as of `build`.
        last: dict, see `rnnzoo.pipelines.tfx.distributions.last_artifacts`; or None.
    """
    examples = example_gen(settings)
    statistics = tfx.components.StatisticsGen(examples=examples.outputs["examples"])
    schema = tfx.components.SchemaGen(
        statistics=statistics.outputs["statistics"], infer_feature_shape=True
    )
    validator = tfx.components.ExampleValidator(
        statistics=statistics.outputs["statistics"], schema=schema.outputs["schema"]
    )
    transform = tfx.components.Transform(
        examples=examples.outputs["examples"],
        schema=schema.outputs["schema"],
        preprocessing_fn="rnnzoo.pipelines.tfx.preprocessing.preprocessing_fn",
    )
    channels = (
        transform.outputs["transformed_examples"],
        schema.outputs["schema"],
        transform.outputs["transform_graph"],
    )
    tuners = [tuner(settings, *channels)] if "plan" in settings else []
    chosen = [tuning.outputs["best_hyperparameters"] for tuning in tuners]
    training = trainer(settings, *channels, *chosen)
    model = training.outputs["model"]
    figures = figures_of(settings, model, last)
    evaluation = evaluator(model, figures.outputs["rows"])
    infra = infra_validator_of(settings, model)
    push = pusher_of(
        settings,
        push_anyway,
        attempt,
        model=model,
        report=figures.outputs["report"],
        model_blessing=evaluation.outputs["blessing"],
        infra_blessing=infra.outputs["blessing"],
    )
    nodes = [
        examples, statistics, schema, validator,
        *validators(settings, statistics.outputs["statistics"], last),
        transform, *tuners, training, figures, evaluation, infra, push,
    ]  # fmt: skip
    if inference is not None:
        nodes.append(bulk_inferrer_of(**inference, pushed_model=push.outputs["pushed_model"]))
    return nodes
