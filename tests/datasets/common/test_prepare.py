"""What is prepared with TFDS, on a data set of ten numbers."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import tensorflow_datasets as tfds

from rnnzoo.datasets.common.prepare import numpy_examples, prepared


class TenNumbers(tfds.core.GeneratorBasedBuilder):
    """Ten numbers; the process is killed after five if `KILLED` is set."""

    VERSION = tfds.core.Version("1.0.0")

    def _info(self):
        features = tfds.features.FeaturesDict({"number": np.int64})
        return tfds.core.DatasetInfo(builder=self, features=features)

    def _split_generators(self, dl_manager):
        return {"train": self._generate_examples()}

    def _generate_examples(self):
        for number in range(10):
            if number == 5 and "KILLED" in os.environ:
                os.kill(os.getpid(), signal.SIGKILL)
            yield number, {"number": number}


def test_a_killed_preparation_leaves_nothing_that_looks_complete(tmp_path, monkeypatch, capfd):
    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path))
    code = "import test_prepare as t; t.prepared(t.TenNumbers, None)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "KILLED": "1", "PYTHONPATH": str(Path(__file__).parent)},
    )
    assert done.returncode == -signal.SIGKILL
    folder = tmp_path / "tfds/ten_numbers"
    assert list(folder.iterdir()), "it was killed while it was writing"
    assert not (folder / "1.0.0").exists()
    capfd.readouterr()
    examples = numpy_examples(prepared(TenNumbers, None), "train")
    assert sorted(example["number"] for example in examples) == list(range(10))
    assert [path.name for path in folder.iterdir()] == ["1.0.0"], "nor anything for good"
    assert capfd.readouterr().out == "", "stdout is for results"
