"""What tests of several families' pipelines share."""

import contextlib
import importlib
import json
import re

import pytest
import yaml


@pytest.fixture(scope="session")
def pushed_alone(own_folders, tmp_path_factory):
    """A function from a model's name to a context of (folder of models, folder, card).

    Its models and cache are of this context alone: what others push would be compared with.
    """
    from rnnzoo.pipelines.pipeline import Pipeline

    @contextlib.contextmanager
    def pushed(name, *arguments):
        models = tmp_path_factory.mktemp("models")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("RNNZOO_MODELS_DIR", str(models))
            patch.setenv("RNNZOO_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
            yield models, *Pipeline(name, models, *arguments).run()

    return pushed


@pytest.fixture(scope="session")
def needs_tfx():
    """Skips where TFX cannot be had."""
    from rnnzoo.datasets.common.errors import InputError
    from rnnzoo.pipelines.tfx.available import check_tfx

    try:
        check_tfx()
    except InputError as problem:
        pytest.skip(str(problem))


@pytest.fixture(scope="session")
def digest_by_tfx(needs_tfx, own_folders, tmp_path_factory):
    """A function that trains a model by the engine of TFX and returns its content digest.

    It takes what `Pipeline` takes, but the folder of models. Folders and cache are new: nothing
    that was trained before is read.
    """
    from rnnzoo.pipelines.tfx.run import train

    def digest(name, data=None, new_name=None, **options):
        models = tmp_path_factory.mktemp("tfx-models")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("RNNZOO_MODELS_DIR", str(models))
            patch.setenv("RNNZOO_CACHE_DIR", str(tmp_path_factory.mktemp("tfx-cache")))
            folder, card = train(name, models, data, new_name=new_name, **options)
        assert folder == models / card["name"] / "1"
        return card["content_digest"]

    return digest


@pytest.fixture(scope="session")
def short_recipe():
    """A function that makes a recipe short, as long as its context is open."""
    from rnnzoo.registry import recipes

    @contextlib.contextmanager
    def shortened(name, base, short):
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(recipes(), name, {**recipes()[base], **short})
            yield patch

    return shortened


@pytest.fixture
def data_stages(tmp_path, monkeypatch):
    """A function that runs the stages up to Transform: dict from stage name to its folder."""
    from rnnzoo.pipelines.core.family import identity
    from rnnzoo.pipelines.core.runner import Runner
    from rnnzoo.pipelines.stages import STAGES

    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path / "cache"))

    def run(task, data, data_sha256, ingest=None, last="transformed"):
        names = [stage.name for stage in STAGES]
        stages = STAGES[: names.index(last) + 1]
        parameters = {"family": identity(task), "data": data, "data_sha256": data_sha256}
        runner = Runner(tmp_path / "work", lambda line: None)
        artifacts = runner.run(stages, {**parameters, "ingest": ingest or {}})
        return {name: artifact.path for name, artifact in artifacts.items()}

    return run


@pytest.fixture(scope="session")
def rows_with():
    """A function that makes random rows float32 (rows, cells) with the singular values `decay`."""
    import numpy as np

    def rows_with(count, cells, decay):
        random = np.random.default_rng(0)
        left = np.linalg.qr(random.normal(size=(count, len(decay))))[0]
        right = np.linalg.qr(random.normal(size=(cells, len(decay))))[0]
        return ((left * decay) @ right.T).astype("float32")

    return rows_with


@pytest.fixture(scope="session")
def same_svd():
    """A function that compares two `IncrementalSVD`, up to rounding and the signs of vectors."""
    import numpy as np

    def same_svd(svd, expected):
        assert (svd.rank, svd.rows) == (expected.rank, expected.rows)
        largest = expected.singular_values.max()
        np.testing.assert_allclose(
            svd.singular_values, expected.singular_values, rtol=0, atol=1e-5 * largest
        )
        projector = svd.components.T @ svd.components
        expected_projector = expected.components.T @ expected.components
        np.testing.assert_allclose(projector, expected_projector, rtol=0, atol=1e-5)

    return same_svd


