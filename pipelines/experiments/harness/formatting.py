"""Figures and comparisons as people read them."""

import json
import math

# Below this corrected p, a difference is called one.
SIGNIFICANCE_LEVEL = 0.05


def plus_minus(mean, sd):
    """Mean and deviation, to two digits of the deviation.

    >>> plus_minus(0.12345, 0.0123), plus_minus(1234.5, 111), plus_minus(2.5, float("nan"))
    ('0.123 ± 0.012', '1234 ± 111', '2.5')
    """
    if math.isnan(mean):
        return "no figure"
    if math.isnan(sd):
        return f"{mean:.4g}"
    if sd == 0:
        return f"{mean:.4g} ± 0"
    digits = max(0, 1 - math.floor(math.log10(sd)))
    if digits > 6:
        return f"{mean:.4g} ± {sd:.2g}"
    return f"{mean:.{digits}f} ± {sd:.{digits}f}"


def p_value(p):
    """A p value with its relation.

    >>> p_value(0.0123), p_value(0.00001), p_value(0.8765)
    ('p = 0.012', 'p < 0.001', 'p = 0.88')
    >>> p_value(math.nan)
    ''
    """
    if math.isnan(p):
        return ""
    return "p < 0.001" if p < 0.001 else f"p = {p:.2g}"


def duration(seconds):
    """A time, roughly.

    >>> duration(0.2), duration(14), duration(540), duration(9000)
    ('0.2 s', '14 s', '9 min', '2.5 h')
    """
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def comparison(difference, p, seeds, measure):
    """What a paired difference says, in a line.

    Args:
        difference: `Paired`.
        p: float, corrected.
        seeds: int, how many were trained.
        measure: `Measure`.
    """
    n = difference.n
    gone = f"; {seeds - n} of {seeds} seeds have no figure" if n < seeds else ""
    unit = f" {measure.unit}" if measure.unit else ""
    if n < 2:
        return f"not enough seeds to compare{gone}"
    if math.isnan(p):
        same = f"the difference is {difference.mean:.4g}{unit} in each of {n} seeds"
        return f"{same}, which leaves nothing to test{gone}"
    side, count = "lower", difference.lower
    if difference.mean > 0:
        side, count = "higher", difference.higher
    by = f"by {plus_minus(abs(difference.mean), difference.sd)}{unit}, {p_value(p)}"
    if p < SIGNIFICANCE_LEVEL:
        verdict = "better" if side == measure.better else "worse"
        return f"{side} ({verdict}) in {count} of {n} seeds, {by}{gone}"
    return f"no difference that {n} seeds can show: {side} in {count}, {by}{gone}"


def settings(values, common=()):
    """Settings in a line, without those that all arms have in common.

    >>> settings({"units": 32, "noise": "nem"}, common={"units": 32})
    'noise="nem"'
    """
    own = [
        f"{name}={json.dumps(value, ensure_ascii=False)}"
        for name, value in values.items()
        if name not in common
    ]
    return ", ".join(own)
