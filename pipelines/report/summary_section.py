"""What the model is: version, digest, command, data, packages, whether it was blessed."""

from rnnzoo.html_page import Html, escaped, html_table
from rnnzoo.pipelines.report.parts import clipped, code, details, left_out, value_of

MOST = 40  # lines on the data
# Recipe keys that do not hold for a model of a user's data; the card has what holds.
OF_THE_RECIPE_S_DATA = ("title", "data", "paper", "limits")


def summary(run):
    """The section, as HTML.

    Args:
        run: `rnnzoo.pipelines.report.run.Run`.
    """
    card = run.card
    about = [("outcome", Html(f"<strong>{escaped(clipped(run.outcome, 2000))}</strong>"))]
    for key in ("date", "content_digest", "command", "provenance", "licence", "limits"):
        if key in card:
            value = card[key]
            about.append((key.replace("_", " "), code(value) if key == "command" else value))
    if base := card.get("base"):
        about.append(("base", f"{base.get('name')}/{base.get('version')}"))
    architecture = card.get("architecture")
    if isinstance(architecture, dict):
        layers, count = ", ".join(architecture["layers"]), architecture["parameters"]
        about.append(("architecture", f"{layers}; {count:,} parameters"))
    if "versions" in card:
        about.append(("versions", ", ".join(f"{k} {v}" for k, v in card["versions"].items())))
    data = list(_lines(card.get("data") or {}))
    for warning in card.get("warnings", [])[:MOST]:
        about.append(("warning", clipped(warning, 1000)))
    parts = [html_table(("", ""), about), "<h3>Data</h3>"]
    parts += [html_table(("", ""), data[:MOST]), left_out(len(data) - MOST, "lines")]
    if recipe := card.get("recipe"):
        rows = [(key, value_of(recipe[key])) for key in recipe if key not in OF_THE_RECIPE_S_DATA]
        parts.append(details("recipe", html_table(("key", "value"), rows)))
    return "\n".join(parts)


def _lines(data, prefix=""):
    """Yields (key, value) of nested dicts; those of numbers and texts only are one line."""
    for key, value in data.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and any(isinstance(v, dict | list) for v in value.values()):
            yield from _lines(value, f"{name}: ")
        elif isinstance(value, dict):
            yield name, clipped(", ".join(f"{k} {value_of(v)}" for k, v in value.items()))
        else:
            yield name, value_of(value)
