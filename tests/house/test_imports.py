"""The folders import each other in one direction, and never under their bare names."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("layers", "datasets", "zoo", "pipelines", "saved_models")

# The layers of the house, and what each may import of the others. The command line is a layer above
# the rest of `zoo`; it may also import pipelines, inside its functions.
ALLOWED = {
    "layers": {"layers"},
    "datasets": {"datasets"},
    "zoo": {"zoo", "layers", "datasets", "saved_models"},
    "pipelines": {"pipelines", "zoo", "layers", "datasets"},
    "saved_models": set(),
    "cli": {"cli", "zoo", "layers", "datasets"},
}
# `python -m rnnzoo` is the command.
COMMAND_LINE = ("zoo/cli/", "zoo/__main__.py")

# Rooms of `zoo` that are imported by nobody else in `zoo` but the command line, and what they may
# import of the other rooms.
ROOMS = {
    "text": {"baselines"},
    "rates": {"baselines"},
    "sequences": {"baselines"},
    "frames": {"baselines"},
    "audio": {"baselines"},
    "streets": {"baselines"},
    "fields": {"baselines"},
    "weather": {"baselines", "fields"},
    "baselines": set(),
}

# Rooms of `datasets/` that read a kind of data; the others but `common` are data sets.
DATASETS = ROOT / "datasets"
KINDS = {"text", "rates", "frames", "video", "audio", "sequences", "streets", "fields", "weather"}
BELOW = {"weather": {"fields"}}  # weather at a point is a series of fields of one cell

# Rooms of the server; each imports those before it, and `statuses`, which is for all of them.
SERVING = ("access", "core", "protocols", "models", "http", "grpc")

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


def layer_of(module):
    """The layer that an `rnnzoo...` module belongs to, None for other packages."""
    parts = module.split(".")
    if parts[0] != "rnnzoo":
        return None
    return parts[1] if len(parts) > 1 and parts[1] in ALLOWED else "zoo"


def room_of(module):
    """The room of `zoo` that a module lies in, None for others."""
    parts = module.split(".")
    return parts[1] if parts[0] == "rnnzoo" and len(parts) > 1 and parts[1] in ROOMS else None


def module_of(path):
    """The import name of a source file."""
    folder, *parts = path.relative_to(ROOT).with_suffix("").parts
    inner = parts[:-1] if parts[-1] == "__init__" else parts
    return ".".join(["rnnzoo", *([] if folder == "zoo" else [folder]), *inner])


def imported_modules(names, modules):
    """The modules among `modules` that imports of `names`, such as `a.b.function`, are of."""
    imported = set()
    for name in names:
        while name and name not in modules:
            name = name.rpartition(".")[0]
        imported.add(name)
    return imported - {""}


def circles(graph):
    """Strongly connected components of two nodes or more (Tarjan, 1972), sorted tuples.

    Args:
        graph: dict from node to the set of nodes that it points to.
    """
    number, low, stack, components = {}, {}, [], set()

    def visit(node):
        number[node] = low[node] = len(number)
        stack.append(node)
        for other in graph[node]:
            if other not in number:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], number[other])
        if low[node] == number[node]:
            component = stack[stack.index(node) :]
            del stack[stack.index(node) :]
            if len(component) > 1:
                components.add(tuple(sorted(component)))

    for node in graph:
        if node not in number:
            visit(node)
    return components


def ids(path):
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", SOURCES, ids=ids)
def test_imports_point_one_way(path):
    on_command_line = ids(path).startswith(COMMAND_LINE)
    layer = "cli" if on_command_line else path.relative_to(ROOT).parts[0]
    for module, at_top in imports(path):
        target = layer_of(module)
        if target in (None, *ALLOWED[layer]):
            continue
        lazily = on_command_line and target == "pipelines" and not at_top
        assert lazily, f"{path}: {layer} must not import {module}"


@pytest.mark.parametrize("path", sorted((ROOT / "zoo").rglob("*.py")), ids=ids)
def test_rooms_of_the_zoo_do_not_know_each_other(path):
    if ids(path).startswith(COMMAND_LINE):
        return
    room = room_of(module_of(path))
    for module, _ in imports(path):
        target = room_of(module)
        allowed = target in (None, room) or target in ROOMS.get(room, ())
        assert allowed, f"{path} must not import {module}"


@pytest.mark.parametrize("room", SERVING)
def test_rooms_of_the_server_point_one_way(room):
    later = SERVING[SERVING.index(room) + 1 :] + ("app", "server")
    for path in sorted((ROOT / "pipelines/serving" / room).glob("*.py")):
        for module, _ in imports(path):
            assert not any(
                module.startswith(f"rnnzoo.pipelines.serving.{other}") for other in later
            ), f"{path.name} imports {module}"


def test_no_modules_import_each_other_in_a_circle():
    """Whether at the top or inside functions."""
    modules = {module_of(path): path for path in SOURCES}
    graph = {
        module: imported_modules((name for name, _ in imports(path)), modules) - {module}
        for module, path in modules.items()
    }
    assert circles(graph) == set()


@pytest.mark.parametrize("path", [p for p in SOURCES if p.is_relative_to(DATASETS)], ids=ids)
def test_rooms_of_datasets(path):
    """`common` is below the kinds of data, and these below the data sets, which stand alone."""
    room = path.relative_to(DATASETS).parts[0]
    allowed = {room, "common"} | (BELOW.get(room, set()) if room in ("common", *KINDS) else KINDS)
    for module, _ in imports(path):
        package, _, rest = module.partition("rnnzoo.datasets.")
        if not package and rest:
            assert rest.split(".")[0] in allowed, f"{path} must not import {module}"


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
    assert layer_of("rnnzoo.pipelines.demo") == "pipelines"
    assert layer_of("rnnzoo.cli.list") == "cli"
    assert layer_of("rnnzoo.load") == "zoo"
    assert room_of("rnnzoo.text.generator") == "text"
    assert room_of("rnnzoo.datasets.text.reader") is None
    assert module_of(ROOT / "datasets/text/__init__.py") == "rnnzoo.datasets.text"
    assert module_of(ROOT / "zoo/cli/list.py") == "rnnzoo.cli.list"
    modules = {"rnnzoo", "rnnzoo.text.generator"}
    names = ("rnnzoo.text.generator.TextGenerator", "rnnzoo.load", "numpy")
    assert imported_modules(names, modules) == modules
    graph = {"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": {"e"}, "e": {"d", "f"}, "f": set()}
    assert circles(graph) == {("b", "c"), ("d", "e")}
