"""Matplotlib figures that are drawn without a display, and PNG files of them.

Matplotlib is an extra of the distribution: it is imported when a figure is made.
"""

import importlib.util
import io

from rnnzoo.datasets.common.atomic_write import atomic_file, writable
from rnnzoo.datasets.common.errors import InputError

EXTRA = "plot"


def has_matplotlib():
    """Returns whether Matplotlib is installed, without importing it."""
    return importlib.util.find_spec("matplotlib") is not None


def check_matplotlib():
    """Checks that Matplotlib is installed, without importing it.

    Raises:
        InputError: it is not.
    """
    if not has_matplotlib():
        raise InputError(f"a plot needs matplotlib: pip install 'rnnzoo[{EXTRA}]'")


def new_figure(width, height, dpi=110):
    """Returns an empty `matplotlib.figure.Figure` with constrained layout and an Agg canvas.

    Args:
        width, height: float, inches.
        dpi: int, pixels per inch.

    Raises:
        InputError: Matplotlib is not installed.
    """
    check_matplotlib()
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained", dpi=dpi)
    FigureCanvasAgg(figure)
    return figure


def checked_png(path):
    """Returns `path` as a `Path` if a plot can be written there; to call before long work.

    Raises:
        InputError: it does not end in .png, its folder does not exist, or Matplotlib is not
            installed.
    """
    check_matplotlib()
    return writable(path, ".png")


def save_png(figure, path, colours=None):
    """Writes a figure as PNG, atomically.

    Args:
        figure: `matplotlib.figure.Figure`.
        path: Path of the file; one of that name is replaced by the complete one.
        colours: int, size of the palette that the image is quantized to, which makes a spectrogram
            a third of its size; None for true colours.
    """
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png")
    if colours is not None:
        drawn = _quantized(drawn, colours)
    with atomic_file(path) as partial:
        partial.write_bytes(drawn.getvalue())


def _quantized(png, colours):
    from PIL import Image

    quantized = io.BytesIO()
    image = Image.open(png).convert("RGB").quantize(colours)
    image.save(quantized, format="png", optimize=True)
    return quantized