@pytest.fixture(scope="session")
def rates_file(tmp_path_factory):
    """A user's rates: volatility alternates, so that a model can be better than a rolling one."""
    import numpy as np

    random = np.random.default_rng(0)
    spread = 0.004 * np.exp(0.8 * np.sin(np.arange(900) / 9))
    days = np.arange("2010-01-04", "2020-01-01", dtype="datetime64[D]")
    values = 60 * np.exp(np.cumsum(spread * random.standard_t(5, 900)))
    path = tmp_path_factory.mktemp("rates") / "yen.csv"
    rows = zip(days[np.is_busday(days)], values, strict=False)
    path.write_text("date,value\n" + "\n".join(f"{day},{value:.4f}" for day, value in rows))
    return path


@pytest.fixture(scope="session")
def fields_file(small_fields, tmp_path_factory):
    """Path of an .npz file of `small_fields`."""
    import numpy as np

    path = tmp_path_factory.mktemp("fields") / "region.npz"
    np.savez(path, values=small_fields.values, times=small_fields.times)
    return path


@pytest.fixture(scope="session")
def weather_file(small_weather, tmp_path_factory):
    """Path of a CSV file of NASA POWER; temperature and humidity follow the pressure of a day ago.

    A forecaster can so be better than damped persistence.
    """
    import numpy as np

    series = small_weather["here"]
    path = tmp_path_factory.mktemp("weather") / "station.csv"
    names = ["T2M", "RH2M", "PRECTOTCORR", "PS", "WS10M", "WD10M"]
    columns = [series.channels.index(name) for name in names]
    values = series.values[1:, 0, 0, columns].copy()
    pressure = series.values[:-1, 0, 0, columns[3]] - 91
    values[:, 0] += 10 * pressure
    values[:, 1] = np.clip(values[:, 1] - 40 * pressure, 5, 100)
    lines = [",".join(["date", *names])]
    for time, row in zip(series.times[1:], values, strict=True):
        lines.append(",".join([str(time)[:10], *(f"{value:g}" for value in row)]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


# What the components of every family exchange: inputs as "producer.key", outputs with their types.
COMPONENTS = {
    "QueryBasedExampleGen": ({}, {"examples": "Examples"}),
    "StatisticsGen": (
        {"examples": "QueryBasedExampleGen.examples"}, {"statistics": "ExampleStatistics"}
    ),
    "SchemaGen": ({"statistics": "StatisticsGen.statistics"}, {"schema": "Schema"}),
    "ExampleValidator": (
        {"statistics": "StatisticsGen.statistics", "schema": "SchemaGen.schema"},
        {"anomalies": "ExampleAnomalies"},
    ),
    "Transform": (
        {"examples": "QueryBasedExampleGen.examples", "schema": "SchemaGen.schema"},
        {"transform_graph": "TransformGraph", "transformed_examples": "Examples"},
    ),
    "Trainer": (
        {"examples": "Transform.transformed_examples", "schema": "SchemaGen.schema",
         "transform_graph": "Transform.transform_graph"},
        {"model": "Model"},
    ),
    "figures": ({"model": "Trainer.model"}, {"report": "ModelEvaluation", "rows": "Examples"}),
    "infra_validator": ({"model": "Trainer.model"}, {"blessing": "InfraBlessing"}),
    "Evaluator": (
        {"examples": "figures.rows", "model": "Trainer.model"},
        {"evaluation": "ModelEvaluation", "blessing": "ModelBlessing"},
    ),
    "pusher": (
        {"model": "Trainer.model", "report": "figures.report",
         "model_blessing": "Evaluator.blessing", "infra_blessing": "infra_validator.blessing"},
        {"pushed_model": "PushedModel"},
    ),
}  # fmt: skip
# Of families that have a threshold for a feature of their examples.
SKEW = (
    {
        "statistics": "StatisticsGen.statistics",
        "baseline_statistics": "StatisticsGen.statistics",
    },
    {"anomalies": "ExampleAnomalies"},
)


@pytest.fixture(scope="session")
def checked_spec(needs_tfx, own_folders, tmp_path_factory):
    """A function that compiles a pipeline for Kubeflow, checks its spec and returns it, a dict.

    It takes what `Pipeline` takes, but the folder of models.
    """
    pytest.importorskip("kfp")
    from google.protobuf import json_format
    from kfp.pipeline_spec import pipeline_spec_pb2

    from rnnzoo.families import family_of
    from rnnzoo.pipelines.tfx.distributions import config_of
    from rnnzoo.pipelines.tfx.kubeflow import compile_pipeline
    from rnnzoo.registry import recipes

    def components_of(recipe):
        entry = family_of(recipe["task"])
        thresholds, features = entry.complete(recipe)["skew"], entry.load_pipeline().features
        return COMPONENTS | ({"skew": SKEW} if config_of(thresholds, features) else {})

    def checked(name, data=None, new_name=None):
        folder, image = tmp_path_factory.mktemp("kubeflow"), "example.org/rnnzoo:1"
        models = folder / "models"
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("RNNZOO_CACHE_DIR", str(folder / "cache"))
            path = compile_pipeline(
                name, folder / "spec.yaml", "/mnt/tfx", image, models, data, new_name=new_name
            )
        spec = yaml.safe_load(path.read_text())
        json_format.ParseDict(spec, pipeline_spec_pb2.PipelineSpec())  # which knows every field
        assert spec["defaultPipelineRoot"] == "/mnt/tfx"
        tasks = spec["root"]["dag"]["tasks"]
        recipe = recipes()[name]
        expected = components_of(recipe)
        assert set(tasks) == set(spec["components"]) == set(expected)
        for task, component in spec["components"].items():
            inputs, outputs = expected[task]
            assert wired(tasks[task]) == inputs
            assert outputs.items() <= typed(component["outputDefinitions"]).items()
            assert typed(component.get("inputDefinitions")) == {
                key: COMPONENTS[producer][1][output]
                for key, (producer, output) in ((k, v.split(".")) for k, v in inputs.items())
            }
            container = spec["deploymentSpec"]["executors"][component["executorLabel"]]["container"]
            assert container["image"] == image and "{{$}}" in container["args"]
            assert container["command"][:2] == ["python", "-m"]
            runner = importlib.import_module(container["command"][2])
            assert callable(runner.main)
            module, _, executor = container["args"][1].rpartition(".")
            assert hasattr(importlib.import_module(module), executor)
            declared = component.get("inputDefinitions", {}).get("parameters", {})
            assert set(parameters(tasks[task])) <= set(declared)
        allowed = {"/mnt/tfx", str(models)}
        assert absolute_paths(spec) <= allowed | ({str(data)} if data else set())
        settings = json.loads(json.loads(parameters(tasks["Trainer"])["custom_config"])["settings"])
        assert settings["seeds"] == recipe["seeds"] and settings["name"] == (new_name or name)
        assert settings["training"]["epochs"] == recipe["epochs"]
        assert settings["family"]["task"] == recipe["task"]
        pushing = json.loads(parameters(tasks["pusher"])["settings"])
        assert pushing["root"] == str(models) and pushing["fields"]["name"] == settings["name"]
        return spec

    return checked


def wired(task):
    """dict from an input of a task to its producer and output."""
    sources = task.get("inputs", {}).get("artifacts", {})
    outputs = {key: source["taskOutputArtifact"] for key, source in sources.items()}
    return {
        key: f"{output['producerTask']}.{output['outputArtifactKey']}"
        for key, output in outputs.items()
    }


def typed(definitions):
    """dict from a channel of a component to the artifact type of TFX."""
    artifacts = (definitions or {}).get("artifacts", {})
    schemas = {
        key: yaml.safe_load(value["artifactType"]["instanceSchema"])
        for key, value in artifacts.items()
    }
    return {key: schema["title"].removeprefix("tfx.") for key, schema in schemas.items()}


def parameters(task):
    """dict from a parameter of a task to its value."""
    values = task.get("inputs", {}).get("parameters", {})
    return {key: value["runtimeValue"]["constant"] for key, value in values.items()}


def absolute_paths(value):
    """set of str, what looks like a path from the root in strings, also those with JSON in them."""
    if isinstance(value, dict):
        value = list(value.items())
    if isinstance(value, list | tuple):
        return set().union(*map(absolute_paths, value))
    if not isinstance(value, str):
        return set()
    try:
        inner = json.loads(value)
    except ValueError:
        inner = None
    if isinstance(inner, dict | list):
        return absolute_paths(inner)
    return {path for path in re.findall(r"(?<![^\s'\"=(])/\w[^\s'\")]*", value) if ":" not in path}
