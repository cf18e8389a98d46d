"""The speed of a training: epochs until it reaches the control's final loss."""


def epochs_to_target(cell, control):
    """Percentage of the epochs until the control's final loss is reached; 100 if it never is.

    [NB] states 100 minus this as the speed-up. The control itself may pass its final loss before
    its last epoch: its own value is the baseline of no speed-up.

    Args:
        cell: raw result with `held_out_loss`, a loss after every epoch.
        control: raw result of the noiseless training with the same seed, None for itself.

    Returns:
        float.
    """
    curve = cell["held_out_loss"]
    target = (control or cell)["held_out_loss"][-1]
    reached = [epoch for epoch, value in enumerate(curve, 1) if value <= target]
    return 100 * (reached[0] if reached else len(curve)) / len(curve)
