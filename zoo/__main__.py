"""`python -m rnnzoo` is the command `rnnzoo`."""

import sys

from rnnzoo.cli import main

sys.exit(main())
