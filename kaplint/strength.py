"""What became stronger from one version of a page to the next.

Sentences of the two versions are matched first: equal ones wherever they stand, changed ones by
their words, split and merged ones as groups. What is equal costs no more than that. Of a changed
group the clauses that speak of benefit and those that speak of harm are weighed apart, since "some"
made "most" strengthens the one and is frank in the other. The words of strength are data
(``rules/strength.yaml``); what the engine knows is how each scale and set is read.

A weakening is a strengthening read backwards, and is found that way.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from difflib import SequenceMatcher

from kaplint.alignment import align
from kaplint.records import dataclass
from kaplint.statements import NEGATIVE, NUMBERS, Reader, Words

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kaplint.documents import Document
    from kaplint.model import Finding
    from kaplint.statements import Figure, Length, Term, Version

__all__ = ["KINDS", "WEAKER", "Change", "Shift", "Side", "Words", "compare"]

# Every kind of strengthening: what it is called when read backwards, and what it says.
KINDS = {
    "stronger-verb": ("weaker-verb", "the treatment is said to do more"),
    "hedge-lost": ("hedge-added", "what was possible is now stated"),
    "negation-lost": ("negation-added", "what was denied is now said"),
    "certainty-raised": ("certainty-lowered", "the text is surer than it was"),
    "frequency-raised": ("frequency-lowered", "it is said of more people, or more often"),
    "intensity-raised": ("intensity-lowered", "the effect is said to be greater"),
    "onset-faster": ("onset-slower", "the effect is said to come sooner"),
    "duration-longer": ("duration-shorter", "the effect is said to last longer"),
    "limit-lost": ("limit-added", "it is no longer said for whom or when this holds"),
    "comparator-lost": (
        "comparator-added",
        "it is no longer said what the effect was measured against",
    ),
    "figure-raised": ("figure-lowered", "the figure is higher"),
    "source-lost": ("source-added", "the statement no longer has a source"),
    "caution-lost": ("caution-added", "a risk or a limit is no longer told"),
    "risk-softened": ("risk-plainer", "a harm is told more softly"),
    "disclaimer-lost": ("disclaimer-added", "a disclaimer is no longer there"),
    "new-finding": ("finding-gone", "a rule flags what it did not flag before"),
}
# A warning that took the place of another stands at most so many sentences from it.
_NEAR = 8
WEAKER = {name: back for name, (back, _) in KINDS.items()}


# What is reported


@dataclass(frozen=True, slots=True)
class Change:
    """One way in which a text says more (or, read backwards, less): a kind and the words."""

    kind: str
    detail: str
    stronger: bool = True


@dataclass(frozen=True, slots=True)
class Side:
    """What one version says: its text, the line it begins at, and the words that changed.

    ``line`` and ``column`` count from 1, in the source; ``marks`` are ranges of characters of
    ``text``, the end exclusive. A side that says nothing has an empty text and stands where the
    other version's words were or would be.
    """

    text: str
    line: int
    column: int
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Shift:
    """Two versions of a statement, and how the new one differs in strength."""

    old: Side
    new: Side
    changes: tuple[Change, ...]

    @property
    def stronger(self) -> bool:
        """Tell whether anything became stronger."""
        return any(change.stronger for change in self.changes)


# Weighing two versions


def _cancelled(old: list[Term], new: list[Term]) -> tuple[list[Term], list[Term], list[float]]:
    """Return what only the old version has, what only the new one has, and the levels of the rest."""
    left, kept = list(new), []
    gone: list[Term] = []
    for term in old:
        twin = next((t for t in left if t.level == term.level), None)
        if twin is None:
            gone.append(term)
        else:
            left.remove(twin)
            kept.append(term.level)
    return gone, left, kept


def _rise(old: list[Term], new: list[Term], plain: float) -> tuple[Term | None, Term | None] | None:
    """Return the words by which a scale rises, or None where it does not; None for no word."""
    gone, came, kept = _cancelled(old, new)
    if gone and came:
        low, high = min(gone, key=lambda t: t.level), max(came, key=lambda t: t.level)
        mean = sum(t.level for t in gone) / len(gone)
        return (low, high) if sum(t.level for t in came) / len(came) > mean else None
    if plain < 0:
        return None
    if gone:
        low = min(gone, key=lambda t: t.level)
        return (low, None) if low.level < plain and not any(k <= low.level for k in kept) else None
    if came:
        high = max(came, key=lambda t: t.level)
        return (
            (None, high) if high.level > plain and not any(k >= high.level for k in kept) else None
        )
    return None


class _Scale:
    """Weighs what became stronger from one version to another."""

    def __init__(self, words: Words) -> None:
        self.words = words

    def weigh(self, old: Version, new: Version) -> Iterator[Change]:
        """Yield what the new version says more strongly, each kind once."""
        for speech, other in ((old.benefit, new.benefit), (old.harm, new.harm)):
            # A word that went from one kind of clause to another is neither gone nor new.
            here = Counter((t.group, t.base) for t in speech.terms)
            there = Counter((t.group, t.base) for t in other.terms)
            speech.kept = [t for t in speech.terms if not self.strays(t, here - there, old, new)]
            other.kept = [t for t in other.terms if not self.strays(t, there - here, new, old)]
        seen: set[str] = set()
        found = [] if new.asks or old.asks else [*self.benefit(old, new), *self.harm(old, new)]
        if self.limited(old, new):
            found = [c for c in found if c.kind != "hedge-lost"]
        for change in found:
            if change.kind not in seen:
                seen.add(change.kind)
                yield change

    def strays(
        self, term: Term, only: Counter[tuple[str, str]], mine: Version, theirs: Version
    ) -> bool:
        """Tell whether a word that only these clauses have stands elsewhere in the other version."""
        key = (term.group, term.base)
        return bool(only[key]) and theirs.every[key] >= mine.every[key] > 0

    def limited(self, old: Version, new: Version) -> bool:
        """Tell whether a hedge was exchanged for a limit: "may ease" for "eases ... in some people"."""
        some = self.words.level("share", "some")
        return any(t.level <= some for t in new.benefit.of("share")) and not old.benefit.of("share")

    def told(self, old: Version, a: Term | None, new: Version, b: Term | None) -> str:
        if a and b:
            return f'"{old.words(a)}" became "{new.words(b)}"'
        if a:
            return f'"{old.words(a)}" is gone'
        return f'"{new.words(b)}" is new' if b else ""

    def benefit(self, old: Version, new: Version) -> Iterator[Change]:
        a, b = old.benefit, new.benefit
        if not (b.terms or new.answer) or not (a.terms or old.answer):
            return
        negation = self.negation(old, new)
        if negation:
            yield Change("negation-lost", negation)
        said = not b.denied or b.affirmed
        if said:
            yield from self.hedges(old, new)
            yield from self.verbs(old, new)
        for kind, scale in (
            ("frequency-raised", "share"),
            ("intensity-raised", "intensity"),
            ("intensity-raised", "comparison"),
        ):
            rise = _rise(a.of(scale), b.of(scale), self.words.plain.get(scale, -1))
            if rise and not (kind == "frequency-raised" and self.hedge_came(old, new)):
                yield Change(kind, self.told(old, rise[0], new, rise[1]))
        figure = self.figure(a.figures, b.figures)
        if figure:
            yield Change(
                "figure-raised", f'"{old.words(figure[0])}" became "{new.words(figure[1])}"'
            )
        yield from self.lengths(old, new)
        yield from self.limits(old, new)

    def hedge_came(self, old: Version, new: Version) -> bool:
        """Tell whether a limit was exchanged for a hedge: "some people feel" for "people may feel"."""
        may = self.words.level("modality", "possible")
        return any(t.level <= may for t in new.benefit.of("modality")) and not any(
            t.level <= may for t in old.benefit.of("modality")
        )

    def negation(self, old: Version, new: Version) -> str:
        a, b = old.benefit, new.benefit
        if not a.denied:
            return ""
        for word in a.denied:
            if word in b.affirmed and word not in a.affirmed and word not in b.denied:
                return f'"{word}" is no longer denied'
        if not b.denied and not (set(a.affirmed) & set(b.affirmed)):
            return "what was denied is now said"
        return ""

    def hedges(self, old: Version, new: Version) -> Iterator[Change]:
        a, b = old.benefit, new.benefit
        plain = self.words.plain.get("modality", -1)
        rise = _rise(a.of("modality"), b.of("modality"), plain)
        # "Can" is a weak hedge: that it is gone counts only where a benefit is plainly told.
        if rise and not rise[1] and not (b.plain and a.plain):
            able = self.words.level("modality", "able")
            rise = rise if rise[0] and rise[0].level != able else None
        if rise:
            low = rise[0].level if rise[0] else plain
            kind = "hedge-lost" if low < plain else "certainty-raised"
            yield Change(kind, self.told(old, rise[0], new, rise[1]))
        else:
            now = [w for w in b.sure if w in a.unsure and w not in a.sure and w not in b.unsure]
            if now:
                yield Change("hedge-lost", f'"{now[0]}" is no longer hedged')
        for scale in ("studies", "grounds"):
            rise = _rise(a.of(scale), b.of(scale), -1)
            if rise:
                yield Change("certainty-raised", self.told(old, rise[0], new, rise[1]))
        was, now_said = a.of("evidence"), b.of("evidence")
        gone, came, _ = _cancelled(was, now_said)
        if gone and came:
            rise = _rise(was, now_said, -1)
            if rise:
                yield Change("certainty-raised", self.told(old, rise[0], new, rise[1]))
        elif came and max(t.level for t in came) >= self.words.level("evidence", "proven"):
            yield Change(
                "certainty-raised",
                self.told(old, None, new, max(came, key=lambda t: t.level)),
            )
        elif gone and not now_said:
            least = min(gone, key=lambda t: t.level)
            if least.level <= self.words.level("evidence", "suggested"):
                yield Change("hedge-lost", self.told(old, least, new, None))

    def verbs(self, old: Version, new: Version) -> Iterator[Change]:
        was, now = old.benefit.of("effect"), new.benefit.of("effect")
        known = Counter(t.base for t in was) & Counter(t.base for t in now)

        def rest(terms: list[Term]) -> list[Term]:
            left = Counter(known)
            out = []
            for term in terms:
                if left[term.base]:
                    left[term.base] -= 1
                else:
                    out.append(term)
            return out

        gone, came = rest(was), rest(now)
        if not came:
            return
        high = max(came, key=lambda t: t.level)
        if gone:
            top = max(gone, key=lambda t: t.level)
            if high.level > top.level:
                yield Change("stronger-verb", self.told(old, top, new, high))
        elif high.level >= self.words.level("effect", "mends") and all(
            high.level > t.level for t in was
        ):
            yield Change("stronger-verb", self.told(old, None, new, high))

    def figure(
        self, old: list[Figure], new: list[Figure], *, down: bool = False
    ) -> tuple[Figure, Figure] | None:
        for unit in dict.fromkeys(f.unit for f in new):
            was = [f for f in old if f.unit == unit]
            now = [f for f in new if f.unit == unit]
            if len(was) != len(now):
                continue
            for a, b in zip(was, now):
                rises = (b.value, b.bound) > (a.value, a.bound)
                if (rises and not down) or (down and (b.value, b.bound) < (a.value, a.bound)):
                    return a, b
        return None

    def lengths(self, old: Version, new: Version) -> Iterator[Change]:
        for group, kind in (("onset", "onset-faster"), ("duration", "duration-longer")):
            was = [t for t in old.benefit.times if t.group == group]
            now = [t for t in new.benefit.times if t.group == group]
            values = {(t.unit, round(t.value, 3)) for t in was} & {
                (t.unit, round(t.value, 3)) for t in now
            }
            gone = [t for t in was if (t.unit, round(t.value, 3)) not in values]
            came = [t for t in now if (t.unit, round(t.value, 3)) not in values]
            yield from self.length(kind, old, gone, new, came)

    def length(
        self, kind: str, old: Version, gone: list[Length], new: Version, came: list[Length]
    ) -> Iterator[Change]:
        sooner = kind == "onset-faster"
        group = "onset" if sooner else "duration"
        if came and gone:
            a, b = gone[0], came[0]
            if a.unit == b.unit and (
                b.value < 0.95 * a.value if sooner else b.value > 1.05 * a.value
            ):
                yield Change(kind, f'"{old.words(a)}" became "{new.words(b)}"')
        elif came:
            b = came[0]
            if b.unit == "day" and (
                b.value < self.words.time(group, "fast", 7)
                if sooner
                else b.value > self.words.time(group, "long", 150)
            ):
                yield Change(kind, f'"{new.words(b)}" is new')
        elif gone and not sooner:
            a = gone[0]
            if not a.told and a.value < self.words.time(group, "plain", 60):
                yield Change(kind, f'"{old.words(a)}" is gone')

    def limits(self, old: Version, new: Version) -> Iterator[Change]:
        for kind, group in (("limit-lost", "limit"), ("comparator-lost", "comparator")):
            was = Counter(t.base for t in old.benefit.of(group))
            now = Counter(t.base for t in new.benefit.of(group))
            gone, came = was - now, now - was
            if group == "comparator" and now:
                continue
            if sum(gone.values()) > sum(came.values()):
                words = [t for t in old.benefit.of(group) if gone[t.base]]
                yield Change(kind, self.told(old, words[0], new, None))
        dangling = self.dangling(old, new)
        if dangling:
            yield Change("comparator-lost", dangling)

    def dangling(self, old: Version, new: Version) -> str:
        """Return a comparison that lost its "than", though the comparative is still there."""
        words = old.document.tokens.words
        kept = {t.base for t in new.benefit.of("comparative")}
        less = {t.start for t in old.benefit.of("less")}
        for term in old.benefit.of("comparative"):
            then = words[term.end : term.end + 4]
            if "than" in then and (term.base in kept or term.start in less):
                behind = words[
                    term.end + then.index("than") + 1 : term.end + then.index("than") + 2
                ]
                if not behind or behind[0][:1].isdigit() or behind[0] in NUMBERS:
                    continue
                still = new.document.tokens.words
                if not any(
                    "than" in still[t.end : t.end + 4]
                    for t in new.benefit.of("comparative")
                    if t.base == term.base
                ):
                    return f'"than {behind[0]}" is gone'
        return ""

    def harm(self, old: Version, new: Version) -> Iterator[Change]:
        a, b = old.harm, new.harm
        if not a.terms or not b.terms:
            return
        for scale in ("rarity", "share", "severity"):
            fall = _rise(b.of(scale), a.of(scale), self.words.plain.get(scale, -1))
            if fall:
                yield Change("risk-softened", self.told(old, fall[1], new, fall[0]))
                return
        # "Can cause" and "may cause" are one warning; "causes" and "may cause" are two.
        plain = self.words.plain.get("modality", -1)
        was, now = a.of("modality"), b.of("modality")
        if all(t.level >= plain for t in was):
            soft = [t for t in now if t.level < self.words.level("modality", "able")]
            if soft:
                yield Change("risk-softened", self.told(old, None, new, soft[0]))
                return
        spans = [[t for t in speech.times if t.group == "duration"] for speech in (a, b)]
        if len(spans[0]) == len(spans[1]):
            for was_long, now_short in zip(*spans):
                if was_long.unit == now_short.unit and now_short.value < 0.95 * was_long.value:
                    detail = f'"{old.words(was_long)}" became "{new.words(now_short)}"'
                    yield Change("risk-softened", detail)
                    return
        figure = self.figure(a.figures, b.figures, down=True)
        if figure:
            yield Change(
                "risk-softened", f'"{old.words(figure[0])}" became "{new.words(figure[1])}"'
            )


# The whole comparison


class _Comparison:
    """Compares two documents; see ``compare``."""

    def __init__(self, old: Document, new: Document, words: Words) -> None:
        self.old, self.new = old, new
        self.readers = (Reader(old, words), Reader(new, words))
        self.scale = _Scale(words)
        self.groups = align(old, new)
        self.shifts: dict[int, list[Change]] = {}

    def add(self, number: int, change: Change) -> None:
        known = self.shifts.setdefault(number, [])
        several = change.kind in ("new-finding", "finding-gone")
        if change not in known and (several or all(c.kind != change.kind for c in known)):
            known.append(change)

    def run(self, *, weaker: bool) -> None:
        pairs = {
            number: (self.readers[0].read(group.old), self.readers[1].read(group.new))
            for number, group in enumerate(self.groups)
            if not group.same
        }
        self.direction(pairs, backwards=False)
        if weaker:
            self.direction(
                {number: (new, old) for number, (old, new) in pairs.items()}, backwards=True
            )
        for number in self.beside(pairs):
            group = self.groups[number]
            was = self.readers[0].read(group.old)
            now = self.readers[1].read(group.new)
            self.sources(number, was, now, weaker=weaker)
        for number, (old, new) in pairs.items():
            if self.groups[number].old and self.groups[number].new:
                self.sources(number, old, new, weaker=weaker)

    def direction(self, pairs: dict[int, tuple[Version, Version]], *, backwards: bool) -> None:
        def told(change: Change) -> Change:
            if not backwards:
                return change
            return Change(WEAKER[change.kind], _turned(change.detail), stronger=False)

        for number, (old, new) in pairs.items():
            if self.groups[number].old and self.groups[number].new:
                for change in self.scale.weigh(old, new):
                    self.add(number, told(change))
        for kind, name in (("caution-lost", "cautions"), ("disclaimer-lost", "disclaimers")):
            self.told_no_more(kind, name, pairs, told)

    def told_no_more(
        self,
        kind: str,
        name: str,
        pairs: dict[int, tuple[Version, Version]],
        told: Callable[[Change], Change],
    ) -> None:
        """Find warnings that were told and are not, in their group or anywhere that changed."""
        balance: dict[int, tuple[Counter[str], Counter[str]]] = {}
        for number, (old, new) in pairs.items():
            was = Counter(term.base for term in getattr(old, name))
            now = Counter(term.base for term in getattr(new, name))
            gone = Counter[str]() if name == "disclaimers" and now else was - now
            if any(term.group == "risk" for term in getattr(new, name)):
                # What "it can cause" led to is told in other words.
                for term in getattr(old, name):
                    if term.group == "blame":
                        del gone[term.base]
            balance[number] = (gone, now - was)
        moved: Counter[str] = Counter()
        for _, came in balance.values():
            moved += came
        for number, (gone, came) in balance.items():
            if kind == "caution-lost" and any(
                c.kind in ("negation-lost", "negation-added") for c in self.shifts.get(number, ())
            ):
                # "Not a cure" is told as a negation already.
                gone = Counter({b: n for b, n in gone.items() if not NEGATIVE & {*b.split()}})
            if sum(gone.values()) <= sum(came.values()):
                continue
            if sum(gone.values()) <= self.instead(number, balance):
                continue
            elsewhere = moved - came
            lost = gone - elsewhere
            if sum(lost.values()) <= sum(came.values()):
                continue
            old, _ = pairs[number]
            terms = [term for term in getattr(old, name) if lost[term.base]]
            words = list(dict.fromkeys(old.words(term) for term in terms))
            detail = ", ".join(f'"{word}"' for word in words[:3])
            change = Change(kind, f"{detail} {'is' if len(words) == 1 else 'are'} gone")
            self.add(number, told(change))

    def instead(self, number: int, balance: dict[int, tuple[Counter[str], Counter[str]]]) -> int:
        """Return how many warnings came with new sentences where those of a group were deleted."""
        if self.groups[number].new:
            return 0
        count = 0
        for step in (-1, 1):
            at = number + step
            while (
                0 <= at < len(self.groups)
                and abs(at - number) <= _NEAR
                and not (self.groups[at].old and self.groups[at].new)
            ):
                if not self.groups[at].old and at in balance:
                    count += sum(balance[at][1].values())
                at += step
        return count

    def beside(self, pairs: dict[int, tuple[Version, Version]]) -> Iterator[int]:
        """Yield unchanged groups whose source may have changed: a link of theirs, a sentence behind."""
        by_old = {at: number for number, group in enumerate(self.groups) for at in group.old}
        near = {by_old[at - 1] for n in pairs for at in self.groups[n].old if at - 1 in by_old}
        links = (_links(self.old), _links(self.new))
        for number, group in enumerate(self.groups):
            if group.same and (
                number in near or links[0].get(group.old[0]) != links[1].get(group.new[0])
            ):
                yield number

    def sources(self, number: int, old: Version, new: Version, *, weaker: bool) -> None:
        if bool(old.source) == bool(new.source):
            return
        speaks = new.benefit.terms or new.harm.terms or new.benefit.figures
        if not speaks:
            return
        if old.source:
            self.add(number, Change("source-lost", f'"{_short(old.source)}" is gone'))
        elif weaker:
            detail = f'"{_short(new.source)}" is new'
            self.add(number, Change("source-added", detail, stronger=False))

    def findings(self, old: Iterable[Finding], new: Iterable[Finding], *, weaker: bool) -> None:
        """Add the findings that only one version has."""
        sides = (_Places(self.old), _Places(self.new))
        known: tuple[dict[int, int], dict[int, int]] = (
            {at: n for n, group in enumerate(self.groups) for at in group.old},
            {at: n for n, group in enumerate(self.groups) for at in group.new},
        )
        listed: tuple[list[tuple[int, Finding]], list[tuple[int, Finding]]] = ([], [])
        for side, findings in enumerate((old, new)):
            for finding in findings:
                if finding.excuse is None:
                    number = known[side].get(sides[side].sentence(finding.start), -1)
                    listed[side].append((number, finding))
        only = self.unpaired(listed[0], listed[1])
        for number, finding in only[1]:
            self.add(
                number, Change("new-finding", f"{finding.rule} {finding.name}: {finding.text}")
            )
        if weaker:
            for number, finding in only[0]:
                detail = f"{finding.rule} {finding.name}: {finding.text}"
                self.add(number, Change("finding-gone", detail, stronger=False))

    def unpaired(
        self, old: list[tuple[int, Finding]], new: list[tuple[int, Finding]]
    ) -> tuple[list[tuple[int, Finding]], list[tuple[int, Finding]]]:
        """Return the findings of either version that the other has not, with their groups."""

        def document(finding: Finding) -> bool:
            return finding.scope == "document"

        left = list(old)
        came: list[tuple[int, Finding]] = []
        for number, finding in new:
            twin = next(
                (
                    entry
                    for entry in left
                    if entry[1].rule == finding.rule and (entry[0] == number or document(finding))
                ),
                None,
            )
            if twin is None:
                came.append((number, finding))
            else:
                left.remove(twin)
        # Words that moved to another place, or stand twice there.
        again: list[tuple[int, Finding]] = []
        for number, finding in came:
            twin = next(
                (
                    entry
                    for entry in left
                    if entry[1].rule == finding.rule
                    and entry[1].text.lower() == finding.text.lower()
                ),
                None,
            )
            if twin is None:
                again.append((number, finding))
            else:
                left.remove(twin)
        return left, again

    def result(self) -> Iterator[Shift]:
        line = column = 1
        old_line = old_column = 1
        for number, group in enumerate(self.groups):
            if group.new:
                line, column = _position(self.new, group.new[0])
            if group.old:
                old_line, old_column = _position(self.old, group.old[0])
            changes = self.shifts.get(number)
            if not changes:
                continue
            marks = ((), ()) if group.same else _marks(self.old, group.old, self.new, group.new)
            yield Shift(
                Side(_text(self.old, group.old), old_line, old_column, marks[0]),
                Side(_text(self.new, group.new), line, column, marks[1]),
                tuple(sorted(changes, key=lambda c: not c.stronger)),
            )
        if -1 in self.shifts:  # findings outside of any sentence
            yield Shift(Side("", 1, 1), Side("", 1, 1), tuple(self.shifts[-1]))


_QUOTED_PAIR = re.compile(r'^"(.*)" became "(.*)"$', re.DOTALL)


def _turned(detail: str) -> str:
    """Return what a change says, read backwards."""
    pair = _QUOTED_PAIR.match(detail)
    if pair:
        return f'"{pair[2]}" became "{pair[1]}"'
    if detail.endswith((" is gone", " are gone")):
        return detail.removesuffix("gone") + "new"
    if detail.endswith(" is new"):
        return detail.removesuffix("new") + "gone"
    return detail.replace(" is no longer ", " is now ").replace(
        "what was denied is now said", "what was said is now denied"
    )


def _short(text: str) -> str:
    """Return a citation, without the letter before it that the guard needs to know one, cut short."""
    text = re.sub(r"^[^\s\[(]\s?(?=[\[(]|[.,]?\d)", "", text)
    return text if len(text) <= 60 else text[:59] + "…"


def _links(document: Document) -> dict[int, tuple[str, ...]]:
    """Return the links and notes of each sentence that has any."""
    starts = [sentence.start for sentence in document.sentences]
    found: dict[int, tuple[str, ...]] = {}
    for mark in document.prose.marks:
        if mark.kind in ("link", "footnote", "superscript"):
            at = bisect_right(starts, mark.start) - 1
            found[at] = (*found.get(at, ()), f"{mark.kind} {mark.value}")
    return found


class _Places:
    """Finds the sentence of a place in the source."""

    def __init__(self, document: Document) -> None:
        self.spans: list[tuple[int, int, int]] = []
        for sentence in document.sentences:
            span = document.prose.source_span(sentence.start, sentence.end)
            self.spans.append((span.start, span.end, sentence.index))
        self.spans.sort()

    def sentence(self, offset: int) -> int:
        at = bisect_right(self.spans, (offset, float("inf"))) - 1
        while at >= 0:
            start, end, index = self.spans[at]
            if start <= offset < end:
                return index
            at -= 1
            if offset - start > 20_000:
                break
        return -1


def _position(document: Document, number: int) -> tuple[int, int]:
    sentence = document.sentences[number]
    return document.position(document.prose.source_span(sentence.start, sentence.end).start)


def _flat(document: Document, number: int) -> str:
    sentence = document.sentences[number]
    return document.prose.text[sentence.start : sentence.end]


def _text(document: Document, numbers: tuple[int, ...]) -> str:
    return " ".join(_flat(document, number) for number in numbers)


def _marks(
    old: Document, olds: tuple[int, ...], new: Document, news: tuple[int, ...]
) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    """Return the ranges of the two texts that are not in the other one, word by word."""
    a, b = _pieces(old, olds), _pieces(new, news)
    matcher = SequenceMatcher(None, [w for w, _, _ in a], [w for w, _, _ in b], autojunk=False)
    left: list[tuple[int, int]] = []
    right: list[tuple[int, int]] = []
    for tag, first, last, other, until in matcher.get_opcodes():
        if tag == "equal":
            continue
        if last > first:
            left.append((a[first][1], a[last - 1][2]))
        if until > other:
            right.append((b[other][1], b[until - 1][2]))
    return tuple(left), tuple(right)


def _pieces(document: Document, numbers: tuple[int, ...]) -> list[tuple[str, int, int]]:
    """Return the words of a text of several sentences, each with its place in that text."""
    tokens = document.tokens
    found: list[tuple[str, int, int]] = []
    offset = 0
    for number in numbers:
        sentence = document.sentences[number]
        for at in range(sentence.first, sentence.last):
            start, end = tokens.start(at) - sentence.start, tokens.end(at) - sentence.start
            found.append((tokens.words[at], offset + start, offset + end))
        offset += sentence.end - sentence.start + 1
    return found


def compare(
    old: Document,
    new: Document,
    words: Words,
    *,
    old_findings: Iterable[Finding] = (),
    new_findings: Iterable[Finding] = (),
    weaker: bool = False,
) -> tuple[Shift, ...]:
    """Return what became stronger from one document to another, in order of the new one.

    ``old_findings`` and ``new_findings`` are what the linter found in either; those that are new
    are told. ``weaker`` asks also for what became weaker. Equal documents give nothing.
    """
    comparison = _Comparison(old, new, words)
    comparison.run(weaker=weaker)
    comparison.findings(old_findings, new_findings, weaker=weaker)
    return tuple(comparison.result())
