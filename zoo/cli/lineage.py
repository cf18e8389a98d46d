"""Show which data, code and parameters made a model."""

import json
import sys

from rnnzoo.cards import rendered
from rnnzoo.cli._engine import add_engine_choice
from rnnzoo.registry import info, located


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument("name", help="a model, NAME or NAME/VERSION")
    add_engine_choice(command, "prints the components of the newest run in its store of metadata")
    command.add_argument(
        "--mlmd",
        metavar="FILE",
        help="also write the runs of the embedded engine to this store of ML Metadata (SQLite)",
    )


def run(options):
    """Prints the stages from the data to the model, each with its version and parameters."""
    if options.engine == "tfx":
        _print_tfx(options)
        return
    located(options.name)
    card = info(options.name)
    keys = ("name", "version", "content_digest", "data", "base", "command", "versions", "lineage")
    fields = {key: card[key] for key in keys if key in card}
    if options.mlmd:
        from rnnzoo.pipelines.tfx.available import check_tfx

        check_tfx()
        from rnnzoo.pipelines.tfx.mlmd_export import write_mlmd

        count = write_mlmd(card["name"], options.mlmd)
        print(f"{count} stages of {card['name']} are in {options.mlmd}", file=sys.stderr)
    if options.json:
        print(json.dumps(fields, indent=2, ensure_ascii=False))
        return
    stages = fields.pop("lineage", [])
    print(rendered(fields))
    for stage in stages:
        print(f"{stage['stage']} (version {stage['version']}, sha256 {stage['digest'][:16]})")
        for name, value in stage["parameters"].items():
            print(f"  {name} = {json.dumps(value, ensure_ascii=False)}")
        for name, digest in stage["inputs"].items():
            print(f"  from {name} {digest[:16]}")


def _print_tfx(options):
    """The components of the newest run of TFX."""
    from rnnzoo.pipelines.tfx.available import check_tfx

    check_tfx()
    from rnnzoo.pipelines.tfx.run import recorded_run

    nodes = recorded_run(options.name, options.pipeline_root)
    if options.json:
        print(json.dumps([vars(node) for node in nodes], indent=2, ensure_ascii=False))
        return
    for node in nodes:
        print(f"{node.name} ({node.state.lower()}, {node.seconds:.1f} s)")
        for word, channels in (("from", node.inputs), ("to", node.outputs)):
            for channel, artifacts in channels.items():
                for kind, uri in artifacts:
                    print(f"  {word} {channel}: {kind} {uri}")
        for name, value in node.properties.items():
            print(f"  {name} = {value}")
