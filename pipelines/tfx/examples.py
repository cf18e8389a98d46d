"""ExampleGen: a family's examples, and their order, which Beam does not keep.

An example has the family's features, as `rnnzoo.pipelines.core.examples` encodes them, and `INDEX`,
its number in its split, by which `write_in_order` sorts.
"""

import json
from functools import partial
from pathlib import Path

import apache_beam as beam
import tensorflow as tf
from google.protobuf import json_format, struct_pb2
from tfx.components.example_gen.base_example_gen_executor import BaseExampleGenExecutor
from tfx.components.example_gen.component import QueryBasedExampleGen
from tfx.dsl.components.base.executor_spec import BeamExecutorSpec
from tfx.proto import example_gen_pb2

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.splits import SPLITS
from rnnzoo.pipelines.core import family as contract
from rnnzoo.pipelines.core.examples import FILE, encoded, split_folder
from rnnzoo.pipelines.tfx.settings import text_of

INDEX = "index"
SETTINGS = "settings"


class FamilyExamplesExecutor(BaseExampleGenExecutor):
    """Writes the examples of `Family.examples`; the pattern of an input split is its name."""

    def GetInputSourceToExamplePTransform(self):
        """The transform from a pipeline to the serialized examples of a split."""
        return _examples_of_split


@beam.ptransform_fn
@beam.typehints.with_input_types(beam.Pipeline)
@beam.typehints.with_output_types(bytes)
def _examples_of_split(pipeline, exec_properties, split):
    config, settings = example_gen_pb2.CustomConfig(), struct_pb2.Struct()
    json_format.Parse(exec_properties["custom_config"], config)
    config.custom_config.Unpack(settings)
    examples = partial(serialized, settings=settings[SETTINGS])
    return pipeline | "Split" >> beam.Create([split]) | "Examples" >> beam.FlatMap(examples)


def serialized(split, settings):
    """Yields the serialized examples of a split.

    Args:
        split: str.
        settings: str, JSON of the parameters `family`, `data`, `data_sha256` and `ingest`.

    Raises:
        InputError: the data cannot be read, or there is no example.
    """
    parameters = json.loads(settings)
    family = contract.of(parameters.pop("family"))
    count = 0
    for example in family.examples(**parameters)[split]:
        proto = encoded(family.features, example)
        proto.features.feature[INDEX].int64_list.value.append(count)
        count += 1
        yield proto.SerializeToString()
    if not count:
        raise InputError(f"{split} of {parameters['data']} has no example: give more {family.kind}")


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
