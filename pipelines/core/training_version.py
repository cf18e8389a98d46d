"""The version of the training loop, on which the Trainer's artifact and its checkpoints depend."""

# Raise it when `training` or the Trainer comes to make another model of the same recipe.
TRAINING_VERSION = 1
