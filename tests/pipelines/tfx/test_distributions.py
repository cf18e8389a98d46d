"""DistributionValidator on two versions of other rates."""

import numpy as np
import pytest

from rnnzoo.pipelines.core.examples import Feature

pytestmark = pytest.mark.tfx
THRESHOLDS = {"rate": 0.1, "return": 0.1}  # the second one is derived: unknown to TFX
SHORT = {
    "units": 4, "window": 60, "batch_size": 8, "epochs": 1, "seeds": [1],
    "drift": THRESHOLDS, "skew": THRESHOLDS,
}  # fmt: skip


def test_thresholds_are_of_features(needs_tfx):
    from rnnzoo.pipelines.tfx.distributions import config_of

    features = {"label": Feature("string"), "rate": Feature("float32")}
    label, rate = config_of(0.2, features).default_slice_config.feature
    assert label.distribution_comparator.infinity_norm.threshold == 0.2
    assert rate.distribution_comparator.jensen_shannon_divergence.threshold == 0.2
    (only,) = config_of({"rate": 0.1, "derived": 0.1}, features).default_slice_config.feature
    assert only.path.step == ["rate"]
    assert config_of({"derived": 0.1}, features) is None


@pytest.mark.slow
def test_splits_and_versions_that_differ_are_reported(
    needs_tfx, own_folders, short_recipe, tmp_path, capsys
):
    from rnnzoo.pipelines.tfx.run import recorded_run, train

    days = np.arange("2010-01-04", "2014-01-01", dtype="datetime64[D]")
    days = days[np.is_busday(days)]
    files = []
    for level, spread in ((60, 0.004), (90, 0.02)):
        steps = spread * np.random.default_rng(0).normal(size=len(days))
        values = level * np.exp(np.cumsum(steps))
        rows = zip(days, values, strict=True)
        files.append(tmp_path / f"{level}.csv")
        files[-1].write_text("date,value\n" + "\n".join(f"{d},{v:.4f}" for d, v in rows))
    with short_recipe("usdinr-short", "usdinr-gru", SHORT) as patch:
        patch.setenv("RNNZOO_MODELS_DIR", str(tmp_path / "models"))
        patch.setenv("RNNZOO_CACHE_DIR", str(tmp_path / "cache"))
        reports, cards = [], []
        for file in files:
            _, card = train(
                "usdinr-short", tmp_path / "models", file, new_name="yen-gru", push_anyway=True
            )
            reports.append(capsys.readouterr().err)
            cards.append(card)
        before, after = ("\n".join(card["warnings"]) for card in cards)
        assert "rate of test is distributed unlike train" in before
        unlike = " of train is distributed unlike that of the version before: "
        assert unlike not in before and f"return{unlike}" in after and f"rate{unlike}" in after
        assert [record["stage"] for record in cards[0]["lineage"]] == [
            record["stage"] for record in cards[1]["lineage"]
        ]
        assert "skew: rate of test_train: The approximate Jensen-Shannon divergence" in reports[0]
        assert "drift: " not in reports[0]
        assert "drift: rate of train_train: The approximate Jensen-Shannon divergence" in reports[1]
        nodes = {node.name: node for node in recorded_run("yen-gru")}
    assert nodes["skew"].properties["blessed"]
    assert (
        nodes["drift"].inputs["baseline_statistics"] == nodes["last_statistics"].outputs["result"]
    )
