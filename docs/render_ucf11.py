"""Writes docs/ucf11_results.md from the cards of the classifiers of videos, and their experiment.

python docs/render_ucf11.py
"""

import runpy
from pathlib import Path

from rnnzoo.cards import made_with, packaged
from rnnzoo.pipelines.experiments.harness.formatting import plus_minus
from rnnzoo.pipelines.experiments.harness.results import load_results
from rnnzoo.pipelines.experiments.studies import ucf11_groups

HERE = Path(__file__).parent
PAGE = HERE / "ucf11_results.md"
ACTIONS = runpy.run_path(str(HERE / "render_actions.py"))

# Accuracies in percent of all eleven classes, on random splits of clips.
PUBLISHED = {
    "published: LSTM": "87.0",
    "published: TT-LSTM": "90.2",
    "published: TR-LSTM": "92.1",
    "published: SyncCaps": "87.8",
    "published: LSTM with NEM noise, [NB] table 1": "96.70",
}


def by_group():
    """Returns Markdown: a row per arm of `ucf11-groups`, mean and deviation over its seeds."""
    results = load_results(ucf11_groups.EXPERIMENT, HERE / "experiments", quick=False)
    groups, clips = (results.figures[measure.name] for measure in results.experiment.measures)
    lines = [
        "|  | groups left out in turn | 95% interval | split by clip |",
        "|---|---:|---:|---:|",
    ]
    for group, clip in zip(groups, clips, strict=True):
        low, high = ucf11_groups.interval(results.raw[group.arm])
        lines.append(f"| {group.arm} | {_cell(group)} | {low:.1f} to {high:.1f} | {_cell(clip)} |")
    lines += [f"| {name} | | | {figure} |" for name, figure in PUBLISHED.items()]
    return "\n".join(lines)


def _cell(figure):
    return plus_minus(figure.summary.mean, figure.summary.sd).removesuffix(" ± 0")


def finished():
    """Whether the experiment has all its results."""
    return (HERE / "experiments/ucf11-groups/index.md").is_file()


def source():
    """Returns the end of the sentence on where the page is from."""
    return ", and from the experiment `ucf11-groups`" if finished() else ""


def left_out_in_turn():
    """Returns the section on the protocol of the data set, once its experiment is finished."""
    if not finished():
        return ""
    return f"""## Each group left out in turn

The protocol of the data set: trained on three groups and the strips, evaluated on the group
that is left out. Accuracy in percent, mean over the four groups, and standard deviation over
five seeds. The interval resamples clips within groups; it is narrow, as there are four groups
only. In the split by clip, 5:1 as in [NB] and in most that is published, clips of one group are
on both sides: it leaks, and its figures are no measure of the generalization to other videos.

{by_group()}

Settings were selected on validation groups
([experiments/ucf11-groups](experiments/ucf11-groups/index.md)), each of which is the test group
of another fold; `rnnzoo reproduce ucf11-groups` trains all of these models again. The published
figures are of all eleven classes and of other features.

"""


def page():
    """Returns the page as text."""
    cards = packaged("ucf11-*")
    top, first = ACTIONS["best"](cards), next(iter(cards.values()))
    splits, present = first["data"]["splits"], first["classes"]
    absent = first["data"].get("missing_classes", [])
    commands = "\n".join(card["command"] for card in cards.values())
    classes = f"{len(present)} of the {len(present) + len(absent)} classes"
    without = f", without {' and '.join(absent)}" if absent else ""
    return f"""# Results of the classifiers of videos

Rendered by `python docs/render_ucf11.py` from the cards, which the commands at the end of this
page write{source()}. Trained {made_with(cards.values())}.

**{classes} of UCF-11{without}**: the part of the data set that is at hand, 217 videos of the
groups 1 to 4, and 446 strips of frames of other groups, which are trained on. A frame is read
by EfficientNet-Lite2, which was not trained on videos.
The figures are not those of eleven classes and 25 groups, and for research only.

{left_out_in_turn()}## The models that ship

Settings were selected on validation groups, of which group 4 was one too, so that its figures
are somewhat optimistic. In the split by clip, 5:1 as in [NB], clips of one group are on both
sides: it leaks, and its figures do not tell how well videos of other groups are classified.

Trained on the groups 1 to 3 and the strips, {splits["train"] + splits["validation"]} clips, and
tested on the {splits["test"]} of group 4; for the column of validation on the groups 1 and 2
and tested on group 3. Mean and standard deviation over {len(first["metrics"]["by_seed"])}
seeds; the shipped model is that of the first seed, fixed beforehand.

{ACTIONS["table"](cards, ("validation", "by_clip"))}

## `{top["name"]}`, per class

The model with the best mean test accuracy; the shipped seed. The most frequent confusions:

{ACTIONS["confusions"](top)}

![Confusion matrix](images/ucf11-confusion.png)

(`python docs/draw_actions.py`; rows are true classes, columns predicted ones.)

{ACTIONS["by_action"](top).replace("| action |", "| class |", 1)}

<!-- skip: next "trains for minutes, on data that is not everywhere" -->

```bash
{commands}
```
"""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
