"""Names of the files of an artifact, relative to its folder."""

GRAPH = "saved_model.pb"
VARIABLES = "variables"
MODEL = "model.json"
CARD = "card.json"
GOLDEN = "golden.npz"
HISTORY = "history.json"
SUMS = "SHA256SUMS"
SIGNATURE = "SHA256SUMS.sig"  # optional, and in no manifest: it is of the manifest

# The history is optional, and `variables` is a folder.
REQUIRED = (CARD, GOLDEN, MODEL, GRAPH)
