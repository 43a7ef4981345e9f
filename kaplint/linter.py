"""Lint a document: the one place where scanning, matchers, guards and rewording meet."""

from __future__ import annotations

from kaplint.documents import Document, Hit, Match
from kaplint.guards import excuse, holds
from kaplint.matchers import matcher
from kaplint.model import Edit, Excuse, Finding, Fix

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kaplint.documents import Sentence
    from kaplint.rulebook import Rule

__all__ = ["lint", "scan"]

# A page speaks of health where at least one word in so many does (recipes and manuals do not).
TOPIC_SHARE = 80
# A text of fewer words is taken to speak of health.
SNIPPET = 40
# So many sentences are remembered from one page to the next.
MOST_KNOWN = 4096


def scan(document: Document, wanted: frozenset[int]) -> dict[int, list[Hit]]:
    """Return what the patterns of the wanted rules hit, by rule number.

    A pattern is tried only on sentences that hold the rarest words every match of it needs.
    """
    book = document.rulebook
    hits: dict[int, list[Hit]] = {}
    known = book.scanned.setdefault(wanted, {})
    if len(known) > MOST_KNOWN:
        known.clear()
    for sentence in document.sentences:
        # Pages of a site share their headers, footers and calls to action.
        found = known.get(sentence.encoded)
        if found is None:
            found = known[sentence.encoded] = tuple(_scan(sentence, document, wanted))
        for number, first, last in found:
            hits.setdefault(book.owners[number], []).append(
                Hit(sentence.index, sentence.first + first, sentence.first + last, number)
            )
    return hits


def _scan(
    sentence: Sentence, document: Document, wanted: frozenset[int]
) -> Iterator[tuple[int, int, int]]:
    """Yield what matches in a sentence: the pattern, and the tokens counted from its first."""
    book = document.rulebook
    index, owners, needs = book.index, book.owners, book.needs
    anchored = book.anchored.setdefault(wanted, {})
    if len(anchored) > 500_000:  # an endless input must not fill the memory
        anchored.clear()
    candidates: set[int] = set()
    for part in sentence.parts:
        numbers = anchored.get(part)
        if numbers is None:
            tags, _, word = part[1:].partition("/")
            numbers = anchored[part] = tuple(
                n
                for key in (word, *tags)
                if key in index
                for n in index[key]
                if owners[n] in wanted
            )
        if numbers:
            candidates.update(numbers)
    if not candidates:
        return
    keys = document.keys(sentence)
    encoded = sentence.encoded
    for number in sorted(candidates):
        wants = needs[number]
        if wants is None:
            wants = book.read_needs(number)
        # Spelled out: a page has thousands of these checks.
        for need in wants:
            if need.isdisjoint(keys):
                break
        else:
            for match in book.pattern(number).finditer(encoded):
                group = "_span" if "_span" in match.re.groupindex else 0
                start, end = match.span(group)
                if end > start:
                    yield number, encoded.count(" ", 0, start), encoded.count(" ", 0, end)


def lint(document: Document, rules: Iterable[tuple[int, Rule]]) -> Iterator[Finding]:
    """Return the findings of a document, those that a guard excuses with their excuse.

    ``rules`` are the rules to apply with their numbers in the document's rulebook. Findings come
    in order of place.
    """
    if not document.sentences:
        return
    health = _speaks_of_health(document)
    chosen = [(n, rule) for n, rule in rules if health or rule.anywhere]
    numbers = frozenset(number for number, _ in chosen)
    # Duties of the page are set off by claims: the rules that find claims run for them, too.
    wanted = frozenset().union(*(r.duty.after for _, r in chosen if r.duty is not None))
    helpers = [
        (n, rule)
        for n, rule in enumerate(document.rulebook.rules)
        if n not in numbers
        and rule.category in wanted
        and rule.duty is None
        and not rule.jurisdictions
    ]
    hits = scan(document, numbers.union(n for n, _ in helpers))
    findings: list[Finding] = []
    document.claims = []
    for number, rule in sorted(chosen + helpers, key=lambda pair: pair[1].duty is not None):
        if rule.kind in _SCANNED and number not in hits and rule.duty is None:
            continue
        for match, excused in _judge(rule, hits.get(number, []), document):
            if rule.category in wanted and (excused is None or excused.by in _STILL_CLAIMS):
                document.claims.append((rule.category, match))
            if number in numbers:
                findings.append(_finding(rule, match, document, excused))
                if rule.scope == "document" and excused is None:
                    break
    findings.sort(key=lambda f: (f.start, f.end, f.rule))
    yield from findings


