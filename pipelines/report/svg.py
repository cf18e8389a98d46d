"""Elements of inline SVG, as str: no element has an id, and nothing is fetched."""

import math
import unicodedata

from rnnzoo.html_page import escaped, visible

FONT = 11  # pixels
# Colour and dashes of a series, so that series differ without colour too.
STROKES = (("#1f5c99", ""), ("#c2500a", "6 3"), ("#222222", "1.5 2.5"), ("#6a3d9a", "8 2 2 2"))
GREY, FILL = "#767676", "#c6dbef"


def drawing(width, height, parts, title, role="img"):
    """An `svg` element.

    Args:
        width, height: pixels; it shrinks where the page is narrower.
        parts: iterable of str, elements.
        title: str, what it shows, for readers who do not see it.
        role: str; `"group"` where it has links.
    """
    return (
        f'<svg role="{role}" aria-label="{escaped(title)}" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}" font-family="sans-serif" font-size="{FONT}" '
        f'fill="#222">\n<title>{escaped(title)}</title>\n' + "\n".join(parts) + "\n</svg>"
    )


def text(x, y, content, anchor="start", **attributes):
    """A line of text, of which y is the base line."""
    content = escaped(content)
    named = _attributes({"x": x, "y": y, "text-anchor": anchor, **attributes})
    return f"<text{named}>{content}</text>"


def rect(x, y, width, height, title="", **attributes):
    """A rectangle, with a text that is shown beside the pointer."""
    named = _attributes({"x": x, "y": y, "width": width, "height": height, **attributes})
    return f"<rect{named}>{_title(title)}</rect>"


def line(points, stroke=GREY, dash="", title="", **attributes):
    """A line through points, a list of (x, y); see `STROKES`."""
    joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    named = _attributes({"fill": "none", "stroke": stroke, **attributes})
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<polyline points="{joined}"{named}{dashes}>{_title(title)}</polyline>'


def path(commands, title="", **attributes):
    """A path; `commands` is its attribute `d`."""
    return f'<path d="{commands}"{_attributes(attributes)}>{_title(title)}</path>'


def legend(x, y, names):
    """Samples of the lines of series beside their names, one after another.

    Args:
        x, y: pixels, of the base line of the names.
        names: list of str, in the order of `STROKES`.
    """
    parts = []
    for name, (stroke, dash) in zip(names, STROKES, strict=False):
        parts.append(line([(x, y - 4), (x + 26, y - 4)], stroke, dash, stroke_width=2))
        parts.append(text(x + 31, y, name))
        x += 31 + width_of(name) + 16
    return parts


def width_of(content):
    """Pixels that a text takes, at most, in the usual sans-serif fonts."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in content)
    return FONT * (0.62 * (len(content) - wide) + 1.05 * wide)


def fitted(content, width):
    """A text that is cut where it takes more than some pixels; see `width_of`."""
    content = visible(content)
    if width_of(content) <= width:
        return content
    while content and width_of(content) > width - FONT:
        content = content[:-1]
    return f"{content}…"


def ticks(low, high, most=5):
    """Round numbers from low to high: list of float.

    Example:

    >>> ticks(0, 97)
    [0.0, 20.0, 40.0, 60.0, 80.0]
    """
    if not high > low:
        return [low]
    size = 10.0 ** math.floor(math.log10((high - low) / most))
    step = next(size * m for m in (1, 2, 5, 10) if (high - low) / (size * m) <= most)
    first = math.ceil(low / step)
    return [float(f"{i * step:.12g}") for i in range(first, first + most + 2) if i * step <= high]


def log_ticks(low, high):
    """Powers of ten, or 1, 2 and 5 times these, between two positive numbers: list of float."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for factors in ((1,), (1, 2, 5)):
        values = [f * 10.0**p for p in powers for f in factors if low <= f * 10.0**p <= high]
        if len(values) > 1:
            return values[:: -(-len(values) // 6)]
    return [low, high]


def _title(content):
    return f"<title>{escaped(content)}</title>" if content else ""


def _attributes(values):
    return "".join(
        f' {name.replace("_", "-")}="{value:.1f}"'
        if isinstance(value, float)
        else f' {name.replace("_", "-")}="{escaped(str(value))}"'
        for name, value in values.items()
    )
