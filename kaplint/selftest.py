"""Run the examples of rules: what each calls bad must be found in its place, and good left alone."""

from __future__ import annotations

from kaplint.documents import Document, open_document
from kaplint.fixes import apply
from kaplint.linter import lint
from kaplint.records import dataclass
from kaplint.rewording import Proposer

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaplint.rulebook import DocsData, Rule, Rulebook

__all__ = ["Problem", "run"]


@dataclass(frozen=True, slots=True)
class Problem:
    """An example that does not hold: where it stands, and what happened instead."""

    rule: str
    path: str
    line: int
    text: str

    def __str__(self) -> str:
        """Return it as ``path:line: code: what happened``."""
        return f"{self.path}:{self.line}: {self.rule}: {self.text}"


def run(book: Rulebook, docs: DocsData, codes: frozenset[str] | None = None) -> Iterator[Problem]:
    """Yield the examples that fail, of all rules or of those with the given codes."""
    for number, rule in enumerate(book.rules):
        if codes is not None and rule.code not in codes:
            continue
        entry = docs["rules"][rule.code]
        path = str(entry["path"])
        bad, good = entry["bad"], entry["good"]
        if isinstance(bad, list) and isinstance(good, list):
            for example in bad:
                for what in _try_bad(book, number, rule, example):
                    yield Problem(rule.code, path, int(example["line"]), what)
            for example in good:
                for what in _try_good(book, number, rule, str(example["text"])):
                    yield Problem(rule.code, path, int(example["line"]), what)


def _open(book: Rulebook, text: str) -> Document:
    suffix = ".html" if text.lstrip().startswith("<") else ".md"
    return open_document("example", text, book, suffix=suffix, target_grade=6, excerpt=True)


def _try_bad(book: Rulebook, number: int, rule: Rule, example: dict[str, object]) -> Iterator[str]:
    marked = str(example["text"])
    text = marked.replace("«", "").replace("»", "")
    wanted = _marks(marked)
    document = _open(book, text)
    found = list(lint(document, [(number, rule)]))
    spans = [(f.start, f.end) for f in found if f.excuse is None]
    for start, end in wanted:
        # A duty of the page is set off by what other rules find: the place may move with them.
        if (start, end) in spans or (
            rule.scope == "document" and any(start < b and a < end for a, b in spans)
        ):
            continue
        near = [text[a:b] for a, b in spans if a < end and start < b]
        excused = [
            f"{f.text!r}, excused as {f.excuse.by} ({f.excuse.detail})" for f in found if f.excuse
        ]
        instead = (
            f"flags {near[0]!r} instead"
            if near
            else f"matches {excused[0]}"
            if excused
            else "finds nothing"
        )
        yield f"{text[start:end]!r} should be flagged in {text!r}: the rule {instead}"
    for start, end in spans:
        if not any(start < b and a < end for a, b in wanted):
            yield f"{text[start:end]!r} should not be flagged in {text!r}"
    fixed = example.get("fixed")
    if fixed is not None:
        proposed = Proposer(book, [(number, rule)]).propose(document, found)
        fixes = [f.fixes[0] for f in proposed if f.fixes]
        after = apply(text, fixes).text if fixes else "nothing"
        if after != fixed:
            yield f"{text!r} should be reworded to {fixed!r}, not {after!r}"


def _try_good(book: Rulebook, number: int, rule: Rule, text: str) -> Iterator[str]:
    document = _open(book, text)
    for finding in lint(document, [(number, rule)]):
        if finding.excuse is None:
            yield f"{finding.text!r} should not be flagged in {text!r}"


def _marks(marked: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    opened: list[int] = []
    at = 0
    for letter in marked:
        if letter == "«":
            opened.append(at)
        elif letter == "»":
            if opened:
                found.append((opened.pop(), at))
        else:
            at += 1
    return found