_SCANNED = frozenset({"evidence", "fact", "phrase", "relation", "statistic"})
# A claim that is hedged or cited is a claim all the same, and owes what a claim owes.
_STILL_CLAIMS = frozenset({"hedged", "cited", "directive"})


def _speaks_of_health(document: Document) -> bool:
    # A snippet has no room to name its topic; whoever lints one has one in mind.
    if document.excerpt or document.words < SNIPPET:
        return True
    topic = document.rulebook.classes["health-topic"][0]
    count = sum(1 for tags in document.tokens.tags if topic in tags)
    return count * TOPIC_SHARE >= document.words


def _judge(
    rule: Rule, hits: list[Hit], document: Document
) -> Iterator[tuple[Match, Excuse | None]]:
    """Return the matches of a rule that have what it needs, each with what excuses it."""
    for match in matcher(rule.kind).find(rule, hits, document):
        if all(holds(need, match, document) for need in rule.needs):
            found = excuse(rule.unless, match, document)
            yield match, Excuse(*found) if found else None


def _finding(rule: Rule, match: Match, document: Document, excused: Excuse | None) -> Finding:
    span = document.source_span(match)
    line, column = document.position(span.start)
    end_line, end_column = document.position(span.end)
    words = document.prose.text[match.prose_start : match.prose_end]
    values = {"match": words, **match.groups}
    message = rule.message
    for name, value in values.items():
        message = message.replace(f"{{{name}}}", value)
    return Finding(
        path=document.path,
        rule=rule.code,
        name=rule.name,
        category=rule.category,
        severity=rule.severity,
        confidence=rule.confidence,
        scope=rule.scope,
        start=span.start,
        end=span.end,
        line=line,
        column=column,
        end_line=end_line,
        end_column=end_column,
        text=words,
        message=message,
        advice=rule.advice,
        norms=rule.norms,
        excerpt=document.line(line),
        role=match.sentence.role,
        fixes=tuple(_reword(rule, match, document)) if excused is None else (),
        excuse=excused,
    )


def _reword(rule: Rule, match: Match, document: Document) -> Iterator[Fix]:
    """Return the rule's rewordings that apply, where the source is letter for letter the prose."""
    if not rule.fixes or not document.prose.is_verbatim(match.prose_start, match.prose_end):
        return
    tokens = document.tokens
    encoded = (
        "".join(
            f" {t}/{w}"
            for t, w in zip(
                tokens.tags[match.start : match.end], tokens.words[match.start : match.end]
            )
        )
        + " "
    )
    span = document.source_span(match)
    seen = set()
    for rewording in rule.fixes:
        found = rewording.applies.compiled.match(encoded)
        if not found:
            continue
        text = rewording.template
        for name in found.groupdict():
            if name == "_span":
                continue
            start, end = found.span(name)
            piece = ""
            if end > start:
                first = match.start + encoded.count(" ", 0, start)
                last = match.start + encoded.count(" ", 0, end)
                piece = document.prose.text[tokens.start(first) : tokens.end(last - 1)]
            text = text.replace(f"{{{name}}}", piece)
        text = _cased(
            " ".join(text.split()), document.prose.text[match.prose_start : match.prose_end]
        )
        if text not in seen:
            seen.add(text)
            yield Fix((Edit(span.start, span.end, text),), rewording.safe, text)


def _cased(text: str, like: str) -> str:
    """Give a rewording the capitals of the words it replaces."""
    letters = [letter for letter in like if letter.isalpha()]
    if len(letters) > 3 and all(letter.isupper() for letter in letters):
        return text.upper()
    words = [word for word in like.split() if word[0].isalpha()]
    long_words = [word for word in words if len(word) > 3]
    if len(long_words) > 1 and all(word[0].isupper() for word in long_words):
        small = {"a", "an", "the", "and", "or", "of", "for", "in", "to", "with", "on", "some"}
        return " ".join(
            word if word in small and at else word[:1].upper() + word[1:]
            for at, word in enumerate(text.split(" "))
        )
    if like[:1].isupper():
        return text[:1].upper() + text[1:]
    return text
