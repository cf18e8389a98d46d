"""The audio family: models that restore music."""
