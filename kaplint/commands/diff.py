"""``kaplint diff``: what became stronger between two versions of files."""

from __future__ import annotations

import os
import sys

from kaplint import files as sources
from kaplint import rulebook as rulebooks
from kaplint.api import Linter
from kaplint.commands.complaints import complain
from kaplint.commands.settings import configure
from kaplint.commands.versions import Comparison, FileShifts, Style, render
from kaplint.discovery import Missing, discover, is_excluded
from kaplint.documents import open_document
from kaplint.errors import ConfigError, KaplintError
from kaplint.loaders import LOADERS, suffix_of
from kaplint.model import Failure
from kaplint.records import dataclass
from kaplint.strength import Words, compare

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Iterator

    from kaplint.config import Config

__all__ = ["run"]


@dataclass(frozen=True, slots=True)
class _Two:
    """Two versions of a file: what they are called, how to read them, and how it changed.

    A version that is not there is called "" and is not read.
    """

    old: str
    new: str
    read_old: Callable[[], str]
    read_new: Callable[[], str]
    status: str


def run(options: Namespace) -> int:
    """Compare versions; return 0 where nothing became stronger, 1 where something did, 2 for trouble."""
    config = configure(options)
    linter = Linter(config, cache=not options.no_cache, proposals=False)
    words = Words(rulebooks.load_strength(linter.folders, cache=not options.no_cache))
    versions = _since(options, config) if options.since is not None else _named(options, config)
    done: list[FileShifts] = []
    failures: list[Failure] = []
    for two in versions:
        if isinstance(two, Failure):
            failures.append(two)
            continue
        try:
            done.append(_compare(two, linter, words, weaker=options.all))
        except OSError as error:
            failures.append(Failure(two.new or two.old, error.strerror or str(error)))
        except (KaplintError, ValueError) as error:
            failures.append(Failure(two.new or two.old, str(error)))
    linter.rulebook.compiled.save()
    if not done and not failures and options.since is None:
        complain("no file to read was found (.md, .mdx, .html, .txt)")
    found = Comparison(tuple(done), tuple(failures))
    sys.stdout.write(render(found, options.output_format, _style(options)))
    if options.output_format != "text":
        for failure in failures:
            complain(f"{failure.path}: {failure.reason}")
    if failures:
        return 2
    stronger = any(shift.stronger for file in done for shift in file.shifts)
    return 1 if stronger and not options.exit_zero else 0


def _style(options: Namespace) -> Style:
    color = options.color == "always"
    if options.color == "auto" and not (
        os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    ):
        color = bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()
    width = 100
    if sys.stdout.isatty():
        import shutil

        width = shutil.get_terminal_size().columns
    return Style(color, width, options.all)


def _nothing() -> str:
    return ""


def _reader(path: str) -> Callable[[], str]:
    return lambda: sources.read(path).text


def _compare(two: _Two, linter: Linter, words: Words, *, weaker: bool) -> FileShifts:
    """Return what changed between two versions of a file. Raises OSError, ValueError, LoadError."""
    if two.status == "deleted":
        return FileShifts(two.new, two.old, two.status, ())
    old, new = two.read_old(), two.read_new()
    if old == new:
        return FileShifts(two.new, two.old, two.status, ())
    # What a file is called decides which rules run there: both versions go by the new name.
    suffix = suffix_of(two.new)
    old_suffix = suffix_of(two.old) if two.old else suffix
    document = open_document(two.new, new, linter.rulebook, suffix=suffix)
    before = open_document(two.old, old, linter.rulebook, suffix=old_suffix)
    shifts = compare(
        before,
        document,
        words,
        old_findings=linter.text(old, two.new, old_suffix) if two.old else (),
        new_findings=linter.text(new, two.new, suffix),
        weaker=weaker,
    )
    return FileShifts(two.new, two.old, two.status, shifts)


def _named(options: Namespace, config: Config) -> Iterator[_Two | Failure]:
    """Yield the versions of two files, or of two folders' files by their paths in them."""
    if len(options.paths) != 2:
        message = "name two files or two folders, the old and the new one, or take --since REVISION"
        raise ConfigError(message)
    old, new = options.paths
    missing = [path for path in (old, new) if not os.path.exists(path)]
    if missing:
        yield from (Failure(path, "no such file or folder") for path in missing)
        return
    if os.path.isdir(old) != os.path.isdir(new):
        folder, file = (old, new) if os.path.isdir(old) else (new, old)
        message = f"{folder} is a folder and {file} is a file: name two of a kind"
        raise ConfigError(message)
    if not os.path.isdir(old):
        yield _Two(old, new, _reader(old), _reader(new), "changed")
        return
    before, after = (
        {os.path.relpath(name, top).replace(os.sep, "/"): name for name in _below(top, config)}
        for top in (old, new)
    )
    for name in sorted({*before, *after}):
        first, second = before.get(name, ""), after.get(name, "")
        status = "changed" if first and second else "added" if second else "deleted"
        yield _Two(
            first,
            second,
            _reader(first) if first else _nothing,
            _reader(second) if second else _nothing,
            status,
        )


def _below(top: str, config: Config) -> Iterator[str]:
    for name in discover([top], config.exclude, config.root):
        if not isinstance(name, Missing):
            yield name


def _since(options: Namespace, config: Config) -> Iterator[_Two | Failure]:
    """Yield the versions of files that changed since a revision of git."""
    from kaplint.revisions import Repository

    paths = options.paths or ["."]
    first = os.path.abspath(paths[0])
    while not os.path.isdir(first):  # a file, or a folder that is gone
        first = os.path.dirname(first)
    repository = Repository(first, options.since)
    wanted = [repository.path(path) for path in paths]
    moved = repository.moved()
    # Every name of a path, as it was typed: those that are there, and those that are gone.
    shown: dict[str, str] = {}
    for path, inner in zip(paths, wanted):
        for name in discover([path], config.exclude, config.root):
            if not isinstance(name, Missing):
                shown.setdefault(repository.path(name), name)
            elif not any(inner == m.old or m.old.startswith(f"{inner}/") for m in moved):
                yield Failure(path, f"no such file or folder, now or at {options.since}")
    for entry in sorted(moved, key=lambda m: m.new or m.old):
        if entry.status == "deleted":
            name = os.path.relpath(os.path.join(repository.top, entry.old))
            below = any(not i or entry.old == i or entry.old.startswith(f"{i}/") for i in wanted)
            if (
                below
                and suffix_of(entry.old) in LOADERS
                and not is_excluded(name, config.exclude, config.root)
            ):
                yield _Two(name, "", _nothing, _nothing, "deleted")
        elif entry.new in shown:
            yield _Two(
                f"{options.since}:{entry.old}" if entry.old else "",
                shown[entry.new],
                _revision_reader(repository.content, entry.old),
                _reader(shown[entry.new]),
                entry.status,
            )


def _revision_reader(content: Callable[[str], str | None], path: str) -> Callable[[], str]:
    return lambda: (content(path) or "") if path else ""
