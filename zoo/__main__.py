"""`python -m rnnzoo` is the command `rnnzoo`."""

from rnnzoo.cli import entry

entry()
