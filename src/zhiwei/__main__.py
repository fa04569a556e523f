"""Lets ``python -m zhiwei`` stand for the ``zhiwei`` command."""

import sys

from zhiwei.config.cli import main

sys.exit(main(sys.argv[1:]))
