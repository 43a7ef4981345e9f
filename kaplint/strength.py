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

from kaplint.guards import cited, hedged, negated
from kaplint.records import dataclass, field
from kaplint.tokens import BREAK, NUMBER

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kaplint.documents import Document, Sentence
    from kaplint.model import Finding
    from kaplint.rulebook import StrengthData

__all__ = ["KINDS", "WEAKER", "Change", "Shift", "Side", "Words", "align", "compare"]

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
WEAKER = {name: back for name, (back, _) in KINDS.items()}

# A quantifier of people stands at most so many words before them: "most of our older patients".
_TO_PEOPLE = 4
# An errand at the head of a clause makes it one: "You may bring a friend".
_HEAD = 5
# So far a word reaches in its clause: "eases the [pain] of", "[pain] relief", "people with [anxiety]".
_BEFORE, _BEHIND = 7, 5
# Sentences with less in common than this are not two versions of one.
_ALIKE = 0.45
_ALIKE_ALONE = 0.2  # where no other sentence stands in the same place
_SHORT = 5  # words
_STEM = 5  # letters
# So much of a sentence stands in another that it was split from or merged into, and so much of it
# in the part of that one that has no other partner.
_PART, _MISSING = 0.6, 0.3

_NUMBERS = {
    word: float(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen twenty".split()
    )
} | {
    word: float(10 * number)
    for number, word in enumerate("thirty forty fifty sixty seventy eighty ninety".split(), 3)
}
_NUMBERS |= {"hundred": 100.0, "thousand": 1000.0, "dozen": 12.0}
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
_NEGATIVE = frozenset(("not", "no", "cannot", "never", "nothing", "can't", "doesn't", "without"))
_RELATIVE = frozenset("who which that if when after whose until unless while".split())
_SELDOM = ("rarely", "seldom", "hardly", "scarcely", "unlikely")
_FEWER = frozenset(("fewer", "less", "no", "without", "free", "non"))
_LIGHT = frozenset(
    "a an the of to in on at for with by and or is are was were be been it its this that these those "
    "your you our we they their from as than can may will not".split()
)
_CONTRACTED = {
    "can't": ("can", "not"),
    "cannot": ("can", "not"),
    "won't": ("will", "not"),
    "shan't": ("shall", "not"),
    "'re": ("are",),
    "'ve": ("have",),
    "'ll": ("will",),
    "'m": ("am",),
}


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


# Matching sentences


@dataclass(frozen=True, slots=True)
class Group:
    """Sentences of the old version and those of the new one that they became; either may be none."""

    old: tuple[int, ...]
    new: tuple[int, ...]
    same: bool = False


def _spelled(word: str) -> str:
    """Return a word in one spelling of several: numerals as figures, British endings as American."""
    if word in _NUMBERS:
        return f"{_NUMBERS[word]:g}"
    if word[0].isdigit():
        return word.replace(",", "")
    return _BRITISH.sub(lambda m: _AMERICAN[m.lastgroup or ""], word) if len(word) > 4 else word


_BRITISH = re.compile(
    r"(?P<or>our(?=$|s$|e[dr]s?$|ing$|al|able|ful|ite))|(?P<iz>is(?=e[ds]?$|ing$|ation))"
    r"|(?P<e>ae)|(?P<em>amme(?=s?$))|(?P<er>(?<=[bt])re$)"
)
_AMERICAN = {"or": "or", "iz": "iz", "e": "e", "em": "am", "er": "er"}


def _content(document: Document, sentence: Sentence) -> list[str]:
    """Return the words of a sentence without marks, contractions written out."""
    tokens = document.tokens
    words: list[str] = []
    for at in range(sentence.first, sentence.last):
        word = tokens.words[at]
        if word in _CONTRACTED:
            words += _CONTRACTED[word]
        elif word.endswith("n't"):
            words += (word[:-3], "not")
        elif word[0].isalnum() or word[0] == "'" or word in "%?$£€":
            words.append("percent" if word == "%" else _spelled(word))
    return words


