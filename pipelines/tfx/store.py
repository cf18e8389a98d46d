"""What a TFX run left in its store of ML Metadata (MLMD)."""

from dataclasses import dataclass

from google.protobuf import json_format
from google.protobuf.message import Message
from ml_metadata.metadata_store.metadata_store import MetadataStore
from ml_metadata.proto import metadata_store_pb2 as mlmd

STORE = "metadata.sqlite"


@dataclass(frozen=True)
class Node:
    """A component's part in a run.

    Args:
        name: str, the component's id.
        state: str, of the execution: `"COMPLETE"`, `"CACHED"`, `"FAILED"`.
        seconds: float, from its start to its end.
        inputs: dict from channel to list of (artifact type, uri).
        outputs: likewise.
        properties: dict of JSON values, the properties of all outputs.
    """

    name: str
    state: str
    seconds: float
    inputs: dict
    outputs: dict
    properties: dict


def open_store(path):
    """The `MetadataStore` of an SQLite file, which is created.

    Args:
        path: str or path.
    """
    config = mlmd.ConnectionConfig()
    config.sqlite.filename_uri = str(path)
    return MetadataStore(config)


def last_run(path):
    """list of `Node`, of the newest run in a store, in the order in which they ran.

    Args:
        path: path of the SQLite file.
    """
    return next(runs(path), [])


def runs(path):
    """Yields each run in a store, the newest first, as `last_run` returns it."""
    store = open_store(path)
    contexts = store.get_contexts_by_type("pipeline_run")
    for context in sorted(contexts, key=lambda context: -context.id):
        executions = store.get_executions_by_context(context.id)
        yield [_node(store, execution) for execution in sorted(executions, key=lambda e: e.id)]


def _plain(value):
    """The JSON value of one of MLMD."""
    content = getattr(value, value.WhichOneof("value"))
    return json_format.MessageToDict(content) if isinstance(content, Message) else content


def _node(store, execution):
    events = store.get_events_by_execution_ids([execution.id])
    artifacts = {a.id: a for a in store.get_artifacts_by_id([e.artifact_id for e in events])}
    types = {t.id: t.name for t in store.get_artifact_types()}
    channels = {mlmd.Event.INPUT: {}, mlmd.Event.OUTPUT: {}}
    properties = {}
    for event in events:
        artifact = artifacts[event.artifact_id]
        key = next((step.key for step in event.path.steps if step.HasField("key")), "")
        ends = channels.get(event.type)
        if ends is None:
            continue
        ends.setdefault(key, []).append((types[artifact.type_id], artifact.uri))
        if event.type == mlmd.Event.OUTPUT:
            for name, value in artifact.custom_properties.items():
                properties[name] = _plain(value)
    (context,) = [
        c for c in store.get_contexts_by_execution(execution.id)
        if store.get_context_types_by_id([c.type_id])[0].name == "node"
    ]  # fmt: skip
    return Node(
        name=context.name.split(".")[-1],
        state=mlmd.Execution.State.Name(execution.last_known_state),
        seconds=(
            execution.last_update_time_since_epoch - execution.create_time_since_epoch
        ) / 1000,
        inputs=channels[mlmd.Event.INPUT],
        outputs=channels[mlmd.Event.OUTPUT],
        properties=properties,
    )  # fmt: skip
