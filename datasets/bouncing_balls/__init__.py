"""Bouncing balls: discs in a box that hit its walls and each other, as frames of pixels."""
