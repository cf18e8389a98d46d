"""What a user gives to a Beam pipeline, in the one form that it takes."""

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

from rnnzoo.datasets.common.errors import InputError


def options_of(options):
    """`PipelineOptions` of a dict or a list of them; anything else as it is."""
    if isinstance(options, dict):
        return PipelineOptions.from_dictionary(options)
    return PipelineOptions(options) if isinstance(options, list) else options


def collection_of(pipeline, source, label):
    """The `PCollection` of a source.

    Args:
        pipeline: `beam.Pipeline`.
        source: `beam.PTransform`, or function from a pipeline to a `PCollection`.
        label: str, what the step is called.

    Raises:
        InputError: the source is no source.
    """
    if isinstance(source, beam.PTransform):
        # `pipeline | source` would tie the source to the first pipeline that it is used in.
        return beam.pvalue.PBegin(pipeline) | label >> source
    found = source(pipeline) if callable(source) else None
    if not isinstance(found, beam.PCollection):
        gives = f"source gives {found!r}" if callable(source) else f"source is {source!r}"
        raise InputError(
            f"{gives}: give a beam.PTransform, or a function from a pipeline to a PCollection"
        )
    return found
