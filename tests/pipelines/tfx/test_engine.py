"""The engine of TFX: what is run again, what is refused, and what its store has."""

import csv
import json
import re
import shutil
from pathlib import Path

import pytest

from rnnzoo.artifacts import verify_files
from rnnzoo.cli import main
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.splits import SPLITS

pytestmark = pytest.mark.tfx
COMPONENTS = [
    "QueryBasedExampleGen", "StatisticsGen", "SchemaGen", "ExampleValidator", "Transform",
    "Trainer", "figures", "infra_validator", "Evaluator", "pusher",
]  # fmt: skip


@pytest.fixture(scope="module")
def trained(needs_tfx, rates_file, yen_recipe, tmp_path_factory):
    """(models, function that trains again: list of component -> what was said of it, folder)."""
    from rnnzoo.pipelines.tfx.run import train

    models = tmp_path_factory.mktemp("models")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RNNZOO_MODELS_DIR", str(models))
        patch.setenv("RNNZOO_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))

        def again(**options):
            lines = []
            options = {"push_anyway": True, **options}
            folder, card = train(
                "usdinr-short", models, rates_file, new_name="yen-gru",
                log=lambda line, file: lines.append(line.split(": ")), **options,
            )  # fmt: skip
            return dict(lines), folder, card

        yield models, again, again()


def test_every_component_runs_once(trained):
    outcomes, folder, _ = trained[2]
    assert list(outcomes) == COMPONENTS
    assert all(outcome.startswith("made in") for outcome in outcomes.values())
    verify_files(folder)


def test_a_second_run_is_cached(trained):
    _, again, (_, folder, card) = trained
    outcomes, same, _ = again()
    assert set(outcomes.values()) == {"cached"} and same == folder


def test_a_model_that_was_removed_is_pushed_again(trained):
    _, again, (_, folder, card) = trained
    shutil.move(folder, folder.with_name("away"))
    try:
        outcomes, same, pushed = again()
        assert same == folder and pushed["content_digest"] == card["content_digest"]
        assert {k for k, v in outcomes.items() if v != "cached"} == {"pusher"}
    finally:
        shutil.rmtree(folder)
        shutil.move(folder.with_name("away"), folder)


def test_the_lineage_is_that_of_the_store(trained, capsys):
    folder = trained[2][1]
    assert main(["lineage", "yen-gru", "--engine", "tfx", "--json"]) == 0
    nodes = {node["name"]: node for node in json.loads(capsys.readouterr().out)}
    assert list(nodes) == COMPONENTS
    assert nodes["pusher"]["properties"]["pushed_destination"] == str(folder)
    assert (
        nodes["Trainer"]["inputs"]["examples"]
        == nodes["Transform"]["outputs"]["transformed_examples"]
    )
    assert main(["lineage", "yen-gru", "--engine", "tfx"]) == 0
    assert "Evaluator (" in capsys.readouterr().out


def test_the_page_of_a_run(trained, tmp_path, capsys):
    out = tmp_path / "yen.html"
    assert main(["report", "yen-gru", "--engine", "tfx", "--out", str(out), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["status"] == "pushed" and report["absent"] == []
    page = out.read_text(encoding="utf-8")
    assert "pushed_destination" in page and "Stages that the components ran" in page
    assert "<title>Trainer to figures: Model " in page
    artifacts = r"<td>Transform</td><td>Trainer</td><td>Examples \d+, TransformGraph \d+</td>"
    assert re.search(artifacts, page), "all that it reads, and no name is cut"
    assert re.search(r"<td>[^<]*/Trainer/model/\d+</td>", page)
    assert "histogram of rate by split" in page and "loss per epoch" in page
    assert "rolling volatility" in page


def test_a_model_that_was_not_trained_by_tfx(trained, capsys):
    for command in ("lineage", "report"):
        assert main([command, "usdinr-gru", "--engine", "tfx"]) == 2
        assert "usdinr-gru was not trained by TFX here" in capsys.readouterr().err


def test_analysis_has_the_checks_and_the_figures_by_slice(trained):
    import tensorflow_model_analysis as tfma

    from rnnzoo.pipelines.core.slices import FILE
    from rnnzoo.pipelines.tfx.run import recorded_run
    from rnnzoo.pipelines.tfx.stage_artifacts import read_stages

    nodes = {node.name: node for node in recorded_run("yen-gru")}
    ((_, uri),) = nodes["Evaluator"].outputs["evaluation"]
    means = {}
    for metrics in tfma.load_metrics(uri):
        keys = tuple(key.bytes_value.decode() for key in metrics.slice_key.single_slice_keys)
        means[keys] = {
            entry.key.name: entry.value.double_value.value
            for entry in metrics.metric_keys_and_values
        }["mean_prediction"]
    checks = [keys[0] for keys in means if len(keys) == 1]
    assert {"evaluated", "rolling volatility"} <= set(checks)
    ((_, report),) = nodes["figures"].outputs["report"]
    with open(read_stages(report)["evaluation"].path / FILE, encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    assert len(table) > 10
    for row in table:  # keys are in the order of their names: dimension, model, split, value
        expected = float(row["figure"])
        key = (row["dimension"], "model", row["split"], row["value"])
        assert means[key] == pytest.approx(expected, rel=1e-4)


def test_a_model_that_the_evaluator_does_not_bless_is_not_pushed(trained, monkeypatch, tmp_path):
    from rnnzoo.pipelines.stages import evaluator
    from rnnzoo.pipelines.tfx.run import recorded_run

    _, again, (_, folder, _) = trained
    worse, root = evaluator.blessing, tmp_path / "root"
    monkeypatch.setattr(evaluator, "blessing", lambda figure, *others: worse(figure + 1, *others))
    with pytest.raises(InputError, match="not pushed: .* rolling volatility has .*--push-anyway"):
        again(push_anyway=False, pipeline_root=root)
    nodes = {node.name: node for node in recorded_run("yen-gru", root)}
    assert nodes["Evaluator"].properties["blessed"] == 0
    assert nodes["pusher"].state == "FAILED"
    assert [path.name for path in folder.parent.iterdir() if path.is_dir()] == [folder.name]


def test_the_blessing_of_each_component_is_read(needs_tfx):
    from rnnzoo.pipelines.tfx.pushing import check_blessed

    class Blessing:
        uri = "there"

        def __init__(self, value):
            self.get_int_custom_property = {"blessed": value}.get

    check_blessed(Blessing(1), "Evaluator")
    check_blessed(Blessing(0), "Evaluator", push_anyway=True)
    for value in (0, None):
        with pytest.raises(InputError, match=r"the InfraValidator did not bless it \(see there\)"):
            check_blessed(Blessing(value), "InfraValidator")


def test_data_without_examples_are_refused_in_one_line(trained, monkeypatch, tmp_path):
    from rnnzoo.pipelines.families.rates.family import RatesFamily

    monkeypatch.setattr(RatesFamily, "examples", lambda *_, **__: dict.fromkeys(SPLITS, ()))
    with pytest.raises(
        InputError, match="^(train|validation|test) of .* has no example: give"
    ) as error:
        trained[1](pipeline_root=tmp_path / "root")
    assert "\n" not in str(error.value) and "while running" not in str(error.value)


def test_a_runner_that_beam_does_not_know(trained):
    with pytest.raises(InputError, match="--beam-runner 'NoRunner': give one that Beam knows"):
        trained[1](beam=["--runner=NoRunner"])


def test_a_root_that_cannot_be_written(trained, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="root cannot be written: Not a directory"):
        trained[1](pipeline_root=tmp_path / "file/root")


def test_the_lineage_of_the_embedded_engine_in_a_store(trained, rates_file, tmp_path, capsys):
    from rnnzoo.pipelines.pipeline import Pipeline
    from rnnzoo.pipelines.tfx.store import open_store

    models = tmp_path / "models"
    Pipeline("usdinr-short", models, rates_file, "yen-gru").run(push_anyway=True)
    path = tmp_path / "store.sqlite"
    for _ in range(2):  # what is there is not written twice
        assert main(["lineage", "yen-gru", "--mlmd", str(path)]) == 0
    assert f"9 stages of yen-gru are in {path}" in capsys.readouterr().err
    store = open_store(path)
    artifacts = {artifact.id: artifact for artifact in store.get_artifacts()}
    assert len(artifacts) == len(store.get_executions()) == 9
    (model,) = store.get_artifacts_by_type("Model")
    events = store.get_events_by_artifact_ids([model.id])
    readers = [event.execution_id for event in events if event.type == event.INPUT]
    assert len(readers) == 2  # evaluation and infra
    path.write_text("no store")
    assert main(["lineage", "yen-gru", "--mlmd", str(path)]) == 2
    assert "is no store of ML Metadata" in capsys.readouterr().err


def test_a_pipeline_for_kubeflow(trained, rates_file, tmp_path, capsys):
    pytest.importorskip("kfp")
    command = ["train", "usdinr-short", "--data", str(rates_file), "--engine", "tfx"]
    path, image = tmp_path / "pipeline.json", "example.org/rnnzoo:1"
    arguments = ["--image", image, "--pipeline-root", "/mnt/tfx", "--compile", str(path)]
    assert main([*command, *arguments]) == 0
    job = json.loads(path.read_text())
    assert job["pipelineSpec"]["schemaVersion"] == "2.1.0"
    assert main([*command, "--compile", str(tmp_path / "x.json")]) == 2
    assert "--image is missing: give one that the cluster knows" in capsys.readouterr().err
    assert sorted(tmp_path.iterdir()) == [path]


def test_files_are_predicted_by_the_pushed_model(trained, rates_file, tmp_path):
    from rnnzoo.pipelines.tfx.run import recorded_run

    _, again, (_, folder, _) = trained
    out, expected = tmp_path / "predictions.jsonl", tmp_path / "p.jsonl"
    shutil.rmtree(folder)  # it is pushed again, and predicts then
    outcomes, same, _ = again(predict=[str(rates_file)], predictions=out)
    assert same == folder and list(outcomes) == [*COMPONENTS, "bulk_inferrer", str(out)]
    made = {name for name, outcome in outcomes.items() if outcome.startswith("made in")}
    assert made == {"pusher", "bulk_inferrer"}
    assert outcomes[str(out)] == "1 record of 1 file"
    assert main(["predict", "yen-gru", "--data", str(rates_file), "--out", str(expected)]) == 0
    assert out.read_bytes() == expected.read_bytes() != b""
    nodes = {node.name: node for node in recorded_run("yen-gru")}
    ((kind, uri),) = nodes["bulk_inferrer"].outputs["inference_result"]
    assert kind == "InferenceResult"
    assert [path.name for path in Path(uri).iterdir()] == ["predictions.jsonl"]
    assert nodes["bulk_inferrer"].inputs["pushed_model"] == nodes["pusher"].outputs["pushed_model"]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (["no.csv"], "no.csv does not exist: give a file, a folder or a pattern in quotes"),
        (["rates/*.csv"], r"rates/\*.csv does not exist"),
        (["here.jsonl"], "here.jsonl would replace here.jsonl: give another --predictions"),
    ],
)
def test_files_that_cannot_be_predicted(trained, tmp_path, monkeypatch, files, message):
    monkeypatch.chdir(tmp_path)
    Path("here.jsonl").write_text("")
    with pytest.raises(InputError, match=message):
        trained[1](predict=files, predictions=Path("here.jsonl"))
