"""HTML pages that need no network: the page with its head and style, escaped text, tables."""

import html
import re

STYLE = """body { font-family: sans-serif; margin: 1.5em; max-width: 60em; }
table { border-collapse: collapse; }
td, th { padding: 0.15em 0.8em; border-bottom: 1px solid #ddd; text-align: right; }
td:first-child, th:first-child { text-align: left; }
img { max-width: 100%; }"""

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{style}
</style>
{head}</head>
<body>
{body}
</body>
</html>
"""

# Control characters, lone surrogates, and what changes the direction of the text after it.
INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
NAMED = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


class Html(str):
    """A str that is HTML already: `cell` does not escape it."""


def html_page(title, body, style=STYLE, head=""):
    """The page, a str.

    Args:
        title: str, as text.
        body: str, as HTML.
        style: str, CSS.
        head: str, further elements of the head, as HTML.
    """
    return PAGE.format(title=escaped(title), body=body, style=style, head=head)


def visible(text):
    r"""A text in which characters that cannot be seen are escapes, as `\n` and `\u202e`.

    Example:

    >>> visible("a\tb\u202e")
    'a\\tb\\u202e'
    """
    return INVISIBLE.sub(lambda m: NAMED.get(m[0], f"\\u{ord(m[0]):04x}"), text)


def escaped(text):
    """A text as HTML, of an element or of an attribute in quotes; see `visible`."""
    return html.escape(visible(text))


def cell(value):
    """The content of a cell as HTML: `Html` as it is, a float with six digits, None as nothing."""
    if isinstance(value, Html):
        return value
    if value is None:
        return ""
    return escaped(f"{value:.6g}" if isinstance(value, float) else str(value))


def html_table(columns, rows):
    """A table, a str.

    Args:
        columns: list of what `cell` takes, the header.
        rows: iterable of list of what `cell` takes.
    """
    header = "".join(f'<th scope="col">{cell(name)}</th>' for name in columns)
    lines = ["".join(f"<td>{cell(value)}</td>" for value in row) for row in rows]
    return "<table>\n" + "\n".join(f"<tr>{line}</tr>" for line in (header, *lines)) + "\n</table>"
