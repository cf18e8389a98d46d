"""What a recipe of any family may leave out."""

# Settings with their defaults; those that an architecture does not have stay as they are.
OPTIONAL = {
    "layers": 1,  # recurrent layers, each of `units`
    "noise_std": 0.0,  # of `nemlstm` and `nemgru`: additive NEM noise in all gates
    "interval_weight": 0.0,  # of `svdrnn`
    "rms_weight": 0.0,  # of `svdrnn`
}
