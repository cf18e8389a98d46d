"""Experiments: select on validation data, then read the test set once and report.

`harness` runs an experiment, `studies` has one module per experiment, `registry` lists them, and
`compare_noise` builds an experiment from a user's own model and data.
"""
