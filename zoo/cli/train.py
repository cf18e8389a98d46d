"""Train a model of the zoo by its recipe, on its own data or yours, and push the result."""

import sys

from rnnzoo.artifacts import models_dir
from rnnzoo.cli._data_options import add_own_data, data_options
from rnnzoo.cli._engine import add_engine, engine_options
from rnnzoo.cli._hyperparameters import add_hyperparameters, hyperparameters, tuned
from rnnzoo.cli._pushed import report
from rnnzoo.cli._written_files import check_written
from rnnzoo.native_stderr import import_keras
from rnnzoo.registry import recipe


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument("name", help="a model with a recipe, see `rnnzoo list`")
    add_own_data(command)
    command.add_argument(
        "--name", dest="new", help="name of a model of your data, or of other hyperparameters"
    )
    command.add_argument("--out", metavar="DIR", help="folder of models (RNNZOO_MODELS_DIR)")
    command.add_argument(
        "--push-anyway",
        action="store_true",
        help="push it even if it is no better than what it is compared with; its card says so",
    )
    add_hyperparameters(command)
    add_engine(command)


def run(options):
    """Runs what has changed since the last time, and prints where the model lies."""
    check_written(options, "out", "compile", "predictions", read=["data", "hyperparameters"])
    out = options.out or models_dir()
    reading = data_options(options, recipe(options.name)["task"])
    engine = engine_options(options)
    options.hyperparameters = hyperparameters(options)
    if options.compile:
        _compile(options, out, reading)
        return
    if options.engine == "tfx":
        done = _by_tfx(options, out, reading, engine)
    else:
        done = _embedded(options, out, reading)
    report(*done, options.json)


def _embedded(options, out, reading):
    from rnnzoo.pipelines.pipeline import Pipeline

    arguments = (options.name, out, options.data, options.new, reading, options.frame_network)
    chosen = options.hyperparameters
    if options.tune is not None:
        chosen = tuned(options.tune, *arguments)
    pipeline = Pipeline(*arguments, chosen)
    done = pipeline.unchanged()
    if done is None:
        import_keras()
        return pipeline.run(options.push_anyway)
    print("nothing has changed: all ten stages are cached", file=sys.stderr)
    return done


def _by_tfx(options, out, reading, engine):
    from rnnzoo.pipelines.tfx.available import check_tfx

    check_tfx()
    import_keras()
    from rnnzoo.pipelines.tfx.run import train

    return train(
        options.name,
        out,
        options.data,
        push_anyway=options.push_anyway,
        new_name=options.new,
        data_options=reading,
        frame_network=options.frame_network,
        hyperparameters=options.hyperparameters,
        tune=options.tune,
        **engine,
    )


def _compile(options, out, reading):
    from rnnzoo.pipelines.tfx.available import check_tfx

    check_tfx()
    import_keras()
    from rnnzoo.pipelines.tfx.kubeflow import compile_pipeline

    path = compile_pipeline(
        options.name,
        options.compile,
        options.pipeline_root,
        options.image,
        out,
        options.data,
        new_name=options.new,
        data_options=reading,
        frame_network=options.frame_network,
        hyperparameters=options.hyperparameters,
        tune=options.tune,
    )
    print(f"the pipeline for Kubeflow is in {path}")
