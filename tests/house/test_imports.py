"""The folders import each other in one direction, and never under their bare names."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("layers", "datasets", "zoo", "pipelines", "saved_models")

# What each folder may import of the others. The command line may also import
# pipelines, inside its functions.
ALLOWED = {
    "layers": {"layers"},
    "datasets": {"datasets"},
    "zoo": {"zoo", "layers", "datasets", "saved_models"},
    "pipelines": {"pipelines", "zoo", "layers", "datasets"},
    "saved_models": set(),
}

SOURCES = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
ALL = SOURCES + [
    *(ROOT / "tests").rglob("*.py"),
    *(ROOT / "benchmarks").rglob("*.py"),
    *(ROOT / "docs").rglob("*.py"),
    ROOT / "conftest.py",
    ROOT / "setup.py",
]


def imports(path):
    """(module, whether at the top of the file) of every absolute import."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    top = set(map(id, ast.walk(tree))) - {id(n) for f in functions for n in ast.walk(f)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, id(node) in top
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            for alias in node.names:
                yield f"{node.module}.{alias.name}", id(node) in top


def folder_of(module):
    """The folder that an `rnnzoo...` module lies in, None for other packages."""
    parts = module.split(".")
    if parts[0] != "rnnzoo":
        return None
    return parts[1] if len(parts) > 1 and parts[1] in FOLDERS else "zoo"


def ids(path):
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", SOURCES, ids=ids)
def test_imports_point_one_way(path):
    folder = path.relative_to(ROOT).parts[0]
    on_command_line = path.is_relative_to(ROOT / "zoo/cli")
    for module, at_top in imports(path):
        target = folder_of(module)
        if target in (None, *ALLOWED[folder]):
            continue
        lazily = on_command_line and target == "pipelines" and not at_top
        assert lazily, f"{path}: {folder} must not import {module}"


@pytest.mark.parametrize("path", ALL, ids=ids)
def test_no_bare_imports_of_our_folders(path):
    for module, _ in imports(path):
        assert module.split(".")[0] not in (*FOLDERS, "tests"), f"{path} imports {module}"


@pytest.mark.parametrize("path", SOURCES, ids=ids)
def test_nothing_private_and_nothing_that_runs_data(path):
    for module, _ in imports(path):
        assert not module.startswith("keras.src"), path
        assert module.split(".")[0] not in ("pickle", "dill", "cloudpickle", "joblib"), path
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("eval", "exec"), path
        if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
            assert ast.unparse(node.value) == "False", path


def test_the_check_sees_what_it_is_for(tmp_path):
    path = tmp_path / "a.py"
    path.write_text(
        "try:\n    import datasets\nfinally:\n    pass\n"
        "def f():\n    from rnnzoo.pipelines import demo\n"
    )
    assert list(imports(path)) == [("datasets", True), ("rnnzoo.pipelines.demo", False)]
    assert folder_of("rnnzoo.pipelines.demo") == "pipelines"
    assert folder_of("rnnzoo.load") == "zoo"
