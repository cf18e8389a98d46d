import numpy as np
import pytest
import tensorflow as tf

import rnnzoo
from rnnzoo.artifacts import read_card
from rnnzoo.artifacts.model import read_model
from rnnzoo.datasets.common.errors import InputError
from rnnzoo.loading import served
from rnnzoo.pipelines.export import artifact, re_export
from rnnzoo.pipelines.export.saved_model import plain_endpoints
from rnnzoo.pipelines.families.text.family import TextFamily

CARD = {"name": "tiny-lstm", "task": "TextGenerator", "title": "For tests"}


@pytest.fixture
def old(tiny, models, monkeypatch):
    """An artifact whose graph has the signatures of an older package: no `step`."""
    with monkeypatch.context() as patch:
        patch.setattr(TextFamily, "endpoints", lambda family, model: plain_endpoints(model))
        golden = tiny.vocabulary.encode("abc")[None]
        return artifact.push(tiny, CARD, golden, models, [{"epoch": 1, "loss": 2.0}])[0]


def files(folder):
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_graph_is_written_again_and_all_else_stays(old, monkeypatch):
    before, weights = files(old), read_model(old).weights
    assert "step" not in tf.saved_model.load(old).signatures
    with monkeypatch.context() as patch:
        patch.setattr(re_export, "served", lambda folder: lambda x: served(folder)(x) + 0.01)
        with pytest.raises(InputError, match="the new export differs from the golden outputs by"):
            re_export.re_export(old)
    assert files(old) == before
    card = re_export.re_export(old)
    assert "step" in tf.saved_model.load(old).signatures
    assert read_card(old) == card
    after, new_weights = files(old), read_model(old).weights
    changed = {name for name in after if after[name] != before[name]}
    assert {"saved_model.pb", "SHA256SUMS"} <= changed
    assert not changed & {"card.json", "golden.npz", "history.json"}
    for name, weight in weights.items():
        np.testing.assert_array_equal(new_weights[name], weight)
    assert rnnzoo.verify("tiny-lstm")["content_digest"] == card["content_digest"]
    assert [path.name for path in old.parent.iterdir()] == ["1"]
    (old / "card.json").write_text("{}")
    with pytest.raises(InputError, match="is not the file that was published"):
        re_export.re_export(old)
