"""Which files to read: folders walked, .gitignore and excludes respected."""

from __future__ import annotations

import os

from kaplint.config import DEFAULT_EXCLUDE
from kaplint.loaders import LOADERS, suffix_of

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pathspec import GitIgnoreSpec

__all__ = ["Missing", "discover"]


class Missing(str):
    """A path that was named and does not exist."""

    __slots__ = ()


def discover(paths: list[str], exclude: tuple[str, ...], root: str) -> Iterator[str | Missing]:
    """Yield the files below the paths, each once, in order.

    A file that is named is read whatever its suffix; in folders those that a reader knows are
    taken, but what ``.gitignore`` files or ``exclude`` patterns (git's syntax, relative to
    ``root``) name. A path that does not exist comes back as Missing.
    """
    seen: set[str] = set()
    for path in paths:
        if os.path.isdir(path):
            found: Iterator[str] = _walk(path, exclude, root)
        elif os.path.exists(path):
            found = iter((path,))
        else:
            yield Missing(path)
            continue
        for name in found:
            real = os.path.abspath(name)
            if real not in seen:
                seen.add(real)
                yield name


def _walk(top: str, exclude: tuple[str, ...], root: str) -> Iterator[str]:
    skipped = {name.rstrip("/") for name in DEFAULT_EXCLUDE}
    patterns: list[tuple[str, GitIgnoreSpec]] = []
    if exclude:
        patterns.append((os.path.abspath(root), _spec(list(exclude))))
    patterns += _ignore_files_above(os.path.abspath(top))
    yield from _below(top, patterns, skipped)


def _below(
    folder: str, patterns: list[tuple[str, GitIgnoreSpec]], skipped: set[str]
) -> Iterator[str]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    if any(entry.name == ".gitignore" for entry in entries):
        patterns = patterns + _ignore_file(folder)
    for entry in entries:
        path = os.path.join(folder, entry.name) if folder != "." else entry.name
        if entry.is_dir(follow_symlinks=False):
            if entry.name not in skipped and not _ignored(path + "/", patterns):
                yield from _below(path, patterns, skipped)
        elif suffix_of(entry.name) in LOADERS and not _ignored(path, patterns):
            yield path


def _spec(lines: list[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec  # only where there is something to ignore

    return GitIgnoreSpec.from_lines(lines)


def _ignore_file(folder: str) -> list[tuple[str, GitIgnoreSpec]]:
    try:
        with open(os.path.join(folder, ".gitignore"), encoding="utf-8", errors="replace") as file:
            return [(os.path.abspath(folder), _spec(file.read().splitlines()))]
    except OSError:
        return []


def _ignore_files_above(top: str) -> list[tuple[str, GitIgnoreSpec]]:
    """Return the .gitignore files between the repository's root and the folder, outermost first."""
    folders: list[str] = []
    folder = os.path.dirname(top)
    at_root = os.path.exists(os.path.join(top, ".git"))
    while not at_root and folder != os.path.dirname(folder):
        folders.append(folder)
        if os.path.exists(os.path.join(folder, ".git")):
            return [
                entry
                for name in reversed(folders)
                if os.path.exists(os.path.join(name, ".gitignore"))
                for entry in _ignore_file(name)
            ]
        folder = os.path.dirname(folder)
    return []


def _ignored(path: str, patterns: list[tuple[str, GitIgnoreSpec]]) -> bool:
    full = os.path.abspath(path) + ("/" if path.endswith("/") else "")
    ignored = False
    for folder, spec in patterns:
        prefix = folder.rstrip(os.sep) + os.sep
        if full.startswith(prefix):
            result = spec.check_file(full[len(prefix) :]).include
            if result is not None:
                ignored = result
    return ignored
