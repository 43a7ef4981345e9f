"""What a few sentences say, and how strongly: benefit and harm, with the words that weigh them.

The words of strength are data (``rules/strength.yaml``); here is how each scale and set is read. A
clause speaks of benefit, of harm or of neither, and what it says is kept with its kind.
"""

from __future__ import annotations

from collections import Counter

from kaplint.guards import cited, hedged, negated
from kaplint.records import dataclass, field
from kaplint.tokens import BREAK, NUMBER

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kaplint.documents import Document, Sentence
    from kaplint.rulebook import StrengthData

__all__ = [
    "NEGATIVE",
    "NUMBERS",
    "Figure",
    "Length",
    "Reader",
    "Speech",
    "Term",
    "Version",
    "Words",
]

# A quantifier of people stands at most so many words before them: "most of our older patients".
_TO_PEOPLE = 4
# An errand at the head of a clause makes it one: "You may bring a friend".
_HEAD = 5
# So far a word reaches in its clause: "eases the [pain] of", "[pain] relief", "people with [anxiety]".
_BEFORE, _BEHIND = 7, 5
# An answer of so few words is about what was asked: "It might."
_SHORT = 8

NUMBERS = {
    word: float(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen twenty".split()
    )
} | {
    word: float(10 * number)
    for number, word in enumerate("thirty forty fifty sixty seventy eighty ninety".split(), 3)
}
NUMBERS |= {"hundred": 100.0, "thousand": 1000.0, "dozen": 12.0}
_FRACTIONS = {"half": 0.5, "third": 1 / 3, "quarter": 0.25, "fifth": 0.2, "tenth": 0.1}
# A count that is not told: "several weeks", "a few days", "a week", "weeks".
_VAGUE = {
    "whole": 1.0,
    "next": 1.0,
    "single": 1.0,
    "full": 1.0,
    "entire": 1.0,
    "a": 1.0,
    "an": 1.0,
    "one": 1.0,
    "several": 4.0,
    "few": 3.0,
    "couple": 2.0,
    "many": 8.0,
}
_SOME = 3.0
_PERCENT = ("%", "percent", "cent")
_SHARES = ("in", "of", "out")
_SPLITS = frozenset(("but", "although", "though", "however", "whereas", "yet", "while"))
_AFTER_COMMA = frozenset(("and", "or", "which", "so", "then", *_SPLITS))
NEGATIVE = frozenset(("not", "no", "cannot", "never", "nothing", "can't", "doesn't", "without"))
_RELATIVE = frozenset("who which that if when after whose until unless while".split())
_SELDOM = ("rarely", "seldom", "hardly", "scarcely", "unlikely")
_FEWER = frozenset(("fewer", "less", "no", "without", "free", "non"))

# What strength.yaml says


@dataclass(frozen=True, slots=True)
class Term:
    """A word of strength where it stands: tokens of the document, the end exclusive."""

    group: str
    level: float
    base: str
    start: int
    end: int


class Words:
    """The scales, times and sets of ``strength.yaml``, ready to look sentences up in."""

    __slots__ = ("_terms", "levels", "plain", "times")

    def __init__(self, data: StrengthData) -> None:
        """Take the table of a rule pack."""
        self.plain = {name: float(plain) for name, (plain, _) in data["scales"].items()}
        self.levels = {
            name: {level: float(number) for number, level in enumerate(levels)}
            for name, (_, levels) in data["scales"].items()
        }
        self.times = data["times"]
        self._terms = {
            first: [(rest.split(" ") if rest else [], meanings) for rest, meanings in options]
            for first, options in data["terms"].items()
        }

    def find(self, words: Sequence[str], start: int, end: int) -> list[Term]:
        """Return the terms among the words of a range; of each group, the longest at a place."""
        found: list[Term] = []
        until: dict[str, int] = {}
        apart: list[tuple[int, int]] = []
        for at in range(start, end):
            best: dict[str, Term] = {}
            for rest, meanings in self._terms.get(words[at], ()):
                stop = at + 1 + len(rest)
                if stop > end or list(words[at + 1 : stop]) != rest:
                    continue
                for group, level, base in meanings:
                    if group not in best or best[group].end < stop:
                        best[group] = Term(group, level, base, at, stop)
            for group, term in best.items():
                if at >= until.get(group, 0):
                    until[group] = term.end
                    found.append(term)
                    if group == "apart":
                        apart.append((term.start, term.end))
        if not apart:
            return found
        return [
            term
            for term in found
            if not any(
                first <= term.start and term.end <= last and term.end - term.start < last - first
                for first, last in apart
            )
        ]

    def level(self, scale: str, name: str) -> float:
        """Return the number of a level; one that the data lacks is never reached."""
        return self.levels.get(scale, {}).get(name, float("inf"))

    def time(self, name: str, key: str, otherwise: float) -> float:
        """Return a number of days that strength.yaml sets."""
        return self.times.get(name, {}).get(key, otherwise)


