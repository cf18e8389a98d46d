"""A sequence classifier, trained as `rnnzoo train` does, but not stored."""


def trained(name, recipe, data, seed):
    """The trained `SequenceClassifier` of a recipe.

    There is no checkpoint after each epoch, which takes longer than an epoch of a small model.

    Args:
        name: str, of the model.
        recipe: dict, complete.
        data: `rnnzoo.pipelines.families.sequences.dataset.SequenceData`.
        seed: int.
    """
    import keras

    from rnnzoo.layers.callbacks.epoch_seeds import EpochSeeds
    from rnnzoo.pipelines.core.training import optimizer
    from rnnzoo.pipelines.families.sequences.family import SEQUENCES

    keras.utils.set_random_seed(seed)
    batches = SEQUENCES.batches(recipe, data, seed, 0)
    model = SEQUENCES.build(name, recipe, data)
    model.compile(optimizer(recipe, len(batches)), SEQUENCES.loss(recipe))
    model.fit(
        batches, epochs=recipe["epochs"], shuffle=False, verbose=0, callbacks=[EpochSeeds(seed)]
    )
    return model.finished()
