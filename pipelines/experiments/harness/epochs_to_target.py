"""How soon a training gets where the noiseless one ended."""


def epochs_to_target(cell, control):
    """Percent of the epochs until the control's last value is reached; 100 where it never is.

    [NB] states 100 minus this as the speed-up. The control itself may pass its last value
    before its last epoch: its own figure is what no speed-up looks like.

    Args:
        cell: raw result with `held_out_loss`, a loss after every epoch.
        control: that of the noiseless training with the same seed, None for itself.

    Returns:
        float.
    """
    curve = cell["held_out_loss"]
    goal = (control or cell)["held_out_loss"][-1]
    reached = [epoch for epoch, value in enumerate(curve, 1) if value <= goal]
    return 100 * (reached[0] if reached else len(curve)) / len(curve)
