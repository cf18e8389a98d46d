"""Runs the blocks of README.md and docs/: Python in this process, bash in a temporary folder.

Fixtures that they and the tests share: separate folders, and a small trained model.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sybil import Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser, SkipParser

from rnnzoo.datasets.common.locks import file_lock
from rnnzoo.memory import keep_freed_memory

# Pages whose blocks need the training of README.md.
RETRAINING = ("pipeline.md", "text.md")


# Before NumPy's and TensorFlow's threads start. The processes of pytest-xdist share the cores: with
# a thread per core each, they would wait for one another.
keep_freed_memory()
if "PYTEST_XDIST_WORKER" in os.environ:
    for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS"):
        os.environ.setdefault(variable, "1")


def pytest_collection_modifyitems(items):
    """The pages of the guides train models: `make test` runs the blocks of README.md alone."""
    guides = Path(__file__).parent / "docs"
    for item in items:
        if item.path.parent == guides:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session", autouse=True)
def own_folders(tmp_path_factory):
    """Keeps tests and documentation out of the user's own cache and models."""
    root = tmp_path_factory.mktemp("rnnzoo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RNNZOO_CACHE_DIR", str(root / "cache"))
        patch.setenv("RNNZOO_MODELS_DIR", str(root / "models"))
        patch.setenv("TF_CPP_MIN_LOG_LEVEL", "2")
        patch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
        yield root


@pytest.fixture(scope="session")
def small_model(own_folders, tmp_path_factory):
    """`sonnets-lstm` in the session's models: (folder, card).

    It is trained once, in folders that the processes of pytest-xdist have in common, and copied.
    """
    from rnnzoo.pipelines.pipeline import Pipeline

    common = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        common = common.parent
    folder = common / "small_model"
    with file_lock(folder), pytest.MonkeyPatch.context() as patch:
        patch.setenv("RNNZOO_CACHE_DIR", str(folder / "cache"))
        patch.setenv("RNNZOO_MODELS_DIR", str(folder / "models"))
        Pipeline("sonnets-lstm", folder / "models").run()
    shutil.copytree(folder, own_folders, dirs_exist_ok=True)
    return Pipeline("sonnets-lstm", own_folders / "models").run()


@pytest.fixture(scope="module", autouse=True)
def models_of_the_file(own_folders):
    """Removes what the tests of a file, or the blocks of a page, leave in the session's models.

    Others may use the names for models of other tasks. The `small_model` stays.
    """
    models = own_folders / "models"
    names = {"sonnets-lstm", *(path.name for path in models.glob("*"))}
    yield
    for path in models.glob("*"):
        if path.name not in names:
            shutil.rmtree(path)


@pytest.fixture(scope="module")
def doc_folder(request, models_of_the_file, tmp_path_factory):
    """The folder that a document's blocks run in."""
    if request.path.name in RETRAINING:
        request.getfixturevalue("small_model")
    folder, working = tmp_path_factory.mktemp("doc"), Path.cwd()
    os.chdir(folder)
    yield folder
    os.chdir(working)


def plain_commands(block):
    """The arguments of each command if a block has plain `rnnzoo` commands only; else None."""
    lines = [re.sub(r"(^|\s)#.*", "", line) for line in block.replace("\\\n", "").splitlines()]
    if any(re.search(r"[|&;<>$`]", line) for line in lines):
        return None
    commands = [shlex.split(line) for line in lines]
    if any(command and command[0] != "rnnzoo" for command in commands):
        return None
    return [command[1:] for command in commands if command]


def run_bash(example):
    """Runs a bash block in the document's folder; any failing command fails the block.

    A block of plain `rnnzoo` commands runs in this process, which has imported TensorFlow already.
    """
    commands = plain_commands(example.parsed)
    if commands is not None:
        from rnnzoo.cli import main

        for command in commands:
            assert main(command) == 0, f"failed: rnnzoo {shlex.join(command)}"
        return
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", str(example.parsed)],
        cwd=example.namespace["doc_folder"],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise AssertionError(
            f"exit status {done.returncode} from:\n{example.parsed}\n{done.stdout}\n{done.stderr}"
        )


pytest_collect_file = Sybil(
    parsers=[
        PythonCodeBlockParser(),
        CodeBlockParser(language="bash", evaluator=run_bash),
        SkipParser(),
    ],
    patterns=["*.md"],
    excludes=["CHANGELOG.md", "*/.venv/*", "datasets/*"],
    fixtures=["doc_folder"],
).pytest()
