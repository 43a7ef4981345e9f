"""What approved wordings excuse, and which sentences have drifted from them.

A sentence, or a part of one between marks that part clauses, is a use of an approved wording where
its words are the same: capitals, quotes, hyphens, spaces, invisible marks, markup and numbers of
notes count for nothing. Findings in it are excused while the approval holds.

A sentence that has most of its words in common with a wording, and speaks of no other treatment, is
near it. Where it is flagged, or the comparison of ``kaplint diff`` finds it stronger, it has drifted.
"""

from __future__ import annotations

from collections import Counter

from kaplint.alignment import LIGHT, bag, likeness
from kaplint.codes import CODES
from kaplint.documents import open_document
from kaplint.model import Excuse, Finding
from kaplint.records import dataclass, replace
from kaplint.tokens import BREAK, fold

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from kaplint.approvals import Approval
    from kaplint.documents import Document, Sentence
    from kaplint.rulebook import Rulebook, StrengthData
    from kaplint.strength import Words

__all__ = ["NEAR", "NEAR_UNFLAGGED", "Approvals", "Drift", "Use", "excused"]

# A sentence with less in common with a wording is another one; one that no rule flags must have more.
NEAR, NEAR_UNFLAGGED = 0.55, 0.65
# So many of a wording's weightier words, and so much of them, a sentence near it has at least.
_FEWEST, _FEWEST_UNFLAGGED, _PART = 3, 4, 0.25
# A sentence of more clauses is a list; its runs of clauses are not tried.
_MOST_CLAUSES = 12
# So many sentences are remembered from one page to the next.
_MOST_KNOWN = 4096
# Words with which a clause begins that say nothing of what is claimed in it.
_JOINING = frozenset("and but so yet although though however whereas while because since".split())
# Before these a comma parts clauses.
_PARTING = frozenset("but although though however whereas while yet".split())
# What makes no approved claim a stronger one: links to sources are the page's, findings are told as
# findings, and how a risk is told is no claim of benefit.
_ASIDE = frozenset(("source-lost", "new-finding", "risk-softened"))
_LONGEST = 90  # characters of a quotation


@dataclass(frozen=True, slots=True)
class Use:
    """An approved wording on a page: whose it is, and a range of the prose and of the source."""

    approval: Approval
    state: str
    sentence: Sentence
    start: int
    end: int
    source_start: int
    source_end: int


@dataclass(frozen=True, slots=True)
class Drift:
    """A sentence that has drifted: from whose wording, how it differs, and the finding of it."""

    approval: Approval
    told: str
    finding: Finding


@dataclass(slots=True)
class _Clause:
    """A part of a sentence: its words without marks, and their tokens, counted from its first."""

    words: list[str]
    places: list[int]
    open: str = ""  # the mark before it


@dataclass(frozen=True, slots=True)
class _Near:
    """What a sentence is near to: a wording, the tokens of the part that is, and what differs."""

    wording: int
    first: int  # tokens, counted from the first of the sentence
    last: int
    told: str
    stronger: tuple[str, ...]
    surely: bool  # near enough to be told although no rule flags it


