"""Figures, comparisons and settings as text."""

import json
import math

# A difference whose corrected p value is below this is called one.
SIGNIFICANCE_LEVEL = 0.05


def plus_minus(mean, sd):
    """Mean and standard deviation, to two digits of the deviation.

    >>> plus_minus(0.12345, 0.0123), plus_minus(1234.5, 111), plus_minus(2.5, float("nan"))
    ('0.123 ± 0.012', '1234 ± 111', '2.5')
    """
    if math.isnan(mean):
        return "no value"
    if math.isnan(sd):
        return f"{mean:.4g}"
    if sd == 0:
        return f"{mean:.4g} ± 0"
    digits = max(0, 1 - math.floor(math.log10(sd)))
    if digits > 6:
        return f"{mean:.4g} ± {sd:.2g}"
    return f"{mean:.{digits}f} ± {sd:.{digits}f}"


def format_p(p):
    """A p value with its relation; empty for NaN.

    >>> format_p(0.0123), format_p(0.00001), format_p(0.8765)
    ('p = 0.012', 'p < 0.001', 'p = 0.88')
    >>> format_p(math.nan)
    ''
    """
    if math.isnan(p):
        return ""
    return "p < 0.001" if p < 0.001 else f"p = {p:.2g}"


def format_duration(seconds):
    """A duration, rounded.

    >>> format_duration(0.2), format_duration(14), format_duration(540), format_duration(9000)
    ('0.2 s', '14 s', '9 min', '2.5 h')
    """
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def describe_comparison(difference, p, seeds, measure):
    """Describes a paired difference in one line.

    Args:
        difference: `Paired`.
        p: float, corrected.
        seeds: int, number of seeds that were trained.
        measure: `Measure`.

    Returns:
        str.
    """
    n = difference.n
    missing = f"; {seeds - n} of {seeds} seeds have no value" if n < seeds else ""
    unit = f" {measure.unit}" if measure.unit else ""
    if n < 2:
        return f"too few seeds to compare{missing}"
    if math.isnan(p):
        constant = f"the difference is {difference.mean:.4g}{unit} in each of {n} seeds"
        return f"{constant}: no variance, no test{missing}"
    side, count = "lower", difference.lower
    if difference.mean > 0:
        side, count = "higher", difference.higher
    by = f"by {plus_minus(abs(difference.mean), difference.sd)}{unit}, {format_p(p)}"
    if p < SIGNIFICANCE_LEVEL:
        verdict = "better" if side == measure.better else "worse"
        return f"{side} ({verdict}) in {count} of {n} seeds, {by}{missing}"
    return f"no significant difference: {side} in {count} of {n} seeds, {by}{missing}"


def format_settings(settings, common=()):
    """Settings in one line, without those that all arms share.

    >>> format_settings({"units": 32, "noise": "nem"}, common={"units": 32})
    'noise="nem"'
    """
    own = [
        f"{name}={json.dumps(value, ensure_ascii=False)}"
        for name, value in settings.items()
        if name not in common
    ]
    return ", ".join(own)
