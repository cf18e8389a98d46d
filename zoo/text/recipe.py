"""What a text model's recipe may leave out."""

# Settings with their defaults; those that an architecture does not have stay as they are.
OPTIONAL = {
    "layers": 1,  # recurrent layers, each of `units`
    "dropout": 0.0,  # share of the outputs of each recurrent layer that training leaves out
    "noise_std": 0.0,  # of `nemlstm` and `nemgru`: additive NEM noise in all gates
    "interval_weight": 0.0,  # of `svdrnn`
    "rms_weight": 0.0,  # of `svdrnn`
    "structure": "",  # "recipe": samples are looked through for the parts of a recipe
}


def complete(settings):
    """A recipe's settings with what it leaves out."""
    return {**OPTIONAL, **settings}
