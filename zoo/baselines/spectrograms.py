"""Baselines of the imputation of spectrograms, with the same signature.

Each takes (magnitudes, mask), float and bool arrays (bins, columns), True where a cell is missing,
and returns magnitudes with the missing cells filled. `janssen` works in the time domain instead.
"""

from rnnzoo.baselines.spectrogram_knn import knn
from rnnzoo.baselines.spectrogram_linear import linear
from rnnzoo.baselines.spectrogram_plca import plca, plca_oracle
from rnnzoo.baselines.spectrogram_regression import regression
from rnnzoo.baselines.spectrogram_svd import svd
from rnnzoo.baselines.spectrogram_wiener import wiener

BASELINES = {
    "linear": linear,
    "knn": knn,
    "svd": svd,
    "plca": plca,
    "regression": regression,
    "wiener": wiener,
}

# These read the missing cells: only for comparison.
ORACLES = {"plca_oracle": plca_oracle}