def _stems(words: list[str]) -> list[str]:
    """Return the beginnings of words, so that stiff, stiffness and stiffly are alike."""
    return [word if word in _LIGHT else word[:_STEM] for word in words]


def _likeness(old: Counter[str], new: Counter[str]) -> float:
    """Return how much two bags of words have in common, from 0 to 1; small words count little."""

    def weight(bag: Counter[str]) -> float:
        return sum(n * (0.2 if word in _LIGHT else 1.0) for word, n in bag.items())

    whole = weight(old) + weight(new)
    return 2 * weight(old & new) / whole if whole else 0.0


def _share(part: Counter[str], whole: Counter[str]) -> float:
    """Return how much of one bag of words stands in another, small words left aside."""
    heavy = Counter({word: n for word, n in part.items() if word not in _LIGHT})
    total = sum(heavy.values())
    return sum((heavy & whole).values()) / total if total else 0.0


class _Aligner:
    """Matches the sentences of two documents."""

    def __init__(self, old: Document, new: Document) -> None:
        self.old = [_content(old, sentence) for sentence in old.sentences]
        self.new = [_content(new, sentence) for sentence in new.sentences]
        # Old sentence to new one, and back; what is equal, and what is alike.
        self.forward: dict[int, int] = {}
        self.back: dict[int, int] = {}
        self.equal: set[int] = set()

    def pair(self, old: int, new: int) -> None:
        self.forward[old] = new
        self.back[new] = old

    def groups(self) -> list[Group]:
        """Return all groups, in order of the new version, what is gone where it stood."""
        self.match_equal()
        self.match_alike()
        old_groups: dict[int, list[int]] = {}
        new_groups: dict[int, list[int]] = {}
        self.match_parts(old_groups, new_groups)
        groups: list[tuple[float, Group]] = []
        placed_old = {at for more in old_groups.values() for at in more}
        placed_new = {at for more in new_groups.values() for at in more}
        for new in range(len(self.new)):
            if new in self.back:
                old = self.back[new]
                whole_old = tuple(sorted((old, *old_groups.get(old, ()))))
                whole_new = tuple(sorted((new, *new_groups.get(new, ()))))
                # The same words, cut into sentences otherwise, are the same, too.
                same = [word for at in whole_old for word in self.old[at]] == [
                    word for at in whole_new for word in self.new[at]
                ]
                groups.append((new, Group(whole_old, whole_new, same)))
            elif new not in placed_new:
                groups.append((new, Group((), (new,))))
        place = -1.0
        for old in range(len(self.old)):
            if old in self.forward:
                place = self.forward[old]
            elif old not in placed_old:
                groups.append((place + 0.5, Group((old,), ())))
        return [group for _, group in sorted(groups, key=lambda entry: entry[0])]

    def match_equal(self) -> None:
        old = [" ".join(words) for words in self.old]
        new = [" ".join(words) for words in self.new]
        for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
            for at in range(block.size):
                self.pair(block.a + at, block.b + at)
                self.equal.add(block.a + at)
        # What was moved.
        waiting: dict[str, list[int]] = {}
        for at, text in enumerate(new):
            if at not in self.back:
                waiting.setdefault(text, []).append(at)
        for at, text in enumerate(old):
            if at not in self.forward and waiting.get(text):
                self.pair(at, waiting[text].pop(0))
                self.equal.add(at)

    def match_alike(self) -> None:
        left = {at: Counter(_stems(self.old[at])) for at in range(len(self.old)) if at not in self.forward}
        right = {at: Counter(_stems(self.new[at])) for at in range(len(self.new)) if at not in self.back}
        if not left or not right:
            return
        holding: dict[str, list[int]] = {}
        for at, bag in right.items():
            for word in bag:
                if word not in _LIGHT:
                    holding.setdefault(word, []).append(at)
        pairs: list[tuple[float, int, int]] = []
        for at, bag in left.items():
            # Words that stand nearly everywhere do not tell two sentences apart.
            near = {
                other
                for word in bag
                if len(holding.get(word, ())) <= 60
                for other in holding.get(word, ())
            }
            for other in near:
                alike = _likeness(bag, right[other])
                if alike >= _ALIKE_ALONE:
                    bonus = 0.1 if self.gap_old(at) == self.gap_new(other) else 0.0
                    pairs.append((alike + bonus, at, other))
        pairs.sort(key=lambda entry: (-entry[0], abs(entry[1] - entry[2]), entry[1]))
        later: list[tuple[int, int]] = []
        for alike, at, other in pairs:
            if at in self.forward or other in self.back:
                continue
            if alike >= _ALIKE:
                self.pair(at, other)
            else:
                later.append((at, other))
        for at, other in later:
            if at in self.forward or other in self.back:
                continue
            if self.gap_old(at) == self.gap_new(other) and self.alone(at, other):
                self.pair(at, other)
        # "It might." became "Yes.": short, with nothing in common, between equal neighbours.
        for at in left:
            other = self.gap_new_after(at)
            if (
                at not in self.forward
                and 0 <= other < len(self.new)
                and other not in self.back
                and self.alone(at, other)
                and max(len(self.old[at]), len(self.new[other])) <= _SHORT
            ):
                self.pair(at, other)

    def gap_new_after(self, old: int) -> int:
        """Return the new sentence right behind the partner of the one before an old sentence."""
        return self.forward.get(old - 1, -2) + 1

    def gap_old(self, at: int) -> int:
        """Return the new sentence behind which an old one without a partner would stand."""
        while at >= 0 and at not in self.equal:
            at -= 1
        return self.forward[at] if at >= 0 else -1

    def gap_new(self, at: int) -> int:
        while at >= 0 and not (at in self.back and self.back[at] in self.equal):
            at -= 1
        return at

    def alone(self, old: int, new: int) -> bool:
        """Tell whether two sentences have no neighbour that lacks a partner as they do."""
        beside_old = any(
            0 <= at < len(self.old) and at not in self.forward for at in (old - 1, old + 1)
        )
        beside_new = any(
            0 <= at < len(self.new) and at not in self.back for at in (new - 1, new + 1)
        )
        return not beside_old and not beside_new

    def match_parts(
        self, old_groups: dict[int, list[int]], new_groups: dict[int, list[int]]
    ) -> None:
        """Find sentences that were split off or merged in: their words stand in a matched one."""
        changed = [(o, n) for o, n in self.forward.items() if o not in self.equal]
        for mine, theirs, ours, split in (
            (self.new, self.old, self.back, True),
            (self.old, self.new, self.forward, False),
        ):
            for at, words in enumerate(mine):
                if at in ours:
                    continue
                bag = Counter(words)
                best, partner = _PART, (-1, -1)
                for old, new in changed:
                    other, own = (old, new) if split else (new, old)
                    missing = Counter(theirs[other]) - Counter(mine[own])
                    share = _share(bag, Counter(theirs[other]))
                    if share >= best and _share(bag, missing) >= _MISSING:
                        best, partner = share, (old, new)
                old, new = partner
                if old >= 0 and split:
                    new_groups.setdefault(new, []).append(at)
                elif old >= 0:
                    old_groups.setdefault(old, []).append(at)


