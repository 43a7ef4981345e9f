"""Readers of files: one module for each format, each with ``read(source) -> Prose``."""

from __future__ import annotations

from importlib import import_module

from kaplint.errors import LoadError

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Callable

    from kaplint.model import Prose

__all__ = ["LOADERS", "loader", "suffix_of"]

# Suffix to module; a module is imported when the first file of its kind is read.
LOADERS = {
    ".htm": "html",
    ".html": "html",
    ".xhtml": "html",
    ".markdown": "markdown",
    ".md": "markdown",
    ".mdx": "markdown",
    ".mkd": "markdown",
    ".text": "text",
    ".txt": "text",
}


def suffix_of(path: str) -> str:
    """Return the suffix of a path in lower case, with its dot; "" where it has none."""
    name = path.replace("\\", "/").rpartition("/")[2]
    _, dot, suffix = name.rpartition(".")
    return f"{dot}{suffix}".lower() if dot else ""


def loader(path: str) -> Callable[[str], Prose]:
    """Return the reader for a path, by its suffix. Raises LoadError where there is none."""
    name = LOADERS.get(suffix_of(path))
    if name is None:
        known = ", ".join(sorted(LOADERS))
        message = (
            f"no reader for {suffix_of(path) or 'files without a suffix'} (there are: {known})"
        )
        raise LoadError(message)
    module = import_module(f"kaplint.loaders.{name}")
    read: Callable[[str], Prose] = module.read
    return read