class Approvals:
    """The approved claims of a clinic, ready to look pages up in."""

    def __init__(
        self,
        entries: Iterable[Approval],
        rulebook: Rulebook,
        *,
        today: date,
        notice: int,
        published: tuple[tuple[str, ...], ...],
        strength: Callable[[], StrengthData],
    ) -> None:
        """Index the wordings.

        ``notice`` is the number of days before its end from which an approval is said to expire
        soon; ``published`` holds, for each place where copy is published, the jurisdictions that
        hold there. ``strength`` returns the words of strength; it is asked only where a sentence
        is near a wording.
        """
        self.entries = tuple(entries)
        self.today = today
        self.states = {
            entry.key: entry.state(today, notice) if _covers(entry, published) else "elsewhere"
            for entry in self.entries
        }
        self._rulebook = rulebook
        self._strength = strength
        self._words: Words | None = None
        self._wordings: list[tuple[Approval, str]] = []
        self._exact: dict[str, Approval] = {}
        self._bags: list[Counter[str]] = []
        self._known: dict[str, _Near | None] = {}
        self._named = rulebook.classes["named-treatment"][0]
        for entry in self.entries:
            state = self.states[entry.key]
            if state in ("pending", "elsewhere"):
                continue
            for wording in entry.wordings:
                words, tags, _ = rulebook.lexicon.tagged(fold(wording))
                key = " ".join(word for clause in _parted(words, tags) for word in clause.words)
                other = self._exact.get(key)
                # Of two approvals of the same words, the one that holds longer counts.
                if other is None or other.expires < entry.expires:
                    self._exact[key] = entry
                if state != "expired":
                    self._wordings.append((entry, wording))
                    self._bags.append(bag(words))
        self._heavy = [_heavy(stems) for stems in self._bags]
        self._index = _prefixes(self._heavy)

    def uses(self, document: Document) -> list[Use]:
        """Return where approved wordings stand on a page, in order, expired ones too."""
        raised = _raised(document)
        found: list[Use] = []
        for sentence in document.sentences:
            clauses = _clauses(document, sentence, raised)
            for entry, first, last in self._runs(clauses):
                use = self._use(entry, document, sentence, first, last)
                if use is not None:
                    found.append(use)
        return found

    def _runs(self, clauses: list[_Clause]) -> Iterator[tuple[Approval, int, int]]:
        """Yield the runs of clauses that are approved, the longest first: the entry and its tokens."""
        count = len(clauses)
        if not count or not self._exact:
            return
        lengths = range(count, 0, -1) if count <= _MOST_CLAUSES else (count, 1)
        taken: set[int] = set()
        for length in lengths:
            for start in range(count - length + 1):
                numbers = range(start, start + length)
                if not taken.isdisjoint(numbers):
                    continue
                words = [word for at in numbers for word in clauses[at].words]
                entry, skip = self._exact.get(" ".join(words)), 0
                if entry is None and words[0] in _JOINING:
                    entry, skip = self._exact.get(" ".join(words[1:])), 1
                if entry is not None:
                    taken.update(numbers)
                    places = [at for number in numbers for at in clauses[number].places]
                    yield entry, places[skip], places[-1] + 1

    def _use(
        self, entry: Approval, document: Document, sentence: Sentence, first: int, last: int
    ) -> Use | None:
        start, end = _range(document, sentence, first, last)
        try:
            span = document.prose.source_span(start, end)
        except ValueError:  # words that the source does not hold
            return None
        state = self.states[entry.key]
        return Use(entry, state, sentence, start, end, span.start, span.end)

    def findings(
        self, document: Document, findings: list[Finding], uses: list[Use]
    ) -> Iterator[Finding]:
        """Yield what is to be told of approved claims themselves (KL03, KL04, KL05).

        ``findings`` are those of the rules on this page, ``uses`` what ``uses`` returned for it.
        """
        for use in uses:
            entry = use.approval
            if use.state == "expired":
                yield _finding(
                    document,
                    "KL04",
                    use.sentence,
                    (use.start, use.end),
                    f"The approval of {entry.key} expired on {entry.expires}.",
                    f"Ask {entry.owner} to review and renew it, or take the sentence out.",
                )
            elif use.state == "expiring":
                days = (entry.expires - self.today).days
                when = f"in {days} day{'s' * (days != 1)}" if days else "today"
                yield _finding(
                    document,
                    "KL05",
                    use.sentence,
                    (use.start, use.end),
                    f"The approval of {entry.key} expires {when}, on {entry.expires}.",
                    f"Ask {entry.owner} to review it before.",
                )
        for drift in self._drifted(document, findings, uses):
            yield drift.finding

    def drifts(self, document: Document, findings: list[Finding]) -> list[Drift]:
        """Return what has drifted on a page, but for what ``findings``, those of all codes, excuse."""
        spared = {(f.start, f.end) for f in findings if f.rule == "KL03" and f.excuse}
        return [
            drift
            for drift in self._drifted(document, findings, self.uses(document))
            if (drift.finding.start, drift.finding.end) not in spared
        ]

    def _drifted(
        self, document: Document, findings: list[Finding], uses: list[Use]
    ) -> Iterator[Drift]:
        if not self._index:
            return
        raised = _raised(document)
        used = {use.sentence.index for use in uses}
        flagged = [
            f for f in findings if f.excuse is None and f.scope == "span" and f.rule not in CODES
        ]
        words = document.tokens.words
        for sentence in document.sentences:
            if sentence.index in used:
                continue
            stems = bag(words[sentence.first : sentence.last])
            numbers = {n for stem in stems for n in self._index.get(stem, ())}
            if not numbers:
                continue
            near = self._near(document, sentence, raised, numbers)
            if near is None:
                continue
            start, end = _range(document, sentence, near.first, near.last)
            try:
                span = document.prose.source_span(start, end)
            except ValueError:
                continue
            if not (near.surely and near.stronger) and not any(
                _inside(f, span.start, span.end, document, sentence) for f in flagged
            ):
                continue
            entry, wording = self._wordings[near.wording]
            more = f" It says more than was approved ({', '.join(near.stronger)})."
            found = _finding(
                document,
                "KL03",
                sentence,
                (start, end),
                f"This has drifted from the approved wording of {entry.key}: {near.told}."
                + more * bool(near.stronger),
                f'Write what was approved, "{wording}", or ask {entry.owner} to approve this.',
            )
            yield Drift(entry, near.told, found)

    def _near(
        self, document: Document, sentence: Sentence, raised: frozenset[int], numbers: set[int]
    ) -> _Near | None:
        clauses = _clauses(document, sentence, raised)
        key = "|".join(f"{clause.places[0]} {' '.join(clause.words)}" for clause in clauses)
        if key not in self._known:
            if len(self._known) > _MOST_KNOWN:
                self._known.clear()
            self._known[key] = self._nearest(document, sentence, clauses, numbers)
        return self._known[key]

    def _nearest(
        self, document: Document, sentence: Sentence, clauses: list[_Clause], numbers: set[int]
    ) -> _Near | None:
        whole = _Clause(
            [word for clause in clauses for word in clause.words],
            [at for clause in clauses for at in clause.places],
        )
        if not whole.words:
            return None
        parts = [whole, *(clauses if 1 < len(clauses) <= _MOST_CLAUSES else ())]
        best, alike, shared = (-1, whole), NEAR, 0
        for part in parts:
            stems = bag(part.words)
            heavy = _heavy(stems)
            for number in sorted(numbers):
                common = len(heavy & self._heavy[number])
                if common < _fewest(self._heavy[number]):
                    continue
                found = likeness(self._bags[number], stems)
                if found > alike:
                    best, alike, shared = (number, part), found, common
        number, part = best
        surely = alike >= NEAR_UNFLAGGED and shared >= _FEWEST_UNFLAGGED
        if number < 0:
            return None
        wording = self._wordings[number][1]
        approved = open_document("", wording, self._rulebook, suffix=".txt")
        named = [
            {w for w, t in zip(d.tokens.words[a:b], d.tokens.tags[a:b]) if self._named in t}
            for d, a, b in (
                (approved, 0, len(approved.tokens.words)),
                (document, sentence.first + part.places[0], sentence.first + part.places[-1] + 1),
            )
        ]
        if all(named) and named[0].isdisjoint(named[1]):
            return None
        told = _difference(approved, document, [sentence.first + at for at in part.places])
        if not told:
            return None
        first, last = part.places[0], part.places[-1] + 1
        start, end = _range(document, sentence, first, last)
        if part is whole:
            end = sentence.end  # with its mark: a question claims nothing
        now = open_document("", document.prose.text[start:end], self._rulebook, suffix=".txt")
        from kaplint.strength import Words, compare  # slow to import, and most pages need neither

        if self._words is None:
            self._words = Words(self._strength())
        kinds = [
            change.kind
            for shift in compare(approved, now, self._words)
            for change in shift.changes
            if change.stronger and change.kind not in _ASIDE
        ]
        return _Near(number, first, last, told, tuple(dict.fromkeys(kinds)), surely)


