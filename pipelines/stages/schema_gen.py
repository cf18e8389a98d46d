"""SchemaGen: the types, shapes and domains of the features, as a Schema proto.

schema.pbtxt
"""

import numpy as np

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.core import family as contract
from rnnzoo.pipelines.core.runner import stage
from rnnzoo.pipelines.stages.statistics_gen import read_statistics

FILE = "schema.pbtxt"


@stage(version=1)
def schema(out, *, family, statistics):
    """Writes the schema: the family's features and the domains of `Family.constrain`."""
    from google.protobuf import text_format
    from tensorflow_metadata.proto.v0 import schema_pb2

    family = contract.of(family)
    types = {"string": schema_pb2.BYTES, "int64": schema_pb2.INT, "float32": schema_pb2.FLOAT}
    result = schema_pb2.Schema()
    for name, feature in family.features.items():
        added = result.feature.add(name=name, type=types[feature.dtype])
        added.presence.min_fraction = 1.0
        if feature.shape is not None:
            for size in feature.shape or (1,):
                added.shape.dim.add(size=size)
    family.constrain(result, read_statistics(statistics))
    (out / FILE).write_text(text_format.MessageToString(result), encoding="utf-8")


def read_schema(folder):
    """The `Schema` in an artifact's folder."""
    from google.protobuf import text_format
    from tensorflow_metadata.proto.v0 import schema_pb2

    return text_format.Parse((folder / FILE).read_text(encoding="utf-8"), schema_pb2.Schema())


def in_domain(examples, schema, name):
    """Yields examples whose feature is not below the schema's domain; higher values are anomalies.

    Args:
        examples: iterable of dict.
        schema: `schema_pb2.Schema`.
        name: str, a feature of numbers.

    Raises:
        InputError: a value is below the domain, or not a number.
    """
    domain = feature_of(schema, name).float_domain
    for example in examples:
        least = np.min(example[name], initial=np.inf)
        if not least >= domain.min:
            raise InputError(f"{name} is {least:g}: the schema's least is {domain.min:g}")
        yield example


def feature_of(schema, name):
    """The feature of that name in a schema."""
    return next(feature for feature in schema.feature if feature.name == name)
