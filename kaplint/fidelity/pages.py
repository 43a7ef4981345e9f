"""Mentions of research on a page, and the entry of the register that each can only be."""

from __future__ import annotations

from kaplint.fidelity.comparison import FOLLOWERS, MOST_FOLLOWING, Comparison, Difference
from kaplint.fidelity.entries import MARKS, Known, Reader, Terms
from kaplint.fidelity.figures import (
    NUMBERS,
    ONES,
    PARTS,
    TENS,
    UNIT,
    Count,
    fits,
    is_year,
    lengths,
    plain_percents,
    value_of,
)
from kaplint.records import dataclass, field
from kaplint.tokens import BREAK

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kaplint.documents import Document, Sentence
    from kaplint.register import Entry

__all__ = [
    "ABOUT",
    "ABOVE",
    "BELOW",
    "LEAST",
    "MARGIN",
    "TELLING",
    "Comparer",
    "Mention",
    "Page",
    "may_mention",
    "mentions",
]

# Kinds that tell one study from another; without two of them, or a name, nothing is compared.
TELLING = frozenset(
    {"name", "alias", "journal", "institution", "year", "size", "studies", "figure"}
)
LEAST = 9.0  # bits of evidence for an entry
MARGIN = 2.5  # and above the next one
ABOUT = frozenset("about around roughly approximately some nearly almost close near".split())
ABOVE = frozenset({"over", "than", "above", "least", "exceeding"})
BELOW = frozenset({"under", "nearly", "almost", "below"})


@dataclass(slots=True)
class Mention:
    """A reference to research: its sentences, and the entry that it can only be, if any."""

    first: int  # sentences
    last: int
    entry: Entry | None = None
    traceable: bool = False
    differences: list[Difference] = field(default_factory=list)


class Comparer(Reader):
    """The register with the words of comparison, ready to be held against pages."""

    def __init__(self, data: Mapping[str, object]) -> None:
        """Take the part of a pack that holds the register; entries are read when they are needed."""
        words = data.get("words")
        super().__init__(words if isinstance(words, dict) else {})
        index = data.get("index")
        found = index if isinstance(index, dict) else {}
        self.weights: dict[str, dict[str, float]] = found.get("weights", {})
        self.phrases = Terms()
        for text, feature, key in found.get("phrases", ()):
            self.phrases.add(text.split(" "), feature, key)
        self.phrases.close()
        self.kinds: dict[str, str] = {}
        self.authors: dict[str, frozenset[str]] = {}
        self.surnames: dict[str, set[str]] = {}
        for key, (kind, named, authors) in found.get("heads", {}).items():
            self.kinds[key] = kind
            self.authors[key] = frozenset(authors)
            for name in named:
                self.surnames.setdefault(name, set()).add(key)
        self.studied = frozenset(found.get("studied", ()))
        self.percents = [
            float(feature.partition("|")[2])
            for feature in self.weights
            if feature.startswith("figure|")
        ]
        entries = data.get("entries")
        self._entries = {
            str(entry.get("key")): entry for entry in (entries if isinstance(entries, list) else ())
        }
        self._known: dict[str, Known] = {}

    def known(self, key: str) -> Known:
        """Return an entry, read for comparison."""
        found = self._known.get(key)
        if found is None:
            from kaplint.register import from_json

            (entry,) = from_json({"entries": [self._entries[key]]}).entries.values()
            found = self._known[key] = self.know(entry)
        return found

    def mentions_of(self, document: Document, sentences: Iterable[int]) -> list[Mention]:
        """Return the mentions of research that begin in some sentences of a page, compared."""
        found: list[Mention] = []
        words = plain_percents(document.tokens.words)
        covered = -1
        for index in sorted(set(sentences)):
            sentence = document.sentences[index]
            page = Page(self, document, words)
            if index <= covered and not page.begins(sentence):
                continue
            mention = page.read(sentence)
            if mention is not None:
                covered = mention.last
                found.append(mention)
        return found


