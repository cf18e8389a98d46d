import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.fields.incremental_svd import IncrementalSVD, signal_to_noise

pytestmark = pytest.mark.core


def rows_of(count, cells, decay, seed=0):
    """Random rows whose singular values are those of `decay`."""
    random = np.random.default_rng(seed)
    left = np.linalg.qr(random.normal(size=(count, len(decay))))[0]
    right = np.linalg.qr(random.normal(size=(cells, len(decay))))[0]
    return (left * decay) @ right.T


def fed(svd, rows, batch):
    for first in range(0, len(rows), batch):
        svd.update(rows[first : first + batch])
    return svd


@pytest.mark.parametrize("batch", [1, 7, 64, 200])
def test_rows_of_exactly_rank_k_have_their_svd(batch):
    rows = rows_of(200, 90, np.array([50, 20, 9, 3, 1.0]))
    svd = fed(IncrementalSVD(5), rows, batch)
    _, singular, right = np.linalg.svd(rows, full_matrices=False)
    np.testing.assert_allclose(svd.singular_values, singular[:5], atol=1e-5 * singular[0])
    aligned = np.abs(svd.components @ right[:5].T)
    np.testing.assert_allclose(aligned, np.eye(5), atol=1e-4)
    np.testing.assert_allclose(svd.decode(svd.encode(rows)), rows, atol=1e-4)
    assert svd.rows == 200


@pytest.mark.parametrize("batch", [1, 16, 64])
def test_it_is_within_a_third_of_a_decibel_of_the_best_of_its_rank(batch):
    rows = rows_of(300, 120, 100 * 0.9 ** np.arange(120))
    svd = fed(IncrementalSVD(30), rows, batch)
    left, singular, right = np.linalg.svd(rows, full_matrices=False)
    best = (left[:, :30] * singular[:30]) @ right[:30]
    ours = svd.decode(svd.encode(rows))
    assert signal_to_noise(rows, ours) > signal_to_noise(rows, best) - 0.33
    np.testing.assert_allclose(svd.components @ svd.components.T, np.eye(30), atol=1e-5)


def test_components_stay_orthonormal_over_many_updates():
    random = np.random.default_rng(1)
    svd = IncrementalSVD(10)
    for _ in range(500):
        svd.update(random.normal(size=(3, 40)) * 100)
    np.testing.assert_allclose(svd.components @ svd.components.T, np.eye(10), atol=1e-5)


def test_earlier_rows_are_forgotten():
    old, new = rows_of(100, 50, [30.0], seed=1), rows_of(100, 50, [10.0], seed=2)
    kept = IncrementalSVD(1).update(old).update(new)
    forgetful = IncrementalSVD(1, forgetting=0.9).update(old).update(new)
    assert signal_to_noise(old, kept.decode(kept.encode(old))) > 10
    assert signal_to_noise(new, forgetful.decode(forgetful.encode(new))) > 20


def test_forgetting_does_not_depend_on_the_batches():
    rows = rows_of(60, 20, 9 * 0.5 ** np.arange(4))
    single = fed(IncrementalSVD(4, forgetting=0.95), rows, 1)
    several = fed(IncrementalSVD(4, forgetting=0.95), rows, 20)
    weights = 0.95 ** np.arange(59, -1, -1)
    expected = np.linalg.svd(rows * weights[:, None], compute_uv=False)[:4]
    np.testing.assert_allclose(single.singular_values, expected, rtol=1e-4)
    np.testing.assert_allclose(several.singular_values, expected, rtol=1e-4)


def test_it_continues_from_its_file(tmp_path):
    rows = rows_of(90, 30, 5 * 0.7 ** np.arange(20))
    whole = fed(IncrementalSVD(6, forgetting=0.99), rows, 30)
    half = fed(IncrementalSVD(6, forgetting=0.99), rows[:60], 30)
    half.save(str(tmp_path / "svd.npz"))
    resumed = IncrementalSVD.load(tmp_path / "svd.npz").update(rows[60:])
    np.testing.assert_array_equal(resumed.components, whole.components)
    np.testing.assert_array_equal(resumed.singular_values, whole.singular_values)
    assert (resumed.rows, resumed.rank, resumed.forgetting) == (90, 6, 0.99)


def test_a_rank_above_that_of_the_rows_adds_no_noise():
    rows = rows_of(200, 900, np.array([50, 20, 9, 3, 1.0]))
    svd = fed(IncrementalSVD(15), rows, 64)
    assert len(svd.components) == 5
    np.testing.assert_allclose(svd.components @ svd.components.T, np.eye(5), atol=1e-5)


