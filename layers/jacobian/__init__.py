"""The Jacobian of a step of a recurrent layer: its spectrum, measured and trained."""
