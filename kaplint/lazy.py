"""Regular expressions that are compiled when they are first used.

Compiling is slow next to matching, and most runs read one page and need a part of a reader.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["compile_with", "lazy"]

# What compiles them; a run that keeps compiled expressions in a file puts its own in place.
_compile: list[Callable[[str, int], re.Pattern[str]]] = [re.compile]


def compile_with(function: Callable[[str, int], re.Pattern[str]]) -> None:
    """Have expressions that are not compiled yet compiled by a function like ``re.compile``."""
    _compile[0] = function


class _Lazy:
    """Stands for a compiled expression; each attribute is taken from it once and then kept."""

    def __init__(self, pattern: str, flags: int) -> None:
        self._source = (pattern, flags)

    def __getattr__(self, name: str) -> object:
        value: object = getattr(_compile[0](*self._source), name)
        setattr(self, name, value)
        return value


def lazy(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return what behaves as ``re.compile(pattern, flags)`` and compiles on first use."""
    return _Lazy(pattern, int(flags))  # type: ignore[return-value]  # it has every attribute of one
