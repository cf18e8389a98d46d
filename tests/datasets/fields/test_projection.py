import numpy as np
import pytest

from rnnzoo.datasets.fields import projection
from rnnzoo.datasets.fields.projection import project_out

pytestmark = pytest.mark.core


def test_the_projection_of_a_row():
    rows = np.array([[1, 2, 3, 4]], "float32")
    components = np.array([[0, 1, 0, 0], [0.6, 0, 0.8, 0]], "float32")
    assert project_out(rows, components) == pytest.approx(np.array([[2, 3]]))
    np.testing.assert_allclose(rows, [[1 - 1.8, 0, 3 - 2.4, 4]], rtol=1e-6)


@pytest.mark.parametrize("cells", [100, 7, 1])
def test_parts_are_as_the_whole(monkeypatch, cells):
    monkeypatch.setattr(projection, "CELLS", cells)
    random = np.random.default_rng(0)
    components = np.linalg.qr(random.normal(size=(100, 6)))[0].T.astype("float32")
    rows = random.normal(size=(5, 100)).astype("float32")
    before = rows.astype("float64")
    coefficients = project_out(rows, components)
    np.testing.assert_allclose(coefficients, before @ components.T, atol=1e-6)
    np.testing.assert_allclose(rows, before - coefficients @ components, atol=1e-6)


def test_the_residual_is_orthogonal_to_nearly_parallel_components():
    random = np.random.default_rng(0)
    components = np.linalg.qr(random.normal(size=(5000, 3)))[0].T.astype("float32")
    rows = 1e4 * components + random.normal(size=(3, 5000)).astype("float32")
    project_out(rows, components)
    lengths = np.linalg.norm(rows, axis=1)
    assert (np.abs(rows @ components.T) / lengths[:, None]).max() < 1e-5


def test_no_component_leaves_the_rows():
    rows = np.ones((2, 3), "float32")
    assert project_out(rows, np.zeros((0, 3), "float32")).shape == (2, 0)
    assert (rows == 1).all()
