"""The result of a noise comparison in sentences."""

from rnnzoo.pipelines.experiments.harness import formatting


def verdict(results):
    """Says whether NEM noise helps, and whether it is the selection of the noise that helps.

    Args:
        results: `ExperimentResults` of a `comparison`.

    Returns:
        str.
    """
    (nem,) = (figure.comparison for figure in results.figures["test loss"] if figure.arm == "nem")
    (against_blind,) = results.pairs["test loss"]
    scale = results.settings["nem"]["noise_std"]
    sentences = [
        f"Test loss of NEM noise of scale {scale} against none: {nem.words}.",
        f"Against blind noise of the same scale: {against_blind.words}.",
    ]
    total = len(results.seeds)
    diverged = {figure.arm: total - figure.summary.n for figure in results.figures["test loss"]}
    for arm, count in diverged.items():
        if count:
            sentences.append(f"With {arm} noise the loss diverged in {count} of {total} seeds.")
    if diverged["nem"] > diverged["none"]:
        sentences.append("That is no help: try a smaller scale, or train without noise.")
    elif nem.p < formatting.SIGNIFICANCE_LEVEL and nem.difference.mean < 0:
        beats_blind = (
            against_blind.p < formatting.SIGNIFICANCE_LEVEL and against_blind.difference.mean < 0
        )
        why = "and it beats blind noise" if beats_blind else "but blind noise may do as well"
        sentences.append(f"It helps here, {why}.")
    elif nem.p < formatting.SIGNIFICANCE_LEVEL:
        sentences.append("It hurts here: train without noise, or try a smaller scale.")
    else:
        sentences.append(
            "There is no evidence that it helps: train without noise, or give more --seeds."
        )
    return " ".join(sentences)
