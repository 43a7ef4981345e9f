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
from mmap import ACCESS_READ, mmap

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["PatternCache"]

_MAGIC = b"kaplint patterns 2\n"
# The numbers of the code fit into four bytes.
_CODE = "I"
# The engine below ``re``; it is there wherever ``re`` is CPython's.
_ENGINE = sys.modules.get("_sre")


def _engine() -> str:
    """Return a name for exactly this regular expression engine, or "" where it is not CPython's."""
    if sys.implementation.name != "cpython" or _ENGINE is None:
        return ""
    return f"{sys.implementation.cache_tag}-{sys.hexversion:x}-{_ENGINE.MAGIC}-{_ENGINE.CODESIZE}"


def _encode(source: str, flags: int = 0) -> tuple[re.Pattern[str], list[object], bytes]:
    """Compile an expression; return it, what describes its code, and the code."""
    from importlib import import_module

    new = sys.version_info >= (3, 11)
    compiler = import_module("re._compiler" if new else "sre_compile")
    parser = import_module("re._parser" if new else "sre_parse")
    tree = parser.parse(source, flags)
    code: list[int] = compiler._code(tree, flags)  # noqa: SLF001 (the step between parse and compile)
    names: list[str | None] = [None] * tree.state.groups
    for name, number in tree.state.groupdict.items():
        names[number] = name
    about: list[object] = [
        flags | tree.state.flags,
        tree.state.groups - 1,
        tree.state.groupdict,
        names,
    ]
    return _decode(source, about, code), about, array(_CODE, code).tobytes()


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
        # The file, mapped: it is long, and a run needs few pieces of it. The code begins at _begin.
        self._data: mmap | bytes = b""
        self._begin = 0
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
                self._begin = file.tell()
                self._data = mmap(file.fileno(), 0, access=ACCESS_READ)
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
        entry = self._table.get(str(number)) if self._path is not None else None
        if entry is None:
            return self._make(str(number), self.source(number), 0)
        return self._take(entry, f"pattern {number}") or re.compile(self.source(number))

    def compile(self, source: str, flags: int = 0) -> re.Pattern[str]:
        """Return an expression that is no part of the pack, compiled; for ``lazy.compile_with``."""
        key = f"{flags}:{source}"
        entry = self._table.get(key) if self._path is not None else None
        if entry is None:
            return self._make(key, source, flags)
        return self._take(entry, source) or re.compile(source, flags)

    def _make(self, key: str, source: str, flags: int) -> re.Pattern[str]:
        if self._path is not None:
            try:
                found, about, data = _encode(source, flags)
            except (AttributeError, RuntimeError, ValueError, TypeError, OverflowError):
                self._path = None  # an engine that works otherwise: keep nothing
            else:
                self._new[key] = (about, data)
                return found
        return re.compile(source, flags)

    def _take(self, entry: list[object], source: str) -> re.Pattern[str] | None:
        try:
            start, size, *about = entry
            code = array(_CODE)
            begin = self._begin + int(str(start))
            code.frombytes(self._data[begin : begin + int(str(size))])
            return _decode(source, about, code.tolist())
        except (AttributeError, RuntimeError, ValueError, TypeError, OverflowError):
            self._path = None  # a damaged file, or one that is gone: compile as usual, keep nothing
            return None

    def save(self) -> None:
        """Add what was compiled since the file was opened; a file that cannot be written is let be."""
        if self._path is None or not self._new:
            return
        table = dict(self._table)
        old = self._data[self._begin :] if table else b""
        if not isinstance(self._data, bytes):
            self._data.close()
        length = len(old)
        for key, (about, code) in self._new.items():
            table[key] = [length, len(code), *about]
            length += len(code)
        part = f"{self._path}.{os.getpid()}"
        try:
            os.makedirs(os.path.dirname(self._path), exist_ok=True)
            with open(part, "wb") as file:
                file.write(_MAGIC)
                file.write(json.dumps(table, separators=(",", ":")).encode() + b"\n")
                file.write(old)
                file.writelines(code for _, code in self._new.values())
            os.replace(part, self._path)
        except OSError:
            pass  # what is compiled twice costs time, nothing else
        finally:
            self._data, self._table, self._new = b"", {}, {}
            self._open(self._path)
