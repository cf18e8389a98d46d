"""A folder of feature sequences with one sub-folder per class."""

from rnnzoo.datasets.common.class_folders import labelled_files
from rnnzoo.datasets.common.clip_splits import split_clips
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.datasets.common.near_duplicates import first_of_each, report
from rnnzoo.datasets.sequences.feature_file import SUFFIXES, read_features
from rnnzoo.datasets.sequences.labelled import Labelled


def feature_splits(folder):
    """Reads and splits feature sequences by the names of their files.

    Files whose names tell that they were cut from one recording are in one split, as clips of
    videos are, and so are files of the same content, which are reported on standard error.

    Args:
        folder: str or path of a folder with a sub-folder of `.npy` or `.csv` files per class, see
            `rnnzoo.datasets.sequences.feature_file`.

    Returns:
        dict from split to `Labelled`, sequences (time, features).

    Raises:
        InputError: it is no such folder, a class has fewer than three files, a file cannot be
            read, or the number of features is not the same in all files.
    """
    files, _ = labelled_files(folder, SUFFIXES, "feature sequences")
    same = first_of_each(files)
    report(same)
    splits, first = {}, None
    for split, part in split_clips(files, first=same).items():
        sequences = [read_features(file.path) for file in part]
        for file, sequence in zip(part, sequences, strict=True):
            first = first or (file.path, sequence.shape[1])
            if sequence.shape[1] != first[1]:
                raise InputError(
                    f"{file.path} has {sequence.shape[1]} features and {first[0]} has "
                    f"{first[1]}: give the same number in each"
                )
        splits[split] = Labelled(
            [file.name for file in part], sequences, [file.label for file in part]
        )
    return splits
