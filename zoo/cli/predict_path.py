"""Predict where a path through streets goes next, and draw it on a map."""

import json

from rnnzoo.cli._written_files import check_written
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.native_stderr import import_keras
from rnnzoo.registry import card_for


def add_arguments(command):
    """Adds this command's arguments."""
    command.add_argument("name", help="a model of paths, NAME or NAME/VERSION")
    command.add_argument(
        "--prefix",
        nargs="+",
        required=True,
        metavar="LINK",
        help="ids of the first links, in order; or one text of them, --prefix='-1 -2', where an id "
        "begins with -",
    )
    command.add_argument(
        "--destination", metavar="LINK", help="the last link, to which a route is searched"
    )
    command.add_argument("--steps", type=int, help="links to append at most (1000)")
    command.add_argument("--top", type=int, default=5, help="next links to print (5)")
    command.add_argument(
        "--samples", type=int, help="draw so many paths instead of the most probable links"
    )
    command.add_argument("--seed", type=int, help="the same seed draws the same paths")
    command.add_argument("--png", metavar="FILE", help="draw the paths on a street map")
    command.add_argument("--html", metavar="FILE", help="an interactive map that works offline")


def run(options):
    """Prints what can follow and the predicted path, and writes the maps."""
    card_for(options.name, "PathPredictor", "predict-path is for models of paths")
    check_written(options, "png", "html")
    from rnnzoo.datasets.common.arguments import whole
    from rnnzoo.datasets.common.atomic_write import writable
    from rnnzoo.figure import checked_png

    for flag, value in (
        ("--top", options.top),
        ("--steps", options.steps),
        ("--samples", options.samples),
    ):
        if value is not None:
            whole(flag, value)
    if options.samples is None and options.seed is not None:
        raise InputError(f"--seed {options.seed} is for --samples: give it too")
    if options.samples is None and None not in (options.destination, options.steps):
        raise InputError(
            f"--steps {options.steps} does not go with --destination {options.destination}, where "
            "the path ends: leave it out, or give --samples"
        )
    png = options.png and checked_png(options.png)
    page = options.html and writable(options.html, ".html", ".htm")
    import_keras()
    import rnnzoo

    model = rnnzoo.load(options.name)
    prefix = [
        link
        for text in options.prefix
        for link in ([text] if text in model.graph.index else text.split())
    ]
    following = model.next(prefix, destination=options.destination, top=options.top)
    if options.samples is None and options.destination is None:
        paths = [model.predict_path(prefix, options.steps)]
    elif options.samples is None:
        paths = [model.route(prefix, options.destination)]
    else:
        paths = model.sample(
            prefix,
            options.samples,
            steps=options.steps,
            destination=options.destination,
            seed=options.seed,
        )
    _print(following, prefix, paths, options)
    _draw(model, prefix, paths, png, page, options)


def _print(following, prefix, paths, options):
    if options.json:
        rows = [vars(link) for link in following]
        report = {"name": options.name, "prefix": prefix, "next": rows, "paths": paths}
        print(json.dumps(report, indent=2, ensure_ascii=False))
        return
    print("next:")
    for link in following:
        place = "the path ends" if link.link is None else f"{link.link}  {link.name}".rstrip()
        print(f"{link.probability:7.1%}  {place}")
    for path in paths:
        print(f"path of {len(path)} links: {' '.join(path)}")


def _draw(model, prefix, paths, png, page, options):
    from rnnzoo.streets.drawn_path import COLOURS, PREFIX, DrawnPath
    from rnnzoo.streets.html_map import save_html_map
    from rnnzoo.streets.street_map import save_map

    if not (png or page):
        return
    index = model.graph.index
    drawn = [DrawnPath("prefix", [index[link] for link in prefix], PREFIX)]
    for number, path in enumerate(paths):
        title = "prediction" if options.samples is None else f"sample {number + 1}"
        links = [index[link] for link in path[len(prefix) :]]
        if links:
            drawn.append(DrawnPath(title, links, COLOURS[number % len(COLOURS)]))
    if options.destination is not None:
        drawn.append(DrawnPath("destination", [index[options.destination]], COLOURS[-1]))
    title = f"{options.name} after {' '.join(prefix)}"
    if png:
        save_map(png, model.graph, [(title, drawn)])
    if page:
        save_html_map(page, model.graph, drawn, title)
    if not options.json:
        print(*filter(None, (png, page)), sep="\n")
