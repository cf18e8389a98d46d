"""Trains the core of a bidirectional imputer: the layers before it have no weights."""

import keras

from rnnzoo.audio.prepared_windows import PreparedWindows
from rnnzoo.audio.restoration_log import RestorationLog
from rnnzoo.pipelines.core.training import train


def train_bidirectional(family, name, recipe, data, seed, work):
    """The trained model of a seed, as it is pushed.

    Means, regression and interpolation of a window take longer than the network and are the same in
    each epoch: they are computed once, see `PreparedWindows`.

    Args:
        family: `AudioFamily`.
        name, recipe, data, seed, work: as for `Family.train`.
    """
    keras.utils.set_random_seed(seed)
    model = family.build(name, recipe, data)
    windows = family.batches(recipe, data, seed, 0)
    crops = PreparedWindows(model.before, windows, recipe["batch_size"], seed)

    def batches(first_epoch):
        crops.epoch = first_epoch
        return crops

    def validation(core):
        held_out = family.validation_batches(model, data)
        return PreparedWindows(model.before, held_out, recipe["batch_size"], seed, shuffle=False)

    def imputer(core):
        model.core.set_weights(core.get_weights())
        return model

    core = train(
        name,
        recipe,
        seed,
        work,
        build=lambda: model.core,
        batches=batches,
        loss=family.loss(recipe),
        validation=validation,
        callbacks=lambda folder, every: [RestorationLog(folder, data.preview, imputer, every)],
    )
    return imputer(core).finished()
