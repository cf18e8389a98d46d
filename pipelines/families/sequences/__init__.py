"""The family of sequence classifiers."""
