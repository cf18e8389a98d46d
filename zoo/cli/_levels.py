"""Levels of quantiles as an argument of a command."""

import argparse

from rnnzoo.datasets.common.errors import shown


def levels_type(accepted, allowed=lambda level: True):
    """The `type` of an argument such as `0.05,0.5,0.95`: a function from a str to a list of float.

    Args:
        accepted: str, what is accepted, in messages: `"between 0 and 1"`.
        allowed: function from a float to a bool.
    """

    def parsed(text):
        try:
            levels = [float(part) for part in text.split(",")]
        except ValueError:
            levels = []
        if not levels or "_" in text or not all(map(allowed, levels)):
            raise argparse.ArgumentTypeError(
                f"{shown(text)}: give levels {accepted}, as 0.05,0.5,0.95"
            )
        return levels

    return parsed
