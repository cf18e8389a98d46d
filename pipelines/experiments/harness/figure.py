"""A figure of matplotlib to draw a PNG on, where it is installed."""


def blank_figure(size, dpi):
    """An empty figure, or None if matplotlib is not installed.

    Args:
        size: (width, height) in inches.
        dpi: int, pixels an inch.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        return None
    figure = Figure(figsize=size, layout="constrained", dpi=dpi)
    FigureCanvasAgg(figure)
    return figure
