"""The names of the networks for frames whose weights are published."""

LITE0, LITE2, INCEPTION = "EfficientNet-Lite0", "EfficientNet-Lite2", "InceptionV3"
NAMES = (LITE2, LITE0, INCEPTION)
DEFAULT = LITE2

# What is said of a path that is neither a file nor a name.
NO_FILE = "the network {path} is no file: give a .keras file, weights, or one of "
NO_FILE += ", ".join(NAMES)
