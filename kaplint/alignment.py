"""Which sentences of two versions of a page correspond.

Equal ones are matched wherever they stand, changed ones by their words, and sentences that were
split or merged as a group.
"""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher

from kaplint.records import dataclass
from kaplint.statements import NUMBERS

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Iterable

    from kaplint.documents import Document, Sentence

__all__ = ["LIGHT", "Group", "align", "bag", "likeness"]

# Sentences with less in common than this are not two versions of one.
_ALIKE = 0.45
_ALIKE_ALONE = 0.2  # where no other sentence stands in the same place
# A word that more sentences have is no clue, and so many sentences with most words are compared.
_COMMON, _NEAR = 60, 12
# A sentence that was split off stands at most so many sentences away.
_APART = 8
_SHORT = 5  # words
_STEM = 5  # letters
# So much of a sentence stands in another that it was split from or merged into, and so much of it
# in the part of that one that has no other partner.
_PART, _MISSING = 0.6, 0.3
LIGHT = frozenset(
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


@dataclass(frozen=True, slots=True)
class Group:
    """Sentences of the old version and those of the new one that they became; either may be none."""

    old: tuple[int, ...]
    new: tuple[int, ...]
    same: bool = False


def _spelled(word: str) -> str:
    """Return a word in one spelling of several: numerals as figures, British endings as American."""
    if word in NUMBERS:
        return f"{NUMBERS[word]:g}"
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
    return _written_out(document.tokens.words[sentence.first : sentence.last])


def _written_out(tokens: Iterable[str]) -> list[str]:
    words: list[str] = []
    for word in tokens:
        if word in _CONTRACTED:
            words += _CONTRACTED[word]
        elif word.endswith("n't"):
            words += (word[:-3], "not")
        elif word[0].isalnum() or word[0] == "'" or word in "%?$£€":
            words.append("percent" if word == "%" else _spelled(word))
    return words


def bag(tokens: Iterable[str]) -> Counter[str]:
    """Return the beginnings of the words among some tokens, as ``likeness`` compares them."""
    return Counter(_stems(_written_out(tokens)))


def _stems(words: list[str]) -> list[str]:
    """Return the beginnings of words, so that stiff, stiffness and stiffly are alike."""
    return [word if word in LIGHT else word[:_STEM] for word in words]


def likeness(old: Counter[str], new: Counter[str]) -> float:
    """Return how much two bags of words have in common, from 0 to 1; small words count little."""

    def weight(bag: Counter[str]) -> float:
        return sum(n * (0.2 if word in LIGHT else 1.0) for word, n in bag.items())

    whole = weight(old) + weight(new)
    return 2 * weight(old & new) / whole if whole else 0.0


def _share(part: Counter[str], whole: Counter[str]) -> float:
    """Return how much of one bag of words stands in another, small words left aside."""
    heavy = Counter({word: n for word, n in part.items() if word not in LIGHT})
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
        self.gaps: tuple[list[int], list[int]] = ([], [])

    def pair(self, old: int, new: int) -> None:
        self.forward[old] = new
        self.back[new] = old

    def groups(self) -> list[Group]:
        """Return all groups, in order of the new version, what is gone where it stood."""
        self.match_equal()
        self.gaps = self.find_gaps()
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
        left = {
            at: Counter(_stems(self.old[at]))
            for at in range(len(self.old))
            if at not in self.forward
        }
        right = {
            at: Counter(_stems(self.new[at])) for at in range(len(self.new)) if at not in self.back
        }
        if not left or not right:
            return
        holding: dict[str, list[int]] = {}
        for at, bag in right.items():
            for word in bag:
                if word not in LIGHT:
                    holding.setdefault(word, []).append(at)
        pairs: list[tuple[float, int, int]] = []
        for at, bag in left.items():
            # Words that stand nearly everywhere do not tell two sentences apart.
            shared = Counter(
                other
                for word in bag
                if len(holding.get(word, ())) <= _COMMON
                for other in holding.get(word, ())
            )
            near = [other for other, _ in shared.most_common(_NEAR)]
            for other in near:
                alike = likeness(bag, right[other])
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
        """Return the new sentence behind which an old one without an equal would stand."""
        return self.gaps[0][at]

    def gap_new(self, at: int) -> int:
        """Return the nearest sentence before a new one that has an equal."""
        return self.gaps[1][at]

    def find_gaps(self) -> tuple[list[int], list[int]]:
        """Return what ``gap_old`` and ``gap_new`` say of each sentence."""
        before: tuple[list[int], list[int]] = ([], [])
        last = -1
        for at in range(len(self.old)):
            last = self.forward[at] if at in self.equal else last
            before[0].append(last)
        last = -1
        for at in range(len(self.new)):
            last = at if self.back.get(at, -1) in self.equal else last
            before[1].append(last)
        return before

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
        for mine, theirs, ours, split in (
            (self.new, self.old, self.back, True),
            (self.old, self.new, self.forward, False),
        ):
            for at, words in enumerate(mine):
                if at in ours:
                    continue
                bag = Counter(words)
                best, partner = _PART, (-1, -1)
                for own in range(max(at - _APART, 0), min(at + _APART + 1, len(mine))):
                    other = ours.get(own, -1)
                    old, new = (other, own) if split else (own, other)
                    if other < 0 or old in self.equal:
                        continue
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
