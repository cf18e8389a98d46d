"""ExampleGen: a family's examples, and their order, which Beam does not keep.

An example has the family's features, as `rnnzoo.pipelines.core.examples` encodes them, and `INDEX`,
its number in its split, by which `write_in_order` sorts.
"""

from functools import partial
from pathlib import Path

import apache_beam as beam
import tensorflow as tf
from google.protobuf import json_format, struct_pb2
from tfx.components.example_gen.base_example_gen_executor import BaseExampleGenExecutor
from tfx.components.example_gen.component import QueryBasedExampleGen
from tfx.components.util.examples_utils import set_payload_format
from tfx.dsl.components.base.executor_spec import BeamExecutorSpec
from tfx.proto import example_gen_pb2
from tfx.types import artifact_utils, standard_component_specs

from rnnzoo.datasets.common.atomic_write import remove_partials
from rnnzoo.datasets.common.splits import SPLITS
from rnnzoo.pipelines.core.examples import FILE, split_folder
from rnnzoo.pipelines.tfx.runners import is_dask
from rnnzoo.pipelines.tfx.settings import text_of
from rnnzoo.pipelines.tfx.split_records import INDEX, serialized, write_split

SETTINGS = "settings"


class FamilyExamplesExecutor(BaseExampleGenExecutor):
    """Writes the examples of `Family.examples`; the pattern of an input split is its name."""

    def GetInputSourceToExamplePTransform(self):
        """The transform from a pipeline to the serialized examples of a split."""
        return _examples_of_split

    def Do(self, input_dict, output_dict, exec_properties):
        """Runs TFX's Beam pipeline; on Dask, of which that asks too much, a step per split."""
        if not is_dask(self._beam_pipeline_args):
            super().Do(input_dict, output_dict, exec_properties)
            return
        artifacts = output_dict[standard_component_specs.EXAMPLES_KEY]
        (artifact,) = artifacts
        artifact.split_names = artifact_utils.encode_split_names(list(SPLITS))
        set_payload_format(
            artifact, exec_properties[standard_component_specs.OUTPUT_DATA_FORMAT_KEY]
        )
        folders = {split: artifact_utils.get_split_uri(artifacts, split) for split in SPLITS}
        pipeline = self._make_beam_pipeline()
        write = beam.Map(write_split, _settings_in(exec_properties), folders)
        _ = pipeline | "Splits" >> beam.Create(SPLITS) | "Write" >> write
        result = pipeline.run()
        try:
            result.wait_until_finish()
        finally:
            result.client.close()  # which the runner leaves open
        remove_partials(Path(artifact.uri))


@beam.ptransform_fn
@beam.typehints.with_input_types(beam.Pipeline)
@beam.typehints.with_output_types(bytes)
def _examples_of_split(pipeline, exec_properties, split):
    examples = partial(serialized, settings=_settings_in(exec_properties))
    return pipeline | "Split" >> beam.Create([split]) | "Examples" >> beam.FlatMap(examples)


def _settings_in(exec_properties):
    config, settings = example_gen_pb2.CustomConfig(), struct_pb2.Struct()
    json_format.Parse(exec_properties["custom_config"], config)
    config.custom_config.Unpack(settings)
    return settings[SETTINGS]


def example_gen(settings):
    """The component.

    Args:
        settings: dict, see `rnnzoo.pipelines.tfx.settings`.
    """
    struct, config = struct_pb2.Struct(), example_gen_pb2.CustomConfig()
    struct[SETTINGS] = text_of(settings, "family", "data", "data_sha256", "ingest")
    config.custom_config.Pack(struct)
    splits = [example_gen_pb2.Input.Split(name=split, pattern=split) for split in SPLITS]
    return QueryBasedExampleGen(
        input_config=example_gen_pb2.Input(splits=splits),
        custom_config=config,
        custom_executor_spec=BeamExecutorSpec(FamilyExamplesExecutor),
    )


def write_in_order(patterns, out):
    """Writes examples of TFX as the artifact of the embedded `example_gen`.

    Args:
        patterns: dict from split to a pattern of files of gzipped TFRecord.
        out: Path of a folder.
    """
    options = tf.io.TFRecordOptions(compression_type="GZIP", compression_level=1)
    for split in SPLITS:
        records = {}
        files = sorted(tf.io.gfile.glob(patterns[split]))
        for record in tf.data.TFRecordDataset(files, "GZIP").as_numpy_iterator():
            example = tf.train.Example.FromString(record)
            (index,) = example.features.feature[INDEX].int64_list.value
            del example.features.feature[INDEX]
            records[index] = example.SerializeToString(deterministic=True)
        folder = split_folder(Path(out), split)
        folder.mkdir(parents=True)
        with tf.io.TFRecordWriter(str(folder / FILE), options) as writer:
            for index in sorted(records):
                writer.write(records[index])
