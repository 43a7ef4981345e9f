"""kaplint: a linter for health marketing claims."""

from __future__ import annotations

__version__ = "0.1.0"
