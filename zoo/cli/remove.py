"""Remove a model of your own, with its logs and checkpoints."""

import json
import sys

from rnnzoo.datasets.common.errors import InputError


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument("name", help="a model of your own, NAME (all versions) or NAME/VERSION")
    command.add_argument("--yes", action="store_true", help="do not ask")


def run(options):
    """Prints the folders, asks on a terminal, and removes them."""
    from rnnzoo.pipelines.removal import belongings, remove

    versions, caches = belongings(options.name)
    rows = [_measured(folder) for folder in versions + caches]
    if not options.yes and not _agreed(rows):
        print("nothing was removed")
        return
    remove(options.name)
    if options.json:
        print(json.dumps({"name": options.name, "removed": rows}, indent=2))
        return
    for row in rows:
        print(f"removed {_line(row)}")


def _agreed(rows):
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        more = f" and {len(rows) - 1} more" if rows[1:] else ""
        raise InputError(f"this would remove {_line(rows[0])}{more}: give --yes")
    for row in rows:
        print(_line(row), file=sys.stderr)
    print("remove them? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _measured(folder):
    sizes = [path.lstat().st_size for path in folder.rglob("*") if not path.is_dir()]
    return {"path": str(folder), "files": len(sizes), "bytes": sum(sizes)}


def _line(row):
    return f"{row['path']} ({row['files']} files, {row['bytes'] / 1e6:.2f} MB)"
