"""Regular expressions that are compiled when they are first used.

Compiling is slow next to matching, and most runs read one page and need a part of a reader.
"""

from __future__ import annotations

import re

__all__ = ["lazy"]


class _Lazy:
    """Stands for a compiled expression; each attribute is taken from it once and then kept."""

    def __init__(self, pattern: str, flags: int) -> None:
        self._source = (pattern, flags)

    def __getattr__(self, name: str) -> object:
        value: object = getattr(re.compile(*self._source), name)
        setattr(self, name, value)
        return value


def lazy(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return what behaves as ``re.compile(pattern, flags)`` and compiles on first use."""
    return _Lazy(pattern, flags)  # type: ignore[return-value]  # it has every attribute of one