def align(old: Document, new: Document) -> list[Group]:
    """Return the sentences of two documents as groups that correspond, in order of the new one.

    The numbers are indices into ``sentences``. A group without new sentences was deleted, one
    without old ones was added.
    """
    return _Aligner(old, new).groups()


# Reading one version of a group


@dataclass(frozen=True, slots=True)
class _Figure:
    """A figure that measures an effect or a harm; ``unit`` tells what it can be compared with."""

    unit: str
    value: float
    start: int
    end: int
    bound: float


@dataclass(frozen=True, slots=True)
class _Time:
    """How soon or how long: days, or a count of visits; ``told`` is False for a word without a number."""

    group: str
    unit: str
    value: float
    start: int
    end: int
    told: bool


@dataclass(slots=True)
class _Speech:
    """What the clauses of one kind say: of benefit, or of harm."""

    terms: list[Term] = field(default_factory=list)
    kept: list[Term] = field(default_factory=list)  # the terms that are weighed
    figures: list[_Figure] = field(default_factory=list)
    times: list[_Time] = field(default_factory=list)
    denied: list[str] = field(default_factory=list)  # what is negated, in plain forms
    affirmed: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)  # what is hedged
    sure: list[str] = field(default_factory=list)
    plain: bool = False  # a word says outright that something does good

    def of(self, *groups: str) -> list[Term]:
        return [term for term in self.kept if term.group in groups]


