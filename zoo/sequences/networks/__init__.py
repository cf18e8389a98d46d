"""Convolutional networks from frames of videos to features."""
