"""The samples that each column of a spectrogram covers.

Column t covers the samples in [(t + 1) hop - n_fft, (t + 1) hop), with zeros outside the audio. So
every sample is in n_fft / hop columns, including the first and the last ones.
"""

N_FFT = 256  # [TH] chapter 8: 129 bins
HOP = 64
BINS = N_FFT // 2 + 1


def columns_of(length, n_fft=N_FFT, hop=HOP):
    """int, the number of columns of `length` samples."""
    return -(-length // hop) + n_fft // hop - 1


def columns_that_see(start, stop, n_fft=N_FFT, hop=HOP):
    """The columns [first, end) that cover a sample in [start, stop)."""
    return start // hop, -(-(stop + n_fft) // hop) - 1


def seen_by(first, end, length, n_fft=N_FFT, hop=HOP):
    """The samples [start, stop) that the columns in [first, end) cover."""
    return max((first + 1) * hop - n_fft, 0), min(end * hop, length)
