"""A wheel, in an empty environment, away from the repository."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def call(*command, **options):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, **options)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.mark.slow
def test_a_wheel_works_away_from_the_repository(tmp_path):
    source, away = tmp_path / "source", tmp_path / "away"
    kept = shutil.ignore_patterns(".*", "build", "*.egg-info", "__pycache__")
    shutil.copytree(ROOT, source, ignore=kept)
    call(sys.executable, "-m", "build", "--wheel", "--outdir", tmp_path / "dist", source)
    (wheel,) = (tmp_path / "dist").glob("rnnzoo-*.whl")

    call(sys.executable, "-m", "venv", tmp_path / "venv")
    python = tmp_path / "venv/bin/python"
    call(python, "-m", "pip", "install", "--disable-pip-version-check", f"{wheel}[test]")

    away.mkdir()
    shutil.copytree(ROOT / "tests", away / "tests", ignore=kept)
    for name in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, away / name)
    shutil.rmtree(source)
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "PYTEST"))}
    environment["PATH"] = f"{python.parent}{os.pathsep}{os.environ['PATH']}"
    where = call(python, "-c", "import rnnzoo; print(rnnzoo.__file__)", cwd=away, env=environment)
    assert Path(where.strip()).is_relative_to(tmp_path / "venv")
    core = call(python.parent / "pytest", "-m", "core", "tests", cwd=away, env=environment)
    assert " passed" in core
    assert " failed" not in core
    written = call(
        python.parent / "rnnzoo", "generate", "shakespeare-lstm", "--length", "50", "--seed", "1",
        cwd=away, env=environment,
    )  # fmt: skip
    assert len(written) == 52
