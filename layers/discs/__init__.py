"""Discs in frames: found, followed, and drawn again."""
