"""The lineage as a graph: boxes below one another, and an arrow per artifact that one reads."""

from dataclasses import dataclass

from rnnzoo.html_page import escaped
from rnnzoo.pipelines.report.svg import GREY, drawing, fitted, path, rect, text, width_of

BOX, HEIGHT, GAP, TOP = 300, 40, 26, 4  # of a box, and between two
LANE, LEFT = 22, 4


@dataclass(frozen=True)
class Box:
    """A box of the graph.

    Args:
        name: str, unique.
        note: str, its second line.
        inputs: dict from the name of an earlier box to what it reads of it.
        href: str, the anchor that it leads to; or empty.
        failed: bool, whether its border is dashed.
    """

    name: str
    note: str
    inputs: dict
    href: str = ""
    failed: bool = False


def graph_chart(boxes, title):
    """The graph, as str. An arrow to the next box is labelled; others run at the right.

    Args:
        boxes: list of `Box`, each after those that it reads.
        title: str, what the chart shows.
    """
    index = {box.name: number for number, box in enumerate(boxes)}
    parts, spans = [], []
    for number, box in enumerate(boxes):
        parts.append(_box(box, _top(number)))
        for name, what in box.inputs.items():
            if name not in index:
                continue
            about = f"{name} to {box.name}: {what}"
            if index[name] == number - 1:
                parts += _straight(number, what, about)
            else:
                spans.append((index[name], number, about))
    lanes = _lanes(spans)
    for (start, stop, about), lane in zip(spans, lanes, strict=True):
        parts.append(_around(start, stop, LEFT + BOX + LANE * (lane + 1), about))
    width = LEFT + BOX + LANE * (max(lanes, default=0) + 2)
    labels = [LEFT + BOX / 2 + 10 + width_of(w) for box in boxes for w in box.inputs.values()]
    return drawing(max([width, *labels]), _top(len(boxes)), parts, title, role="group")


def _top(number):
    return TOP + number * (HEIGHT + GAP)


def _box(box, top):
    dash = {"stroke_dasharray": "5 3"} if box.failed else {}
    stroke = "#a11212" if box.failed else "#1f5c99"
    drawn = "\n".join(
        [
            rect(LEFT, top, BOX, HEIGHT, box.note, rx=5, fill="#f4f8fc", stroke=stroke, **dash),
            text(LEFT + 10, top + 17, fitted(box.name, BOX - 20), font_weight="bold"),
            text(LEFT + 10, top + 33, fitted(box.note, BOX - 20)),
        ]
    )
    return f'<a href="{escaped(box.href)}">\n{drawn}\n</a>' if box.href else drawn


def _straight(number, what, about):
    """An arrow from the box before, with its label."""
    x, end = LEFT + BOX / 2, _top(number)
    start = end - GAP
    return [
        path(f"M{x} {start} V{end - 6}", about, stroke=GREY, fill="none"),
        _head(x, end, 0),
        text(x + 10, start + 17, what),
    ]


def _around(start, stop, x, about):
    """An arrow at the right of the boxes between."""
    edge, high, low = LEFT + BOX, _top(start) + 28, _top(stop) + 12
    down = f"M{edge} {high} H{x - 6} Q{x} {high} {x} {high + 6} V{low - 6}"
    commands = f"{down} Q{x} {low} {x - 6} {low}"
    arrow = path(f"{commands} H{edge + 6}", about, stroke=GREY, fill="none")
    return f"{arrow}\n{_head(edge, low, 1)}"


def _head(x, y, to_the_left):
    corners = f"L{x + 7} {y - 4} V{y + 4}" if to_the_left else f"L{x - 4} {y - 7} H{x + 4}"
    return path(f"M{x} {y} {corners} Z", fill=GREY)


def _lanes(spans):
    """list of int: arrows that pass the same boxes have different lanes, long ones the outer."""
    taken, lanes = [], {}
    for start, stop, about in sorted(spans, key=lambda span: (span[1] - span[0], span[0])):
        lane = 0
        while any(lane == used and start <= last and first <= stop for first, last, used in taken):
            lane += 1
        taken.append((start, stop, lane))
        lanes[start, stop, about] = lane
    return [lanes[span] for span in spans]
