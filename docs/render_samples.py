"""Writes docs/samples.md: samples of every pretrained text model with seeds 1 to 5.

python docs/render_samples.py
"""

from pathlib import Path

import rnnzoo
from rnnzoo.artifacts import packaged_dir, versions
from rnnzoo.layers.callbacks.training_log import markdown_block

PAGE = Path(__file__).with_name("samples.md")
SEEDS = (1, 2, 3, 4, 5)
LENGTH, TEMPERATURE = 400, 0.8

HEAD = f"""# Samples

Samples of the pretrained text models after an empty line: {LENGTH} characters at temperature
{TEMPERATURE}, with seeds 1 to 5, not selected. Written by
`python docs/render_samples.py`; to generate one of them:

```bash
rnnzoo generate shakespeare-lstm --prompt $'\\n\\n' --length {LENGTH} \\
    --temperature {TEMPERATURE} --seed 1
```
"""


def names():
    """Returns the names of the text generators that ship with the package."""
    shipped = {folder.name for folder in packaged_dir().iterdir() if versions(folder)}
    return [name for name in rnnzoo.list_models(task="TextGenerator") if name in shipped]


def heading(name):
    """Returns the first lines of a model's section, with its content digest."""
    card = rnnzoo.info(name)
    return f"## {name}\n\n{card['title']}; {card['content_digest'][:23]}.\n"


def section(name):
    """Returns a model's heading and samples."""
    model = rnnzoo.load(name)
    parts = [heading(name)]
    for seed in SEEDS:
        text = model.generate("\n\n", LENGTH, temperature=TEMPERATURE, seed=seed).strip("\n")
        lines = "\n".join(line.rstrip() for line in markdown_block(text).splitlines())
        parts.append(f"Seed {seed}:\n\n{lines}\n")
    return "\n".join(parts)


if __name__ == "__main__":
    page = "\n".join([HEAD, *map(section, names())])
    PAGE.write_text(page, encoding="utf-8")
