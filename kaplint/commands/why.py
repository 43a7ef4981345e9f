"""``kaplint why FILE:LINE[:COLUMN]``: what matched or nearly matched there, and what spared it."""

from __future__ import annotations

import re
import sys

from kaplint import files as sources
from kaplint.api import Linter
from kaplint.codes import CODES
from kaplint.commands.settings import configure
from kaplint.documents import open_document
from kaplint.errors import ConfigError, LoadError
from kaplint.guards import holds
from kaplint.linter import lint, scan
from kaplint.records import dataclass

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

    from kaplint.documents import Document, Sentence
    from kaplint.rulebook import DocsData

__all__ = ["run"]

_PLACE = re.compile(r"(?P<path>.+?):(?P<line>\d+)(?::(?P<column>\d+))?\Z")
# So many rules that nearly matched are shown: beyond these "nearly" means little.
NEAREST = 5


@dataclass(frozen=True, slots=True)
class _Near:
    missing: int
    code: str
    name: str
    what: str


def run(options: Namespace) -> int:
    """Print, for each sentence at the place, what the rules make of it."""
    place = _PLACE.match(options.place)
    if place is None:
        message = f"{options.place}: write a place as FILE:LINE or FILE:LINE:COLUMN"
        raise ConfigError(message)
    config = configure(options)
    linter = Linter(config, cache=not options.no_cache, proposals=False)
    try:
        text = sources.read(place["path"]).text
    except OSError as error:
        raise LoadError(f"{place['path']}: {error.strerror or error}") from None
    except ValueError as error:
        raise LoadError(f"{place['path']}: {error}") from None
    line, lines = int(place["line"]), len(text.splitlines())
    if not 1 <= line <= max(lines, 1):
        message = f"{place['path']}: there is no line {line}; the file has {lines}"
        raise ConfigError(message)
    document = open_document(place["path"], text, linter.rulebook)
    found = list(_sentences(document, line, int(place["column"] or 0)))
    if not found:
        sys.stdout.write("No prose stands there.\n")
        return 0
    docs = linter.docs()
    for number, sentence in enumerate(found):
        if number:
            sys.stdout.write("\n")
        sys.stdout.writelines(line + "\n" for line in _judge(document, sentence, linter, docs))
    return 0


def _sentences(document: Document, line: int, column: int) -> Iterator[Sentence]:
    for sentence in document.sentences:
        span = document.prose.source_span(sentence.start, sentence.end)
        first, last = (
            document.position(span.start),
            document.position(max(span.end - 1, span.start)),
        )
        if not first[0] <= line <= last[0]:
            continue
        if not column or first <= (line, column) <= last:
            yield sentence


def _judge(document: Document, sentence: Sentence, linter: Linter, docs: DocsData) -> Iterator[str]:
    yield f'"{document.prose.text[sentence.start : sentence.end]}" ({sentence.role})'
    active = {rule.code for _, rule in linter.rules}
    every = list(enumerate(linter.rulebook.rules))
    span = document.prose.source_span(sentence.start, sentence.end)
    seen = set()
    found = list(lint(document, every))
    running = linter.settle(f for f in found if f.rule in active)
    resting = [f for f in found if f.rule not in active]
    for finding in sorted(
        [*linter.approved(document, running), *resting], key=lambda f: (f.start, f.end, f.rule)
    ):
        if not (finding.start < span.end and span.start < finding.end):
            continue
        seen.add(finding.rule)
        head = f'  {finding.rule} {finding.name}: "{finding.text}"'
        if finding.excuse is not None:
            yield f"{head} is spared: {finding.excuse.by} ({finding.excuse.detail})"
        elif finding.rule not in active and finding.rule not in CODES:
            yield f"{head} is left to --strict, or switched off"
        else:
            yield f"{head} is flagged ({finding.category}, {finding.severity})"
    for number, hits in scan(document, frozenset(range(len(every)))).items():
        rule = linter.rulebook.rules[number]
        for hit in hits:
            if hit.sentence != sentence.index or rule.code in seen:
                continue
            match = document.match(hit)
            for need in rule.needs:
                if not holds(need, match, document):
                    wanted = " or ".join(p.text for p in need.patterns) or ", ".join(need.roles)
                    words = document.prose.text[match.prose_start : match.prose_end]
                    seen.add(rule.code)
                    yield (
                        f'  {rule.code} {rule.name}: "{words}" counts only with '
                        f"{wanted or need.name} ({need.name})"
                    )
                    break
    near = [n for n in _nearly(document, sentence, linter, docs) if n.code not in seen]
    shown: set[str] = set()
    for entry in sorted(near, key=lambda n: (n.missing, n.code)):
        if entry.code not in shown and len(shown) < NEAREST:
            shown.add(entry.code)
            yield f"  {entry.code} {entry.name} nearly matched: {entry.what}"
    if not seen and not shown:
        yield "  No rule matched, or nearly."


def _nearly(
    document: Document, sentence: Sentence, linter: Linter, docs: DocsData
) -> Iterator[_Near]:
    """Yield the patterns of which a part stands in the sentence, with the part that is missing."""
    book = linter.rulebook
    keys = document.keys(sentence)
    first_of: dict[int, list[str]] = {}
    for key, numbers in book.index.items():
        for number in numbers:
            first_of.setdefault(number, []).append(key)
    for number, source in enumerate(docs["patterns"]):
        groups = [frozenset(first_of.get(number, ())), *book.read_needs(number)]
        missing = [group for group in groups if group.isdisjoint(keys)]
        if len(groups) < 2 or len(missing) > 1:
            continue
        rule = book.rules[book.owners[number]]
        if not missing:
            what = f"its words are there, but not as '{source}'"
        else:
            names = sorted({docs["tags"].get(key, key) for key in missing[0]})
            listed = ", ".join(f"{{{n}}}" if n in docs["tags"].values() else n for n in names[:6])
            more = f" and {len(names) - 6} more" if len(names) > 6 else ""
            what = f"'{source}' also wants {'one of ' if len(names) > 1 else ''}{listed}{more}"
        yield _Near(len(missing), rule.code, rule.name, what)
