"""Draws the figures of hello.md, 6.1 to 6.3 of [TH], and writes its table.

    python docs/draw_hello.py

It needs `rnnzoo[plot]`, and trains 45 very small networks for about two minutes.
"""

from pathlib import Path

import numpy as np

from rnnzoo.figure import new_figure, save_png
from rnnzoo.text import hello

DOCS = Path(__file__).parent
BEGIN, END = "<!-- from docs/draw_hello.py -->\n", "<!-- end -->"
RATES, SEEDS = (0.1, 0.3, 1.0), (1, 2, 3, 4, 5)
COLOURS = {"SimpleRNN": "#009E73", "SVDSimpleRNN": "#0072B2", "LSTM": "#D55E00"}


def draw_matrix(panel, matrix, columns, title):
    """Draws figures 6.1 and 6.2: one row per character."""
    panel.imshow(matrix, cmap="Blues", vmin=0, vmax=1)
    panel.set_xticks(range(len(columns)), list(columns))
    panel.set_yticks(range(len(hello.CHARACTERS)), list(hello.CHARACTERS))
    for (row, column), value in np.ndenumerate(matrix):
        colour = "white" if value > 0.5 else "black"
        panel.text(column, row, f"{value:.2g}", ha="center", va="center", color=colour)
    panel.set_title(title)


def draw_errors(panel, curves, rate):
    """Draws figure 6.3: all seeds, and their median."""
    for name, errors in curves.items():
        panel.plot(np.transpose(errors), color=COLOURS[name], lw=0.6, alpha=0.4)
        panel.plot(np.median(errors, axis=0), color=COLOURS[name], lw=2, label=name)
    panel.set(title=f"learning rate {rate}", xlabel="epoch", yscale="log")
    panel.grid(alpha=0.3)


def table(curves):
    """Returns Markdown: the final error, median and range, per learning rate."""
    lines = [f"| nats per character, median (range) | {' | '.join(f'{r}' for r in RATES)} |"]
    lines.append("|---|" + "---:|" * len(RATES))
    for name in hello.layers():
        last = [np.array(curves[rate][name])[:, -1] for rate in RATES]
        cells = [f"{np.median(e):.3f} ({e.min():.3f} to {e.max():.3f})" for e in last]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main():
    """Draws the pictures and writes the table."""
    curves = {
        rate: {
            name: [hello.trained(name, seed, learning_rate=rate)[1] for seed in SEEDS]
            for name in hello.layers()
        }
        for rate in RATES
    }
    model, _ = hello.trained("SVDSimpleRNN", SEEDS[0], learning_rate=hello.LEARNING_RATE)
    figure = new_figure(9, 3.5)
    left, right = figure.subplots(1, 2)
    one_hot = np.array([[c == row for c in hello.WORD] for row in hello.CHARACTERS], float)
    draw_matrix(left, one_hot, hello.WORD, "figure 6.1: the word, one-hot")
    draw_matrix(right, hello.probabilities(model), hello.WORD[:-1], "figure 6.2: what follows each")
    save_png(figure, DOCS / "images/hello-matrices.png")

    figure = new_figure(12, 4)
    panels = figure.subplots(1, len(RATES), sharey=True)
    for panel, rate in zip(panels, RATES, strict=True):
        draw_errors(panel, curves[rate], rate)
    panels[0].set_ylabel("nats a character")
    panels[0].legend(fontsize="small")
    save_png(figure, DOCS / "images/hello-errors.png")

    path = DOCS / "hello.md"
    before, rest = path.read_text(encoding="utf-8").split(BEGIN)
    _, after = rest.split(END)
    path.write_text(f"{before}{BEGIN}\n{table(curves)}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
