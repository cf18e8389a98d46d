"""What a model that imputes spectrograms has to beat: all by one signature.

Each takes (magnitudes, mask), float and bool arrays (bins, columns), True where a cell is missing,
and returns magnitudes with those filled. `janssen`, in the time domain, has a file of its own.
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

# They see what is missing: to be shown beside others, and never to be used.
ORACLES = {"plca_oracle": plca_oracle}
