"""An .npy file is read as it is, or refused in one line before memory is allocated."""

import zipfile

import numpy as np
import pytest

from rnnzoo.cli import main
from rnnzoo.datasets.audio.gaps import missing_cells
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.npy_file import read_npy
from rnnzoo.datasets.frames.reader import read_frames
from rnnzoo.datasets.sequences.feature_file import read_features
from rnnzoo.pipelines.experiments.compare_noise.user_data import read_arrays
from rnnzoo.sequences.files import read_sequence

pytestmark = pytest.mark.core
HUGE = (99999999999, 20, 3)
CLAIM = r"bomb.npy claims the shape \(99999999999, 20, 3\) of float64, 47999999999520 bytes, and is"


def written(path, shape=HUGE, descr="<f8", version=(1, 0)):
    """A file with a header of some shape and 8 bytes of content."""
    with open(path, "wb") as file:
        header = {"descr": descr, "fortran_order": False, "shape": shape}
        if version == (1, 0):
            np.lib.format.write_array_header_1_0(file, header)
        else:
            np.lib.format.write_array_header_2_0(file, header)
        file.write(bytes(8))
    return path


@pytest.fixture
def bomb(tmp_path):
    return written(tmp_path / "bomb.npy")


@pytest.mark.parametrize("array", [np.arange(6.0).reshape(2, 3).T, np.array(True), np.ones((0, 3))])
def test_arrays_as_they_are(tmp_path, array):
    np.save(tmp_path / "a.npy", array)
    result = read_npy(tmp_path / "a.npy", "numbers")
    assert (result.dtype, result.shape) == (array.dtype, array.shape)
    np.testing.assert_array_equal(result, array)


@pytest.mark.parametrize(
    "read",
    [
        lambda path: read_sequence(path, "skeletons"),
        lambda path: read_sequence(path, "video"),
        lambda path: missing_cells(path, 1000, 1000),
        read_features,
        read_frames,
    ],
)
def test_a_claim_beyond_the_file_is_refused_wherever_it_is_read(bomb, read):
    with pytest.raises(InputError, match=f"{CLAIM} cut off after 8: give") as problem:
        read(bomb)
    assert "\n" not in str(problem.value)


@pytest.mark.parametrize("shape", [(2**62, 2**62), (-1,), (0, 2**70), ("a",)])
def test_shapes_that_no_array_has(tmp_path, shape):
    path = written(tmp_path / "a.npy", shape, version=(2, 0))
    with pytest.raises(InputError, match=r"a.npy (claims the shape|is no .npy file of numbers)"):
        read_npy(path, "numbers")


def test_a_claim_in_an_npz_file(bomb, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.write(bomb, "x_train.npy")
    with pytest.raises(InputError, match="is not a readable .npz file of arrays: ") as problem:
        read_arrays(tmp_path / "a.npz")
    assert "\n" not in str(problem.value)


def test_the_command_says_it_in_one_line(bomb, capsys):
    assert main(["classify", "action3d-gru", str(bomb)]) == 2
    (line,) = [line for line in capsys.readouterr().err.splitlines() if "bomb.npy" in line]
    assert line.startswith(f"rnnzoo: error: {bomb} claims the shape (99999999999, 20, 3)")
