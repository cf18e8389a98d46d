"""The result of a noise comparison in sentences."""

from rnnzoo.pipelines.experiments.harness import formatting


def figure_lines(results):
    """Lines with the mean of each measure in each arm, over the seeds.

    Args:
        results: `ExperimentResults` of a `comparison`.

    Returns:
        list of str: `"test loss: none 0.51 ± 0.02, blind 0.53 ± 0.02, nem 0.48 ± 0.03"`.
    """
    lines = []
    for measure in results.experiment.measures:
        means = ", ".join(
            f"{arm.arm} {formatting.plus_minus(arm.summary.mean, arm.summary.sd)}"
            for arm in results.figures[measure.name]
        )
        lines.append(f"{measure.name}: {means}{f' {measure.unit}' if measure.unit else ''}")
    return lines


def verdict(results):
    """Says whether NEM noise helps, and whether it is the selection of the noise that helps.

    It is judged by the first measure: the accuracy that the model is compiled with, else the loss.

    Args:
        results: `ExperimentResults` of a `comparison`.

    Returns:
        str.
    """
    deciding = results.experiment.measures[0]
    sentences = [_against_none(results, deciding.name)]
    if deciding.name != "test loss":
        sentences.append(_against_none(results, "test loss"))
    (against_blind,) = results.pairs[deciding.name]
    sentences.append(f"Against blind noise of the same scale: {against_blind.words}.")
    total = len(results.seeds)
    diverged = {figure.arm: total - figure.summary.n for figure in results.figures["test loss"]}
    for arm, count in diverged.items():
        if count:
            sentences.append(f"With {arm} noise the loss diverged in {count} of {total} seeds.")
    nem = _nem(results, deciding.name)
    if diverged["nem"] > diverged["none"]:
        sentences.append("That is no help: try a smaller scale, or train without noise.")
    elif _is_better(nem, deciding):
        beats_blind = _is_better(against_blind, deciding)
        why = "and it beats blind noise" if beats_blind else "but blind noise may do as well"
        sentences.append(f"It helps here, {why}.")
    elif nem.p < formatting.SIGNIFICANCE_LEVEL:
        sentences.append("It hurts here: train without noise, or try a smaller scale.")
    else:
        sentences.append(
            "There is no evidence that it helps: train without noise, or give more --seeds."
        )
    return " ".join(sentences)


def _against_none(results, name):
    scale = results.settings["nem"]["noise_std"]
    last, best = (_nem(results, measure).words for measure in (name, f"{name} at the best epoch"))
    return (
        f"{name.capitalize()} of NEM noise of scale {scale} against none: {last} after the last "
        f"epoch, {best} at the best epoch."
    )


def _nem(results, name):
    """The `Comparison` of NEM noise with none in a measure."""
    return next(arm.comparison for arm in results.figures[name] if arm.arm == "nem")


def _is_better(comparison, measure):
    sign = -1 if measure.better == "lower" else 1
    significant = comparison.p < formatting.SIGNIFICANCE_LEVEL
    return significant and sign * comparison.difference.mean > 0
