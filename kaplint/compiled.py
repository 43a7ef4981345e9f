"""Keep compiled patterns from one run to the next.

Python compiles a regular expression in about a millisecond, and a page sets off dozens; matching
them takes a fraction of that. The code that ``re`` compiles to is plain numbers, which the engine
checks when it is given them, so it can be kept in a file without trusting that file. The file is
named after the rule pack and the interpreter; where anything about it is odd, or this interpreter
has no such engine, patterns are compiled as usual.
"""

from __future__ import annotations

import json
import os
import re
import sys
from array import array

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["PatternCache"]

_MAGIC = b"kaplint patterns 1\n"
# The engine below ``re``; it is there wherever ``re`` is CPython's.
_ENGINE = sys.modules.get("_sre")


def _engine() -> str:
    """Return a name for exactly this regular expression engine, or "" where it is not CPython's."""
    if sys.implementation.name != "cpython" or _ENGINE is None:
        return ""
    return f"{sys.implementation.cache_tag}-{sys.hexversion:x}-{_ENGINE.MAGIC}-{_ENGINE.CODESIZE}"


def _encode(source: str) -> tuple[re.Pattern[str], list[object], bytes]:
    """Compile an expression; return it, what describes its code, and the code."""
    from importlib import import_module

    new = sys.version_info >= (3, 11)
    compiler = import_module("re._compiler" if new else "sre_compile")
    parser = import_module("re._parser" if new else "sre_parse")
    tree = parser.parse(source, 0)
    code: list[int] = compiler._code(tree, 0)  # noqa: SLF001 (the step between parse and compile)
    names: list[str | None] = [None] * tree.state.groups
    for name, number in tree.state.groupdict.items():
        names[number] = name
    about: list[object] = [tree.state.flags, tree.state.groups - 1, tree.state.groupdict, names]
    return _decode(source, about, code), about, array("L", code).tobytes()


def _decode(source: str, about: list[object], code: list[int]) -> re.Pattern[str]:
    flags, groups, by_name, names = about
    if _ENGINE is None:
        raise RuntimeError  # never: nothing is kept without it
    found: re.Pattern[str] = _ENGINE.compile(
        source, flags, code, groups, by_name, tuple(names) if isinstance(names, list) else ()
    )
    return found


class PatternCache:
    """Expressions by number, compiled: from a file where they are there; ``save`` adds the new ones.

    A number stands for the same source as long as the file's name does.
    """

    def __init__(self, path: str | None, sources: Callable[[], list[str]]) -> None:
        """Open the cache file; None compiles as usual and keeps nothing.

        ``sources`` returns all expressions; it is asked only for those that are not in the file.
        """
        self._read_sources = sources
        self._sources: list[str] = []
        engine = _engine() if path is not None else ""
        self._path = f"{path}-{engine}.bin" if engine else None
        self._data = b""
        self._table: dict[str, list[object]] = {}
        self._new: dict[str, tuple[list[object], bytes]] = {}
        if self._path is not None:
            self._open(self._path)

    def _open(self, path: str) -> None:
        try:
            with open(path, "rb") as file:
                if file.readline() != _MAGIC:
                    return
                table = json.loads(file.readline())
                self._data = file.read()
        except (OSError, ValueError):
            return
        if isinstance(table, dict):
            self._table = table

    def source(self, number: int) -> str:
        """Return an expression as it is written."""
        if not self._sources:
            self._sources = self._read_sources()
        return self._sources[number]

    def get(self, number: int) -> re.Pattern[str]:
        """Return an expression, compiled."""
        if self._path is None:
            return re.compile(self.source(number))
        entry = self._table.get(str(number))
        try:
            if entry is None:
                found, about, data = _encode(self.source(number))
                self._new[str(number)] = (about, data)
                return found
            start, size, *about = entry
            code = array("L")
            code.frombytes(self._data[int(str(start)) : int(str(start)) + int(str(size))])
            return _decode(f"pattern {number}", about, code.tolist())
        except (AttributeError, RuntimeError, ValueError, TypeError, OverflowError):
            # A damaged file, or an engine that works otherwise: compile as usual, keep nothing.
            self._path = None
            return re.compile(self.source(number))

    def save(self) -> None:
        """Add what was compiled since the file was opened; a file that cannot be written is let be."""
        if self._path is None or not self._new:
            return
        data, table = self._data, dict(self._table)
        for key, (about, code) in self._new.items():
            table[key] = [len(data), len(code), *about]
            data += code
        part = f"{self._path}.{os.getpid()}"
        try:
            os.makedirs(os.path.dirname(self._path), exist_ok=True)
            with open(part, "wb") as file:
                file.write(_MAGIC)
                file.write(json.dumps(table, separators=(",", ":")).encode() + b"\n")
                file.write(data)
            os.replace(part, self._path)
        except OSError:
            return
        self._data, self._table, self._new = data, table, {}
