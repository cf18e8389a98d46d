"""What tests of several families' pipelines share."""

import contextlib

import pytest


@pytest.fixture(scope="session")
def pushed_alone(own_folders, tmp_path_factory):
    """A function from a model's name to a context of (folder of models, folder, card).

    Its models and cache are of this context alone: what others push would be compared with.
    """
    from rnnzoo.pipelines.pipeline import Pipeline

    @contextlib.contextmanager
    def pushed(name, *arguments):
        models = tmp_path_factory.mktemp("models")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("RNNZOO_MODELS_DIR", str(models))
            patch.setenv("RNNZOO_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
            yield models, *Pipeline(name, models, *arguments).run()

    return pushed


@pytest.fixture(scope="session")
def needs_tfx():
    """Skips where TFX cannot be had."""
    from rnnzoo.datasets.common.errors import InputError
    from rnnzoo.pipelines.tfx.available import check_tfx

    try:
        check_tfx()
    except InputError as problem:
        pytest.skip(str(problem))


@pytest.fixture(scope="session")
def digest_by_tfx(needs_tfx, own_folders, tmp_path_factory):
    """A function that trains a model by the engine of TFX and returns its content digest.

    It takes what `Pipeline` takes, but the folder of models. Folders and cache are new: nothing
    that was trained before is read.
    """
    from rnnzoo.pipelines.tfx.run import train

    def digest(name, data=None, new_name=None, **options):
        models = tmp_path_factory.mktemp("tfx-models")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("RNNZOO_MODELS_DIR", str(models))
            patch.setenv("RNNZOO_CACHE_DIR", str(tmp_path_factory.mktemp("tfx-cache")))
            folder, card = train(name, models, data, new_name=new_name, **options)
        assert folder == models / card["name"] / "1"
        return card["content_digest"]

    return digest


@pytest.fixture(scope="session")
def short_recipe():
    """A function that makes a recipe short, as long as its context is open."""
    from rnnzoo.registry import recipes

    @contextlib.contextmanager
    def shortened(name, base, short):
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(recipes(), name, {**recipes()[base], **short})
            yield patch

    return shortened


@pytest.fixture
def data_stages(tmp_path, monkeypatch):
    """A function that runs the stages up to Transform: dict from stage name to its folder."""
    from rnnzoo.pipelines.core.family import identity
    from rnnzoo.pipelines.core.runner import Runner
    from rnnzoo.pipelines.stages import STAGES

    monkeypatch.setenv("RNNZOO_CACHE_DIR", str(tmp_path / "cache"))

    def run(task, data, data_sha256, ingest=None, last="transformed"):
        names = [stage.name for stage in STAGES]
        stages = STAGES[: names.index(last) + 1]
        parameters = {"family": identity(task), "data": data, "data_sha256": data_sha256}
        runner = Runner(tmp_path / "work", lambda line: None)
        artifacts = runner.run(stages, {**parameters, "ingest": ingest or {}})
        return {name: artifact.path for name, artifact in artifacts.items()}

    return run


@pytest.fixture(scope="session")
def rows_with():
    """A function that makes random rows float32 (rows, cells) with the singular values `decay`."""
    import numpy as np

    def rows_with(count, cells, decay):
        random = np.random.default_rng(0)
        left = np.linalg.qr(random.normal(size=(count, len(decay))))[0]
        right = np.linalg.qr(random.normal(size=(cells, len(decay))))[0]
        return ((left * decay) @ right.T).astype("float32")

    return rows_with


@pytest.fixture(scope="session")
def same_svd():
    """A function that compares two `IncrementalSVD`, up to rounding and the signs of vectors."""
    import numpy as np

    def same_svd(svd, expected):
        assert (svd.rank, svd.rows) == (expected.rank, expected.rows)
        largest = expected.singular_values.max()
        np.testing.assert_allclose(
            svd.singular_values, expected.singular_values, rtol=0, atol=1e-5 * largest
        )
        projector = svd.components.T @ svd.components
        expected_projector = expected.components.T @ expected.components
        np.testing.assert_allclose(projector, expected_projector, rtol=0, atol=1e-5)

    return same_svd
