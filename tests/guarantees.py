"""What every proposal promises, told from outside: apply it and read the page again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from kaplint.api import Linter
from kaplint.documents import open_document
from kaplint.fixes import apply
from kaplint.model import Finding, Fix

RANK = {"info": 0, "warning": 1, "error": 2}
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_SYLLABLE = re.compile(r"(?:(?!e(?![a-z]))[aeiouy])+|(?<=l)e(?![a-z])", re.IGNORECASE)
# Names and years in brackets are there to be looked up, not to be read.
_SOURCE = re.compile(r"\([^()]*\d{4}[^()]*\)")
# Below so many words a school grade says nothing of a page.
SHORTEST = 100


def count(findings: tuple[Finding, ...]) -> Counter[str]:
    """Return how often each rule speaks, or leaves it to a more special one."""
    return Counter(
        finding.rule
        for finding in findings
        if finding.excuse is None or finding.excuse.by == "more-specific"
    )


def grade(linter: Linter, source: str, path: str) -> float:
    """Return a school grade of a page, the words it lacks to be graded taken as plain ones."""
    document = open_document(path, source, linter.rulebook)
    texts = [
        _SOURCE.sub("", document.text[s.start : s.end])
        for s in document.sentences
        if s.role in ("paragraph", "list-item", "quote") and s.last - s.first > 3
    ]
    words = sum(len(re.findall(r"[^\W\d_]+", text)) for text in texts)
    syllables = sum(len(_SYLLABLE.findall(text)) for text in texts)
    plain = max(SHORTEST - words, 0)
    words += plain
    return (
        0.39 * words / (len(texts) + plain / 15) + 11.8 * (syllables + 1.5 * plain) / words - 15.59
    )


def hedges(linter: Linter, source: str, path: str) -> int:
    """Return how many hedges, limits and denials a page has."""
    document = open_document(path, source, linter.rulebook)
    classes = document.rulebook.classes
    signs = [classes[name][0] for name in ("hedge", "hedge-after", "negator")]
    return sum(any(sign in tags for sign in signs) for tags in document.tokens.tags)


def numbers_of(linter: Linter, source: str, path: str) -> Counter[str]:
    """Return the numbers a reader of a page sees."""
    return Counter(_NUMBER.findall(open_document(path, source, linter.rulebook).prose.text))


_READERS: dict[int, Linter] = {}


def _reader(linter: Linter) -> Linter:
    """Return a linter with the same rules that proposes nothing."""
    if id(linter) not in _READERS:
        _READERS[id(linter)] = Linter(linter.config, proposals=False)
    return _READERS[id(linter)]


def broken(
    linter: Linter,
    source: str,
    path: str,
    findings: tuple[Finding, ...],
    finding: Finding,
    fix: Fix,
) -> Iterator[str]:
    """Yield what a proposal promises and does not hold."""
    if fix.kind == "question":
        if fix.edits or not fix.text.strip():
            yield "a question changes nothing and asks something"
        return
    if not fix.edits:
        yield "nothing is changed"
        return
    after = apply(source, [fix])
    if after.text == source or after.waiting:
        yield "nothing is changed"
        return
    again = _reader(linter).text(after.text, path)
    # A page that was too short for a duty and is no longer owed it all along.
    length = open_document(path, source, linter.rulebook).words
    young = {r.code for r in linter.rulebook.rules if r.duty and length < r.duty.words}
    before, now = count(findings), count(again)
    if now[finding.rule] >= before[finding.rule]:
        yield "the finding is still there"
    for rule, times in now.items():
        if times > before[rule] and rule not in young:
            words = [f.text for f in again if f.rule == rule]
            yield f"{rule} finds more: {words}"
    whole = fix.kind in ("rewrite", "delete")
    if not whole and hedges(linter, after.text, path) < hedges(linter, source, path):
        yield "a hedge is lost"
    flagged = " ".join(f.text for f in findings if f.excuse is None and f.scope == "span")
    lost = numbers_of(linter, source, path) - numbers_of(linter, after.text, path)
    if lost - Counter(_NUMBER.findall(flagged)):
        yield f"numbers are lost: {sorted(lost)}"
    if not whole and fix.kind != "insert":
        new = numbers_of(linter, after.text, path) - numbers_of(linter, source, path)
        if new:
            yield f"numbers are new: {sorted(new)}"
    rise = grade(linter, after.text, path) - grade(linter, source, path)
    if rise > 1.05 and fix.kind != "insert":
        yield f"the grade rises by {rise:.1f}"
    if re.search(r"  +\S|\s[,;]|\.\s*\.(?!\.)|,,", after.text) and not re.search(
        r"  +\S|\s[,;]|\.\s*\.(?!\.)|,,", source
    ):
        yield "blanks or marks are doubled"
