"""Features of clips that are stored on many machines, with Beam."""

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.video.reader import LIMITS
from rnnzoo.sequences.clip_features import features_folder
from rnnzoo.sequences.sampling import Sampling


def beam_clip_features(
    source, network, sampling=None, *, folder=None, limits=LIMITS, runner=None, options=None
):
    """Paths of the features of clips, computed by `clip_features` on the workers of Beam.

    Features are written into the folder that `clip_features` reads. Those that exist are not
    computed again, so a failed run is continued.

    Args:
        source: `beam.PTransform`, or function from a pipeline to a `PCollection`, of pairs (name,
            clip): str, and the path of a file in any file system that Beam knows, or its bytes.
        network: function without arguments that returns a `FrameNetwork`, called once in each
            worker, such as `functools.partial(inception, "weights.h5")`.
        sampling: `Sampling`; None for 7 frames of 5 seconds.
        folder: str, the folder of the features, such as `"gs://bucket/features"`, which workers
            on other machines have to reach too. None for the cache of this machine.
        limits: `rnnzoo.datasets.video.reader.Limits`.
        runner: name or instance, for `beam.Pipeline`.
        options: `PipelineOptions`, or a dict or list of them, for `beam.Pipeline`.

    Returns:
        (dict from the name of each clip to the path of its features, dict from the name of each
        clip that could not be read to the reason).

    Raises:
        InputError: Beam is not installed, the source is no source, the network is no function, or
            the files of the workers cannot be read here.
    """
    if not callable(network) or hasattr(network, "digest"):
        raise InputError("network is no function: give one that makes a FrameNetwork in a worker")
    try:
        from rnnzoo.pipelines.beam.clip_features_workers import run_pipeline
    except ImportError as problem:
        raise InputError(
            f"beam_clip_features needs {problem.name}: pip install 'rnnzoo[beam]'"
        ) from None
    folder = str(features_folder()) if folder is None else str(folder).rstrip("/")
    return run_pipeline(source, network, sampling or Sampling(), folder, limits, runner, options)
