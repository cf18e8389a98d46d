"""The prepared clips of UCF-11."""

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.prepare import dataset, prepared
from rnnzoo.datasets.common.splits import check_split
from rnnzoo.datasets.ucf11.clips import CLASSES, FORMS, part_folder, ucf11_clips
from rnnzoo.datasets.ucf11.sources import SOURCES
from rnnzoo.datasets.ucf11.splits import split_ucf11


def source():
    """The `Source` of the published videos."""
    return SOURCES["ucf11"]


def all_classes():
    """list of str, the classes of the whole data set."""
    return list(CLASSES)


def load_clips():
    """Lists the published clips, or a part's, none of them opened; no group is in two splits.

    Returns:
        dict from split to list of `rnnzoo.datasets.common.class_folders.Clip`.

    Raises:
        InputError: they cannot be had.
    """
    return split_ucf11(ucf11_clips())


def load_ucf11(split, by="group", path=None, form="both"):
    """Prepares the clips with TFDS where that is not done yet, and opens a split.

    Args:
        split: str, `"train"`, `"validation"`, `"test"`, or several joined with `+`.
        by: str, `"group"` or `"clip"`, see `rnnzoo.datasets.ucf11.splits.split_ucf11`.
        path: str or path of a user's folder or archive; None for the published one, or a part.
        form: str, `"videos"`, `"strips"` or `"both"`, see `ucf11_clips`.

    Returns:
        (`tf.data.Dataset` of dict with `frames` uint8 (7, height, width, 3), `label`, `name`,
        `group`, `clip`, `seconds`; dict from the name of each clip that was left out, in any
        split, to the reason).

    Raises:
        InputError: no such split, or the clips cannot be had.
    """
    check_split(split)
    if by not in ("group", "clip"):
        raise InputError(f"by is {by!r}: choose one of group, clip")
    if form not in FORMS:
        raise InputError(f"form is {form!r}: choose one of {', '.join(FORMS)}")
    from rnnzoo.datasets.ucf11.ucf11_dataset_builder import Builder, Ucf11Config

    published = path is None and form == "both" and part_folder() is None
    # A prepared data set is opened without its source; what is at hand is named by its content.
    config = by if published else Ucf11Config.of_path(path, by, form)
    builder = prepared(Builder, config)
    return dataset(builder, split), dict(builder.info.metadata["skipped"])
