"""Sources and options of a Beam pipeline, from the forms that a user may pass."""

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

from rnnzoo.datasets.common.errors import InputError


def options_of(options):
    """`PipelineOptions` from a dict or a list of options; other values are returned unchanged."""
    if isinstance(options, dict):
        return PipelineOptions.from_dictionary(options)
    return PipelineOptions(options) if isinstance(options, list) else options


def collection_of(pipeline, source, label):
    """The `PCollection` of a source.

    Args:
        pipeline: `beam.Pipeline`.
        source: `beam.PTransform`, or function from a pipeline to a `PCollection`.
        label: str, the name of the step.

    Raises:
        InputError: the source is no source.
    """
    if isinstance(source, beam.PTransform):
        # `pipeline | source` would tie the source to the first pipeline that it is used in.
        return beam.pvalue.PBegin(pipeline) | label >> source
    collection = source(pipeline) if callable(source) else None
    if not isinstance(collection, beam.PCollection):
        value = f"source gives {collection!r}" if callable(source) else f"source is {source!r}"
        raise InputError(
            f"{value}: give a beam.PTransform, or a function from a pipeline to a PCollection"
        )
    return collection
