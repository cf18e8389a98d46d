"""Bulk inference of text models: the likelihood of files, or of their lines."""

from dataclasses import dataclass

from rnnzoo.datasets.text.reader import read_text
from rnnzoo.pipelines.core.predictor import Predictor

FILE, LINE = "file", "line"


@dataclass(frozen=True)
class _Text:
    text: str
    line: int | None  # from 1


class TextPredictor(Predictor):
    """Nats per character of a file, or with `per` of each of its lines.

    A line is predicted from its own characters only. One of fewer than two is left out.
    """

    suffixes = (".txt",)

    def items(self, path, model):
        """The text, or its lines."""
        text = read_text(path)
        if self.options.get("per", FILE) == FILE:
            return [_Text(text, None)]
        lines = enumerate(text.split("\n"), 1)
        return [_Text(line, number) for number, line in lines if len(line) > 1]

    def predict(self, items, model):
        """`characters` and `nats_per_character`; of a line also `line`, its number from 1."""
        nats = model.nats_per_character([item.text for item in items])
        return [
            {
                **({} if item.line is None else {"line": item.line}),
                "characters": len(item.text),
                "nats_per_character": value,
            }
            for item, value in zip(items, nats, strict=True)
        ]
