"""A forecast of fields as a GIF: a page per step, a grid in colours or zones as bars."""

import numpy as np

from rnnzoo.datasets.common.atomic_write import atomic_file
from rnnzoo.fields import colours
from rnnzoo.fields.page import GAP, beside, blank, colour_bar, framed, same_size, stacked, text

MILLISECONDS = 250  # per page
LAST = 1500  # of the last page
SIDE = 320  # pixels of a grid's longer side, about
LARGEST = 800  # pixels of it, at most: of larger grids, means of blocks are drawn
BARS, BAR_HEIGHT = 640, 220  # pixels of all bars, about, and of the highest
MOST_BARS = 640  # zones that are drawn, at most
_SQRT = np.array([0, 0.25, 1])  # of a square-root scale: at its ends and in the middle


def save_animation(path, panels, times, region):
    """Writes an endless GIF of fields on a square-root scale, with the time of each page.

    Of values below 0 the scale is linear, from the lowest to the highest.

    Args:
        path: `pathlib.Path` that ends in .gif; a file of that name is replaced by the complete one.
        panels: dict from title to float array (steps, height, width), NaN outside the region;
            grids are side by side, and zones, of height 1, are bars in the order of their index,
            one panel below the other. Of more than 640 zones those with the highest means are
            drawn.
        times: datetime64 array (steps,).
        region: str, what the values are of, before the time.

    Raises:
        InputError: it cannot be written.
    """
    fields = list(panels.values())
    highest = max(float(np.nanmax(part)) for part in fields)
    highest = highest if highest > 0 else 1.0
    grid = fields[0].shape[1] > 1
    if grid:
        lowest = min(float(np.nanmin(part)) for part in fields)
        drawn = [_pixels(_on_scale(_reduced(part), lowest, highest)) for part in fields]
        ticks = np.quantile([lowest, highest], (0, 0.5, 1)) if lowest < 0 else _SQRT * highest
        below = colour_bar(ticks, sum(part.shape[2] + GAP for part in drawn) - GAP)
    else:
        zones = _largest(fields[0])
        drawn = [_bars(_shares(part[:, 0, zones], highest), highest, zones) for part in fields]
        below = None
    titles = list(panels) if len(panels) > 1 else None
    pages = []
    for step, time in enumerate(times):
        blocks = [part[step] for part in drawn]
        if titles:
            titled = zip(map(text, titles), blocks, strict=True)
            blocks = [stacked([title, block], 1) for title, block in titled]
        body = beside(blocks) if grid else stacked(blocks)
        head = text(f"{region}  {_time(time)}  +{step + 1}")
        lines = [head, body] if below is None else [head, body, below]
        pages.append(framed(stacked(lines)))
    _save(path, same_size(pages))


def _save(path, pages):
    from PIL import Image

    images = [Image.fromarray(page) for page in pages]
    for image in images:
        image.putpalette(colours.palette())
    durations = [MILLISECONDS] * (len(images) - 1) + [LAST]
    with atomic_file(path) as partial:
        images[0].save(
            partial, format="GIF", save_all=True, append_images=images[1:], duration=durations,
            loop=0, optimize=False,
        )  # fmt: skip


def _on_scale(fields, lowest, highest):
    """Shares from 0 to 1 of a colour scale."""
    if lowest < 0:
        return _shares(fields - lowest, highest - lowest)
    return np.sqrt(_shares(fields, highest))


def _shares(fields, highest):
    return np.clip(fields / highest, 0, 1)


def _reduced(fields):
    """Means of blocks of fields that are larger than a picture, NaN where a block is outside."""
    size = -(-max(fields.shape[1:]) // LARGEST)
    if size == 1:
        return fields
    steps, height, width = fields.shape
    rest = ((0, 0), (0, -height % size), (0, -width % size))
    padded = np.pad(fields, rest, constant_values=np.nan)
    blocks = padded.reshape(steps, padded.shape[1] // size, size, padded.shape[2] // size, size)
    known = (~np.isnan(blocks)).sum(axis=(2, 4))
    sums = np.nansum(blocks, axis=(2, 4))
    return np.where(known, sums / np.maximum(known, 1), np.nan)


def _pixels(shares):
    """Palette indices (steps, height * scale, width * scale)."""
    scale = max(1, round(SIDE / max(shares.shape[1:])))
    return colours.indices(shares).repeat(scale, axis=1).repeat(scale, axis=2)


def _largest(fields):
    """int array: at most `MOST_BARS` zones inside the region, those with the highest means."""
    mean = fields.mean(axis=0)[0]
    inside = np.flatnonzero(~np.isnan(mean))
    order = inside[np.argsort(-mean[inside], kind="stable")]
    return np.sort(order[:MOST_BARS])


def _bars(shares, highest, zones):
    """Palette indices (steps, height, width) of bars from below, on a linear scale."""
    width = max(1, BARS // shares.shape[1])
    levels = np.arange(BAR_HEIGHT, 0, -1)[:, None]
    axis, pages = _axis(highest), []
    for row in shares:
        bars = np.where(levels <= np.rint(row * BAR_HEIGHT), colours.indices(row), colours.BACK)
        bars = bars.repeat(width, axis=1)
        if width > 3:  # a gap between two bars
            bars[:, width - 1 :: width] = colours.BACK
        for rule in (0, BAR_HEIGHT // 2):
            bars[rule, bars[rule] == colours.BACK] = colours.RULE
        bars = np.concatenate([bars, np.full((1, bars.shape[1]), colours.INK)]).astype("uint8")
        pages.append(beside([axis, stacked([bars, _zone_numbers(zones, bars.shape[1])], 1)]))
    return np.stack(pages)


def _zone_numbers(zones, width):
    """The first and the last zone, below the bars."""
    first, last = text(f"zone {zones[0]}"), text(str(zones[-1]))
    return beside([first, last], max(GAP, width - first.shape[1] - last.shape[1]))


def _axis(highest):
    """Labels on the left of bars: the highest value and half of it."""
    labels = [text(f"{share * highest:.3g}") for share in (1, 0.5)]
    axis = blank(BAR_HEIGHT + 1, max(label.shape[1] for label in labels))
    for label, top in zip(labels, (0, BAR_HEIGHT // 2), strict=True):
        axis[top : top + len(label), axis.shape[1] - label.shape[1] :] = label
    return axis


def _time(time):
    return str(time)[:16].replace("T", " ")
