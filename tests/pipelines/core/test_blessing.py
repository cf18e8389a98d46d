import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.core.blessing import against_last, blessing, report_to_push, write_report

CHECKS = [("3-grams", 2.0, 2.0), ("version 1", 1.5, 1.51)]


def test_a_model_that_passes_all_checks_is_blessed(tmp_path):
    report = {**blessing(1.505, "nats", CHECKS), "more": 1}
    write_report(tmp_path, report)
    assert report["blessed"]
    assert report_to_push(tmp_path) == (report, [])


def test_a_refusal_names_the_checks_that_failed(tmp_path):
    write_report(tmp_path, blessing(1.6, "nats", CHECKS))
    reason = "1.6000 nats on validation, version 1 has 1.5000"
    message = rf"^not pushed: {reason} \(report: .*json\); --push-anyway pushes it"
    with pytest.raises(InputError, match=message):
        report_to_push(tmp_path)
    assert report_to_push(tmp_path, push_anyway=True)[1] == [reason]


@pytest.mark.parametrize("figure", [2.0, float("nan")])
def test_as_good_is_not_better_and_no_number_is_not_good(figure):
    assert not blessing(figure, "nats", CHECKS[:1])["blessed"]


def test_the_last_version_counts_if_it_is_of_the_same_data():
    last = {"version": 3, "validation": 2.0, "data_sha256": "ab"}
    assert against_last(last, "ab", lambda figure: figure + 0.5) == [("version 3", 2.0, 2.5)]
    assert against_last(last, "cd", lambda figure: figure + 0.5) == []
    assert against_last(None, "ab", lambda figure: figure + 0.5) == []