def excused(findings: Iterable[Finding], uses: list[Use], document: Document) -> Iterator[Finding]:
    """Yield the findings, those within approved wordings whose approval holds with their excuse.

    Duties of a whole page stay: an approved sentence does not fulfil them.
    """
    holding = [use for use in uses if use.state != "expired"]
    for finding in findings:
        if finding.excuse is None and finding.scope == "span" and finding.rule not in CODES:
            for use in holding:
                if _inside(finding, use.source_start, use.source_end, document, use.sentence):
                    entry = use.approval
                    why = Excuse("evidence", f"{entry.key}, approved by {entry.owner}")
                    finding = replace(finding, excuse=why, fixes=())
                    break
        yield finding


def _inside(finding: Finding, start: int, end: int, document: Document, sentence: Sentence) -> bool:
    """Tell whether a finding stands in a range of the source, in the words of a sentence there.

    Other words may stand within the range, such as the text of a picture between two words.
    """
    return (
        start <= finding.start
        and finding.end <= end
        and finding.role == sentence.role
        and finding.text in document.prose.text[sentence.start : sentence.end]
    )


def _covers(entry: Approval, published: tuple[tuple[str, ...], ...]) -> bool:
    """Tell whether an approval holds in every place where copy is published."""
    return not entry.markets or all(not set(entry.markets).isdisjoint(place) for place in published)


def _heavy(stems: Counter[str]) -> frozenset[str]:
    return frozenset(stem for stem in stems if stem not in LIGHT)


def _fewest(heavy: frozenset[str]) -> int:
    """Return how many of a wording's weightier words a sentence near it has at least."""
    return max(_FEWEST, int(_PART * len(heavy)))


