"""A model of a recipe, trained as `rnnzoo train` does, but not stored."""


def trained(family, name, recipe, data, seed):
    """The trained task model of a recipe.

    There is no checkpoint after each epoch, which takes longer than an epoch of a small model.

    Args:
        family: `rnnzoo.pipelines.core.family.Family`.
        name: str, of the model.
        recipe: dict, complete.
        data: the dataset, as the family takes it.
        seed: int.
    """
    import keras

    from rnnzoo.layers.callbacks.epoch_seeds import EpochSeeds
    from rnnzoo.pipelines.core.training import optimizer

    keras.utils.set_random_seed(seed)
    model = family.build(name, recipe, data)
    if not recipe["epochs"]:  # its initial weights are those of least squares
        return model.finished()
    batches = family.batches(recipe, data, seed, 0)
    model.compile(optimizer(recipe, len(batches)), family.loss(recipe))
    model.fit(
        batches, epochs=recipe["epochs"], shuffle=False, verbose=0, callbacks=[EpochSeeds(seed)]
    )
    return model.finished()
