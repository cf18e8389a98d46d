"""Least squares on data that are stored on many machines, with Beam."""

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.system_errors import reason_of
from rnnzoo.layers.least_squares.init import check_arguments, check_washout
from rnnzoo.layers.least_squares.readout import readout_model
from rnnzoo.layers.least_squares.systems import Systems
from rnnzoo.pipelines.beam.model_bytes import custom_objects_of, from_bytes, to_bytes


def beam_least_squares_init(
    model,
    source,
    *,
    iterations=10,
    step=0.5,
    ridge=0.01,
    washout=0,
    runner=None,
    options=None,
    folder=None,
):
    """The model, initialised by `least_squares_init` on data in Beam.

    Each iteration is a pipeline: the model is sent to the workers, each adds up the sums of its
    batches, and the total is written into a file.

    Args:
        model: see `least_squares_init`; no layer may be stateful, batches come in no order.
        source: `beam.PTransform`, or function from a pipeline to a `PCollection`, of batches
            (x, y): inputs (batch, time, ...), and targets (batch, time, outputs) or class
            numbers (batch, time).
        iterations: int.
        step: float in (0, 1].
        ridge, washout: as of `least_squares_init`.
        runner: name or instance, for `beam.Pipeline`.
        options: `PipelineOptions`, or a dict or list of them, for `beam.Pipeline`.
        folder: str, the folder of that file, such as `"gs://bucket/sums"`, which workers on other
            machines have to reach too. By default, a temporary folder of this machine.

    Returns:
        The model.

    Raises:
        InputError: Beam is not installed, the source is no source, or the model is stateful or
            cannot be loaded from a file.
        ValueError: see `least_squares_init`. An error in the data is raised on a worker, and the
            runner may raise another exception for it here.
    """
    step, ridge = check_arguments(step, ridge, iterations=iterations)
    readout = readout_model(model)
    if readout.stateful:
        raise InputError(
            f"{readout.stateful[0].name} is stateful, and batches come in no order here: give a "
            "model whose layers are not"
        )
    check_washout(washout, readout)
    custom_objects = _loadable(model)
    sums, run = _with_beam()
    for _ in range(iterations):
        combine = sums(to_bytes(model), custom_objects, washout)
        systems = Systems(readout)
        systems.set_state(run(source, combine, folder, runner, options))
        systems.move(step, ridge)
    return model


def _loadable(model):
    """The custom objects of a model, a dict, if the model can be loaded in another process."""
    try:
        custom_objects = custom_objects_of(model)
        from_bytes(to_bytes(model), custom_objects)
    except Exception as problem:  # what Keras raises depends on what is wrong
        raise InputError(
            f"{model.name} cannot be loaded from its own file: {reason_of(problem)}"
        ) from problem
    return custom_objects


def _with_beam():
    try:
        from rnnzoo.pipelines.beam.least_squares_combine import LeastSquaresSums
        from rnnzoo.pipelines.beam.result_file import run_combine
    except ImportError as problem:
        raise InputError(
            f"beam_least_squares_init needs {problem.name}: pip install 'rnnzoo[beam]'"
        ) from None
    return LeastSquaresSums, run_combine
