"""Figures without a display, and the PNG files they are saved as."""

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.figure import has_matplotlib, new_figure, save_png


@pytest.fixture
def drawn():
    """A figure of 3 by 2 inches with an image of many colours."""
    figure = new_figure(3, 2, dpi=100)
    figure.subplots().imshow(np.random.default_rng(0).random((40, 60)), cmap="magma")
    return figure


def test_a_figure_has_its_size_in_pixels(drawn, tmp_path):
    save_png(drawn, tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as image:
        assert (image.format, image.size) == ("PNG", (300, 200))
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


def test_a_palette_makes_the_file_smaller(drawn, tmp_path):
    save_png(drawn, tmp_path / "a.png")
    save_png(drawn, tmp_path / "b.png", colours=16)
    with Image.open(tmp_path / "b.png") as image:
        assert image.size == (300, 200)
        assert len(np.unique(np.asarray(image))) <= 16
    assert (tmp_path / "b.png").stat().st_size < (tmp_path / "a.png").stat().st_size


def test_without_matplotlib_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert not has_matplotlib()
    with pytest.raises(InputError, match=r"needs matplotlib: pip install 'rnnzoo\[plot\]'"):
        new_figure(1, 1)


def test_matplotlib_is_imported_for_a_figure_only():
    code = (
        "import sys; from rnnzoo.figure import has_matplotlib, new_figure; "
        "from rnnzoo.pipelines.experiments.harness import run; assert has_matplotlib(); "
        "assert not sys.modules.get('matplotlib'); new_figure(1, 1); "
        "assert sys.modules['matplotlib'] and 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
