"""The newest run of TFX as the report page reads it, from its store of metadata."""

from pathlib import Path

from rnnzoo.artifacts import read_card
from rnnzoo.artifacts.records import read_history
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.core.blessing import report_to_push
from rnnzoo.pipelines.core.stage_run import FAILED as STAGE_FAILED
from rnnzoo.pipelines.core.stage_run import MADE, StageRun
from rnnzoo.pipelines.report.recorded_run import history_of, outcome_of
from rnnzoo.pipelines.report.run import FAILED, NOT_PUSHED, PUSHED, Run
from rnnzoo.pipelines.tfx.run import recorded_run
from rnnzoo.pipelines.tfx.stage_artifacts import FILE, FOLDER, read_stages

PUSHER = "pusher"
# The outputs that stand for a component which has several.
MAIN = ("transform_graph", "best_hyperparameters", "model", "report", "evaluation")
OUTCOMES = {"COMPLETE": MADE, "FAILED": STAGE_FAILED}


def run_of_tfx(name, pipeline_root=None):
    """The `Run`: its components, and the artifacts of the embedded stages that they ran.

    Args:
        name, pipeline_root: see `rnnzoo.pipelines.tfx.run.recorded_run`.

    Raises:
        InputError: there is no run.
    """
    nodes = recorded_run(name, pipeline_root)
    producers = {
        uri: node.name for node in nodes for channel in node.outputs.values() for _, uri in channel
    }
    components = [_component(node, producers) for node in nodes]
    stages = _stages(nodes)
    pushed = next((node.properties for node in nodes if node.name == PUSHER), {})
    if folder := _pushed_folder(pushed):
        card = read_card(folder)
        history = read_history(folder) or []
        return Run(card, stages, PUSHED, outcome_of(card), history, folder, components)
    card = {"name": name, "title": "", **_task(stages)}
    failed = [node.name for node in nodes if node.state == "FAILED"]
    if failed == [PUSHER]:
        outcome = _refusal(stages) or "not pushed"
        return Run(card, stages, NOT_PUSHED, outcome, history_of(stages), None, components)
    outcome = f"{', '.join(failed) or 'the run'} did not complete"
    return Run(card, stages, FAILED, outcome, history_of(stages), None, components)


def _component(node, producers):
    """The `StageRun` of a `Node`.

    Args:
        node: `rnnzoo.pipelines.tfx.store.Node`.
        producers: dict from the uri of an artifact to the component that wrote it.
    """
    inputs = {}
    for kind, uri in (artifact for channel in node.inputs.values() for artifact in channel):
        if uri in producers:
            inputs.setdefault(producers[uri], []).append(f"{kind} {Path(uri).name}")
    channels = dict(sorted(node.outputs.items(), key=lambda item: item[0] not in MAIN))
    written = [Path(uri) for channel in channels.values() for _, uri in channel]
    return StageRun(
        node.name,
        None,
        node.properties,
        {name: ", ".join(sorted(artifacts)) for name, artifacts in inputs.items()},
        OUTCOMES.get(node.state, node.state.lower()),
        node.seconds,
        path=written[0] if written else None,
    )


def _stages(nodes):
    """list of `StageRun`, of the embedded stages whose artifacts the components hold."""
    artifacts = {}
    for node in nodes:
        for channel in node.outputs.values():
            for _, uri in channel:
                if (Path(uri) / FOLDER / FILE).is_file():
                    artifacts |= read_stages(uri)
    return [
        StageRun(
            **artifact.record(),
            outcome=MADE,
            path=artifact.path if artifact.path.is_dir() else None,
        )
        for artifact in artifacts.values()
    ]


def _pushed_folder(properties):
    """Path of the pushed model; None if it is not there, or is another one."""
    destination = properties.get("pushed_destination")
    folder = destination and Path(destination)
    try:
        same = folder and read_card(folder)["content_digest"] == properties["content_digest"]
    except InputError:
        return None
    return folder if same else None


def _task(stages):
    """dict of the task, where a stage has it among its parameters."""
    tasks = [stage.parameters["family"]["task"] for stage in stages if "family" in stage.parameters]
    return {"task": tasks[0]} if tasks else {}


def _refusal(stages):
    """str, why the model was not blessed; empty if it was."""
    for stage in stages:
        if stage.stage == "evaluation" and stage.path is not None:
            try:
                report_to_push(stage.path)
            except InputError as problem:
                return str(problem)
    return ""
