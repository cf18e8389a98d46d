"""Parts that sections share: paragraphs, clipped texts, what is left out."""

import json

from rnnzoo.html_page import Html, escaped

LONGEST = 300  # characters of a value


def paragraph(text):
    """A paragraph of text, as HTML."""
    return f"<p>{escaped(text)}</p>"


def clipped(text, longest=LONGEST):
    """A text, of which at most so many characters, with the number of those left out."""
    rest = len(text) - longest
    return text if rest <= 0 else f"{text[:longest]} ... and {rest} more characters"


def code(text):
    """A text in a font of fixed width, as HTML."""
    return Html(f"<code>{escaped(clipped(text))}</code>")


def value_of(value):
    """A JSON value as text: a str as it is, others as JSON."""
    return clipped(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def left_out(count, what):
    """A paragraph on what a cap has left out, as HTML; empty if that is nothing."""
    return paragraph(f"... and {count} more {what}") if count > 0 else ""


def details(summary, content):
    """HTML that is shown when its summary is opened."""
    return f"<details><summary>{escaped(summary)}</summary>\n{content}\n</details>"


def figure(drawing):
    """A chart, as HTML; empty without one."""
    return f"<figure>\n{drawing}\n</figure>" if drawing else ""