# Reading one version of a group


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that measures an effect or a harm; ``unit`` tells what it can be compared with."""

    unit: str
    value: float
    start: int
    end: int
    bound: float


@dataclass(frozen=True, slots=True)
class Length:
    """How soon or how long: days, or a count of visits; ``told`` is False for a word without a number."""

    group: str
    unit: str
    value: float
    start: int
    end: int
    told: bool


@dataclass(slots=True)
class Speech:
    """What the clauses of one kind say: of benefit, or of harm."""

    terms: list[Term] = field(default_factory=list)
    kept: list[Term] = field(default_factory=list)  # the terms that are weighed
    figures: list[Figure] = field(default_factory=list)
    times: list[Length] = field(default_factory=list)
    denied: list[str] = field(default_factory=list)  # what is negated, in plain forms
    affirmed: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)  # what is hedged
    sure: list[str] = field(default_factory=list)
    plain: bool = False  # a word says outright that something does good

    def of(self, *groups: str) -> list[Term]:
        """Return the words of some scales or sets."""
        return [term for term in self.kept if term.group in groups]


@dataclass(slots=True)
class Version:
    """What one version of a group says."""

    document: Document
    benefit: Speech = field(default_factory=Speech)
    harm: Speech = field(default_factory=Speech)
    cautions: list[Term] = field(default_factory=list)
    disclaimers: list[Term] = field(default_factory=list)
    every: Counter[tuple[str, str]] = field(default_factory=Counter)
    source: str = ""
    asks: bool = False
    answer: bool = False

    def words(self, term: Term | Figure | Length) -> str:
        """Return the words of a term, a figure or a length of time."""
        return " ".join(self.document.tokens.words[term.start : term.end])


# Sets and scales by which a clause speaks of benefit.
_CUES = ("benefit", "effect")
_PROMISES = ("promise", "guarantee")
_SAID = ("modality", "evidence", "effect", "benefit")


class Reader:
    """Reads versions of groups of one document."""

    def __init__(self, document: Document, words: Words) -> None:
        self.document = document
        self.lexicon = words

    def read(self, sentences: Iterable[int]) -> Version:
        """Return what some sentences of the document say, given by their numbers."""
        version = Version(self.document)
        sources: list[str] = []
        asked: list[bool] = []
        for number in sentences:
            sentence = self.document.sentences[number]
            if self._answers(sentence):
                version.answer = True
            terms = self.lexicon.find(self.document.tokens.words, sentence.first, sentence.last)
            sources.append(self._source(sentence))
            version.every.update(
                ("share" if t.group == "people-share" else t.group, t.base) for t in terms
            )
            self._read_cautions(sentence, terms, version)
            text = self.document.text[sentence.start : sentence.end].rstrip("\"')* ")
            asked.append(text.endswith("?"))
            if not asked[-1]:
                self._read_clauses(sentence, terms, version)
        version.source = next((source for source in sources if source), "")
        version.asks = bool(asked) and all(asked)
        return version

    def _answers(self, sentence: Sentence) -> bool:
        """Tell whether a sentence is the short answer to a question about a treatment."""
        if sentence.index == 0 or sentence.last - sentence.first > _SHORT:
            return False
        before = self.document.sentences[sentence.index - 1]
        text = self.document.text[before.start : before.end].rstrip("\"')* ")
        if not text.endswith("?"):
            return False
        terms = self.lexicon.find(self.document.tokens.words, before.first, before.last)
        return self._benefits(before.first, terms)

    def _source(self, sentence: Sentence) -> str:
        match = self.document.match_tokens(sentence, sentence.first, sentence.last)
        return cited(match, self.document)

    def _clauses(self, sentence: Sentence) -> Iterator[tuple[int, int]]:
        tokens = self.document.tokens
        start = sentence.first
        for at in range(sentence.first, sentence.last):
            word = tokens.words[at]
            parts = (
                (BREAK in tokens.tags[at] and word not in ("(", ")", "[", "]"))
                or (at > start and word in _SPLITS)
                or (word == "," and at + 1 < sentence.last and tokens.words[at + 1] in _AFTER_COMMA)
            )
            if parts and at > start:
                yield start, at
                start = at
        yield start, sentence.last

    def _read_clauses(self, sentence: Sentence, terms: list[Term], version: Version) -> None:
        speech: Speech | None = version.benefit if version.answer else None
        for start, end in self._clauses(sentence):
            inside = [term for term in terms if start <= term.start < end]
            if self._harms(sentence, inside) or self._told_rarely(start, inside):
                speech = version.harm
            elif self._benefits(start, inside):
                speech = version.benefit
            elif any(t.group in ("errand", "prevalence", "business") for t in inside):
                continue
            if speech is None:  # nothing of a treatment yet: opening hours, a lane, a friend
                continue
            speech.terms += self._counted(inside, terms, benefit=speech is version.benefit)
            speech.figures += self._figures(start, end, inside, sentence)
            speech.times += self._lengths(start, end, inside)
            self._read_guards(sentence, inside, speech, range(start, end))
            speech.plain = speech.plain or self._outright(inside)

    def _benefits(self, start: int, terms: list[Term]) -> bool:
        """Tell whether a clause speaks of the good that a treatment does."""
        if any(t.group == "errand" and t.start < start + _HEAD for t in terms):
            return False
        if any(t.group == "business" for t in terms):
            return False
        light = [(term.start, term.end) for term in terms if term.group == "light"]
        cues = [term for term in terms if term.group in _CUES]
        strong = [term for term in cues if (term.start, term.end) not in light]
        if any(term.group == "prevalence" for term in terms):
            return any(term.group == "effect" for term in strong)
        words = self.document.tokens.words
        lasts = [t for t in terms if t.group == "duration" or (t.group == "unit" and t.level >= 1)]
        return bool(strong or len(cues) > 1 or (cues and lasts)) or any(
            term.group in ("topic", "measure")
            or (
                term.group == "people-share"
                and (cues or "our" in words[term.end - 1 : term.end + 2])
            )
            or (
                term.group == "people"
                and words[term.start - 1] == "of"
                and (
                    words[term.start - 2].removesuffix("s") in _FRACTIONS
                    or words[term.start - 2] in _PERCENT
                )
            )
            for term in terms
        )

    def _told_rarely(self, start: int, terms: list[Term]) -> Term | None:
        """Return the word by which a clause says that something, no illness, occurs or is common."""
        words = self.document.tokens.words
        if any(t.group in ("condition", "prevalence", "evidence-word", *_CUES) for t in terms):
            return None
        for term in terms:
            if term.group == "arise":
                return Term("risk", 0, term.base, term.start, term.end)
            before = words[max(start, term.start - 3) : term.start]
            if term.group == "rarity" and any(
                word in ("is", "are", "was", "were") for word in before
            ):
                return Term("risk", 0, term.base, term.start, term.end)
        return None

    def _harms(self, sentence: Sentence, terms: list[Term]) -> list[Term]:
        """Return the harms that are told of, not those said to be treated, suffered from or absent."""
        words = self.document.tokens.words
        giving = {(t.start, t.end) for t in terms if t.group == "giving"}
        effects = [
            t
            for t in terms
            if t.group == "effect" and t.level > 0 and (t.start, t.end) not in giving
        ]
        causes = [t for t in terms if t.group == "cause"]
        found: list[Term] = []
        for term in terms:
            # "Hay fever" is an illness, "fever" alone may be a harm.
            if term.group != "risk" or any(
                t.group == "condition"
                and t.start <= term.start
                and term.end <= t.end
                and t.end - t.start > term.end - term.start
                and not any(g.group == "severity" and g.start == t.start for g in terms)
                for t in terms
            ):
                continue
            near = words[max(term.start - 2, 0) : term.start]
            if any(word in ("with", "for", "from") for word in near):
                continue
            if any(t.group == "topic" and t.start == term.end for t in terms):
                continue  # "scar cream", "pain relief"
            eased = any(
                (
                    0 <= term.start - effect.end <= _BEFORE
                    or (
                        0 <= effect.start - term.end <= _BEHIND
                        and not _RELATIVE & {*words[term.end : effect.start]}
                    )
                )
                and not any(
                    effect.end <= cause.start < term.start or cause.start == effect.start
                    for cause in causes
                )
                for effect in effects
                if not (effect.start < term.end and term.start < effect.end)
            ) or any(e.start <= term.start and term.end <= e.end for e in effects)
            fewer = any(word in _FEWER for word in (*near, *words[term.end : term.end + 2]))
            if not eased and not fewer and not self._denied(sentence, term):
                found.append(term)
        if not found and not any(t.group == "risk" for t in terms):
            # "It can cause ...": a harm, though no list has it.
            for term in terms:
                noun = words[term.end : term.end + 1] in (["of"], ["for"], ["by"])
                if term.group == "blame" and not noun and not self._denied(sentence, term):
                    found.append(term)
        return found

    def _denied(self, sentence: Sentence, term: Term) -> bool:
        """Tell whether a harm is denied; one that is rare is told."""
        match = self.document.match_tokens(sentence, term.start, term.end)
        return negated(match, self.document) not in ("", *_SELDOM)

    def _counted(self, inside: list[Term], terms: list[Term], *, benefit: bool) -> list[Term]:
        """Return the terms of a clause, quantifiers of other things than people left out."""
        words = self.document.tokens.words
        people = [term.start for term in terms if term.group == "people"]
        kept: list[Term] = []
        for term in inside:
            behind = words[term.end] if term.end < len(words) else ""
            if term.group == "people-share":
                # "Some people cannot have it": a limit, however many they are.
                limits = (
                    benefit
                    and term.start <= inside[0].start + 1
                    and self._negates(term.end, inside[-1].end)
                )
                if limits:
                    some = self.lexicon.level("share", "some")
                    kept.append(Term("share", some, "not everyone", term.start, term.end))
                elif any(0 <= at - term.end < _TO_PEOPLE for at in people) or (
                    term.start == inside[0].start
                    and any(t.group == "doer" and t.start == term.end for t in terms)
                ):
                    kept.append(Term("share", term.level, term.base, term.start, term.end))
            elif term.group == "intensity" and any(
                t.group == "not-intensity" and t.start == term.end for t in terms
            ):
                continue
            elif term.group == "age":
                unit = any(
                    t.group in ("unit", "counted", "people", "measure") and t.start == term.end + 1
                    for t in terms
                )
                if (
                    behind[:1].isdigit()
                    and not unit
                    and words[term.end + 1 : term.end + 2] != ["%"]
                ):
                    kept.append(Term("limit", 0, term.base, term.start, term.end))
            elif term.group == "modality" and any(
                (t.group == "errand" and 0 <= t.start - term.end < 3)
                or (t.group == "caution" and benefit)
                for t in inside
            ):
                continue
            elif term.group == "share" and not benefit:
                # Of a harm, "often" is how common it is, and on that scale.
                if not any(t.group == "rarity" and t.start == term.start for t in inside):
                    kept.append(term)
            elif term.group == "grounds" and not any(t.group == "evidence-word" for t in inside):
                continue
            else:
                kept.append(term)
        return kept

    def _negates(self, start: int, end: int) -> bool:
        """Tell whether a negation stands among some tokens."""
        words = self.document.tokens.words[start:end]
        return any(word in ("not", "cannot", "never") or word.endswith("n't") for word in words)

    def _number(self, at: int, end: int) -> float | None:
        """Return the number that a token stands for."""
        if at >= end:
            return None
        word = self.document.tokens.words[at]
        if NUMBER in self.document.tokens.tags[at]:
            try:
                return float(word.replace(",", ""))
            except ValueError:
                return None
        return NUMBERS.get(word)

    def _figures(
        self, start: int, end: int, terms: list[Term], sentence: Sentence
    ) -> Iterator[Figure]:
        words = self.document.tokens.words
        people = {term.start for term in terms if term.group == "people"}
        measures = {term.start for term in terms if term.group == "measure"}
        treated = [term.start for term in terms if term.group == "treated"]
        skip = {term.start for term in terms if term.group == "not-figure"}
        at = start
        while at < end:
            word = words[at]
            value = self._number(at, end)
            size, unit = 1, ""
            fraction = (
                _FRACTIONS.get(word.removesuffix("s")) if at > start or word == "half" else None
            )
            if fraction is not None and word != "half":
                times = self._number(at - 1, end) or (1.0 if words[at - 1] in ("a", "one") else 0.0)
                value, unit = fraction * times * 100, "share" if times else ""
            elif fraction is not None:
                value, unit = 50.0, "share"
            elif value is not None:
                size, value, unit = self._unit(at, end, value, measures)
                if not unit and any(at < place <= at + 3 for place in people):
                    near = any(0 < at - place <= 4 for place in treated)
                    unit = "people" if near else ""
            before = words[at - 1] if at > sentence.first else ""
            if (
                value is not None
                and unit
                and before not in ("$", "£", "€")
                and not (skip & {at + size, at + size + 1})
            ):
                bound = next(
                    (t.level for t in terms if t.group == "bound" and t.end == at),
                    self.lexicon.plain.get("bound", 0.0),
                )
                yield Figure(unit, value, at, at + size, bound)
            at += size

    def _unit(self, at: int, end: int, value: float, measures: set[int]) -> tuple[int, float, str]:
        """Return how many tokens a figure takes, its value and what it measures ("" for nothing)."""
        words = self.document.tokens.words
        after = words[at + 1] if at + 1 < end else ""
        if after in ("%", "percent") or (after == "per" and words[at + 2 : at + 3] == ["cent"]):
            return (3 if after == "per" else 2), value, "share"
        if after in _SHARES:
            skip = 3 if after == "out" else 2
            skip += words[at + skip : at + skip + 1] in (["every"], ["each"], ["the"])
            whole = self._number(at + skip, end)
            if whole and value <= whole:
                return skip + 1, 100 * value / whole, "share"
        if at + 1 in measures:
            return 2, value, words[at + 1].removesuffix("s")
        return 1, value, ""

    def _lengths(self, start: int, end: int, terms: list[Term]) -> Iterator[Length]:
        words = self.document.tokens.words
        spoken = [term for term in terms if term.group in ("onset", "duration")]
        for term in spoken:
            yield Length(term.group, "day", term.level, term.start, term.end, told=False)
        for term in terms:
            if term.group not in ("unit", "counted"):
                continue
            if any(other.start <= term.start < other.end for other in spoken):
                continue
            first = term.start - 1
            if term.group == "counted" and first > start and self._number(first, end) is None:
                first -= self._number(first - 1, end) is not None  # "six short sessions"
            count = self._number(first, end) if term.start > start else None
            if count is None:
                word = words[first] if term.start > start else ""
                count = _VAGUE.get(word)
                if count is None:
                    if word == "first" or (word == "the" and words[first - 1] == "of"):
                        count = 1.0
                    elif words[term.start] != term.base:  # "within weeks"
                        count, first = _SOME, term.start
                    else:
                        continue
            role = self._role(start, first, terms)
            if role == "onset" and words[max(start, first - 3) : first].count("take") + words[
                max(start, first - 3) : first
            ].count("takes"):
                # "It takes an hour" says how long a visit is; "takes weeks to work" is an onset.
                role = role if {"to", "before", "until"} & {*words[term.end : term.end + 3]} else ""
            if role:
                unit, days = ("day", term.level) if term.group == "unit" else (term.base, 1.0)
                yield Length(role, unit, count * days, first, term.end, told=True)

    def _role(self, start: int, at: int, terms: list[Term]) -> str:
        """Return what the words before a length of time make of it: an onset, a duration, or "" ."""
        for near in range(at - 1, max(start, at - 5) - 1, -1):
            for term in terms:
                if term.start <= near < term.end:
                    if term.group == "duration-before":
                        return "duration"
                    if term.group == "onset-before" and term.base not in ("only", "just"):
                        return "onset"
        return ""

    def _outright(self, terms: list[Term]) -> bool:
        """Tell whether a word of good stands there that needs no context to be one."""
        vague = {(t.start, t.end) for t in terms if t.group in ("light", "giving")}
        return any(t.group in _CUES and (t.start, t.end) not in vague for t in terms)

    def _read_guards(
        self, sentence: Sentence, terms: list[Term], speech: Speech, clause: range
    ) -> None:
        document = self.document
        hedges = {
            document.tokens.words[term.start]
            for term in terms
            if term.group == "modality" and term.level < self.lexicon.level("modality", "able")
        }
        light = {(term.start, term.end) for term in terms if term.group == "light"}
        # "Compared with no treatment" denies nothing.
        measured = {
            word
            for term in terms
            if term.group in ("comparator", "apart")
            for word in document.tokens.words[term.start : term.end]
        }
        for term in terms:
            # Of what makes sure or unsure, promises alone can be denied: "we cannot promise".
            if term.group not in _SAID or (
                term.group == "modality" and not term.base.startswith(_PROMISES)
            ):
                continue
            match = document.match_tokens(sentence, term.start, term.end)
            denies = negated(match, document)
            # "There is no cure, but creams may help": the guard looks further than the clause.
            if denies not in document.tokens.words[clause.start : clause.stop]:
                denies = ""
            (speech.denied if denies and denies not in measured else speech.affirmed).append(
                term.base
            )
            if term.group == "effect" and (term.start, term.end) not in light:
                sure = hedged(match, document) not in hedges
                (speech.sure if sure else speech.unsure).append(term.base)

    def _read_cautions(self, sentence: Sentence, terms: list[Term], version: Version) -> None:
        version.disclaimers += [term for term in terms if term.group == "disclaimer"]
        taken = [(t.start, t.end) for t in terms if t.group in ("disclaimer", "evidence")]
        # Each harm counts; of other words of caution, "results vary from person to person" is one.
        harms = self._harms(sentence, terms)
        warned = False
        told = [*harms, *(t for t in terms if t.group == "caution")]
        # "Some people do not hear better" and "not everyone hears better" are one.
        told += [
            Term("caution", 0, "not everyone", t.start, t.end)
            for t in terms
            if t.group == "people-share"
            and t.start <= sentence.first + 1
            and any(0 <= p.start - t.end < _TO_PEOPLE for p in terms if p.group == "people")
            and self._negates(t.end, sentence.last)
        ]
        for term in sorted(told, key=lambda t: (t.start - t.end, t.start)):
            if any(term.start < end and start < term.end for start, end in taken):
                continue
            # "Not habit-forming", "lowers the risk of infection": the harm in it is not told.
            if (
                term.group == "caution"
                and not NEGATIVE & {*term.base.split()}
                and any(
                    t.group == "risk"
                    and t not in harms
                    and t.start < term.end
                    and term.start < t.end
                    for t in terms
                )
            ):
                continue
            if term.group == "blame" and any(t.group == "blame" for t in version.cautions):
                continue
            if term.group == "caution":
                if warned:
                    continue
                warned = True
            version.cautions.append(term)
            taken.append((term.start, term.end))
