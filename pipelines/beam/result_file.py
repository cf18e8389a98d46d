"""The total of a combine in Beam, which the workers return as a file of arrays."""

import contextlib
import io
import tempfile
import uuid

import apache_beam as beam
import numpy as np
from apache_beam.io.filesystems import FileSystems

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.beam.inputs import collection_of, options_of
from rnnzoo.pipelines.beam.whole_file import write_whole


def run_combine(source, combine, folder, runner, options):
    """Runs a pipeline that combines all elements of a source.

    Args:
        source: `beam.PTransform`, or function from a pipeline to a `PCollection`.
        combine: `beam.CombineFn` whose output is a dict of arrays.
        folder: str, the folder of the file, which workers on other machines have to reach too;
            None for a temporary folder of this machine.
        runner: name or instance, for `beam.Pipeline`.
        options: `PipelineOptions`, or a dict or list of them, or None.

    Returns:
        dict of arrays, the output of `combine`.

    Raises:
        InputError: the source is no source, or the file cannot be read here.
    """
    with _folder(folder) as shared:
        path = f"{shared}/{uuid.uuid4().hex}.npz"
        with beam.Pipeline(runner=runner, options=options_of(options)) as pipeline:
            elements = collection_of(pipeline, source, "Source")
            total = elements | "Combine" >> beam.CombineGlobally(combine)
            total | "Write" >> beam.Map(_write, path)
        return _read(path)


def to_npz(arrays):
    """The bytes of an .npz file of a dict of arrays."""
    content = io.BytesIO()
    np.savez(content, **arrays)
    return content.getvalue()


def from_npz(content):
    """The dict of arrays of the bytes that `to_npz` returned."""
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return dict(arrays)


def _folder(folder):
    """A context of `folder`, or of a temporary one."""
    return tempfile.TemporaryDirectory() if folder is None else contextlib.nullcontext(folder)


def _write(arrays, path):
    write_whole(path, to_npz(arrays))


def _read(path):
    if not FileSystems.exists(path):
        raise InputError(
            f"the workers left no {path} here: give a folder that they and this machine share"
        )
    with FileSystems.open(path) as file:
        content = file.read()
    FileSystems.delete([path])
    return from_npz(content)
