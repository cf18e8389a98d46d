"""The pipeline of the sequence classifiers."""
