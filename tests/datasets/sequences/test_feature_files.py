"""Feature sequences in files and folders: what is read, split and refused."""

import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.sequences.feature_file import read_features
from rnnzoo.datasets.sequences.feature_folder import feature_splits
from rnnzoo.datasets.sequences.labelled import Labelled


def test_an_array_and_a_table_with_and_without_a_header(tmp_path):
    values = np.array([[1, 2.5], [-3, 4e3], [0, 6]], "float32")
    np.save(tmp_path / "a.npy", values.astype("float64"))
    rows = "1,2.5\n-3,4e3\n\n0,6\n"
    (tmp_path / "a.csv").write_text(rows, encoding="utf-8")
    (tmp_path / "b.CSV").write_text("left,right\r\n" + rows, encoding="utf-8-sig")
    for name in ("a.npy", "a.csv", "b.CSV"):
        features = read_features(tmp_path / name)
        assert features.dtype == np.float32
        np.testing.assert_array_equal(features, values)
    np.save(tmp_path / "a.npy", np.array([[True, False]]))
    assert read_features(tmp_path / "a.npy").tolist() == [[1, 0]]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"1,2\n3\n", "a.csv, time step 2: 1 numbers, the first one has 2"),
        ("a.csv", b"1,2\n3,x\n", "a.csv, time step 2: 'x' is no number"),
        ("a.csv", b"1,2\n3,\n", "a.csv, time step 2: '' is no number"),
        ("a.csv", b"1,inf\n", "a.csv has values that are not finite: give numbers"),
        ("a.csv", b"1,1e300\n", "a.csv has values that are not finite: give numbers"),
        ("a.csv", b"left,right\n", r"a.csv has the shape \(0,\): give \(time, features\)"),
        ("a.csv", b" \n", "a.csv is empty"),
        ("a.csv", b"\xff\xfe1\0", "a.csv is binary or UTF-16"),
        ("a.npy", b"no", "a.npy is no .npy file of numbers: give an .npy file of numbers"),
        ("a.npy", b"", "a.npy is no .npy file of numbers"),
        ("a.npy", np.zeros(3), r"a.npy has the shape \(3,\): give \(time, features\)"),
        ("a.npy", np.zeros((0, 3)), r"a.npy has the shape \(0, 3\): give"),
        ("a.npy", np.array([["a"]]), "a.npy is no .npy file of numbers"),
        ("a.npy", np.array([[np.nan]]), "a.npy has values that are not finite"),
        ("gone.npy", None, "gone.npy cannot be read: No such file"),
    ],
)
def test_what_is_refused(tmp_path, name, content, said):
    if isinstance(content, bytes):
        (tmp_path / name).write_bytes(content)
    elif content is not None:
        np.save(tmp_path / name, content)
    with pytest.raises(InputError, match=said) as refused:
        read_features(tmp_path / name)
    assert "\n" not in str(refused.value)


@pytest.fixture
def folder(tmp_path):
    """Two classes of six groups of two files each, of several lengths."""
    for label in "ab":
        (tmp_path / "mine" / label).mkdir(parents=True)
        for group in range(1, 7):
            for n in (1, 2):
                values = np.full((group, 3), 10 * group + n)
                np.save(tmp_path / f"mine/{label}/v_{label}_{group:02}_{n:02}.npy", values)
    return tmp_path / "mine"


def test_a_folder_is_split_by_names_and_groups_stay_together(folder):
    np.savetxt(folder / "a/other.csv", np.zeros((2, 3)), delimiter=",")
    (folder / "a/notes.txt").write_text("passed over", encoding="utf-8")
    splits = feature_splits(folder)
    assert list(splits) == ["train", "validation", "test"]
    whole = sum(splits.values(), Labelled([], [], []))
    assert len(whole) == 25
    assert "a/other.csv" in whole.names
    groups = [
        {(label, len(x)) for name, x, label in zip(p.names, p.sequences, p.labels, strict=True)
         if "v_" in name}
        for p in splits.values()
    ]  # fmt: skip
    assert sum(map(len, groups)) == len(set.union(*groups)) == 12
    for part in splits.values():
        assert {name[0] for name in part.names} == {*part.labels} == {"a", "b"}
    again = feature_splits(folder.rename(folder.with_name("moved")))
    assert [part.names for part in again.values()] == [part.names for part in splits.values()]


def test_a_folder_that_cannot_be_used(folder, tmp_path):
    np.save(folder / "b/v_b_03_01.npy", np.zeros((4, 2)))
    with pytest.raises(InputError, match="has 2 features and .* has 3: give the same number"):
        feature_splits(folder)
    with pytest.raises(InputError, match="is no folder: give one with a sub-folder of feature seq"):
        feature_splits(tmp_path / "none")
    for file in folder.glob("b/*"):
        file.unlink()
    with pytest.raises(
        InputError, match=r"has feature sequences of one class, a: .* \(.npy, .csv\) for each"
    ):
        feature_splits(folder)
    for n in (1, 2):
        np.save(folder / f"b/{n}.npy", np.full((4, 3), n))
    with pytest.raises(InputError, match="the class 'b' has 2 groups: give at least 3"):
        feature_splits(folder)


def test_indices_and_masks_of_labelled_sequences():
    part = Labelled(["x", "y", "z"], [1, 2, 3], ["b", "a", "b"])
    assert part.indices(["a", "b"]).tolist() == [1, 0, 1]
    assert part.where([True, False, True]) == Labelled(["x", "z"], [1, 3], ["b", "b"])
    assert len(part + part) == 6
