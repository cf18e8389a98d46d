"""Restores an audio file block by block."""

from rnnzoo.audio.inpainting import restored_windows


def restored_blocks(file, missing, method, progress=None, model=None):
    """Yields the blocks of a file as they are, and with their gaps filled.

    Memory does not grow with the length of the file: only the windows around gaps are computed, one
    after the other, and the rest is passed on.

    Args:
        file: `rnnzoo.datasets.audio.reader.AudioFile`.
        missing: `Missing`.
        method, progress, model: see `rnnzoo.audio.inpainting.restored_windows`.

    Yields:
        Pair of float64 arrays (channels, n); bit by bit equal outside `missing.spans`.

    Raises:
        InputError: the file is damaged, or what is missing is not for the method.
    """
    gaps = restored_windows(file.blocks(), missing, method, progress, model=model)
    gap, position = next(gaps, None), 0
    for block in file.blocks():
        end, restored = position + block.shape[1], block.copy()
        while gap is not None and gap[0] < end:
            start, samples = gap
            stop = start + samples.shape[1]
            low, high = max(start, position), min(stop, end)
            restored[:, low - position : high - position] = samples[:, low - start : high - start]
            if stop > end:
                break
            gap = next(gaps, None)
        yield block, restored
        position = end