@dataclass(slots=True)
class _Version:
    """What one version of a group says."""

    document: Document
    benefit: _Speech = field(default_factory=_Speech)
    harm: _Speech = field(default_factory=_Speech)
    cautions: list[Term] = field(default_factory=list)
    disclaimers: list[Term] = field(default_factory=list)
    every: Counter[tuple[str, str]] = field(default_factory=Counter)
    source: str = ""
    asks: bool = False
    answer: bool = False

    def words(self, term: Term | _Figure | _Time) -> str:
        return " ".join(self.document.tokens.words[term.start : term.end])


# Sets and scales by which a clause speaks of benefit.
_CUES = ("benefit", "effect")
_SAID = ("modality", "evidence", "effect", "benefit")


class _Reader:
    """Reads versions of groups of one document."""

    def __init__(self, document: Document, words: Words) -> None:
        self.document = document
        self.lexicon = words

    def read(self, sentences: Iterable[int]) -> _Version:
        version = _Version(self.document)
        sources: list[str] = []
        asked: list[bool] = []
        for number in sentences:
            sentence = self.document.sentences[number]
            if self.answers(sentence):
                version.answer = True
            terms = self.lexicon.find(self.document.tokens.words, sentence.first, sentence.last)
            sources.append(self.source(sentence))
            version.every.update(
                ("share" if t.group == "people-share" else t.group, t.base) for t in terms
            )
            self.read_cautions(sentence, terms, version)
            text = self.document.text[sentence.start : sentence.end].rstrip("\"')* ")
            asked.append(text.endswith("?"))
            if not asked[-1]:
                self.read_clauses(sentence, terms, version)
        version.source = next((source for source in sources if source), "")
        version.asks = bool(asked) and all(asked)
        return version

    def answers(self, sentence: Sentence) -> bool:
        """Tell whether a sentence is the short answer to a question about a treatment."""
        if sentence.index == 0 or sentence.last - sentence.first > _SHORT + 3:
            return False
        before = self.document.sentences[sentence.index - 1]
        text = self.document.text[before.start : before.end].rstrip("\"')* ")
        if not text.endswith("?"):
            return False
        terms = self.lexicon.find(self.document.tokens.words, before.first, before.last)
        return self.benefits(before.first, terms)

    def source(self, sentence: Sentence) -> str:
        match = self.document.match_tokens(sentence, sentence.first, sentence.last)
        return cited(match, self.document)

    def clauses(self, sentence: Sentence) -> Iterator[tuple[int, int]]:
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

    def read_clauses(self, sentence: Sentence, terms: list[Term], version: _Version) -> None:
        speech: _Speech | None = version.benefit if version.answer else None
        for start, end in self.clauses(sentence):
            inside = [term for term in terms if start <= term.start < end]
            if self.harms(sentence, inside) or self.told_rarely(start, end, inside):
                speech = version.harm
            elif self.benefits(start, inside):
                speech = version.benefit
            elif any(t.group in ("errand", "prevalence", "business") for t in inside):
                continue
            if speech is None:  # nothing of a treatment yet: opening hours, a lane, a friend
                continue
            speech.terms += self.counted(inside, terms, benefit=speech is version.benefit)
            speech.figures += self.figures(start, end, inside, sentence)
            speech.times += self.lengths(start, end, inside)
            self.read_guards(sentence, inside, speech, range(start, end))
            speech.plain = speech.plain or self.outright(inside)

    def benefits(self, start: int, terms: list[Term]) -> bool:
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
        lasts = [
            t for t in terms if t.group == "duration" or (t.group == "unit" and t.level >= 1)
        ]
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

    def told_rarely(self, start: int, end: int, terms: list[Term]) -> Term | None:
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

    def harms(self, sentence: Sentence, terms: list[Term]) -> list[Term]:
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
            if not eased and not fewer and not self.denied(sentence, term):
                found.append(term)
        if not found and not any(t.group == "risk" for t in terms):
            # "It can cause ...": a harm, though no list has it.
            for term in terms:
                noun = words[term.end : term.end + 1] in (["of"], ["for"], ["by"])
                if term.group == "blame" and not noun and not self.denied(sentence, term):
                    found.append(term)
        return found

    def denied(self, sentence: Sentence, term: Term) -> bool:
        """Tell whether a harm is denied; one that is rare is told."""
        match = self.document.match_tokens(sentence, term.start, term.end)
        return negated(match, self.document) not in ("", *_SELDOM)

    def counted(self, inside: list[Term], terms: list[Term], *, benefit: bool) -> list[Term]:
        """Return the terms of a clause, quantifiers of other things than people left out."""
        words = self.document.tokens.words
        people = [term.start for term in terms if term.group == "people"]
        kept: list[Term] = []
        for term in inside:
            behind = words[term.end] if term.end < len(words) else ""
            if term.group == "people-share":
                # "Some people cannot have it": a limit, however many they are.
                limits = benefit and self.negates(term.end, inside[-1].end)
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

    def negates(self, start: int, end: int) -> bool:
        """Tell whether a negation stands among some tokens."""
        words = self.document.tokens.words[start:end]
        return any(word in ("not", "cannot", "never") or word.endswith("n't") for word in words)

    def number(self, at: int, end: int) -> float | None:
        """Return the number that a token stands for."""
        if at >= end:
            return None
        word = self.document.tokens.words[at]
        if NUMBER in self.document.tokens.tags[at]:
            try:
                return float(word.replace(",", ""))
            except ValueError:
                return None
        return _NUMBERS.get(word)

    def figures(
        self, start: int, end: int, terms: list[Term], sentence: Sentence
    ) -> Iterator[_Figure]:
        words = self.document.tokens.words
        people = {term.start for term in terms if term.group == "people"}
        measures = {term.start for term in terms if term.group == "measure"}
        treated = [term.start for term in terms if term.group == "treated"]
        skip = {term.start for term in terms if term.group == "not-figure"}
        at = start
        while at < end:
            word = words[at]
            value = self.number(at, end)
            size, unit = 1, ""
            fraction = (
                _FRACTIONS.get(word.removesuffix("s")) if at > start or word == "half" else None
            )
            if fraction is not None and word != "half":
                times = self.number(at - 1, end) or (1.0 if words[at - 1] in ("a", "one") else 0.0)
                value, unit = fraction * times * 100, "share" if times else ""
            elif fraction is not None:
                value, unit = 50.0, "share"
            elif value is not None:
                size, value, unit = self.unit(at, end, value, measures)
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
                yield _Figure(unit, value, at, at + size, bound)
            at += size

    def unit(self, at: int, end: int, value: float, measures: set[int]) -> tuple[int, float, str]:
        """Return how many tokens a figure takes, its value and what it measures ("" for nothing)."""
        words = self.document.tokens.words
        after = words[at + 1] if at + 1 < end else ""
        if after in ("%", "percent") or (after == "per" and words[at + 2 : at + 3] == ["cent"]):
            return (3 if after == "per" else 2), value, "share"
        if after in _SHARES:
            skip = 3 if after == "out" else 2
            skip += words[at + skip : at + skip + 1] in (["every"], ["each"], ["the"])
            whole = self.number(at + skip, end)
            if whole and value <= whole:
                return skip + 1, 100 * value / whole, "share"
        if at + 1 in measures:
            return 2, value, words[at + 1].removesuffix("s")
        return 1, value, ""

    def lengths(self, start: int, end: int, terms: list[Term]) -> Iterator[_Time]:
        words = self.document.tokens.words
        spoken = [term for term in terms if term.group in ("onset", "duration")]
        for term in spoken:
            yield _Time(term.group, "day", term.level, term.start, term.end, told=False)
        for term in terms:
            if term.group not in ("unit", "counted"):
                continue
            if any(other.start <= term.start < other.end for other in spoken):
                continue
            first = term.start - 1
            if term.group == "counted" and first > start and self.number(first, end) is None:
                first -= self.number(first - 1, end) is not None  # "six short sessions"
            count = self.number(first, end) if term.start > start else None
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
            role = self.role(start, first, terms)
            if role == "onset" and words[max(start, first - 3) : first].count("take") + words[
                max(start, first - 3) : first
            ].count("takes"):
                # "It takes an hour" says how long a visit is; "takes weeks to work" is an onset.
                role = role if {"to", "before", "until"} & {*words[term.end : term.end + 3]} else ""
            if role:
                unit, days = ("day", term.level) if term.group == "unit" else (term.base, 1.0)
                yield _Time(role, unit, count * days, first, term.end, told=True)

    def role(self, start: int, at: int, terms: list[Term]) -> str:
        """Return what the words before a length of time make of it: an onset, a duration, or "" ."""
        for near in range(at - 1, max(start, at - 5) - 1, -1):
            for term in terms:
                if term.start <= near < term.end:
                    if term.group == "duration-before":
                        return "duration"
                    if term.group == "onset-before" and term.base not in ("only", "just"):
                        return "onset"
        return ""

    def outright(self, terms: list[Term]) -> bool:
        """Tell whether a word of good stands there that needs no context to be one."""
        vague = {(t.start, t.end) for t in terms if t.group in ("light", "giving")}
        return any(t.group in _CUES and (t.start, t.end) not in vague for t in terms)

    def read_guards(
        self, sentence: Sentence, terms: list[Term], speech: _Speech, clause: range
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
            if term.group not in _SAID or (term.group == "modality" and term.base != "promise"):
                if term.group != "modality" or not term.base.startswith("guarantee"):
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

    def read_cautions(self, sentence: Sentence, terms: list[Term], version: _Version) -> None:
        version.disclaimers += [term for term in terms if term.group == "disclaimer"]
        taken = [(t.start, t.end) for t in terms if t.group in ("disclaimer", "evidence")]
        # Each harm counts; of other words of caution, "results vary from person to person" is one.
        harms = self.harms(sentence, terms)
        warned = False
        told = [*harms, *(t for t in terms if t.group == "caution")]
        # "Some people do not hear better" and "not everyone hears better" are one.
        told += [
            Term("caution", 0, "not everyone", t.start, t.end)
            for t in terms
            if t.group == "people-share"
            and any(0 <= p.start - t.end < _TO_PEOPLE for p in terms if p.group == "people")
            and self.negates(t.end, sentence.last)
        ]
        for term in sorted(told, key=lambda t: (t.start - t.end, t.start)):
            if any(term.start < end and start < term.end for start, end in taken):
                continue
            # "Not habit-forming", "lowers the risk of infection": the harm in it is not told.
            if (
                term.group == "caution"
                and not _NEGATIVE & {*term.base.split()}
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

    def weigh(self, old: _Version, new: _Version) -> Iterator[Change]:
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
        self, term: Term, only: Counter[tuple[str, str]], mine: _Version, theirs: _Version
    ) -> bool:
        """Tell whether a word that only these clauses have stands elsewhere in the other version."""
        key = (term.group, term.base)
        return bool(only[key]) and theirs.every[key] >= mine.every[key]

    def limited(self, old: _Version, new: _Version) -> bool:
        """Tell whether a hedge was exchanged for a limit: "may ease" for "eases ... in some people"."""
        some = self.words.level("share", "some")
        return any(t.level <= some for t in new.benefit.of("share")) and not old.benefit.of("share")

    def told(self, old: _Version, a: Term | None, new: _Version, b: Term | None) -> str:
        if a and b:
            return f'"{old.words(a)}" became "{new.words(b)}"'
        if a:
            return f'"{old.words(a)}" is gone'
        return f'"{new.words(b)}" is new' if b else ""

    def benefit(self, old: _Version, new: _Version) -> Iterator[Change]:
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

    def hedge_came(self, old: _Version, new: _Version) -> bool:
        """Tell whether a limit was exchanged for a hedge: "some people feel" for "people may feel"."""
        may = self.words.level("modality", "possible")
        return any(t.level <= may for t in new.benefit.of("modality")) and not any(
            t.level <= may for t in old.benefit.of("modality")
        )

    def negation(self, old: _Version, new: _Version) -> str:
        a, b = old.benefit, new.benefit
        if not a.denied:
            return ""
        for word in a.denied:
            if word in b.affirmed and word not in a.affirmed and word not in b.denied:
                return f'"{word}" is no longer denied'
        if not b.denied and not (set(a.affirmed) & set(b.affirmed)):
            return "what was denied is now said"
        return ""

    def hedges(self, old: _Version, new: _Version) -> Iterator[Change]:
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
            low = min(gone, key=lambda t: t.level)
            if low.level <= self.words.level("evidence", "suggested"):
                yield Change("hedge-lost", self.told(old, low, new, None))

    def verbs(self, old: _Version, new: _Version) -> Iterator[Change]:
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
        self, old: list[_Figure], new: list[_Figure], *, down: bool = False
    ) -> tuple[_Figure, _Figure] | None:
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

    def lengths(self, old: _Version, new: _Version) -> Iterator[Change]:
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
        self, kind: str, old: _Version, gone: list[_Time], new: _Version, came: list[_Time]
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

    def limits(self, old: _Version, new: _Version) -> Iterator[Change]:
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

    def dangling(self, old: _Version, new: _Version) -> str:
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
                if not behind or behind[0][:1].isdigit() or behind[0] in _NUMBERS:
                    continue
                still = new.document.tokens.words
                if not any(
                    "than" in still[t.end : t.end + 4]
                    for t in new.benefit.of("comparative")
                    if t.base == term.base
                ):
                    return f'"than {behind[0]}" is gone'
        return ""

    def harm(self, old: _Version, new: _Version) -> Iterator[Change]:
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


