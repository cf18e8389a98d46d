"""Where data comes from: verified sources, TFDS builders, simulators.

Nothing here knows about layers, models or pipelines.
"""
