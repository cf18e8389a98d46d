"""ExampleGen: reads the data and writes the examples of each split."""

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.splits import SPLITS
from rnnzoo.pipelines.core import family as contract
from rnnzoo.pipelines.core.examples import write_split
from rnnzoo.pipelines.core.runner import stage


@stage(version=1)
def examples(out, *, family, data, data_sha256, ingest):
    """Writes the examples of each split, see `rnnzoo.pipelines.core.examples`.

    Raises:
        InputError: the data cannot be read, or a split has no example.
    """
    family = contract.of(family)
    by_split = family.examples(data, data_sha256, ingest)
    for split in SPLITS:
        if not write_split(out, split, family.features, by_split[split]):
            raise InputError(f"{split} of {data} has no example: give more {family.kind}")
