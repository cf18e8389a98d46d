"""The runner that Beam's options name, and which components it can run.

Beam's `DaskRunner` computes what the last step of a pipeline needs. It has no sources, loses what a
step yields at the end of a bundle, and does not tell apart outputs that are tagged: of TFX's Beam
pipelines it can run none as it is. `ExampleGen` has a pipeline of its own for it.
"""

from rnnzoo.datasets.common.errors import InputError, shown

DASK = "apache_beam.runners.dask.dask_runner.DaskRunner"
DASK_EXTRA = "dask"
NOT_ON_DASK = (
    "DaskRunner runs ExampleGen; StatisticsGen, Transform and Evaluator run in this process: it "
    "has no sources, and computes only the last output of a pipeline"
)
SECONDS = 10  # until a scheduler has to answer
_NAMES = ("dask", "daskrunner", DASK.lower())


def checked_runner(beam):
    """The options of Beam, with the full name of the runner where Beam needs that.

    Args:
        beam: list of str.

    Returns:
        list of str.

    Raises:
        InputError: Beam does not know the runner, or cannot load it here.
    """
    from apache_beam.runners.runner import create_runner

    beam, name = list(beam), _runner_of(beam)
    if name is None:
        return beam
    if name.lower() in _NAMES:
        return [*beam, *_dask_options(beam)]
    try:
        create_runner(name)
    except (ValueError, ImportError, AttributeError) as problem:
        raise InputError(
            f"--beam-runner {shown(name)}: give one that Beam knows, such as DirectRunner, "
            f"FlinkRunner, DataflowRunner or DaskRunner ({str(problem).splitlines()[0]})"
        ) from None
    return beam


def is_dask(beam):
    """Whether options, those of `checked_runner`, name Beam's runner on Dask.

    Args:
        beam: list of str, or None.
    """
    return bool(beam) and _runner_of(beam) == DASK


def _runner_of(beam):
    from apache_beam.options.pipeline_options import PipelineOptions, StandardOptions

    return PipelineOptions(list(beam)).view_as(StandardOptions).runner


def _dask_options(beam):
    """Options to append: a task per split unless the user gives another number."""
    try:
        import distributed
        from apache_beam.runners.dask.dask_runner import DaskOptions, DaskRunner
    except ImportError as problem:
        raise InputError(
            f"--beam-runner DaskRunner needs {problem.name}: pip install 'rnnzoo[{DASK_EXTRA}]'"
        ) from None
    del DaskRunner
    options = DaskOptions(beam).get_all_options(drop_default=True, current_only=True)
    address = options.get("address")
    if address is None and options.get("scheduler_file") is None:
        raise InputError(
            "--beam-runner DaskRunner needs a cluster: give --beam-options "
            "'--dask_client_address=tcp://HOST:8786', the address of a `dask scheduler`"
        )
    if address is not None:
        try:
            distributed.Client(address, timeout=SECONDS, set_as_default=False).close()
        except (OSError, ValueError) as problem:
            raise InputError(
                f"--dask_client_address={address} does not answer "
                f"({str(problem).splitlines()[0]}): give that of a running `dask scheduler`"
            ) from None
    single = [] if {"npartitions", "partition_size"} & set(options) else ["--dask_partition_size=1"]
    return [f"--runner={DASK}", *single]
