"""Check that a model's files are whole and that its outputs are still those recorded."""

import json

from rnnzoo.native_stderr import import_keras
from rnnzoo.registry import located


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument("name", help="a model, NAME or NAME/VERSION")


def run(options):
    """Prints what was checked."""
    from rnnzoo.artifacts import verify_files

    verify_files(located(options.name))  # fails at once, before TensorFlow is imported
    import_keras()
    import rnnzoo

    report = rnnzoo.verify(options.name)
    if options.json:
        print(json.dumps(report, indent=2))
        return
    print(
        f"{report['name']}/{report['version']} is whole: {report['files']} files, "
        f"{report['content_digest']}, golden outputs within {report['golden_difference']:.1g}, "
        f"as served {report['served_difference']:.1g}"
    )