def mentions(document: Document, sentences: Iterable[Sentence] | None = None) -> list[Mention]:
    """Return what a page says of studies, held against the register; worked out once a page.

    ``sentences`` are those with a word for research in them, where the caller knows them.
    """
    if document.mentions is None:
        document.mentions = []
        book = document.rulebook
        near = document.sentences if sentences is None else sentences
        indexes = [s.index for s in near if may_mention(document, s)]
        if indexes:
            comparer = book.comparer
            if not isinstance(comparer, Comparer):
                comparer = book.comparer = Comparer(book.evidence())
            document.mentions = comparer.mentions_of(document, indexes)
    return document.mentions


def may_mention(document: Document, sentence: Sentence) -> bool:
    """Tell whether a sentence may refer to an entry, by its tags alone."""
    classes = document.rulebook.classes
    keys = document.keys(sentence)
    if classes["evidence-handle"][0] in keys:
        return True
    if classes["evidence-name"][0] in keys:
        return True
    return classes["evidence-mention"][0] in keys and classes["evidence-treatment"][0] in keys


class Page:
    """A page that is compared."""

    def __init__(self, comparer: Comparer, document: Document, words: list[str]) -> None:
        self.own = comparer
        self.document = document
        self.words = words

    # Mentions

    def begins(self, sentence: Sentence) -> bool:
        """Tell whether a sentence names a study anew."""
        first, last = sentence.first, sentence.last
        words = self.words
        if any(self._cited(at, last) for at in range(first, last)):
            return True
        for at in range(first, last):
            if words[at] not in self.own.mentions_one:
                continue
            lead = words[max(first, at - 5) : at]
            if "a" in lead or "an" in lead or "another" in lead or "one" in lead:
                return True
        return any(
            span.table.startswith(("alias", "journal"))
            for span in self.own.phrases.find(words, first, last, all_of=True)
        )

    def read(self, sentence: Sentence) -> Mention | None:
        """Return the mention that begins in a sentence, compared with the entry it can only be."""
        first, last = sentence.first, sentence.last
        if not self._refers(first, last):
            return None
        scope = self._scope(sentence)
        features = self._features(first, last)
        known = self._resolve(first, last, features)
        if known is None and scope > sentence.index:
            whole = self.document.sentences[scope].last
            known = self._resolve(first, whole, self._features(first, whole))
        mention = Mention(sentence.index, scope)
        if known is None:
            found = self._unknown(first, last)
            if found:
                mention.differences.append(found)
            return mention if self.begins(sentence) else None
        mention.entry = known.entry
        end = self.document.sentences[scope].last
        end = self._other(first, end)
        mention.traceable = self._traceable(known, features)
        compared = Comparison(self, known, first, end, sentence)
        mention.differences = compared.run()
        return mention

    def _refers(self, first: int, last: int) -> bool:
        """Tell whether a range refers to research at all: by a word for it, a name, a journal, an alias."""
        words = self.words
        if not self.own.mentions.isdisjoint(words[first:last]):
            return True
        if any(self._cited(at, last) for at in range(first, last)):
            return True
        return any(
            span.table.startswith("journal")
            or (span.table.startswith("alias") and self.own.distinct(span.table.partition("|")[2]))
            for span in self.own.phrases.find(words, first, last, all_of=True)
        )

    def _other(self, first: int, last: int) -> int:
        """Return where a range turns to another study: "yet a larger trial in veterans"."""
        own, words = self.own, self.words
        for at in range(first + 8, last):
            if words[at] in own.mentions and own.sets["other-study"].intersection(
                words[at - 3 : at]
            ):
                return at - 3
        return last

    def _unknown(self, first: int, last: int) -> Difference | None:
        """Return "a 2019 trial in 200 adults" where nothing says whose trial it was."""
        own, words = self.own, self.words
        if any(self._cited(at, last) for at in range(first, last)):
            return None
        spans = [
            s for s in own.terms.find(words, first, last, all_of=False) if s.table == "treatments"
        ]
        if not any(span.name in own.studied for span in spans):
            return None
        sized = any(noun in own.sets["people"] for _, noun in self.counts(first, last))
        dated = any(is_year(words[at]) for at in range(first, last))
        if not (sized or dated) or own.sets["negators"].intersection(words[first:last]):
            return None
        for at in range(first, last):
            if words[at] in own.mentions_one and words[at] != "research":
                for start in range(at - 1, max(first, at - 5) - 1, -1):
                    if words[start] in ("a", "an", "one"):
                        return Difference("unknown", start, at + 1, "")
        return None

    def _scope(self, sentence: Sentence) -> int:
        """Return the last sentence that carries on what a sentence says of a study."""
        sentences = self.document.sentences
        own, words = self.own, self.words
        index = sentence.index
        while index < sentence.index + MOST_FOLLOWING and index + 1 < len(sentences):
            following = sentences[index + 1]
            if following.block != sentence.block or following.last <= following.first:
                break
            head = words[following.first]
            near = words[following.first : following.first + 7]
            joined = " ".join(near)
            if any(f" {joined} ".startswith(f" {start} ") for start in own.sets["another"]):
                break
            number = value_of(head) is not None
            if head not in own.alone and not (
                (head in own.pointing or number) and own.subjects.intersection(near)
            ):
                break
            if self.begins(following):
                break
            index += 1
        return index

    def _capital(self, at: int) -> bool:
        return self.document.text[self.document.tokens.start(at)].isupper()

    def _cited(self, at: int, last: int) -> str:
        """Return the surname that stands at a token as the author of a study, or ""."""
        words = self.words
        word = words[at]
        if len(word) < 2 or not word.isalpha() or not self._capital(at):
            return ""
        ahead = [w for w in words[at + 1 : min(at + 7, last)] if w not in MARKS]
        if ahead[:2] == ["et", "al"]:
            return word
        if (
            ahead[:1] == ["and"]
            and len(ahead) > 1
            and (
                ahead[1] in FOLLOWERS
                or ahead[1:3] == ["his", "colleagues"]
                or ahead[1:3] == ["her", "colleagues"]
            )
        ):
            return word
        if word not in self.own.surnames:
            return ""
        before = words[at - 1] if at else ""
        if any(is_year(w) for w in ahead[:3]):
            return word
        if ahead and (ahead[0] in self.own.mentions or ahead[0] in ("group", "team", "and")):
            return word
        if ahead[:1] == ["'s"] and self.own.mentions.intersection(ahead[:5]):
            return word
        if before in ("by", "from", "led") and word not in ("short", "rush"):
            return word
        return ""

    def _features(self, first: int, last: int) -> dict[str, int]:
        """Return what a range names that entries may have, each with its first place."""
        own, words = self.own, self.words
        found: dict[str, int] = {}

        def add(kind: str, name: object, start: int) -> None:
            feature = f"{kind}|{name}"
            if feature in own.weights:
                found.setdefault(feature, start)

        for at in range(first, last):
            if words[at] in own.surnames and self._cited(at, last):
                add("name", words[at], at)
            if is_year(words[at]):
                add("year", words[at], at)
        for span in own.phrases.find(words, first, last, all_of=True):
            found.setdefault(span.table, span.start)
        for span in own.terms.find(words, first, last, all_of=False):
            if span.table == "treatments":
                add("treatment", span.name, span.start)
                add("comparator", span.name, span.start)
            elif span.table in ("conditions", "outcomes", "designs"):
                add(span.table[:-1], span.name, span.start)
        for count, noun in self.counts(first, last):
            kind = "studies" if noun in own.sets["studies"] else "size"
            add(kind, count.value, count.start)
        for count in self.percents(first, last):
            for percent in own.percents:
                if fits(count, percent):
                    add("figure", percent, count.start)
        for length, start, _ in lengths(words, first, last):
            add("duration", length.hours, start)
        return found

    def _resolve(self, first: int, last: int, features: dict[str, int]) -> Known | None:
        own = self.own
        if not features:
            return None
        text = f" {' '.join(self.words[first:last])} "
        later = any(f" {phrase} " in text for phrase in own.sets["later-analyses"])
        cited = {name for at in range(first, last) if (name := self._cited(at, last))}
        scores: dict[str, float] = {}
        telling: dict[str, set[str]] = {}
        figures: dict[str, float] = {}
        aliases: dict[str, float] = {}
        named = {name.partition("|")[2] for name in features if name.startswith("name|")}
        for feature, start in features.items():
            kind = feature.partition("|")[0]
            for key, weight in own.weights[feature].items():
                if kind == "figure":
                    # Of the figures that one number may stand for, one counts; three at most.
                    if figures.get(f"{key}|{start}", 0.0) >= weight:
                        continue
                    weight -= figures.get(f"{key}|{start}", 0.0)
                    figures[f"{key}|{start}"] = figures.get(f"{key}|{start}", 0.0) + weight
                if kind == "alias":
                    # Phrases for one entry lie within each other: the rarest counts.
                    more = max(weight - aliases.get(key, 0.0), 0.0)
                    aliases[key] = aliases.get(key, 0.0) + more
                    weight = more
                scores[key] = scores.get(key, 0.0) + weight
                if kind in TELLING:
                    telling.setdefault(key, set()).add(kind)
        for key in list(scores):
            # A page that names another author speaks of another study.
            if cited and not cited & own.authors[key]:
                del scores[key]
            elif later and own.kinds[key] in ("trial", "cohort"):
                scores[key] -= 6.0
            elif named and not any(key in own.surnames[name] for name in named):
                scores[key] -= 4.0
        if not scores:
            return None
        ranked = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
        best, score = ranked[0]
        second = ranked[1][1] if len(ranked) > 1 else 0.0
        kinds = telling.get(best, set())
        least = LEAST - 2 if own.kinds[best] == "untraced" else LEAST
        if score < least or score - second < MARGIN:
            return None
        untraced = own.kinds[best] == "untraced" and "alias" in kinds
        enough = untraced or "name" in kinds or len(kinds) >= 2
        about = any(
            best in own.weights[feature]
            for feature in features
            if feature.partition("|")[0] in ("topic", "treatment", "condition", "comparator")
        )
        # A journal, a year or "the Cochrane review" alone may be those of any study.
        if not about and not untraced and "name" not in kinds:
            return None
        # Figures alone may be those of any trial: they count for one of the same treatment.
        if kinds == {"figure"} and not any(
            best in own.weights[feature] for feature in features if feature.startswith("treatment|")
        ):
            return None
        # One of them will do where what the study was about says the rest.
        if not enough and kinds:
            enough = score >= LEAST + 5 or ("alias" in kinds and score >= LEAST + 2)
        return own.known(best) if enough else None

    def _traceable(self, known: Known, features: dict[str, int]) -> bool:
        kinds = {
            feature.partition("|")[0]
            for feature in features
            if known.entry.key in self.own.weights[feature]
        }
        if "name" in kinds:
            return "year" in kinds or "journal" in kinds
        return len(kinds & {"journal", "year", "alias", "institution"}) >= 2

    # Numbers

    def _qualified(self, at: int, first: int) -> str:
        before = self.words[max(first, at - 2) : at]
        if BELOW.intersection(before[-1:]):
            return "below"
        if ABOUT.intersection(before):
            return "about"
        if "than" in before and not {"more", "greater", "higher"}.intersection(
            self.words[max(first, at - 2) : at]
        ):
            return "below" if {"less", "fewer"}.intersection(before) else ""
        if ABOVE.intersection(before):
            return "above"
        return ""

    def count(self, at: int, first: int) -> Count | None:
        """Return the number that ends at a token."""
        word = self.words[at]
        value = value_of(word)
        if value is None:
            return None
        start = at
        if word in ONES[1:10] and at > first and self.words[at - 1] in TENS:
            value += NUMBERS[self.words[at - 1]]
            start = at - 1
        # "a hundred and forty"
        place = start - 1
        if word.isalpha() and value < 100 and place > first and self.words[place] == "and":
            place -= 1
        if word.isalpha() and value < 100 and place > first and self.words[place] == "hundred":
            hundreds = value_of(self.words[place - 1]) or 1.0
            value += 100 * hundreds
            start = place - 1
        decimals = len(word.partition(".")[2]) if not word.isalpha() else 0
        return Count(value, start, at + 1, self._qualified(start, first), decimals)

    def counts(self, first: int, last: int) -> Iterator[tuple[Count, str]]:
        """Yield counts of people and of studies, each with the word for what is counted."""
        own, words = self.own, self.words
        nouns = own.sets["people"] | own.sets["studies"]
        for at in range(first, last):
            if words[at] == "n" and at + 2 < last and words[at + 1] == "=":
                found = self.count(at + 2, first)
                if found:
                    yield Count(found.value, at, at + 3, "", 0), "n"
                continue
            if (
                words[at] in ("sample", "total")
                and words[at + 1 : at + 2] == ["of"]
                and at + 2 < last
            ):
                found = self.count(at + 2, first)
                if found and not own.sets["counts-else"].intersection(words[at + 3 : at + 5]):
                    yield Count(found.value, at + 2, at + 3, found.loose, 0), "sample"
            found = self.count(at, first)
            if found is None or found.decimals or (is_year(words[at]) and "," not in words[at]):
                continue
            before = words[at - 1] if at > first else ""
            if (
                before in ("in", "of", "\u2044", "phase", "step", "aged", "=", "$", "\u00a3")
                and words[at - 2 : at - 1]
                and value_of(words[at - 2]) is not None
            ):
                continue  # "one in five people", "8 of 16 patients"
            for place in range(at + 1, min(at + 7, last)):
                word = words[place]
                if word in nouns and word != "n":
                    # "80 person trials": the people, not the trials
                    yield Count(found.value, found.start, place + 1, found.loose, 0), word
                    break
                if (
                    word in own.sets["counts-else"]
                    or value_of(word) is not None
                    or word in MARKS
                    or BREAK in self.document.tokens.tags[place]
                    or word in own.mentions
                    or word
                    in ("with", "by", "for", "from", "who", "after", "on", "at", "were", "was")
                ):
                    break

    def percents(self, first: int, last: int) -> Iterator[Count]:
        """Yield percentages, both of a range, and shares in words as percentages."""
        words = self.words
        for at in range(first, last):
            word = words[at]
            if word == "%":
                place = at - 1
                if place >= first and words[place] == "per":
                    place -= 1
                if place < first or words[at + 1 : at + 2] in (["ci"], ["confidence"]):
                    continue
                found = self.count(place, first)
                if found is None:
                    continue
                yield Count(found.value, found.start, at + 1, found.loose, found.decimals)
                before = place - 1
                if before >= first and words[before] in ("to", "or", "\u2013", "\u2014"):
                    before -= 1
                other = self.count(before, first) if before >= max(first, place - 2) else None
                if other and other.value < found.value:
                    yield Count(other.value, other.start, at + 1, other.loose, other.decimals)
            elif word in PARTS and at > first:
                top = value_of(words[at - 1]) if words[at - 1] not in ("a", "the") else 1.0
                share = 100 * (top or 0) / PARTS[word]
                if (
                    0 < share < 100
                    and words[at + 1 : at + 2]
                    not in (["arm"], ["week"], ["day"], ["trial"], ["month"])
                    and words[at - 1] != "the"
                ):
                    yield Count(share, at - 1, at + 1, "share", 0)
            elif (
                word == "half" and words[at - 1 : at] != ["least"] and words[at - 1 : at] != ["by"]
            ):
                yield Count(50.0, at, at + 1, "share", 0)
            elif word == "in" and at > first and at + 1 < last:
                top, bottom = value_of(words[at - 1]), value_of(words[at + 1])
                if top and bottom and top < bottom <= 100 and not is_year(words[at + 1]):
                    following = words[at + 2 : at + 3]
                    if following and UNIT.get(following[0]) is None:
                        loose = "about" if bottom == 100 else "share"
                        yield Count(100 * top / bottom, at - 1, at + 2, loose, 0)
