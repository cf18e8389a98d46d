"""The pipeline of each family in TensorFlow Extended, of its components and its metadata store.

    rnnzoo.pipelines.tfx.pipeline(name, data=..., root=...) -> tfx.v1.dsl.Pipeline

The components call the stages of `rnnzoo.pipelines.stages`, which the embedded runner calls too:
the same data, recipe and seeds give the same model.
"""

from rnnzoo.pipelines.tfx.available import check_tfx


def pipeline(name, data=None, root=None, **options):
    """The TFX pipeline that trains and pushes a model.

    Args:
        name: str, a model with a recipe.
        data: path of data to train on instead of the recipe's.
        root: folder of models to push to; None for `RNNZOO_MODELS_DIR`.
        **options: see `rnnzoo.pipelines.tfx.graph.build`.

    Returns:
        `tfx.v1.dsl.Pipeline`, for any of TFX's runners.

    Raises:
        InputError: TFX cannot be imported here, or as `rnnzoo.pipelines.pipeline.Pipeline`.
    """
    check_tfx()
    from rnnzoo.pipelines.tfx.graph import build
    from rnnzoo.pipelines.tfx.settings import settings_of

    return build(settings_of(name, data, root), **options)
