"""Writes the lineage of the embedded engine to a store of ML Metadata, which tools of MLMD read."""

import json
from pathlib import Path

from ml_metadata.proto import metadata_store_pb2 as mlmd

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.pipelines.core.lineage_store import made_stages
from rnnzoo.pipelines.core.run_folders import stages_folder
from rnnzoo.pipelines.tfx.store import open_store

# The types that TFX gives the artifacts of these stages.
TYPES = {
    "examples": "Examples",
    "statistics": "ExampleStatistics",
    "schema": "Schema",
    "anomalies": "ExampleAnomalies",
    "distributions": "ExampleAnomalies",
    "transformed": "TransformGraph",
    "model": "Model",
    "evaluation": "ModelEvaluation",
    "infra": "InfraBlessing",
    "last_statistics": "ExampleStatistics",
}


def write_mlmd(name, path):
    """Writes the stages that ran for a model: an execution and an artifact each.

    What the store has already is not written twice.

    Args:
        name: str, the model's.
        path: path of an SQLite file, which is created in an existing folder.

    Returns:
        int, the number of stages.

    Raises:
        InputError: no stage has run here, or the file cannot be written.
    """
    rows = made_stages(stages_folder(name))
    if not rows:
        raise InputError(f"no stage of {name} has run here on the embedded engine")
    if not Path(path).absolute().parent.is_dir():
        raise InputError(f"{Path(path).absolute().parent} is no folder: give an existing one")
    try:
        store = open_store(path)
        context = _context(store, name)
        for row in rows:
            _write(store, context, name, row)
    except Exception as problem:  # MLMD's, of a file that is no such store
        reason = str(problem).splitlines()[0]
        raise InputError(f"{path} is no store of ML Metadata ({reason}): give another") from None
    return len(rows)


def _context(store, name):
    kind = store.put_context_type(mlmd.ContextType(name="pipeline"))
    context = store.get_context_by_type_and_name("pipeline", name)
    if context is None:
        context = mlmd.Context(type_id=kind, name=name)
        (context.id,) = store.put_contexts([context])
    return context


def _write(store, context, name, row):
    type_name = TYPES[row["stage"]]
    kind = store.put_artifact_type(mlmd.ArtifactType(name=type_name), can_add_fields=True)
    if store.get_artifact_by_type_and_name(type_name, row["key"]) is not None:
        return
    execution = mlmd.Execution(
        type_id=store.put_execution_type(mlmd.ExecutionType(name=f"rnnzoo.{row['stage']}")),
        name=row["key"],
        last_known_state=mlmd.Execution.COMPLETE,
    )
    execution.custom_properties["version"].int_value = row["version"]
    execution.custom_properties["seconds"].double_value = row["seconds"]
    for parameter, value in row["parameters"].items():
        execution.custom_properties[parameter].string_value = json.dumps(value, sort_keys=True)
    artifact = mlmd.Artifact(type_id=kind, name=row["key"], uri=str(row["path"]))
    artifact.state = mlmd.Artifact.LIVE
    artifact.custom_properties["digest"].string_value = row["digest"]
    pairs = [(artifact, _event(mlmd.Event.OUTPUT, row["stage"]))]
    for stage, digest in row["inputs"].items():
        for earlier in store.get_artifacts_by_type(TYPES[stage]):
            if earlier.custom_properties["digest"].string_value == digest:
                pairs.append((earlier, _event(mlmd.Event.INPUT, stage)))
                break
    store.put_execution(execution, pairs, [context])


def _event(kind, key):
    event = mlmd.Event(type=kind)
    event.path.steps.add().key = key
    return event