@dataclass(slots=True)
class _Pair:
    """A group with what both versions say of it."""

    group: Group
    old: _Version
    new: _Version
    changes: list[Change] = field(default_factory=list)


class _Comparison:
    """Compares two documents; see ``compare``."""

    def __init__(self, old: Document, new: Document, words: Words) -> None:
        self.old, self.new = old, new
        self.readers = (_Reader(old, words), _Reader(new, words))
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

    def direction(self, pairs: dict[int, tuple[_Version, _Version]], *, backwards: bool) -> None:
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
        pairs: dict[int, tuple[_Version, _Version]],
        told: object,
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
                gone = Counter({b: n for b, n in gone.items() if not _NEGATIVE & {*b.split()}})
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
            self.add(number, told(change) if callable(told) else change)

    def instead(self, number: int, balance: dict[int, tuple[Counter[str], Counter[str]]]) -> int:
        """Return how many warnings came with new sentences where those of a group were deleted."""
        if self.groups[number].new:
            return 0
        count = 0
        for step in (-1, 1):
            at = number + step
            while 0 <= at < len(self.groups) and not (self.groups[at].old and self.groups[at].new):
                if not self.groups[at].old and at in balance:
                    count += sum(balance[at][1].values())
                at += step
        return count

    def beside(self, pairs: dict[int, tuple[_Version, _Version]]) -> Iterator[int]:
        """Yield unchanged groups whose source may have changed: a link of theirs, a sentence behind."""
        by_old = {at: number for number, group in enumerate(self.groups) for at in group.old}
        near = {by_old[at - 1] for n in pairs for at in self.groups[n].old if at - 1 in by_old}
        links = (_links(self.old), _links(self.new))
        for number, group in enumerate(self.groups):
            if group.same and (
                number in near or links[0].get(group.old[0]) != links[1].get(group.new[0])
            ):
                yield number

    def sources(self, number: int, old: _Version, new: _Version, *, weaker: bool) -> None:
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
