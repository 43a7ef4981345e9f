"""Run kaplint as ``python -m kaplint``."""

import sys

from kaplint.cli import main

sys.exit(main())
