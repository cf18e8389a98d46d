"""Statistics: per column its numbers in each split, and histograms or the most frequent labels."""

from rnnzoo.html_page import escaped, html_table
from rnnzoo.pipelines.report.histogram_chart import histogram_chart
from rnnzoo.pipelines.report.label_chart import label_chart
from rnnzoo.pipelines.report.parts import clipped, figure, left_out, paragraph
from rnnzoo.pipelines.stages.statistics_gen import label_counts, read_datasets

COLUMNS, LABELS = 60, 20  # at most


def statistics(run):
    """The section, as HTML.

    Args:
        run: `rnnzoo.pipelines.report.run.Run`.
    """
    folder = run.artifact("statistics")
    if folder is None:
        return paragraph(run.absent("statistics"))
    datasets = read_datasets(folder)
    by_split = {split: {f.name: f for f in of.features} for split, of in datasets.items()}
    names = list(dict.fromkeys(name for features in by_split.values() for name in features))
    sizes = ", ".join(f"{split} {of.num_examples:,}" for split, of in datasets.items())
    parts = [paragraph(f"Examples: {sizes}")]
    for name in names[:COLUMNS]:
        columns = {split: of[name] for split, of in by_split.items() if name in of}
        parts.append(f"<h3>{escaped(clipped(name, 80))}</h3>")
        is_text = any(column.HasField("string_stats") for column in columns.values())
        parts.append((_labels if is_text else _numbers)(name, columns))
    parts.append(left_out(len(names) - COLUMNS, "columns, in FeatureStats.pb of the artifact"))
    return "\n".join(parts)


def _numbers(name, columns):
    rows, histograms = [], {}
    for split, column in columns.items():
        stats = column.num_stats
        standard = _standard(stats)
        if standard is not None:
            histograms[split] = [
                (bucket.low_value, bucket.high_value, bucket.sample_count)
                for bucket in standard.buckets
            ]
        common = stats.common_stats
        rows.append(
            {
                "split": split,
                "count": common.num_non_missing,
                "missing": common.num_missing,
                **({"mean": stats.mean, "std": stats.std_dev} if common.num_non_missing else {}),
                **({"min": stats.min, "max": stats.max} if common.num_non_missing else {}),
                # Artifacts of earlier versions have no histogram, and count neither of these.
                **({} if standard is None else _counts(stats, standard)),
            }
        )
    chart = histogram_chart(histograms, f"histogram of {name} by split")
    return f"{_table(rows)}\n{figure(chart)}"


def _standard(stats):
    """The histogram of equal widths; None without one."""
    kinds = [histogram for histogram in stats.histograms if histogram.type == histogram.STANDARD]
    return kinds[0] if kinds else None


def _counts(stats, standard):
    counts = {"median": stats.median, "zeros": stats.num_zeros}
    rare = {"NaN": int(standard.num_nan), "infinite": int(standard.num_undefined)}
    return counts | {name: count for name, count in rare.items() if count}


def _labels(name, columns):
    rows = [
        {
            "split": split,
            "count": column.string_stats.common_stats.num_non_missing,
            "missing": column.string_stats.common_stats.num_missing,
            "distinct": column.string_stats.unique,
            "mean length (characters)": column.string_stats.avg_length,
        }
        for split, column in columns.items()
    ]
    counts = {split: label_counts(column) for split, column in columns.items()}
    totals = {}
    for of_split in counts.values():
        for label, count in of_split.items():
            totals[label] = totals.get(label, 0) + count
    ordered = sorted(totals, key=lambda label: (-totals[label], label))
    chart = ""
    if ordered:
        title = f"most frequent values of {name} by split"
        chart = label_chart(ordered[:LABELS], counts, title)
    rest = left_out(len(ordered) - LABELS, "values")
    return f"{_table(rows)}\n{figure(chart)}\n{rest}"


def _table(rows):
    names = list(dict.fromkeys(name for row in rows for name in row))
    return html_table(names, ([row.get(name) for name in names] for row in rows))
