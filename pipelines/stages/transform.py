"""Transform: the arrays that the dataset is read from."""

from rnnzoo.pipelines.core import family as contract
from rnnzoo.pipelines.core.examples import read_split
from rnnzoo.pipelines.core.runner import stage
from rnnzoo.pipelines.core.transformed import write_transformed
from rnnzoo.pipelines.stages.schema_gen import read_schema


@stage(version=1)
def transformed(out, *, family, data, data_sha256, examples, schema):
    """Writes the arrays and their description, see `rnnzoo.pipelines.core.transformed`."""
    family = contract.of(family)
    about, arrays = family.transform(
        lambda split: read_split(examples, split, family.features), read_schema(schema)
    )
    write_transformed(out, {"name": data, "sha256": data_sha256, **about}, arrays)
