"""Where the columns of a spectrogram lie over the samples.

Column t sees the samples from (t + 1) hop - n_fft up to, without, (t + 1) hop; outside the audio
there are zeros. So each sample is in n_fft / hop columns, the first and the last ones as well.
"""

N_FFT = 256  # [TH] chapter 8: 129 bins
HOP = 64
BINS = N_FFT // 2 + 1


def columns_of(length, n_fft=N_FFT, hop=HOP):
    """int, columns that see a sample of `length` ones."""
    return -(-length // hop) + n_fft // hop - 1


def columns_that_see(start, stop, n_fft=N_FFT, hop=HOP):
    """(first, end) of the columns that see a sample from `start` up to, without, `stop`."""
    return start // hop, -(-(stop + n_fft) // hop) - 1


def seen_by(first, end, length, n_fft=N_FFT, hop=HOP):
    """(start, stop) of the samples that a column from `first` up to, without, `end` sees."""
    return max((first + 1) * hop - n_fft, 0), min(end * hop, length)
