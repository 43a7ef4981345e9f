"""Which files to read: folders walked, .gitignore and excludes respected."""

from __future__ import annotations

import os
import re

from kaplint.errors import ConfigError
from kaplint.loaders import LOADERS, suffix_of

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pathspec import GitIgnoreSpec

__all__ = ["Missing", "discover", "is_excluded", "is_pattern"]

# Folders that hold no copy; named in --help, and lifted by naming a file itself.
DEFAULT_EXCLUDE = (
    ".git/",
    ".hg/",
    ".svn/",
    ".tox/",
    ".nox/",
    ".venv/",
    "venv/",
    "__pycache__/",
    "node_modules/",
    "vendor/",
    ".mypy_cache/",
    ".pytest_cache/",
    ".ruff_cache/",
)

# Suffixes of files that hold the copy of a site too, and that no reader knows.
OTHER_PAGES = frozenset(
    ".adoc .astro .docx .ejs .erb .haml .handlebars .hbs .j2 .jinja .jinja2 .jsx .liquid .mustache .njk .odt"
    " .pdf .php .pug .rst .svelte .tsx .twig .vue".split()
)


class Missing(str):
    """A path that was named and does not exist."""

    __slots__ = ()


def discover(
    paths: list[str],
    exclude: tuple[str, ...],
    root: str,
    others: dict[str, int] | None = None,
) -> Iterator[str | Missing]:
    """Yield the files below the paths, each once, in order.

    A file that is named is taken whatever its suffix; in folders those that a reader knows are
    taken, but what ``.gitignore`` files or ``exclude`` patterns (git's syntax, relative to
    ``root``; they have the last word) name. A path that does not exist comes back as Missing; a
    folder that cannot be listed comes back itself, so that reading it says why. ``others``, where it
    is given, takes up how many files of the folders have which of OTHER_PAGES: pages left out.

    Raises ConfigError for a pattern that git would not understand.
    """
    seen: set[str] = set()
    excluded = _excluded(exclude, root)
    for path in paths:
        if os.path.isdir(path):
            found: Iterator[str] = _walk(path, excluded, others)
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


def is_excluded(path: str, exclude: tuple[str, ...], root: str) -> bool:
    """Tell whether ``exclude`` patterns, relative to ``root``, name a path; it need not exist."""
    return _ignored(path, _excluded(exclude, root))


def _excluded(exclude: tuple[str, ...], root: str) -> list[tuple[str, GitIgnoreSpec]]:
    if not exclude:
        return []
    wrong = [pattern for pattern in exclude if not is_pattern(pattern)]
    if wrong:
        message = "\n".join(
            f"exclude: '{pattern}' is no pattern that git knows" for pattern in wrong
        )
        raise ConfigError(message)
    return [(os.path.abspath(root), _spec(list(exclude)))]


def _walk(
    top: str, excluded: list[tuple[str, GitIgnoreSpec]], others: dict[str, int] | None
) -> Iterator[str]:
    skipped = {name.rstrip("/") for name in DEFAULT_EXCLUDE}
    # Folders that wait, the next one last; each with the .gitignore files that speak of it. No
    # recursion: a tree may be deeper than Python's stack.
    waiting = [(top, _ignore_files_above(os.path.abspath(top)), True)]
    while waiting:
        path, patterns, is_folder = waiting.pop()
        if not is_folder:
            yield path
            continue
        try:
            entries = sorted(os.scandir(path), key=lambda entry: entry.name)
        except OSError:
            yield path
            continue
        if any(entry.name == ".gitignore" for entry in entries):
            patterns = patterns + _ignore_file(path)
        below = []
        for entry in entries:
            inner = os.path.join(path, entry.name) if path != "." else entry.name
            if entry.is_dir(follow_symlinks=False):
                if entry.name in skipped or _ignored(inner + "/", [*patterns, *excluded]):
                    continue
                below.append((inner, patterns, True))
                continue
            suffix = suffix_of(entry.name)
            known = suffix in LOADERS
            if (
                (known or (others is not None and suffix in OTHER_PAGES))
                and not entry.is_dir()
                and not _ignored(inner, [*patterns, *excluded])
            ):
                if known:
                    below.append((inner, patterns, False))
                elif others is not None:
                    others[suffix] = others.get(suffix, 0) + 1
        waiting += reversed(below)


def _spec(lines: list[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec  # only where there is something to ignore

    return GitIgnoreSpec.from_lines(lines)


def _ignore_file(folder: str) -> list[tuple[str, GitIgnoreSpec]]:
    try:
        name = os.path.join(folder, ".gitignore")
        with open(name, encoding="utf-8-sig", errors="replace") as file:
            lines = file.read().splitlines()
    except OSError:
        return []
    try:
        return [(os.path.abspath(folder), _spec(lines))]
    except (ValueError, re.error):  # git skips a line that it cannot read, and keeps the others
        return [(os.path.abspath(folder), _spec([line for line in lines if is_pattern(line)]))]


def is_pattern(line: str) -> bool:
    """Tell whether a line of a .gitignore file can be read."""
    try:
        _spec([line])
    except (ValueError, re.error):
        return False
    return True


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
