"""Least squares: weights from linear systems, (5.1)-(5.7) of [TH]."""
