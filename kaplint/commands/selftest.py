"""``kaplint selftest``: run the examples that rules carry."""

from __future__ import annotations

import os
import sys

from kaplint import rulebook
from kaplint.errors import ConfigError
from kaplint.rulebook import matches
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
    if extra:
        codes -= {rule.code for rule in rulebook.load(cache=not options.no_cache).rules}
    if options.select:
        wanted = [part.strip() for value in options.select for part in value.split(",")]
        codes &= {r.code for r in book.rules if any(matches(part, r) for part in wanted)}
    if not codes:
        message = f"no rule to try in {options.folder or 'the built-in rules'}"
        if options.select:
            message += f" is called {', '.join(options.select)}"
        raise ConfigError(message)
    problems = list(run_examples(book, docs, codes))
    for problem in problems:
        sys.stdout.write(f"{problem}\n")
    one = len(problems) == 1
    failed = f"{len(problems)} example{' does' if one else 's do'} not hold"
    sys.stdout.write(
        f"{len(codes)} rule{'s' * (len(codes) != 1)}, {failed if problems else 'every example holds'}\n"
    )
    return 1 if problems else 0
