"""``kaplint selftest``: run the examples that rules carry."""

from __future__ import annotations

import os
import sys

from kaplint import rulebook
from kaplint.selftest import run as run_examples

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from argparse import Namespace

__all__ = ["run"]


def run(options: Namespace) -> int:
    """Run the examples of a folder's rules, or of the built-in ones; 1 where any fails."""
    extra: tuple[str, ...] = (os.path.abspath(options.folder),) if options.folder else ()
    book = rulebook.load(extra, cache=not options.no_cache)
    docs = rulebook.load_docs(extra, cache=not options.no_cache)
    codes = frozenset(rule.code for rule in book.rules)
    if options.folder:
        name = os.path.basename(extra[0].rstrip(os.sep))
        codes = frozenset(r.code for r in book.rules if r.path.startswith(f"{name}/"))
    if options.select:
        wanted = tuple(part for value in options.select for part in value.split(","))
        codes = frozenset(c for c in codes if c.startswith(wanted))
    problems = list(run_examples(book, docs, codes))
    for problem in problems:
        sys.stdout.write(f"{problem}\n")
    failed = f", {len(problems)} examples do not hold" if problems else ", every example holds"
    sys.stdout.write(f"{len(codes)} rules{failed}\n")
    return 1 if problems else 0
