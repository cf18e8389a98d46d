"""What the rooms share: argument checks, recorded loops, cloned layers, seeds."""
