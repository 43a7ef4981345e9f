"""Lint a document: the one place where scanning, matchers and guards meet."""

from __future__ import annotations

from kaplint.documents import Document, Hit, Match
from kaplint.guards import excuse, holds
from kaplint.matchers import matcher
from kaplint.model import Excuse, Finding
from kaplint.records import replace

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from kaplint.documents import Sentence
    from kaplint.rulebook import Rule

__all__ = ["counter", "lint", "most_specific", "scan"]

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
    chosen, helpers, wanted = _applying(document, rules)
    numbers = frozenset(number for number, _ in chosen)
    hits = scan(document, numbers.union(n for n, _ in helpers))
    findings: list[Finding] = []
    document.claims = []
    for number, rule in sorted(chosen + helpers, key=lambda pair: pair[1].duty is not None):
        if rule.kind in _SCANNED and number not in hits and rule.duty is None:
            continue
        for match, excused in _judge(rule, hits.get(number, []), document):
            claims = rule.category in wanted and rule.sets_off_duties
            if claims and (excused is None or excused.by in _STILL_CLAIMS):
                plain = excused is None and rule.confidence != "low"
                document.claims.append((rule.category, match, plain))
            if number in numbers:
                findings.append(_finding(rule, match, document, excused))
                if rule.scope == "document" and excused is None:
                    break
    findings.sort(key=lambda f: (f.start, f.end, f.rule))
    yield from findings


def most_specific(findings: list[Finding], precedence: Mapping[str, list[str]]) -> list[Finding]:
    """Return the findings, one excused where another says the same of its words or more.

    The other is as grave or graver, covers half of the one's source range or more, and is of a more
    special category (``precedence`` names them by category) or, in the same category, reaches
    further.
    """
    standing = [f for f in findings if f.excuse is None and f.scope == "span"]
    result = []
    for finding in findings:
        if finding.excuse is None and finding.scope == "span":
            special = precedence.get(finding.category, ())
            for other in standing:
                if other.start >= finding.end or finding.start >= other.end:
                    continue
                if _says_more(other, finding, special):
                    excused = Excuse("more-specific", f"{other.rule} {other.text}")
                    finding = replace(finding, excuse=excused, fixes=())
                    break
        result.append(finding)
    return result


def _says_more(other: Finding, finding: Finding, special: Iterable[str]) -> bool:
    """Tell whether a finding that overlaps another stands in its place."""
    if _GRAVITY[other.severity] < _GRAVITY[finding.severity]:
        return False
    length = finding.end - finding.start
    if 2 * (min(finding.end, other.end) - max(finding.start, other.start)) < length:
        return False
    if other.category in special:
        return True
    reach = other.end - other.start
    return (
        other.category == finding.category
        and other.rule != finding.rule
        and (reach > length or (reach == length and other.rule < finding.rule))
    )


_GRAVITY = {"info": 0, "warning": 1, "error": 2}


def _applying(
    document: Document, rules: Iterable[tuple[int, Rule]]
) -> tuple[list[tuple[int, Rule]], list[tuple[int, Rule]], frozenset[str]]:
    """Return the rules that apply to a page, those that only set duties off, and their categories."""
    health = _speaks_of_health(document)
    chosen = [(n, rule) for n, rule in rules if health or rule.anywhere]
    numbers = frozenset(number for number, _ in chosen)
    # Duties of the page are set off by claims: the rules that find claims run for them, too.
    duties = [rule.duty for _, rule in chosen if rule.duty is not None]
    wanted = frozenset().union(*(duty.after | duty.half for duty in duties))
    helpers = [
        (n, rule)
        for n, rule in enumerate(document.rulebook.rules)
        if n not in numbers
        and rule.category in wanted
        and rule.duty is None
        and rule.sets_off_duties
        and not rule.jurisdictions
    ]
    return chosen, helpers, wanted


def counter(
    document: Document, rules: Iterable[tuple[int, Rule]]
) -> Callable[[Document, int], dict[str, int]]:
    """Return what counts the findings in a part of a page, from a place on, by the code of the rule.

    Rules of the whole page do not count. What the page's sentences set off is not looked for again.
    """
    chosen, helpers, _ = _applying(document, rules)
    wanted = frozenset(n for n, _ in chosen).union(n for n, _ in helpers)
    spans = [(n, rule) for n, rule in chosen if rule.scope == "span"]

    def count(part: Document, start: int) -> dict[str, int]:
        first = next((s.index for s in part.sentences if s.end > start), 0)
        hits = {
            number: kept
            for number, every in scan(part, wanted).items()
            if (kept := [hit for hit in every if hit.sentence >= first])
        }
        found: dict[str, int] = {}
        for number, rule in spans:
            if rule.kind not in _SCANNED or number in hits:
                for match, excused in _judge(rule, hits.get(number, []), part):
                    if excused is None and match.sentence.index >= first:
                        found[rule.code] = found.get(rule.code, 0) + 1
        return found

    return count


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
            if found is None and not rule.anywhere:
                found = document.genre()
                if found is not None and found[0] == "leaflet" and rule.leaflets:
                    found = None
            yield match, Excuse(*found) if found else None


def _finding(rule: Rule, match: Match, document: Document, excused: Excuse | None) -> Finding:
    span = document.source_span(match)
    document.found[rule.code, span.start, span.end] = match
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
        excuse=excused,
    )
