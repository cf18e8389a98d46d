"""Noisy expectation maximisation: noise that makes the current signal more probable."""
