"""The registered experiments."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.experiments import harness, registry, studies
from rnnzoo.pipelines.experiments.harness.experiment import Experiment


def test_an_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(InputError, match="'nem-action3': choose one of nem-action3d, nem-action"):
        registry.load("nem-action3")
    with pytest.raises(
        InputError, match="'xyz': choose one of action3d-protocols, balls, .*, svd-teacher-student"
    ):
        registry.load("xyz")


@pytest.fixture(scope="session")
def imported():
    """The names of all experiments, loaded in a process of their own without TensorFlow."""
    code = (
        "import sys; from rnnzoo.pipelines.experiments import registry\n"
        "for name in registry.EXPERIMENTS:\n"
        "    registry.load(name)\n"
        "    assert not {'tensorflow', 'keras'} & sys.modules.keys(), name\n"
        "    print(name)"
    )
    command = [sys.executable, "-c", code]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


@pytest.mark.parametrize("name", registry.EXPERIMENTS)
def test_every_experiment_is_loaded_without_tensorflow(name, imported):
    assert name in imported
    experiment = registry.load(name)
    assert isinstance(experiment, Experiment)
    assert experiment.name == name


def test_a_list_imports_no_experiment():
    code = (
        "import sys; from rnnzoo.pipelines.experiments import registry"
        "; lines = registry.summaries()"
        "; assert lines.keys() == registry.EXPERIMENTS.keys()"
        "; assert all(line.endswith('.') for line in lines.values())"
        "; assert not set(registry.EXPERIMENTS.values()) & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_new_module_among_the_studies_is_registered_by_its_experiment(tmp_path):
    """Without an edit elsewhere; a module without `EXPERIMENT` is none."""
    (tmp_path / "my_study.py").write_text('"""Mine."""\n\nEXPERIMENT = None\n')
    (tmp_path / "helper.py").write_text('"""No experiment."""\n')
    code = (
        "from rnnzoo.pipelines.experiments import studies; "
        f"studies.__path__.append({str(tmp_path)!r}); "
        "from rnnzoo.pipelines.experiments import registry; "
        "assert registry.EXPERIMENTS['my-study'].endswith('.studies.my_study'); "
        "assert 'helper' not in registry.EXPERIMENTS; "
        "assert registry.summaries()['my-study'] == 'Mine.'"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_harness_imports_no_study():
    for path in Path(*harness.__path__).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                modules = [f"{node.module}.{alias.name}" for alias in node.names]
                assert not [m for m in modules if m.startswith(studies.__name__)], path