def test_merged_parts_of_exactly_rank_k_have_the_svd_of_all_rows():
    rows = rows_of(200, 90, np.array([50, 20, 9, 3, 1.0]))
    parts = [IncrementalSVD(5).update(rows[i : i + 40]) for i in range(0, 200, 40)]
    before = parts[1].state()["components"].copy()
    merged = IncrementalSVD(5)
    for part in parts:
        merged.merge(part)
    _, singular, right = np.linalg.svd(rows, full_matrices=False)
    np.testing.assert_allclose(merged.singular_values, singular[:5], atol=1e-5 * singular[0])
    projector = merged.components.T @ merged.components
    np.testing.assert_allclose(projector, right[:5].T @ right[:5], atol=1e-5)
    assert merged.rows == 200
    np.testing.assert_array_equal(parts[1].components, before)


def test_a_merge_forgets_as_an_update_does():
    rows = rows_of(60, 20, 9 * 0.5 ** np.arange(4))
    whole = fed(IncrementalSVD(4, forgetting=0.95), rows, 20)
    later = IncrementalSVD(4, forgetting=0.95).update(rows[25:])
    merged = IncrementalSVD(4, forgetting=0.95).update(rows[:25]).merge(later)
    np.testing.assert_allclose(merged.singular_values, whole.singular_values, rtol=1e-4)


def test_parts_without_rows_or_of_zeros_are_merged():
    svd = IncrementalSVD(2).merge(IncrementalSVD(2))
    assert svd.rows == 0
    zeros = IncrementalSVD(2).update(np.zeros((4, 6)))
    svd.merge(zeros).merge(IncrementalSVD(3).update(3 * np.eye(6)[:1])).merge(zeros)
    assert (svd.rows, svd.singular_values.round(6).tolist()) == (9, [3])


def test_a_state_shares_no_array():
    svd = IncrementalSVD(2).update(np.eye(6)[:2])
    copy = IncrementalSVD.from_state(svd.state()).update(np.ones((3, 6)))
    assert (svd.rows, copy.rows) == (2, 5)
    np.testing.assert_allclose(np.abs(svd.components).sum(axis=0), [1, 1, 0, 0, 0, 0])
    empty = IncrementalSVD.from_state(IncrementalSVD(7, forgetting=0.5).state())
    assert (empty.rank, empty.forgetting, empty.components) == (7, 0.5, None)


@pytest.mark.parametrize("rows", [np.zeros((4, 6)), np.eye(6)[:2], np.ones((70, 6))])
def test_rows_of_a_lower_rank_need_fewer_components(rows):
    svd = IncrementalSVD(5).update(rows).update(rows)
    rank = np.linalg.matrix_rank(rows)
    assert len(svd.components) == len(svd.singular_values) == rank
    np.testing.assert_allclose(svd.decode(svd.encode(rows)), rows, atol=1e-6)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: IncrementalSVD(0), "rank is 0: give a whole number of at least 1"),
        (lambda: IncrementalSVD(2, forgetting=0), "forgetting=0: give a number above 0"),
        (lambda: IncrementalSVD(2, forgetting=1.5), "at most 1"),
        (lambda: IncrementalSVD(2).update(np.ones(3)), r"rows have shape \(3,\): give numbers"),
        (lambda: IncrementalSVD(2).update([["a"]]), "give numbers"),
        (lambda: IncrementalSVD(2).update([[np.nan]]), "values that are not finite"),
        (lambda: IncrementalSVD(2).update(np.eye(3)).update(np.eye(4)), r"give \(rows, 3\)"),
        (lambda: IncrementalSVD(2).update(np.eye(3)).decode(np.eye(3)), r"give \(rows, 2\)"),
        (
            lambda: IncrementalSVD(2).merge(IncrementalSVD(2, forgetting=0.5)),
            "forgetting=0.5: give",
        ),
        (
            lambda: IncrementalSVD(2).update(np.eye(3)).merge(IncrementalSVD(2).update(np.eye(4))),
            "the other has 4 cells: give 3",
        ),
        (lambda: IncrementalSVD(2).encode(np.eye(3)), "no row has arrived yet"),
        (lambda: IncrementalSVD.load(__file__), "is no state of an IncrementalSVD"),
    ],
)
def test_bad_input_is_one_line(call, message):
    with pytest.raises(InputError, match=message):
        call()
