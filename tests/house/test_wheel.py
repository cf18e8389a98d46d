"""A wheel, away from the repository, in an environment of what it declares and nothing else."""

import ast
import collections
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
FOLDERS = {
    "zoo": "rnnzoo",
    **{name: f"rnnzoo/{name}" for name in ("layers", "datasets", "pipelines", "saved_models")},
}


# What is imported only where a user has it: a backend of Keras, what experiments compare with, and
# TFX with its libraries, which have no wheels for every system.
USERS_OWN = {"torch", "reservoirpy", "tfx", "tensorflow_model_analysis", "ml_metadata", "kfp"}


def call(*command, **options):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, **options)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def normalised(name):
    """A distribution's name as all spellings of it are written."""
    return re.sub("[-_.]+", "-", name).lower()


def declared(package):
    """The names of all that a package needs, with its extra `test`, and what those need."""
    requirements, pending = set(), [(package, "test"), (package, "")]
    while pending:
        distribution, extra = pending.pop()
        for line in distribution.requires or ():
            requirement = Requirement(line)
            if requirement.marker is not None and not requirement.marker.evaluate({"extra": extra}):
                continue
            needed = importlib.metadata.distribution(requirement.name)
            for name in ("", *requirement.extras):
                if (requirement.name, name) not in requirements:
                    requirements.add((requirement.name, name))
                    pending.append((needed, name))
    return {normalised(name) for name, _ in requirements}


def link(names, site):
    """Shows a site-packages those distributions of this environment, as it would install them.

    A folder of several distributions, such as `google`, is made anew with a link for each part.
    """
    owners = collections.defaultdict(set)
    for distribution in importlib.metadata.distributions():
        name = normalised(distribution.metadata["Name"])
        for file in distribution.files or ():
            if file.parts[0] not in ("..", "__pycache__"):
                owners[file.parts[0]].add(name)
                owners[file.parts[:2]].add(name)
    for name in names:
        distribution = importlib.metadata.distribution(name)
        for file in distribution.files or ():
            shared = len(owners[file.parts[0]]) > 1
            part = Path(*file.parts[:2]) if shared else Path(file.parts[0])
            if file.parts[0] in ("..", "__pycache__") or (site / part).exists():
                continue
            (site / part).parent.mkdir(exist_ok=True)
            (site / part).symlink_to(distribution.locate_file(part))


def imported():
    """The names of all top-level modules that the five folders import, in functions too."""
    for path in (path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield node.module.split(".")[0]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The path of a wheel of this checkout, built from a copy that is gone."""
    folder = tmp_path_factory.mktemp("wheel")
    ignored = shutil.ignore_patterns(".*", "build", "*.egg-info", "__pycache__")
    shutil.copytree(ROOT, folder / "source", ignore=ignored)
    call(sys.executable, "-m", "build", "--wheel", "--outdir", folder, folder / "source")
    shutil.rmtree(folder / "source")
    (path,) = folder.glob("rnnzoo-*.whl")
    return path


def test_it_has_every_file_of_the_five_folders(wheel):
    files = {
        f"{package}/{path.relative_to(ROOT / folder).as_posix()}": path
        for folder, package in FOLDERS.items()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if name.startswith("rnnzoo/")}
        assert packed == set(files)
        assert [name for name in files if archive.read(name) != files[name].read_bytes()] == []


@pytest.mark.slow
def test_it_works_away_from_the_repository(wheel, tmp_path):
    call(sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv")
    python = tmp_path / "venv/bin/python"
    pip = [sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check"]
    call(*pip, "install", "--no-deps", "--no-index", wheel)
    site = Path(call(python, "-c", "import site; print(site.getsitepackages()[0])").strip())
    (package,) = importlib.metadata.Distribution.discover(name="rnnzoo", path=[str(site)])
    link(declared(package), site)
    assert "No broken requirements" in call(*pip, "check")

    away = tmp_path / "away"
    for name in ("conftest.py", "pyproject.toml", "tests/house/test_docstrings.py"):
        (away / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, away / name)
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "PYTEST"))}
    environment["PATH"] = f"{python.parent}{os.pathsep}{os.environ['PATH']}"
    where = call(python, "-c", "import rnnzoo; print(rnnzoo.__file__)", cwd=away, env=environment)
    assert Path(where.strip()).is_relative_to(tmp_path / "venv")
    search = (
        "import sys, importlib.util as i; print(*(n for n in sys.argv[1:] if not i.find_spec(n)))"
    )
    missing = call(python, "-c", search, *sorted(set(imported())), cwd=away, env=environment)
    assert set(missing.split()) <= USERS_OWN, "imported, and not declared in setup.py"
    # Imports every module, and runs the examples in it. That the files are those of this checkout,
    # which the other tests have run on, is shown above.
    core = call(
        python, "-m", "pytest", "-m", "core", "tests/house/test_docstrings.py",
        cwd=away, env=environment,
    )  # fmt: skip
    assert " passed" in core
    assert " failed" not in core
    written = call(
        python.parent / "rnnzoo", "generate", "shakespeare-lstm", "--length", "50", "--seed", "1",
        cwd=away, env=environment,
    )  # fmt: skip
    assert len(written) == 52
