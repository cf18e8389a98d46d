"""Check that files of models are whole and that their outputs are still those recorded."""

import json
import sys

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.native_stderr import import_keras
from rnnzoo.registry import located


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument(
        "name", nargs="?", help="a model, NAME or NAME/VERSION (default: every model and version)"
    )


def run(options):
    """Prints what was checked, a line per model; returns 2 if one of all models is bad."""
    if options.name is None:
        return _verify_all(options.json)
    from rnnzoo.artifacts import verify_files

    verify_files(located(options.name))  # fails at once, before TensorFlow is imported
    import_keras()
    import rnnzoo

    report = rnnzoo.verify(options.name)
    print(json.dumps(report, indent=2) if options.json else _line(report))


def _verify_all(as_json):
    from rnnzoo.artifacts import installed
    from rnnzoo.progress import progressed

    folders, reports = installed(), []
    import_keras()
    # Lines on a terminal are the progress themselves.
    if as_json or not sys.stdout.isatty():
        folders = progressed(folders, len(folders), "verified", "model")
    for folder in folders:
        reports.append(_report(folder))
        if not as_json:
            print(_line(reports[-1]), flush=True)
    bad = sum("problem" in report for report in reports)
    if as_json:
        print(json.dumps(reports, indent=2))
    else:
        models = f"{len(reports)} model" + "s" * (len(reports) != 1)
        print(f"{models}: {len(reports) - bad} whole, {bad} bad")
    return 2 if bad else 0


def _report(folder):
    """As `rnnzoo.verify`; of a bad model `problem`, one line."""
    import keras

    from rnnzoo.loading import verify_folder

    try:
        return verify_folder(folder)
    except (InputError, OSError) as problem:
        identity = {"name": folder.parent.name, "version": int(folder.name), "path": str(folder)}
        return {**identity, "problem": " ".join(str(problem).splitlines())}
    finally:
        keras.backend.clear_session()


def _line(report):
    model = f"{report['name']}/{report['version']}"
    if "problem" in report:
        return f"{model} is bad: {report['problem']}"
    return (
        f"{model} is whole: {report['files']} files, "
        f"{report['content_digest']}, golden outputs within {report['golden_difference']:.1g}, "
        f"as served {report['served_difference']:.1g}"
    )
