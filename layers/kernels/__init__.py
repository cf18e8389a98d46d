"""Whole sequences of a recurrent layer at once: the fast ways of a backend, tested against cells."""
