"""The names of the networks for frames whose weights are published."""

LITE0, LITE2, INCEPTION = "EfficientNet-Lite0", "EfficientNet-Lite2", "InceptionV3"
NAMES = (LITE2, LITE0, INCEPTION)
DEFAULT = LITE2
KINDS = f"give a .keras file, weights, or one of {', '.join(NAMES)}"
NO_FILE = f"the network {{path}} is no file: {KINDS}"
