"""``kaplint explain``: what a rule finds, why, and with which examples."""

from __future__ import annotations

import sys

from kaplint import rulebook
from kaplint.api import Linter
from kaplint.codes import CODES
from kaplint.commands.settings import configure
from kaplint.errors import ConfigError
from kaplint.rulebook import matches

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

    from kaplint.codes import Code
    from kaplint.rulebook import DocsData, Rule, Rulebook

__all__ = ["run"]


def run(options: Namespace) -> int:
    """Print the page of a rule, or of every rule that the selector means."""
    for code, about in CODES.items():
        if options.code in (code, about.name):
            sys.stdout.writelines(line + "\n" for line in _own_page(code, about))
            return 0
    linter = Linter(configure(options), cache=not options.no_cache)
    book = linter.rulebook
    docs = rulebook.load_docs(linter.folders, cache=not options.no_cache)
    found = [rule for rule in book.rules if matches(options.code, rule)]
    if not found:
        from kaplint.yamlfile import suggestion

        known = [word for rule in book.rules for word in (rule.code, rule.name, rule.category)]
        message = f"no rule or category is called {options.code}{suggestion(options.code, known)}"
        raise ConfigError(message)
    for number, rule in enumerate(found):
        if number:
            sys.stdout.write("\n" + "-" * 72 + "\n\n")
        sys.stdout.writelines(line + "\n" for line in _page(rule, book, docs))
    return 0


def _own_page(code: str, about: Code) -> Iterator[str]:
    yield f"{code} {about.name}"
    yield ""
    yield f"  {about.summary}."
    yield ""
    yield f"  category {about.category} · severity {about.severity}"
    yield ""
    yield from _folded("Why: ", about.why)
    yield from _folded("Do: ", about.advice)


def _page(rule: Rule, book: Rulebook, docs: DocsData) -> Iterator[str]:
    entry = docs["rules"][rule.code]
    yield f"{rule.code} {rule.name}"
    yield ""
    yield f"  {rule.summary}."
    yield ""
    mode = "with --strict only" if rule.confidence == "low" else "in the default set"
    yield f"  category {rule.category} · severity {rule.severity} · confidence {rule.confidence}, {mode}"
    yield from _measured(rule, book, docs)
    yield ""
    yield from _folded("Why: ", str(entry["why"]))
    yield from _folded("Do: ", rule.advice)
    yield from _spared(rule)
    for title, key in (("Flagged", "bad"), ("Left alone", "good")):
        examples = entry[key]
        if isinstance(examples, list):
            yield ""
            yield f"  {title}:"
            for example in examples:
                if isinstance(example, dict):
                    yield "    - " + " ".join(str(example["text"]).split())
                    if "fixed" in example:
                        yield "      better: " + " ".join(str(example["fixed"]).split())
    if rule.jurisdictions:
        yield ""
        yield f"  Holds only where copy is published in: {', '.join(rule.jurisdictions)}"
    yield ""
    yield "  Norms it may conflict with:"
    for norm in rule.norms:
        about = docs["norms"].get(norm, {})
        sections = f" ({about['sections']})" if about.get("sections") else ""
        yield f"    {norm}: {about.get('title', '')}{sections}"
    if not rule.norms:
        yield "    none"
    yield ""
    yield f"  Rule file: {rule.path}"


def _spared(rule: Rule) -> Iterator[str]:
    from textwrap import shorten

    named = [guard.name for guard in rule.unless if not guard.patterns and not guard.roles]
    placed = [guard for guard in rule.unless if guard.patterns or guard.roles]
    if named or placed:
        yield ""
        yield "  Spared where it is: " + (", ".join(named) or "beside these words")
        for guard in placed:
            words = " or ".join((*(p.text for p in guard.patterns), *guard.roles))
            yield f"    {guard.name}: {shorten(words, 90 - len(guard.name), placeholder=' ...')}"


def _measured(rule: Rule, book: Rulebook, docs: DocsData) -> Iterator[str]:
    from kaplint.measured import FEW, interval, pooled

    right, found = docs["measured"].get(rule.code, [0, 0])
    if rule.scope == "document" or not docs["measured"]:
        return
    if found:
        low, high = interval(right, found)
        yield (
            f"  measured: right in {right} of {found} findings on labelled copy "
            f"(95 % interval {low:.0%} to {high:.0%})"
        )
    if found < FEW:
        right, found = pooled(rule, book.rules, docs["measured"])
        low, high = interval(right, found)
        yield (
            f"  measured: few findings of its own; all rules like it of {rule.category}: {right} of {found} "
            f"({low:.0%} to {high:.0%})"
        )


def _folded(label: str, text: str) -> Iterator[str]:
    from textwrap import wrap

    yield from wrap(
        label + text, 88, initial_indent="  ", subsequent_indent="  " + " " * len(label)
    )
