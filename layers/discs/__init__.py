"""Discs in frames: detection, tracking, motion and drawing."""
