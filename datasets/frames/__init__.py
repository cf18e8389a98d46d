"""Sequences of frames, from arrays, GIFs and folders of images."""
