"""Registers the imputers of music."""

from rnnzoo.families import FamilyEntry


def headline(card):
    """Relative error of the missing cells beside that of Wiener interpolation, in one line."""
    metrics, baselines = card["metrics"], card["baselines"]
    before = f" (before: {metrics['before']['test']:.3f})" if "before" in metrics else ""
    return (
        f"test: relative error {metrics['test']:.3f} of missing cells{before}; "
        f"Wiener interpolation {baselines['wiener']['test']['mean']:.3f}"
    )


FAMILY = FamilyEntry(
    task="SpectrogramImputer",
    task_class="rnnzoo.audio.imputer:SpectrogramImputer",
    pipeline="rnnzoo.pipelines.families.audio.family:AUDIO",
    headline=headline,
    defaults={"bidirectional": False},
)
