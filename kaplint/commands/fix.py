"""``kaplint fix``: take rewordings, or show what they would change."""

from __future__ import annotations

import re
import sys

from kaplint import files as sources
from kaplint.api import Linter
from kaplint.commands.complaints import complain
from kaplint.commands.settings import configure
from kaplint.discovery import Missing, discover
from kaplint.errors import ConfigError, KaplintError
from kaplint.fixes import apply

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

    from kaplint.model import Finding, Fix

__all__ = ["run"]

# What a patch calls a line: \n ends it, and no other mark that Python's splitlines knows.
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
# Overlapping rewordings wait for the next pass; more passes than this would mean two rules at odds.
MOST_PASSES = 8
# Kinds of proposals that are taken without asking.
UNATTENDED = ("edit", "rewrite", "insert")


def run(options: Namespace) -> int:
    """Reword files; return 0, or 2 where one could not be read or written."""
    config = configure(options)
    linter = Linter(config, cache=not options.no_cache)
    if options.interactive:
        return _ask(linter, options)
    code = changed = total = 0
    for path in discover(options.paths or ["."], config.exclude, config.root):
        if isinstance(path, Missing):
            complain(f"{path}: no such file or folder")
            code = 2
            continue
        try:
            file = sources.read(path)
            text, count = reword(linter, file.text, path, unsafe=options.unsafe)
            if text == file.text:
                continue
            if options.diff:
                sys.stdout.writelines(_diff(file.text, text, path))
            elif not sources.write(file, text):
                complain(f"{path}: changed meanwhile, left alone")
                code = 2
                continue
        except BrokenPipeError:
            raise  # the reader of the diff has gone; no file is at fault
        except OSError as error:
            complain(f"{path}: {error.strerror or error}")
            code = 2
            continue
        except (KaplintError, ValueError) as error:
            complain(f"{path}: {error}")
            code = 2
            continue
        changed += 1
        total += count
    _summary(options, changed, total)
    return code


def _ask(linter: Linter, options: Namespace) -> int:
    """Let a person decide on each finding."""
    import os
    import shutil

    from kaplint import __version__
    from kaplint.commands import interactive
    from kaplint.commands.check import wants_color
    from kaplint.reporters.options import RenderOptions
    from kaplint.reporters.text import single

    if options.diff or options.unsafe:
        message = "--interactive asks about every proposal: leave --diff and --unsafe out"
        raise ConfigError(message)
    if not interactive.terminal():
        message = "--interactive needs a terminal that can answer"
        raise ConfigError(message)
    look = RenderOptions(
        color=wants_color("auto"),
        width=shutil.get_terminal_size().columns,
        show_excused=False,
        statistics=False,
        quiet=False,
        version=__version__,
        base=os.getcwd(),
    )

    def show(finding: Finding) -> str:
        return single(finding, look)

    def tell(text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()

    return interactive.go_through(linter, options.paths or ["."], show, input, tell)


def reword(linter: Linter, source: str, path: str, *, unsafe: bool) -> tuple[str, int]:
    """Return a text with the rewordings taken, pass by pass until none is left, and their number.

    Raises LoadError or MatchTimeout.
    """
    taken = 0
    for _ in range(MOST_PASSES):
        fixes = list(_first_fixes(linter, source, path, unsafe=unsafe))
        if not fixes:
            break
        done = apply(source, fixes)
        if done.text == source:
            break
        source = done.text
        taken += done.applied
        if not done.waiting:
            # What was reworded may have uncovered nothing: one look more decides.
            continue
    return source, taken


def _first_fixes(linter: Linter, source: str, path: str, *, unsafe: bool) -> Iterator[Fix]:
    said: dict[str, Fix] = {}
    for finding in linter.text(source, path):
        if finding.excuse is not None:
            continue
        for fix in finding.fixes:
            # Deletions and questions want a person to answer.
            if fix.kind not in UNATTENDED or not (fix.safe or unsafe):
                continue
            # A page says a thing once, however many of its sentences it could stand for.
            if fix.kind == "rewrite" and said.setdefault(fix.text, fix) != fix:
                continue
            yield fix
            break


def _diff(old: str, new: str, path: str) -> Iterator[str]:
    from difflib import unified_diff

    for line in unified_diff(_LINE.findall(old), _LINE.findall(new), path, path, n=1):
        yield line if line.endswith("\n") else line + "\n\\ No newline at end of file\n"


def _summary(options: Namespace, changed: int, total: int) -> None:
    kind = "" if options.unsafe else "safe "
    if not changed:
        sys.stderr.write(f"No {kind}rewording to take.\n")
        return
    verb = "Would take" if options.diff else "Took"
    sys.stderr.write(
        f"{verb} {total} rewording{'s' * (total != 1)} in {changed} file{'s' * (changed != 1)}.\n"
    )
    if options.unsafe and not options.diff:
        sys.stderr.write("Some may change what a sentence says: read them before you publish.\n")
