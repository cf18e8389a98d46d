"""The pipeline of the frame models."""