def _prefixes(wordings: list[frozenset[str]]) -> dict[str, list[int]]:
    """Return the wordings that a sentence may be near, by a word that it has then.

    Who has t of n words has one of any n - t + 1 of them: the rarest will do (prefix filtering).
    """
    counts = Counter(stem for heavy in wordings for stem in heavy)
    index: dict[str, list[int]] = {}
    for number, heavy in enumerate(wordings):
        rarest = sorted(heavy, key=lambda stem: (counts[stem], stem))
        for stem in rarest[: max(len(rarest) - _fewest(heavy) + 1, 0)]:
            index.setdefault(stem, []).append(number)
    return index


def _raised(document: Document) -> frozenset[int]:
    """Return the places in the prose that raised numbers of notes cover."""
    return frozenset(
        at
        for mark in document.prose.marks
        if mark.kind == "superscript"
        for at in range(mark.start, mark.end)
    )


def _clauses(document: Document, sentence: Sentence, raised: frozenset[int]) -> list[_Clause]:
    """Return the parts of a sentence between marks that part clauses, numbers of notes left out."""
    tokens = document.tokens
    notes = (
        [a for a in range(sentence.first, sentence.last) if tokens.start(a) in raised]
        if not raised.isdisjoint(range(sentence.start, sentence.end))
        else []
    )
    return _parted(
        tokens.words[sentence.first : sentence.last],
        tokens.tags[sentence.first : sentence.last],
        frozenset(at - sentence.first for at in notes),
    )


def _parted(
    words: list[str], tags: list[str], notes: frozenset[int] = frozenset()
) -> list[_Clause]:
    clauses = [_Clause([], [])]
    for at, (word, tag) in enumerate(zip(words, tags)):
        if at in notes:
            continue
        if word == "?" or not (BREAK in tag or word == ","):
            clauses[-1].words.append(word)
            clauses[-1].places.append(at)
        if BREAK in tag or (word == "," and {*words[at + 1 : at + 2]} & _PARTING):
            clauses.append(_Clause([], [], word))
    return [
        clause
        for clause in clauses
        if clause.words
        and not (clause.open in ("[", "(") and all(word.isdigit() for word in clause.words))
    ]


def _range(document: Document, sentence: Sentence, first: int, last: int) -> tuple[int, int]:
    """Return the range of the prose of some tokens, counted from the first of their sentence."""
    tokens = document.tokens
    return tokens.start(sentence.first + first), tokens.end(sentence.first + last - 1)


def _difference(approved: Document, document: Document, places: list[int]) -> str:
    """Return what was dropped, added and changed from a wording to some tokens of a page."""
    from difflib import SequenceMatcher

    tokens = approved.tokens
    kept = [at for at, t in enumerate(tokens.tags) if BREAK not in t and tokens.words[at] != ","]
    old = [tokens.words[at] for at in kept]
    new = [document.tokens.words[at] for at in places]
    changes: list[tuple[int, int, int, int]] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, first, last, other, until in matcher.get_opcodes():
        if tag == "equal":
            continue
        if changes:
            before = changes[-1]
            between = old[before[1] : first]
            # A small word that two changes have between them would only tear them apart.
            if len(between) == 1 and between[0] in LIGHT:
                changes[-1] = (before[0], last, before[2], until)
                continue
        changes.append((first, last, other, until))
    told: list[str] = []
    for first, last, other, until in changes:
        was = _quoted(approved, [kept[at] for at in range(first, last)])
        now = _quoted(document, [places[at] for at in range(other, until)])
        if was and now:
            told.append(f"{was} became {now}")
        else:
            told.append(f"dropped {was}" if was else f"added {now}")
    return "; ".join(told)


def _quoted(document: Document, places: list[int]) -> str:
    """Return some neighbouring tokens as they are written, in quotes and cut short; "" for none."""
    if not places:
        return ""
    start, end = document.tokens.start(places[0]), document.tokens.end(places[-1])
    prose = document.prose.text
    start -= prose[start - 1 : start] in ("$", "£", "€")
    end += prose[end : end + 1] == "%"
    text = " ".join(prose[start:end].split())
    return f"'{text if len(text) <= _LONGEST else text[: _LONGEST - 1] + '…'}'"


def _finding(
    document: Document,
    code: str,
    sentence: Sentence,
    place: tuple[int, int],
    message: str,
    advice: str,
) -> Finding:
    about = CODES[code]
    span = document.prose.source_span(*place)
    line, column = document.position(span.start)
    end_line, end_column = document.position(span.end)
    return Finding(
        path=document.path,
        rule=code,
        name=about.name,
        category=about.category,
        severity=about.severity,
        confidence="high",
        scope="span",
        start=span.start,
        end=span.end,
        line=line,
        column=column,
        end_line=end_line,
        end_column=end_column,
        text=document.prose.text[place[0] : place[1]],
        message=message,
        advice=advice,
        norms=(),
        excerpt=document.line(line),
        role=sentence.role,
    )
