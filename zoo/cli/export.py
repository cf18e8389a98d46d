"""Write a model in another format: Keras, SavedModel, ONNX or LiteRT."""

import json

from rnnzoo.cli._written_files import check_written
from rnnzoo.native_stderr import import_keras, native_silence
from rnnzoo.registry import located


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument("name", help="a model, NAME or NAME/VERSION")
    command.add_argument("--format", required=True, help="keras, saved_model, onnx or litert")
    command.add_argument(
        "--signature",
        help="of onnx and litert: serving_default (default), step with states, or model",
    )
    command.add_argument("--out", metavar="PATH", help="what to write (default: NAME and a suffix)")


def run(options):
    """Prints what was written, and how far its outputs are from the model's recorded ones."""
    check_written(options, "out")
    located(options.name)
    import_keras()
    from rnnzoo.pipelines.export.formats import export

    with native_silence():
        report = export(options.name, options.format, options.out, options.signature)
    if options.json:
        print(json.dumps(report, indent=2))
        return
    print(
        f"{report['path']}: {report['name']} as {report['format']}, loaded again, "
        f"within {report['difference']:.1g} of the recorded outputs"
    )
    for kind in ("inputs", "outputs"):
        for name, description in report.get(kind, {}).items():
            print(f"  {kind[:-1]:6} {name}: {description}")
