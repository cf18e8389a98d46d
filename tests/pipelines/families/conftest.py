"""What the tests of several families' exports share."""

import pytest
import tensorflow as tf

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.serving.models.reasons import reason_of


@pytest.fixture(scope="session")
def refused_alike():
    """A function that checks that Python and a signature refuse inputs in the same words.

    It takes a function that calls the model in Python, the signature, and its inputs.
    """

    def check(in_python, signature, **inputs):
        with pytest.raises(InputError) as expected:
            in_python()
        with pytest.raises(tf.errors.InvalidArgumentError) as problem:
            signature(**inputs)
        assert reason_of(problem.value) == str(expected.value)

    return check


@pytest.fixture
def checked_rows():
    """A function that returns the `evaluation_rows` of a model, after a check of the contract."""
    from rnnzoo.pipelines.core.slices import slice_table

    def checked(family, model, data, relative=1e-5):
        rows = list(family.evaluation_rows(model, data))
        assert 0 < len(rows) < 20_000
        for row in rows:
            assert list(row) == ["split", "loss", "weight", "slices", "baselines"]
            assert row["split"] in ("validation", "test")
            assert type(row["loss"]) is float and row["loss"] >= 0
            assert type(row["weight"]) is float and row["weight"] > 0
            assert row["slices"] and all(type(value) is str for value in row["slices"].values())
            assert all(type(loss) is float for loss in row["baselines"].values())
        table = slice_table(rows, family.figure_of)
        whole = {row["split"]: row["figure"] for row in table if row["dimension"] == "all"}
        assert whole == pytest.approx(family.figures(model, data), rel=relative)
        return rows

    return checked
