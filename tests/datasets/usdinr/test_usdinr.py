"""USD/INR: the files as they are, their splits, and the figures of "no change" on them."""

import dataclasses
import os
from pathlib import Path

import numpy as np
import pytest
import tensorflow_datasets as tfds

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.source import verified_bytes
from rnnzoo.datasets.usdinr import fred, ohlc
from rnnzoo.datasets.usdinr.load import load_usdinr
from rnnzoo.datasets.usdinr.sources import SOURCES
from rnnzoo.datasets.usdinr.splits import split_rows
from rnnzoo.datasets.usdinr.usdinr_dataset_builder import FOLDER, Builder

EXPORT = (
    '\ufeff"Date","Price","Open","High","Low","Vol.","Change %"\n'
    '"02-02-2016","68.100","67.900","68.200","67.850","","0.2%"\n'
    '"01-02-2015","62.000","61.900","62.100","61.800","","0.2%"\n'
    '"01-02-2013","53.000","53.100","53.200","52.900","","0.2%"\n'
)


def few_weekdays(start, stop, step):
    """Lines of a CSV with a rate on every so many weekdays."""
    days = np.arange(start, stop, dtype="datetime64[D]")
    days = days[np.is_busday(days)][::step]
    return [f"{day},{8 + i / 1000:.4f}" for i, day in enumerate(days)]


@pytest.fixture
def real_file():
    """The folder of the real files; skips without."""
    folder = os.environ.get("RNNZOO_DATA_DIR")
    if not folder or not (Path(folder) / SOURCES["usdinr"].path).is_file():
        pytest.skip(f"DEXINUS.csv is not in RNNZOO_DATA_DIR={folder}")
    return Path(folder)


def test_a_download_in_either_form_is_the_same_content():
    old = b"DATE,DEXINUS\n1972-12-29,8\n1973-01-02,8.02\n1973-01-03,.\n2017-12-04,64\n"
    new = b"observation_date,DEXINUS\r\n1973-01-02,8.0200\r\n1973-01-03,\r\n"
    assert fred.fixed_years(old) == b"date,value\n1973-01-02,8.0200\n1973-01-03,\n"
    assert fred.fixed_years(new) == fred.fixed_years(old)
    assert len(fred.rates(fred.fixed_years(old))) == 1
    for bad in (b"<html>", b"DATE,DEXINUS\n1973-01-02,8,9\n", b"DATE,DEXINUS\n1973-01-02,x\n"):
        with pytest.raises(InputError):
            fred.fixed_years(bad)


def test_the_real_series_and_the_figures_of_no_change(real_file):
    rates = fred.rates(verified_bytes(SOURCES["usdinr"]))
    assert len(rates) == 11_267
    assert rates.gaps.sum() == 452  # the empty cells
    rows, values = split_rows("fred", rates.dates), rates.values[:, 0]
    by_date = rows["train"].start, rows["validation"].stop, rows["test"].stop
    assert np.diff(by_date).tolist() == [7823, 1634]
    assert rows["train"].stop == rows["validation"].start
    assert rows["validation"].stop == rows["test"].start
    steps = np.diff(values, prepend=np.nan)
    assert np.square(steps[rows["test"]]).mean() == pytest.approx(0.09500, abs=5e-6)
    assert rows["count_validation"].stop - rows["count_train"].start == 8000
    assert rows["count_test"].stop == len(rates)
    assert np.square(steps[rows["count_test"]]).mean() == pytest.approx(0.09813, abs=5e-6)
    # Not all of them, whatever is said of this series: until October 2012 some are not above.
    learned = values[by_date[0] : by_date[1]].max()
    assert (values[rows["test"]] > learned).mean() == pytest.approx(0.838, abs=5e-4)


def test_the_real_export(real_file):
    if not (real_file / ohlc.PATH).is_file():
        pytest.skip("there is no export of investing.com")
    rates = ohlc.rates(ohlc.export_bytes())
    assert rates.values.shape == (2086, 4)
    assert rates.values[-1].tolist() == [64.055, 64.07, 63.79, 63.84]
    assert [str(date) for date in rates.dates[[0, -1]]] == ["2010-01-01", "2017-12-29"]


def test_a_split_of_an_export_is_loaded_as_it_is(tmp_path, monkeypatch):
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path / "cache"))
    path = tmp_path / "mine.csv"
    path.write_text(EXPORT, encoding="utf-8")
    loaded = load_usdinr("ohlc", "validation+test", path)
    np.testing.assert_array_equal(
        loaded.values, [[61.9, 62.1, 61.8, 62], [67.9, 68.2, 67.85, 68.1]]
    )
    assert [str(date) for date in loaded.dates] == ["2015-02-01", "2016-02-02"]


def test_what_is_refused(tmp_path, monkeypatch):
    with pytest.raises(InputError, match="unknown rates 'ecb': choose one of fred, ohlc"):
        load_usdinr("ecb")
    with pytest.raises(InputError, match="unknown split 'count_test': choose one of train"):
        load_usdinr("ohlc", "train+count_test")
    with pytest.raises(InputError, match="leave it out"):
        load_usdinr("fred", "train", "mine.csv")
    monkeypatch.setenv("RNNZOO_DATA_DIR", str(tmp_path))
    with pytest.raises(InputError, match="is no file: export the daily rates at https"):
        load_usdinr("ohlc")
    monkeypatch.delenv("RNNZOO_DATA_DIR")
    with pytest.raises(InputError, match="RNNZOO_DATA_DIR is not set: export"):
        ohlc.export_bytes()
    (tmp_path / "late.csv").write_text(EXPORT.rsplit("\n", 2)[0], encoding="utf-8")
    with pytest.raises(InputError, match="no row in the split train"):
        load_usdinr("ohlc", "train", tmp_path / "late.csv")


class UsdinrTest(tfds.testing.DatasetBuilderTestCase):
    """TFDS's own checks of a builder."""

    DATASET_CLASS = Builder
    BUILDER_CONFIG_NAMES_TO_TEST = ["fred"]
    SPLITS = {
        "train": 23,
        "validation": 2,
        "test": 5,
        "count_train": 22,
        "count_validation": 4,
        "count_test": 4,
    }
    OVERLAPPING_SPLITS = ["count_train", "count_validation", "count_test"]  # the other rule
    EXAMPLE_DIR = FOLDER  # nothing is downloaded by TFDS
    SKIP_CHECKSUMS = True

    def setUp(self):
        super().setUp()
        patch = self.enter_context(pytest.MonkeyPatch.context())
        from rnnzoo.datasets.usdinr import splits

        lines = ["1973-01-02,8", *few_weekdays("1980-01-02", "2017-08-31", 330)]
        source = dataclasses.replace(SOURCES["usdinr"], sha256=None)  # few days, made up
        patch.setitem(SOURCES, source.name, source)
        patch.setenv("RNNZOO_DATA_DIR", self.tmp_dir)
        path = Path(self.tmp_dir) / source.path
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(["DATE,DEXINUS", *lines]), encoding="utf-8")
        patch.setattr(splits, "BY_COUNT", 26)
        patch.setattr(splits, "HELD_BACK", 4)
