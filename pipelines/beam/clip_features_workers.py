"""The features of clips in Beam: a `DoFn`, and the pipeline around it."""

import hashlib
import json
import uuid

import apache_beam as beam
from apache_beam.io.filesystem import BeamIOError
from apache_beam.io.filesystems import FileSystems
from apache_beam.utils.shared import Shared

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.video.reader import name_of
from rnnzoo.pipelines.beam.inputs import collection_of, options_of
from rnnzoo.pipelines.beam.whole_file import write_whole
from rnnzoo.sequences.feature_cache import file_name, packed, set_name, unpacked


class WriteFeatures(beam.DoFn):
    """Writes the features of each clip, unless they exist.

    A worker loads the network once; its threads share it.

    Args:
        network: function without arguments that returns a `FrameNetwork`.
        sampling: `Sampling`.
        folder: str.
        limits: `Limits`.
    """

    def __init__(self, network, sampling, folder, limits):
        super().__init__()
        self._load, self._sampling = network, sampling
        self._folder, self._limits = folder, limits
        self._shared, self._network = Shared(), None

    def setup(self):
        """Loads the network, if this worker has not yet."""
        self._network = self._shared.acquire(self._load)

    def process(self, named):
        """Pair (name, clip) -> dict of `name` and `features`, a path, or `skipped`, the reason."""
        name, clip = named
        try:
            yield {"name": name, "features": self._written(clip)}
        except InputError as problem:
            yield {"name": name, "skipped": str(problem)}

    def _written(self, clip):
        video = clip if isinstance(clip, bytes) else _read(clip, self._limits)
        sha256 = hashlib.sha256(video).hexdigest()
        path = f"{self._folder}/{set_name(self._network, self._sampling)}/{file_name(sha256)}"
        if FileSystems.exists(path):
            with FileSystems.open(path) as file:
                if unpacked(file.read(), self._network, self._sampling) is not None:
                    return path
            FileSystems.delete([path])  # damaged
        frames, _ = self._sampling.of(video, name_of(clip), self._network.size, self._limits)
        write_whole(path, packed(self._sampling.features(self._network, frames)))
        return path


def run_pipeline(source, network, sampling, folder, limits, runner, options):
    """Runs the pipeline of `beam_clip_features` and returns its two dict."""
    index = f"{folder}/index-{uuid.uuid4().hex}"
    write = beam.io.WriteToText(index, file_name_suffix=".jsonl", skip_if_empty=True)
    with beam.Pipeline(runner=runner, options=options_of(options)) as pipeline:
        clips = collection_of(pipeline, source, "Clips")
        work = beam.ParDo(WriteFeatures(network, sampling, folder, limits))
        rows = clips | "Spread" >> beam.Reshuffle() | "Features" >> work
        rows | "Rows" >> beam.Map(json.dumps) | "Index" >> write
    return _index(index)


def _index(prefix):
    """Reads and deletes the files that the workers wrote: (dict of features, dict of skipped)."""
    features, skipped = {}, {}
    (match,) = FileSystems.match([f"{prefix}*"])
    paths = [file.path for file in match.metadata_list]
    for path in paths:
        with FileSystems.open(path) as file:
            for line in file.read().decode().splitlines():
                row = json.loads(line)
                if "features" in row:
                    features[row["name"]] = row["features"]
                else:
                    skipped[row["name"]] = row["skipped"]
    if not paths:
        raise InputError(
            f"the workers left no {prefix}* here: give a folder that they and this machine share, "
            "and a source that is not empty"
        )
    FileSystems.delete(paths)
    return dict(sorted(features.items())), dict(sorted(skipped.items()))


def _read(path, limits):
    try:
        (match,) = FileSystems.match([path])
        (file,) = match.metadata_list
        if not 0 < file.size_in_bytes <= limits.size:
            raise InputError(
                f"{path} is {file.size_in_bytes:,} bytes: give a video of 1 to {limits.size:,}"
            )
        with FileSystems.open(path, compression_type="uncompressed") as stream:
            return stream.read()
    except (BeamIOError, OSError, ValueError) as problem:
        if isinstance(problem, InputError):
            raise
        raise InputError(f"{path} cannot be read: {str(problem).splitlines()[0]}") from None
