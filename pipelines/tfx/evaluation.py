"""Evaluator: TensorFlow Model Analysis on the rows of the family's own evaluation.

`figures` runs the stages `distributions` and `evaluation`, and writes examples, whose predictions
are numbers to average: the margin of each check of the blessing, which has to be below 0, and the
losses of the model and of baselines by slice, from `Family.evaluation_rows`.
"""

import json

import tensorflow as tf
import tensorflow_model_analysis as tfma
from tfx import v1 as tfx

from rnnzoo.pipelines.core.blessing import REPORT
from rnnzoo.pipelines.core.last_statistics import NAME
from rnnzoo.pipelines.stages.distribution_validator import distributions
from rnnzoo.pipelines.stages.evaluator import evaluation, read_rows
from rnnzoo.pipelines.stages.statistics_gen import statistics
from rnnzoo.pipelines.tfx.distributions import TRAINER
from rnnzoo.pipelines.tfx.settings import text_of
from rnnzoo.pipelines.tfx.stage_artifacts import read_stages, run_stages
from rnnzoo.slice_figures import ALL

KEYS = ("family", "recipe", "seeds", "last_pushed", "thresholds", "last_statistics")
LAST = "last_trainer"
SPLIT = "rows"
CHECK, PREDICTION, LABEL, WEIGHT = "check", "prediction", "label", "weight"
SLICE = ("split", "dimension", "value", "model")
THE_MODEL = "model"  # the value of that feature, beside names of baselines
BELOW = -1e-12  # a margin has to be less than 0


@tfx.dsl.components.component
def figures(
    model: tfx.dsl.components.InputArtifact[tfx.types.standard_artifacts.Model],
    report: tfx.dsl.components.OutputArtifact[tfx.types.standard_artifacts.ModelEvaluation],
    rows: tfx.dsl.components.OutputArtifact[tfx.types.standard_artifacts.Examples],
    settings: tfx.dsl.components.Parameter[str],
):
    """Evaluates models and baselines, and writes the rows that the Evaluator reads."""
    stages = [distributions, evaluation]
    parameters, earlier = json.loads(settings), read_stages(model.uri)
    others = last_statistics(parameters.pop(LAST))
    # Of a Tuner, the settings of the training are known since then.
    parameters["recipe"] |= earlier["model"].parameters["training"]
    artifacts = run_stages(report.uri, stages, parameters, earlier, others)
    written = artifacts["evaluation"].path
    compared = json.loads((written / REPORT).read_text(encoding="utf-8"))["compared"]
    losses = slice_rows(read_rows(written))
    rows.split_names = json.dumps([SPLIT])
    folder = f"{rows.uri}/Split-{SPLIT}"
    tf.io.gfile.makedirs(folder)
    with tf.io.TFRecordWriter(f"{folder}/data_tfrecord-00000-of-00001.gz", "GZIP") as writer:
        for row in (*check_rows(compared), *losses):
            writer.write(_example({LABEL: 0.0, WEIGHT: 1.0, **row}).SerializeToString())


def last_statistics(uri):
    """The input of `distributions` of that name: dict from it to its `Artifact`; or empty.

    Args:
        uri: str, the artifact of the Trainer of the version pushed before; or None.
    """
    artifact = uri and read_stages(uri)["statistics"]
    return {NAME: artifact} if artifact and artifact.version == statistics.version else {}


def check_rows(compared):
    """list of dict, a row per check, of which the margin is the prediction.

    Args:
        compared: list of dict, see `rnnzoo.pipelines.core.blessing.blessing`.
    """
    rows = [{CHECK: "evaluated", PREDICTION: -1.0}]  # a model that is compared with nothing
    for check in compared:
        margin = -1.0 if check["passed"] else 1.0
        rows.append({CHECK: check["with"], PREDICTION: margin})
    return rows


def slice_rows(rows):
    """Yields dict: the loss of a row of the evaluation, once per slice that it belongs to.

    Args:
        rows: iterable of dict, see `Family.evaluation_rows`.
    """
    for row in rows:
        losses = {THE_MODEL: row["loss"], **row["baselines"]}
        for dimension, value in ((ALL, ALL), *row["slices"].items()):
            for name, loss in losses.items():
                about = dict(zip(SLICE, (row["split"], dimension, value, name), strict=True))
                yield {**about, PREDICTION: float(loss), WEIGHT: float(row["weight"])}


def _example(row):
    example = tf.train.Example()
    for name, value in row.items():
        feature = example.features.feature[name]
        if isinstance(value, str):
            feature.bytes_list.value.append(value.encode())
        else:
            feature.float_list.value.append(value)
    return example


def figures_of(settings, model, last=None):
    """The component `figures`.

    Args:
        settings: dict, see `rnnzoo.pipelines.tfx.settings`.
        model: channel.
        last: dict, see `rnnzoo.pipelines.tfx.distributions.last_artifacts`; or None.
    """
    needed = {**json.loads(text_of(settings, *KEYS)), LAST: last and last[TRAINER]}
    return figures(model=model, settings=json.dumps(needed, sort_keys=True))


def evaluator(model, rows):
    """The standard component; arguments are channels."""
    margin = tfma.MetricConfig(class_name="MeanPrediction")
    checked = margin.per_slice_thresholds.add()
    checked.slicing_specs.add(feature_keys=[CHECK])
    checked.threshold.value_threshold.upper_bound.value = BELOW
    config = tfma.EvalConfig(
        model_specs=[
            tfma.ModelSpec(prediction_key=PREDICTION, label_key=LABEL, example_weight_key=WEIGHT)
        ],
        slicing_specs=[tfma.SlicingSpec(feature_keys=keys) for keys in ([CHECK], SLICE)],
        metrics_specs=[tfma.MetricsSpec(metrics=[margin])],
    )
    return tfx.components.Evaluator(
        examples=rows,
        model=model,
        example_splits=[SPLIT],
        eval_config=config,
        module_path="rnnzoo.pipelines.tfx.evaluation",
    )


def custom_eval_shared_model(eval_saved_model_path, model_name, eval_config, **_):
    """No model: rows have the predictions."""
    return None
