import subprocess
import sys

import pytest


@pytest.mark.slow
def test_the_demo_trains_saves_loads_and_writes(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "rnnzoo.pipelines.demo"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert "Saved as sonnets-lstm/1, sha256:" in done.stdout
    page = done.stdout.split("pretrained shakespeare-lstm:\n\n")[1]
    assert page.startswith("ROMEO:\n")
    assert len(page) > 1500
    assert not list(tmp_path.iterdir())
