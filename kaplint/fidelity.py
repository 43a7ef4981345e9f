"""Hold what a page says of a study against the register of evidence.

A *mention* is a sentence that refers to research, with up to three sentences of its block that
carry it on. What it names (authors, journal, year, counts, figures, topics) is weighed against the
entries of the register; the rarer a thing is among them, the more it says. Only where one entry
stands out is anything compared, and only what is said outright and is of a kind the entry tells of:
a count with what is counted, a percentage, a length of time, a year, a word from the lists in
``rules/fidelity.yaml``. What is negated is let be.

The words of a page are its tokens: lower case, hyphens gone. Places are token numbers of the whole
page, the end exclusive.
"""

from __future__ import annotations

from math import log2

from kaplint.records import dataclass, field
from kaplint.tokens import BREAK, Lexicon, fold

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kaplint.documents import Document, Sentence
    from kaplint.register import Entry, Figure, Register

__all__ = [
    "KINDS",
    "NAMES",
    "TABLES",
    "WORDS",
    "Comparer",
    "Difference",
    "Mention",
    "indexed",
    "lengths",
    "may_mention",
    "mentions",
]

# What can differ between a page and an entry; a rule names those it reports.
KINDS = (
    "size",
    "figure",
    "population",
    "treatment",
    "comparator",
    "outcome",
    "duration",
    "year",
    "design",
    "misuse",
    "untraced",
    "unknown",
)
# The keys of rules/fidelity.yaml: plain lists of words, and tables from a name to its words.
WORDS = (
    "another",
    "other-study",
    "people",
    "studies",
    "counts-else",
    "change",
    "comparative",
    "comparison",
    "lasting",
    "negators",
    "asides",
    "population-lead",
    "strong-designs",
    "no-difference",
    "sure-outcomes",
    "later-analyses",
    "published",
    "beats",
    "passed-over",
    "measuring",
    "alike",
    "kinds-of-people",
)
TABLES = (
    "mentions",
    "carries-on",
    "treatments",
    "routes",
    "conditions",
    "wider",
    "outcomes",
    "designs",
    "designs-imply",
)
# Keys that name entries of another table, and that table.
NAMES = {
    "strong-designs": "designs",
    "sure-outcomes": "outcomes",
    "kinds-of-people": "conditions",
    "wider": "conditions",
    "designs-imply": "designs",
}
# The tables whose words are looked for in copy and in entries alike.
_TERMS = ("treatments", "routes", "conditions", "outcomes", "designs")

# How far a kind of evidence can be trusted to speak for an entry, next to how rare it is.
_TRUST = {
    "name": 1.6,
    "alias": 1.2,
    "journal": 0.9,
    "institution": 0.8,
    "year": 0.8,
    "size": 1.0,
    "studies": 0.8,
    "figure": 0.8,
    "comparator": 0.7,
    "topic": 0.5,
    "condition": 0.5,
    "treatment": 0.5,
    "outcome": 0.3,
    "duration": 0.4,
    "design": 0.3,
}
# Kinds that tell one study from another; without two of them, or a name, nothing is compared.
_TELLING = frozenset(
    {"name", "alias", "journal", "institution", "year", "size", "studies", "figure"}
)
LEAST = 9.0  # bits of evidence for an entry
MARGIN = 2.5  # and above the next one
MOST_FOLLOWING = 3
# In a small register, how rare a thing is counts as it would among so many entries.
COMMON = 100

_MARKS = frozenset("(),[]\"'*;:")
_UNITS = {
    "minute": 1 / 60,
    "hour": 1.0,
    "day": 24.0,
    "week": 168.0,
    "month": 730.5,
    "year": 8766.0,
}
_UNIT = {**{name: name for name in _UNITS}, **{f"{name}s": name for name in _UNITS}}
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_NUMBERS = {word: n for n, word in enumerate(_ONES)} | {
    word: 10 * n for n, word in enumerate(_TENS, 2)
}
_PARTS = {
    "third": 3,
    "thirds": 3,
    "quarter": 4,
    "quarters": 4,
    "fifth": 5,
    "fifths": 5,
    "tenth": 10,
}
_LARGE = {"million": 1e6, "billion": 1e9, "trillion": 1e12, "bn": 1e9, "m": 1e6}
_ABOUT = frozenset("about around roughly approximately some nearly almost close near".split())
_ABOVE = frozenset({"over", "than", "above", "least", "exceeding"})
_BELOW = frozenset({"under", "nearly", "almost", "below"})
_FOLLOWERS = frozenset(
    {"colleagues", "others", "coworkers", "team", "co", "collaborators", "associates"}
)
_THAN = frozenset({"than", "versus", "vs", "v", "against"})
# What one scale of several may do in a study that found no difference.
_FAVOURS = frozenset({"over", "favour", "favor", "favoured", "favored"})
_COMPARE = frozenset({"compared", "compares", "compare", "relative", "comparison"})
_TIMES_WHAT = frozenset({"more", "as", "higher", "greater", "likelier"})
_TIMES = frozenset("times once twice per sessions doses three every each".split())
_SMALL = frozenset(
    "that this with from have were been those their than what when people patients they them".split()
)
_SPELLED = {"programme": "program", "behavioural": "behavioral", "randomised": "randomized"}


@dataclass(frozen=True, slots=True)
class Difference:
    """Words of a page that the entry does not bear out, and what the entry has in their place."""

    kind: str
    start: int
    end: int
    record: str


@dataclass(slots=True)
class Mention:
    """A reference to research: its sentences, and the entry that it can only be, if any."""

    first: int  # sentences
    last: int
    entry: Entry | None = None
    traceable: bool = False
    differences: list[Difference] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Span:
    """A term of a table where it stands in copy."""

    table: str
    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Length:
    hours: float
    unit: str


@dataclass(frozen=True, slots=True)
class _Count:
    """A number of a page: its value, its place, and how it is qualified."""

    value: float
    start: int
    end: int
    loose: str  # "", about, above, below
    decimals: int


@dataclass(slots=True)
class _Known:
    """An entry, read for comparison: everything that copy about it may state."""

    entry: Entry
    names: frozenset[str]
    years: frozenset[int]
    counts: frozenset[float]
    percents: tuple[float, ...]
    numbers: frozenset[float]
    money: tuple[float, ...]
    lengths: tuple[_Length, ...]
    terms: dict[str, frozenset[str]]
    treatments: frozenset[str]
    comparators: frozenset[str]
    conditions: frozenset[str]
    figures: tuple[tuple[Figure, tuple[float, ...]], ...]  # with the percentages of each
    misuses: tuple[tuple[str, frozenset[str]], ...]  # with the stems of each
    compares: bool  # the record says what the result was compared with
    said: tuple[frozenset[str], ...]  # the stems of what may be said
    null: frozenset[str]  # outcomes on which no difference was found
    nothing: bool  # no difference was found at all
    words: frozenset[str]


def _number(word: str) -> float | None:
    if word in _NUMBERS:
        return float(_NUMBERS[word])
    if word[:1].isdigit():
        try:
            return float(word.replace(",", ""))
        except ValueError:
            return None
    return None


def _is_year(word: str) -> bool:
    return len(word) == 4 and word.isdigit() and 1950 <= int(word) <= 2035


def _stem(word: str) -> str:
    word = _SPELLED.get(word, word)
    for end in (
        "ements",
        "ement",
        "ations",
        "ation",
        "ings",
        "ing",
        "ies",
        "ied",
        "ed",
        "es",
        "s",
        "e",
    ):
        if word.endswith(end) and len(word) - len(end) >= 4:
            return word[: -len(end)]
    return word


class _Terms:
    """Words and terms of several words, found in a list of tokens, the longest first."""

    def __init__(self) -> None:
        self.by_first: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}

    def add(self, words: list[str], table: str, name: str) -> None:
        words = [word for word in words if word not in _MARKS]
        if words:
            self.by_first.setdefault(words[0], []).append((tuple(words[1:]), table, name))

    def close(self) -> None:
        for options in self.by_first.values():
            options.sort(key=lambda option: -len(option[0]))

    def find(self, words: list[str], first: int, last: int, *, all_of: bool) -> Iterator[_Span]:
        """Yield terms between two places; without ``all_of`` the longest of each table there."""
        taken: dict[str, int] = {}
        for at in range(first, last):
            options = self.by_first.get(words[at])
            if not options:
                continue
            done: set[str] = set()
            for rest, table, name in options:
                if not all_of and (table in done or taken.get(table, 0) > at):
                    continue
                end = at + 1
                for word in rest:
                    while end < last and words[end] in _MARKS:
                        end += 1
                    if end >= last or words[end] != word:
                        break
                    end += 1
                else:
                    if not all_of:
                        done.add(table)
                        taken[table] = end
                    yield _Span(table, name, at, end)


class _Reader:
    """Reads texts of the register by the words of comparison."""

    def __init__(self, words: Mapping[str, object]) -> None:
        """``words`` is what ``rules/fidelity.yaml`` says, as the pack keeps it."""
        # Entries are read apart from any page: their words need no classes.
        self._lexicon = Lexicon([], {}, [])
        self._cuts: dict[str, list[str]] = {}
        self.sets = {name: frozenset(_strings(words.get(name))) for name in WORDS}
        tables = {name: _table(words.get(name)) for name in TABLES}
        self.mentions_one = frozenset(tables["mentions"].get("one", ()))
        self.mentions = self.mentions_one | frozenset(tables["mentions"].get("many", ()))
        self.alone = frozenset(tables["carries-on"].get("alone", ()))
        self.pointing = frozenset(tables["carries-on"].get("pointing", ()))
        self.subjects = frozenset(tables["carries-on"].get("subjects", ()))
        self.wider = {name: frozenset(found) for name, found in tables["wider"].items()}
        self.imply = {name: frozenset(found) for name, found in tables["designs-imply"].items()}
        self.terms = _Terms()
        for table in _TERMS:
            for name, found in tables[table].items():
                for term in found:
                    self.terms.add(term.split(" "), table, name)
        self.terms.close()
        self.lasting = _Terms()
        for term in self.sets["lasting"]:
            self.lasting.add(term.split(" "), "lasting", term)
        self.lasting.close()

    # Entries

    def cut(self, text: str) -> list[str]:
        """Return the words of a text as the tokens of a page have them, percent as %."""
        found = self._cuts.get(text)
        if found is None:
            folded = fold(text)
            read = self._lexicon.read(folded, 0, len(folded))
            found = self._cuts[text] = _percents([word for word, _, _ in read])
        return found

    def know(self, entry: Entry) -> _Known:
        cited = entry.citation
        title = cited.title if cited else ""
        figures = [f"{figure.value} ; {figure.means}" for figure in entry.figures]
        told = [entry.say, entry.says_of_it, entry.design, entry.population, *entry.limits]
        said = [words for text in told for words in self._affirmed(self.cut(text))]
        numbers = [self.cut(text) for text in (*figures, *told)]
        named = [title, *entry.aliases, *entry.topics]
        terms = {
            "treatments": self.names(
                "treatments",
                (
                    *entry.treatments,
                    *entry.comparators,
                    *named,
                    entry.say,
                    entry.says_of_it,
                    entry.population,
                    entry.design,
                ),
            ),
            "routes": self.names(
                "routes",
                (entry.route, *entry.settings, *entry.treatments, *named, entry.design, entry.say),
            ),
            "conditions": self.names("conditions", (*entry.conditions, entry.population, *named)),
            "outcomes": self.names(
                "outcomes",
                (
                    *entry.outcomes,
                    *figures,
                    *(f.outcome for f in entry.figures),
                    title,
                    *entry.aliases,
                    *entry.conditions,
                ),
            )
            | {span.name for words in said for span in self._spans("outcomes", words)},
            "designs": self._designs(entry, title),
        }
        every = [value for words in numbers for value in _values(words)]
        counts = {float(count.replace(",", "")) for count in (*entry.sizes, *entry.studies)}
        authors = cited.authors if cited else ()
        surnames = [author.rpartition(" ")[0] or author for author in authors]
        years = set(entry.years) or ({cited.year} if cited and cited.year else set())
        if entry.kind not in ("trial", "review", "cohort", "survey"):
            # What is no study is dated by what it tells of, too: "US$326 billion in 2018".
            years |= {int(word) for words in numbers for word in words if _is_year(word)}
        return _Known(
            entry=entry,
            names=frozenset(self.surname(name) for name in (*entry.names, *surnames)),
            years=frozenset(years),
            counts=frozenset(counts) | frozenset(value for value in every if value == int(value)),
            percents=tuple(
                sorted({value for words in numbers for value in _percent_values(words)})
            ),
            numbers=frozenset(every),
            money=tuple(sorted({value for words in numbers for value in _large_values(words)})),
            lengths=tuple(
                length
                for words in (*map(self.cut, entry.durations), *numbers)
                for length, _, _ in lengths(words, 0, len(words))
            ),
            terms=terms,
            treatments=self.names("treatments", entry.treatments),
            comparators=self.names("treatments", entry.comparators),
            conditions=self.names("conditions", entry.conditions),
            figures=tuple(
                (figure, tuple(_percent_values(self.cut(figure.value)))) for figure in entry.figures
            ),
            misuses=tuple((text, self._stems(text.partition(";")[0])) for text in entry.not_say),
            compares=self._tells_comparison(entry),
            said=tuple(self._stems(text) for text in (entry.say, entry.says_of_it) if text),
            null=self._null(entry),
            nothing=self._found_nothing(entry),
            words=frozenset(
                word
                for text in (
                    title,
                    entry.say,
                    entry.says_of_it,
                    *entry.outcomes,
                    *entry.conditions,
                    *entry.aliases,
                    *entry.durations,
                )
                for word in self.cut(text)
            ),
        )

    def _stems(self, text: str) -> frozenset[str]:
        return frozenset(
            _stem(word)
            for word in self.cut(text)
            if (len(word) > 2 or word.isdigit()) and word not in _SMALL
        )

    def _null(self, entry: Entry) -> frozenset[str]:
        """Return the outcomes that the record names only to say that there was no difference."""
        null: set[str] = set()
        other: set[str] = set()
        for text in (entry.say, entry.says_of_it):
            part: list[str] = []
            for word in (*self.cut(text), ";"):
                if word not in (";", ",", ":", "(", ")"):
                    part.append(word)
                    continue
                named = {span.name for span in self._spans("outcomes", part)}
                none = self.sets["negators"].intersection(part)
                flat = self.sets["no-difference"].intersection(part)
                (null if none and flat else other).update(named)
                part = []
        return frozenset(null - other)

    def _tells_comparison(self, entry: Entry) -> bool:
        rivals = self.names("treatments", entry.comparators)
        for text in (entry.say, entry.says_of_it, *(figure.means for figure in entry.figures)):
            words = self.cut(text)
            if self.sets["comparison"].intersection(words):
                return True
            if any(span.name in rivals for span in self._spans("treatments", words)):
                return True
        return False

    def _found_nothing(self, entry: Entry) -> bool:
        """Tell whether the record says only that there was no difference."""
        none = False
        for text in (entry.say, entry.says_of_it):
            words = self.cut(text)
            for at, word in enumerate(words):
                if word in ("no", "not"):
                    flat = self.sets["no-difference"].intersection(words[at + 1 : at + 4])
                    none = none or (
                        bool(flat) and not self._spans("outcomes", words[max(0, at - 6) : at + 8])
                    )
            for part in self._affirmed(words):
                if self.sets["change"].intersection(part) and not self.sets["alike"].intersection(
                    part
                ):
                    return False
        return none

    def outcomes_of(self, texts: Iterable[str]) -> frozenset[str]:
        """Return the outcomes that some texts name."""
        return self.names("outcomes", texts)

    def surname(self, name: str) -> str:
        """Return the word by which an author is known on a page: of "Ochs-Ross", the last."""
        words = [word for word in self.cut(name) if word.isalpha()]
        return words[-1] if words else name

    def handles(self, entry: Entry) -> Iterator[tuple[str, str, list[str]]]:
        """Yield what may stand for an entry: its kind, itself, and its words."""
        for kind, phrases in (
            ("alias", entry.aliases),
            ("journal", entry.journals),
            ("institution", entry.institutions),
            ("topic", entry.topics),
        ):
            for phrase in phrases:
                yield kind, phrase, self.cut(phrase)
        cited = entry.citation
        if cited:
            identifiers = (cited.doi, cited.pmid, cited.pmcid, *cited.registry)
            for phrase in (cited.title, *identifiers):
                words = self.cut(phrase.lower())
                if words and (len(words) >= 4 or phrase in identifiers):
                    yield "alias", phrase, words

    def _designs(self, entry: Entry, title: str) -> frozenset[str]:
        found = self.names("designs", (*entry.design_words, title, entry.design, *entry.aliases))
        if entry.kind in ("trial", "review", "cohort", "survey"):
            found |= {entry.kind}
        return found.union(*(self.imply.get(name, frozenset()) for name in found))

    def _spans(self, table: str, words: list[str]) -> list[_Span]:
        found = self.terms.find(words, 0, len(words), all_of=False)
        return [span for span in found if span.table == table]

    def names(self, table: str, texts: Iterable[str]) -> frozenset[str]:
        """Return the terms of a table that some texts name, those right behind a "no" left out."""
        found = set()
        for text in texts:
            words = self.cut(text)
            for span in self._spans(table, words):
                if self.sets["negators"].isdisjoint(words[max(0, span.start - 3) : span.start]):
                    found.add(span.name)
        return frozenset(found)

    def _affirmed(self, words: list[str]) -> Iterator[list[str]]:
        """Yield the parts of a text between marks that hold no negation."""
        part: list[str] = []
        for word in (*words, ";"):
            if word in (";", ",", ":", "(", ")"):
                if not self.sets["negators"].intersection(part):
                    yield part
                part = []
            else:
                part.append(word)

    # Weights

    def index(self, register: Register) -> dict[str, object]:
        """Return what finding an entry takes, as JSON: phrases, and how much each thing weighs.

        Made when a pack is built, so that a page which refers to research need not read all entries.
        """
        holders: dict[str, set[str]] = {}
        phrases: list[list[str]] = []
        heads: dict[str, list[object]] = {}
        studied: set[str] = set()

        for key, entry in register.entries.items():
            known = self.know(entry)
            studied |= known.treatments
            names = [self.surname(name) for name in entry.names]
            heads[key] = [entry.kind, names, sorted(known.names)]
            for kind, phrase, words in self.handles(entry):
                phrases.append([" ".join(words), f"{kind}|{phrase}", key])
            for feature in self.features(known):
                holders.setdefault(feature, set()).add(key)
        total = max(len(register.entries), COMMON)
        weights: dict[str, object] = {}
        for feature, keys in holders.items():
            kind, _, name = feature.partition("|")
            trust = _TRUST[kind]
            if kind == "alias" and not self.distinct(name):
                trust = 0.4
            weights[feature] = dict.fromkeys(
                sorted(keys), round(trust * log2(1 + total / len(keys)), 2)
            )
        return {"weights": weights, "phrases": phrases, "heads": heads, "studied": sorted(studied)}

    def features(self, known: _Known) -> Iterator[str]:
        """Yield all by which a page may give an entry away, as "kind|name"."""
        entry = known.entry
        named: dict[str, Iterable[object]] = {
            "name": [self.surname(name) for name in entry.names],
            "year": known.years,
            "size": [float(size.replace(",", "")) for size in entry.sizes],
            "studies": [float(size.replace(",", "")) for size in entry.studies],
            "figure": [value for _, values in known.figures for value in values],
            "treatment": known.treatments,
            "comparator": known.comparators,
            "condition": known.conditions,
            "outcome": self.names("outcomes", entry.outcomes),
            "duration": [
                length.hours
                for words in map(self.cut, entry.durations)
                for length, _, _ in lengths(words, 0, len(words))
            ],
            "design": self.names("designs", entry.design_words),
        }
        for kind, phrase, _ in self.handles(entry):
            yield f"{kind}|{phrase}"
        for kind, names in named.items():
            for name in names:
                yield f"{kind}|{name}"

    def distinct(self, phrase: str) -> bool:
        """Tell whether a phrase has words of its own besides numbers, lengths of time and the like."""
        plain = self.mentions | self.sets["people"] | self.sets["studies"] | _UNIT.keys() | {"%"}
        words = self.cut(phrase)
        telling = [
            word for word in words if word not in plain and _number(word) is None and len(word) > 3
        ]
        counts = [word for word in words if (_number(word) or 0) > 100]
        return bool(telling) or bool(counts) or (len(words) >= 3 and any(map(_number, words)))


class Comparer(_Reader):
    """The register with the words of comparison, ready to be held against pages."""

    def __init__(self, data: Mapping[str, object]) -> None:
        """Take the part of a pack that holds the register; entries are read when they are needed."""
        words = data.get("words")
        super().__init__(words if isinstance(words, dict) else {})
        index = data.get("index")
        found = index if isinstance(index, dict) else {}
        self.weights: dict[str, dict[str, float]] = found.get("weights", {})
        self.phrases = _Terms()
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
        self._known: dict[str, _Known] = {}

    def known(self, key: str) -> _Known:
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
        words = _percents(document.tokens.words)
        covered = -1
        for index in sorted(set(sentences)):
            sentence = document.sentences[index]
            page = _Page(self, document, words)
            if index <= covered and not page.begins(sentence):
                continue
            mention = page.read(sentence)
            if mention is not None:
                covered = mention.last
                found.append(mention)
        return found


def indexed(register: Register, words: Mapping[str, object]) -> dict[str, object]:
    """Return the index by which entries are found, as JSON; for the pack."""
    return _Reader(words).index(register)


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


def _strings(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []


def _table(value: object) -> dict[str, list[str]]:
    found = value if isinstance(value, dict) else {}
    return {str(name): _strings(words) for name, words in found.items()}


def _percents(words: list[str]) -> list[str]:
    """Return the words with each percent as %; of the same number."""
    return ["%" if word in ("percent", "percentage", "cent") else word for word in words]


def _values(words: list[str]) -> Iterator[float]:
    for at, word in enumerate(words):
        value = _number(word)
        if value is not None and not _is_year(word):
            yield value
            if word in _TENS and at + 1 < len(words) and words[at + 1] in _ONES[1:10]:
                yield value + _NUMBERS[words[at + 1]]


def _percent_values(words: list[str]) -> Iterator[float]:
    """Yield the percentages of a text of the register: numbers with %, and shares in words."""
    for at, word in enumerate(words):
        value = _number(word)
        if value is not None and not word.isalpha():
            ahead = words[at + 1 : at + 4]
            if "%" in ahead and not any(
                other.isalpha() and other not in ("and", "to", "per")
                for other in ahead[: ahead.index("%")]
            ):
                yield value
        elif word == "half":
            yield 50.0
        elif word in _PARTS and at:
            yield 100 * (_number(words[at - 1]) or 1.0) / _PARTS[word]
        if value is not None:
            ahead = words[at + 1 : at + 4]
            # "8 of 16", "one in five"
            if (
                len(ahead) > 1
                and ahead[0] in ("of", "in", "\u2044")
                and (_number(ahead[1]) or 0) > value > 0
            ):
                yield round(100 * value / (_number(ahead[1]) or 1), 1)


def _large_values(words: list[str]) -> Iterator[float]:
    for at, word in enumerate(words[:-1]):
        value = _number(word)
        if value is not None and words[at + 1] in _LARGE:
            yield value * _LARGE[words[at + 1]]


def lengths(words: list[str], first: int, last: int) -> Iterator[tuple[_Length, int, int]]:
    """Yield the lengths of time between two places: "24 hours", "a week", "week 8"."""
    for at in range(first, last):
        unit = _UNIT.get(words[at])
        if unit is None:
            continue
        start = at - 1
        if start > first and words[start] in ("whole", "full", "further", "entire", "more"):
            start -= 1
        before = words[start] if start >= first else ""
        value = _number(before)
        if value is not None and before in _ONES and start > first and words[start - 1] in _TENS:
            value += _NUMBERS[words[start - 1]]
            start -= 1
        if value is None and before in ("a", "an", "single"):
            if start > first and (
                words[start - 1] in _TIMES or words[start - 1] in ("dose", "days")
            ):
                continue
            value = 1.0
        if value is None and words[at] == unit and at + 1 < last:  # "week 8", "day 15"
            value = _number(words[at + 1])
            if value is not None and not words[at + 1].isalpha() and value < 400:
                yield _Length(value * _UNITS[unit], unit), at, at + 2
            continue
        if value is None or value > 400:
            continue
        after = words[at + 1] if at + 1 < last else ""
        earlier = words[max(first, start - 3) : start]
        beyond = words[at + 2] if at + 2 < last else ""
        if unit == "year" and (
            after == "old"
            or (after == "of" and beyond in ("age", "experience"))
            or {"aged", "age", "past", "last", "recent"}.intersection(earlier)
        ):
            continue
        yield _Length(value * _UNITS[unit], unit), start, at + 1
        # "1 to 2 weeks", "10-12 days": the first number has the same unit.
        place = start - 1
        if place >= first and words[place] in ("to", "or", "and", "\u2013", "\u2014"):
            place -= 1
        if (
            place >= first
            and place >= start - 2
            and before[:1].isdigit() == words[place][:1].isdigit()
        ):
            other = _number(words[place])
            if (
                other is not None
                and other < value
                and not (place == start - 1 and words[place] in _TENS)
            ):
                yield _Length(other * _UNITS[unit], unit), place, at + 1


class _Page:
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
        compared = _Comparison(self, known, first, end, sentence)
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
        dated = any(_is_year(words[at]) for at in range(first, last))
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
            number = _number(head) is not None
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
        ahead = [w for w in words[at + 1 : min(at + 7, last)] if w not in _MARKS]
        if ahead[:2] == ["et", "al"]:
            return word
        if (
            ahead[:1] == ["and"]
            and len(ahead) > 1
            and (
                ahead[1] in _FOLLOWERS
                or ahead[1:3] == ["his", "colleagues"]
                or ahead[1:3] == ["her", "colleagues"]
            )
        ):
            return word
        if word not in self.own.surnames:
            return ""
        before = words[at - 1] if at else ""
        if any(_is_year(w) for w in ahead[:3]):
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
            if _is_year(words[at]):
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

    def _resolve(self, first: int, last: int, features: dict[str, int]) -> _Known | None:
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
                if kind in _TELLING:
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
        if not about and not kinds & {"name", "alias"}:
            return None
        # One of them will do where what the study was about says the rest.
        if not enough and kinds:
            enough = score >= LEAST + 5 or ("alias" in kinds and score >= LEAST + 2)
        return own.known(best) if enough else None

    def _traceable(self, known: _Known, features: dict[str, int]) -> bool:
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
        if _BELOW.intersection(before[-1:]):
            return "below"
        if _ABOUT.intersection(before):
            return "about"
        if "than" in before and not {"more", "greater", "higher"}.intersection(
            self.words[max(first, at - 2) : at]
        ):
            return "below" if {"less", "fewer"}.intersection(before) else ""
        if _ABOVE.intersection(before):
            return "above"
        return ""

    def count(self, at: int, first: int) -> _Count | None:
        """Return the number that ends at a token."""
        word = self.words[at]
        value = _number(word)
        if value is None:
            return None
        start = at
        if word in _ONES[1:10] and at > first and self.words[at - 1] in _TENS:
            value += _NUMBERS[self.words[at - 1]]
            start = at - 1
        # "a hundred and forty"
        place = start - 1
        if word.isalpha() and value < 100 and place > first and self.words[place] == "and":
            place -= 1
        if word.isalpha() and value < 100 and place > first and self.words[place] == "hundred":
            hundreds = _number(self.words[place - 1]) or 1.0
            value += 100 * hundreds
            start = place - 1
        decimals = len(word.partition(".")[2]) if not word.isalpha() else 0
        return _Count(value, start, at + 1, self._qualified(start, first), decimals)

    def counts(self, first: int, last: int) -> Iterator[tuple[_Count, str]]:
        """Yield counts of people and of studies, each with the word for what is counted."""
        own, words = self.own, self.words
        nouns = own.sets["people"] | own.sets["studies"]
        for at in range(first, last):
            if words[at] == "n" and at + 2 < last and words[at + 1] == "=":
                found = self.count(at + 2, first)
                if found:
                    yield _Count(found.value, at, at + 3, "", 0), "n"
                continue
            if (
                words[at] in ("sample", "total")
                and words[at + 1 : at + 2] == ["of"]
                and at + 2 < last
            ):
                found = self.count(at + 2, first)
                if found and not own.sets["counts-else"].intersection(words[at + 3 : at + 5]):
                    yield _Count(found.value, at + 2, at + 3, found.loose, 0), "sample"
            found = self.count(at, first)
            if found is None or found.decimals or (_is_year(words[at]) and "," not in words[at]):
                continue
            before = words[at - 1] if at > first else ""
            if (
                before in ("in", "of", "\u2044", "phase", "step", "aged", "=", "$", "\u00a3")
                and words[at - 2 : at - 1]
                and _number(words[at - 2]) is not None
            ):
                continue  # "one in five people", "8 of 16 patients"
            for place in range(at + 1, min(at + 7, last)):
                word = words[place]
                if word in nouns and word != "n":
                    # "80 person trials": the people, not the trials
                    yield _Count(found.value, found.start, place + 1, found.loose, 0), word
                    break
                if (
                    word in own.sets["counts-else"]
                    or _number(word) is not None
                    or word in _MARKS
                    or BREAK in self.document.tokens.tags[place]
                    or word in own.mentions
                    or word
                    in ("with", "by", "for", "from", "who", "after", "on", "at", "were", "was")
                ):
                    break

    def percents(self, first: int, last: int) -> Iterator[_Count]:
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
                yield _Count(found.value, found.start, at + 1, found.loose, found.decimals)
                before = place - 1
                if before >= first and words[before] in ("to", "or", "\u2013", "\u2014"):
                    before -= 1
                other = self.count(before, first) if before >= max(first, place - 2) else None
                if other and other.value < found.value:
                    yield _Count(other.value, other.start, at + 1, other.loose, other.decimals)
            elif word in _PARTS and at > first:
                top = _number(words[at - 1]) if words[at - 1] not in ("a", "the") else 1.0
                share = 100 * (top or 0) / _PARTS[word]
                if (
                    0 < share < 100
                    and words[at + 1 : at + 2]
                    not in (["arm"], ["week"], ["day"], ["trial"], ["month"])
                    and words[at - 1] != "the"
                ):
                    yield _Count(share, at - 1, at + 1, "share", 0)
            elif (
                word == "half" and words[at - 1 : at] != ["least"] and words[at - 1 : at] != ["by"]
            ):
                yield _Count(50.0, at, at + 1, "share", 0)
            elif word == "in" and at > first and at + 1 < last:
                top, bottom = _number(words[at - 1]), _number(words[at + 1])
                if top and bottom and top < bottom <= 100 and not _is_year(words[at + 1]):
                    following = words[at + 2 : at + 3]
                    if following and _UNIT.get(following[0]) is None:
                        yield _Count(100 * top / bottom, at - 1, at + 2, "share", 0)


def fits(count: _Count, value: float) -> bool:
    """Tell whether a number as a page gives it may stand for one of the register."""
    if count.loose == "share":
        return abs(count.value - value) <= 5.0
    off = value - count.value
    if abs(off) < (0.55 if count.decimals == 0 else 0.06 * 10 ** (1 - count.decimals)):
        return True
    slack = 0.05 * count.value if count.value > 100 else 3.0
    if count.loose == "about":
        return abs(off) <= slack
    if count.loose == "above":
        return 0 <= off <= slack
    if count.loose == "below":
        return -slack <= off <= 0
    return False


class _Comparison:
    """One mention against one entry."""

    def __init__(
        self, page: _Page, known: _Known, first: int, last: int, sentence: Sentence
    ) -> None:
        self.page = page
        self.own = page.own
        self.words = page.words
        self.tags = page.document.tokens.tags
        self.known = known
        self.entry = known.entry
        self.first = first
        self.last = last
        self.anchor = sentence
        # A word in the name of a journal or in a title says nothing.
        named = [
            span
            for span in self.own.phrases.find(self.words, first, last, all_of=True)
            if span.end - span.start > 1
            and not span.table.startswith("topic")
            and (span.table.startswith("journal") or span.end - span.start >= 5)
        ]
        self.spans = [
            span
            for span in self.own.terms.find(self.words, first, last, all_of=False)
            if not any(other.start <= span.start < other.end for other in named)
        ]
        self.found: list[Difference] = []

    def run(self) -> list[Difference]:
        """Return the differences, in order of place."""
        if self.entry.kind == "untraced":
            self._untraced()
            return self.found
        self._sizes()
        self._figures()
        self._years()
        self._lengths()
        self._treatments()
        self._populations()
        self._outcomes()
        self._designs()
        self._comparators()
        self._misuse()
        self.found = [found for found in self.found if not self._as_said(found)]
        self.found.sort(key=lambda difference: (difference.start, difference.end))
        return self.found

    def add(self, kind: str, start: int, end: int, record: str = "") -> None:
        self.found.append(Difference(kind, start, end, record))

    def _as_said(self, found: Difference) -> bool:
        """Tell whether a sentence says no more than what the register has to say."""
        if found.kind in ("size", "figure", "year"):
            return False
        low, high = self._sentence(found.start)
        stems = {
            _stem(word)
            for word in self.words[low:high]
            if (len(word) > 2 or word.isdigit()) and word not in _SMALL and not _is_year(word)
        }
        if not stems - self.known.names:
            return False
        stems -= self.known.names
        return any(len(stems & said) >= 0.85 * len(stems) for said in self.known.said)

    # Context

    def clause(self, at: int) -> tuple[int, int]:
        """Return the stretch between breaks and commas around a token."""
        start = at
        while start > self.first and not self._breaks(start - 1):
            start -= 1
        end = at
        while end < self.last and not self._breaks(end):
            end += 1
        return start, end

    def _breaks(self, at: int) -> bool:
        if BREAK in self.tags[at] and self.words[at] not in ("(", ")", "[", "]"):
            return True
        if self.words[at] == "but":
            return True
        return any(
            sentence.first == at + 1
            for sentence in self.page.document.sentences[
                self.anchor.index : self.anchor.index + MOST_FOLLOWING + 2
            ]
        )

    def negated(self, at: int, end: int, reach: int = 9) -> bool:
        """Tell whether a negation reaches a term: before it in its clause, or right behind it."""
        start, stop = self.clause(at)
        before = self.words[max(start, at - reach) : at]
        negators = self.own.sets["negators"]
        if negators.intersection(before):
            return True
        behind = self.words[end : min(end + 4, stop)]
        return bool(
            {
                "not",
                "n't",
                "unchanged",
                "untested",
                "didn't",
                "wasn't",
                "weren't",
                "unproven",
            }.intersection(behind)
        )

    def near(self, names: frozenset[str], start: int, end: int, before: int, after: int) -> bool:
        """Tell whether one of some words stands near a term, in the same sentence."""
        low, high = self.first, self.last
        for sentence in self.page.document.sentences[
            self.anchor.index : self.anchor.index + MOST_FOLLOWING + 1
        ]:
            if sentence.first <= start < sentence.last:
                low, high = max(low, sentence.first), min(high, sentence.last)
        return bool(
            names.intersection(self.words[max(low, start - before) : start])
            or names.intersection(self.words[end : min(end + after, high)])
        )

    # Kinds

    def _untraced(self) -> None:
        handles = [
            span
            for span in self.own.phrases.find(self.words, self.first, self.last, all_of=True)
            if span.name == self.entry.key and span.table.startswith("alias")
        ]
        if handles:
            best = max(handles, key=lambda span: span.end - span.start)
            self.add("untraced", best.start, best.end)

    def _sizes(self) -> None:
        known, own = self.known, self.own
        if not (self.entry.sizes or self.entry.studies):
            return
        review = bool(self.entry.studies)
        for count, noun in self.page.counts(self.first, self.last):
            if noun in own.sets["studies"] and not review:
                continue
            small = count.value < 6 and noun not in own.sets["studies"]
            if small or any(fits(count, value) for value in known.counts):
                continue
            record = self.entry.studies if noun in own.sets["studies"] else self.entry.sizes
            self.add("size", count.start, count.end, ", ".join(record))

    def _figures(self) -> None:
        known = self.known
        allowed = known.percents
        whole = {100 - value for value in allowed}
        for count in self.page.percents(self.first, self.last):
            words = self.words
            behind = words[count.end : count.end + 3]
            ahead = words[max(self.first, count.start - 2) : count.start]
            if count.value == 50 and (
                "least" in ahead
                or "more" in behind[:2]
                or {
                    "fall",
                    "drop",
                    "reduction",
                    "better",
                    "lower",
                    "improvement",
                    "cut",
                }.intersection(behind[:2])
            ):
                continue
            if count.start >= self.anchor.last and not allowed:
                continue
            if any(fits(count, value) for value in allowed):
                self._arm(count)
                continue
            if count.loose == "share" and (
                not allowed or any(fits(count, value) for value in whole)
            ):
                continue
            if (
                count.end < self.last
                and words[count.end] in ("point", "points")
                and any(fits(count, value) for value in known.numbers)
            ):
                continue
            record = ", ".join(f.value for f in self.entry.figures if "%" in f.value)
            self.add("figure", count.start, count.end, record)
        for at in range(self.first, self.last - 2):
            found = self.page.count(at, self.first)
            if found is None:
                continue
            unit = self.words[at + 1]
            if unit in _LARGE and known.money:
                scaled = [value / _LARGE[unit] for value in known.money]
                if not any(fits(found, value) for value in scaled):
                    self.add(
                        "figure",
                        found.start,
                        at + 2,
                        ", ".join(f.value for f in self.entry.figures),
                    )
                continue
            fold = unit == "fold" or (unit == "times" and self.words[at + 2] in _TIMES_WHAT)
            points = unit in ("points", "point") and self.words[at - 1 : at] != ["%"]
            if not (fold or points) or not self.entry.figures:
                continue
            if not any(fits(found, value) for value in known.numbers):
                figures = ", ".join(figure.value for figure in self.entry.figures)
                self.add("figure", found.start, at + 2, figures)

    def _arm(self, count: _Count) -> None:
        """Report a figure of one arm that is given to the other."""
        arms = {
            figure.arm
            for figure, values in self.known.figures
            if any(fits(count, value) for value in values)
        }
        if len(arms) != 1 or not arms & {"treatment", "comparator"}:
            return
        _, stop = self.clause(count.end - 1)
        near: str | None = None
        for span in self.spans:
            if span.table != "treatments" or not count.end <= span.start < min(stop, count.end + 8):
                continue
            between = self.words[count.end : span.start]
            if {
                "versus",
                "vs",
                "v",
                "than",
                "and",
                "against",
                "compared",
                "%",
                ",",
                "over",
            }.intersection(between):
                break
            near = span.name
            break
        if near is None:
            return
        own = near in self.known.treatments and near not in self.known.comparators
        other = near in self.known.comparators and near not in self.known.treatments
        if ("comparator" in arms and own) or ("treatment" in arms and other):
            right = ", ".join(f"{f.value} {f.means}" for f in self.entry.figures if f.arm)
            self.add("figure", count.start, count.end, right)

    def _years(self) -> None:
        known, words = self.known, self.words
        if not known.years:
            return
        for at in range(self.anchor.first, self.anchor.last):
            if not _is_year(words[at]) or int(words[at]) in known.years or self._in_number(at):
                continue
            before = [w for w in words[max(self.first, at - 4) : at] if w not in ("(", ",")]
            behind = [w for w in words[at + 1 : at + 7] if w not in (")", ",")]
            last = before[-1] if before else ""
            if (
                last in ("since", "between", "until", "to", "and", "\u2013", "$", "early")
                or (behind[:1] in (["to"], ["and"], ["\u2013"]) and _is_year("".join(behind[1:2])))
                or behind[:1] == ["dollars"]
            ):
                continue
            named = bool(
                last == "al"
                or last in known.names
                or last in _FOLLOWERS
                or self.own.mentions.intersection(behind)
                or {"published", "reported"}.intersection(before)
                or self.own.mentions.intersection(before[-2:])
                or (last in ("in", "from") and at - self.anchor.first <= 3)
                or (last == "in" and self.entry.kind in ("statistic", "analysis", "regulation"))
                or (
                    last in ("in", "of")
                    and self.own.sets["published"].intersection(words[self.anchor.first : at])
                )
                or words[at - 1 : at] == ["("]
                or words[at + 1 : at + 2] == [")"]
                or any(
                    span.end <= at <= span.end + 3
                    for span in self.own.phrases.find(words, self.anchor.first, at, all_of=True)
                    if span.table.startswith(("journal", "institution", "alias"))
                )
            )
            if named:
                self.add("year", at, at + 1, ", ".join(map(str, sorted(known.years))))

    def _in_number(self, at: int) -> bool:
        """Tell whether a year is part of an identifier: "ajp.2017.17060647"."""
        text, tokens = self.page.document.text, self.page.document.tokens
        before = text[max(tokens.start(at) - 1, 0) : tokens.start(at)]
        behind = text[tokens.end(at) : tokens.end(at) + 2]
        return before in (".", "/", "-") or (behind[:1] == "." and behind[1:].isalnum())

    def _lengths(self) -> None:
        known = self.known
        month = 28 * _UNITS["day"]
        for length, start, end in lengths(self.words, self.first, self.last):
            if self.negated(start, end, 3) or any(_same(length, other) for other in known.lengths):
                continue
            # Of an entry without a length of time, only one that is long is certain to be wrong.
            if known.lengths or (length.hours >= month and self.entry.kind in ("trial", "review")):
                self.add("duration", start, end, ", ".join(self.entry.durations))
        if not known.lengths:
            return
        longest = max(length.hours for length in known.lengths)
        if longest >= _UNITS["year"]:
            return
        for span in self.own.lasting.find(self.words, self.first, self.last, all_of=False):
            if span.name in known.words or self.words[span.start] in known.words:
                continue
            if self.negated(span.start, span.end):
                continue
            if self.near(self.own.sets["change"], span.start, span.end, 3, 3):
                self.add("duration", span.start, span.end, ", ".join(self.entry.durations))

    def _treatments(self) -> None:
        known, words = self.known, self.words
        if not known.treatments:
            return
        own = any(
            span.table == "treatments" and span.name in known.treatments for span in self.spans
        )
        for span in self.spans:
            if span.table == "routes":
                self._route(span)
            if span.table != "treatments" or span.name in known.terms["treatments"]:
                continue
            behind = words[span.end : span.end + 1]
            if behind and behind[0] in (
                "effect",
                "effects",
                "response",
                "action",
                "efficacy",
                "properties",
                "benefit",
                "benefits",
                "withdrawal",
                "experience",
            ):
                continue
            start, _ = self.clause(span.start)
            place = span.start - 1
            while place >= start and words[place] in self.own.sets["passed-over"]:
                place -= 1
            before = words[place] if place >= start else ""
            ahead = words[max(start, span.start - 12) : span.start]
            than = any(word in _THAN for word in ahead[-4:])
            if not than and self.negated(span.start, span.end, 3):
                continue
            if span.name == "placebo" and (
                words[span.start - 1 : span.start] == ["active"] or behind == ["controlled"]
            ):
                continue
            if span.name in ("usual-care", "education") and (
                not known.comparators
                or before
                not in (
                    "than",
                    "versus",
                    "vs",
                    "with",
                    "to",
                    "against",
                )
            ):
                continue
            verbs = [at for at, word in enumerate(ahead) if word in _COMPARE]
            if verbs and self.own.sets["negators"].intersection(
                ahead[max(0, verbs[-1] - 3) : verbs[-1]]
            ):
                continue  # "did not compare it with placebo"
            between = _COMPARE
            if before == "and":
                between = frozenset({"between"})
            if (
                before in _THAN
                or (than and span.name != "antidepressant")
                or before in self.own.sets["beats"]
                or (before in ("with", "to", "and") and between.intersection(ahead))
                or (behind == ["over"] and self.own.sets["beats"].intersection(ahead))
            ):
                self.add(
                    "comparator",
                    span.start,
                    span.end,
                    ", ".join(self.entry.comparators) or "no comparison",
                )
                continue
            if span.name == "antidepressant" or (own and before in self.own.sets["asides"]):
                continue
            if span.name == "ketamine" and own:
                continue  # "esketamine, which is derived from ketamine"
            self.add("treatment", span.start, span.end, ", ".join(self.entry.treatments))

    def _route(self, span: _Span) -> None:
        allowed = self.known.terms["routes"]
        if not self.entry.route or not allowed or span.name in allowed:
            return
        if span.name == "home" and self.entry.settings and "home" in " ".join(self.entry.settings):
            return
        if self.negated(span.start, span.end, 8):
            return
        given = ", ".join((self.entry.route, *self.entry.treatments))
        self.add("treatment", span.start, span.end, given)

    def _allowed(self, name: str, allowed: frozenset[str]) -> bool:
        return name in allowed or any(name in self.own.wider.get(other, ()) for other in allowed)

    def _populates(self, span: _Span) -> bool:
        """Tell whether a condition is that of the people who were studied."""
        words, people = self.words, self.own.sets["people"]
        start, end = span.start, span.end
        counted = people.intersection(words[end : end + 2]) or words[start] in people
        if counted and "," not in words[end : end + 1]:
            return True
        lead = self.own.sets["population-lead"]
        place = start - 1
        steps = 0
        while place >= self.first and steps < 4:
            word = words[place]
            if word in lead:
                if word == "from" and words[place - 1 : place] == ["abstinent"]:
                    return False
                return not (
                    word in ("in", "of", "for")
                    and self.own.sets["change"].intersection(
                        words[max(self.first, place - 2) : place]
                    )
                    and not people.intersection(words[max(self.first, place - 2) : place])
                )
            if word == "the" or word in self.own.sets["change"]:
                return False
            place -= 1
            steps += 1
        return False

    def _populations(self) -> None:
        known = self.known
        allowed = known.terms["conditions"]
        if not known.conditions and not self.entry.population:
            return
        named: list[_Span] = []
        for span in self.spans:
            if span.table != "conditions" or self.negated(span.start, span.end, 4):
                continue
            if not self._populates(span):
                continue
            named.append(span)
            sure = bool(known.conditions) or span.name in self.own.sets["kinds-of-people"]
            if sure and not self._allowed(span.name, allowed):
                self.add(
                    "population",
                    span.start,
                    span.end,
                    self.entry.population or ", ".join(self.entry.conditions),
                )
        # A review of several diagnoses, told as a review of one.
        families = {
            name
            for name in known.conditions
            if not any(name in self.own.wider.get(other, ()) for other in known.conditions)
        }
        kinds = {
            span.name
            for span in self.spans
            if span.table == "conditions" and span.start < self.anchor.last
        }
        if len(families) >= 3 and len(kinds) == 1 and self.entry.kind in ("review", "cohort"):
            only = [span for span in named if span.name in kinds]
            if not only:
                return
            span = only[0]
            before = self.words[max(self.first, span.start - 5) : span.start]
            if span.name in families and not {
                "including",
                "such",
                "most",
                "mostly",
                "mainly",
                "some",
                "several",
                "and",
            }.intersection(before):
                self.add(
                    "population",
                    span.start,
                    span.end,
                    self.entry.population or ", ".join(self.entry.conditions),
                )

    def _outcomes(self) -> None:
        known, words = self.known, self.words
        allowed = known.terms["outcomes"]
        if not allowed and not self.entry.outcomes:
            return
        if known.nothing:
            self._nothing()
        self._figure_outcomes()
        plain = self.own.sets["sure-outcomes"]
        for span in self.spans:
            if span.table != "outcomes":
                continue
            if span.name in allowed:
                if span.name in known.null:
                    self._null_outcome(span)
                continue
            if self.negated(span.start, span.end, 5) and not self._denied(span):
                continue
            same = next(
                (
                    other
                    for other in self.spans
                    if other.table == "conditions"
                    and other.start <= span.start
                    and span.end <= other.end
                ),
                None,
            )
            if same is not None and (
                self._populates(same)
                or (same.end > span.end and same.name in known.terms["conditions"])
            ):
                continue
            if (
                span.name not in plain
                and self.own.sets["change"].isdisjoint(words[span.start : span.end])
                and not self.near(self.own.sets["change"], span.start, span.end, 5, 4)
            ):
                continue
            behind = words[span.end : span.end + 2]
            if behind[:1] in (["trial"], ["trials"], ["study"], ["scale"], ["prevention"]):
                continue
            self.add("outcome", span.start, span.end, ", ".join(self.entry.outcomes))

    def _denied(self, span: _Span) -> bool:
        """Tell whether a sentence says that a treatment did not change an outcome: so it was measured."""
        start, _ = self.clause(span.start)
        before = frozenset(self.words[max(start, span.start - 5) : span.start])
        own = self.own.sets
        return (
            span.name in own["sure-outcomes"]
            and bool(before & own["change"])
            and not before & own["measuring"]
        )

    def _null_outcome(self, span: _Span) -> None:
        """Report a difference on an outcome where the record says that there was none."""
        start, _ = self.clause(span.start)
        low = max(start, span.start - 6)
        for at in range(low, span.start):
            weak = self.words[at] in ("effect", "effects", "symptoms", "rate")
            told = self.words[at] in self.own.sets["comparative"] | self.own.sets["change"]
            if told and not weak and not self.negated(span.start, span.end, 14):
                self.add("outcome", at, span.end, "no difference")
                return

    def _nothing(self) -> None:
        """Report "more than", "better than" of a study that found no difference."""
        words = self.words[self.first : self.last]
        if self.own.sets["negators"].intersection(words) or "difference" in words:
            return
        for at in range(self.first, self.last):
            if self.words[at] in self.own.sets["comparative"] | (self.own.sets["beats"] - _FAVOURS):
                end = next(
                    (
                        place + 1
                        for place in range(at, min(at + 4, self.last))
                        if self.words[place] == "than"
                    ),
                    at + 1,
                )
                self.add("outcome", at, end, "no difference")
                return

    def _figure_outcomes(self) -> None:
        """Report a percentage of one outcome that is given as that of another: response, remission."""
        plain = self.own.sets["sure-outcomes"]
        counts = [
            count for count in self.page.percents(self.first, self.last) if count.loose != "share"
        ]
        counts += [
            count
            for at in range(self.first, self.last)
            if (count := self.page.count(at, self.first)) and count.decimals == 2
        ]
        for count in counts:
            owners = [
                figure
                for figure, values in self.known.figures
                if any(fits(count, value) for value in values)
                or (count.decimals == 2 and _number(figure.value) == count.value)
            ]
            rights = self.own.outcomes_of(figure.outcome for figure in owners)
            if not owners or not rights & plain:
                continue
            low, high = self._sentence(count.start)
            near = [
                span
                for span in self.spans
                if span.table == "outcomes" and low <= span.start < high and span.name in plain
            ]
            if not near or any(span.name in rights for span in near):
                continue
            span = min(near, key=lambda span: abs(span.start - count.start))
            if abs(span.start - count.start) <= 16 and not self.negated(span.start, span.end, 5):
                self.add(
                    "outcome",
                    span.start,
                    span.end,
                    "; ".join(f"{f.value} {f.means}" for f in owners),
                )

    def _sentence(self, at: int) -> tuple[int, int]:
        for sentence in self.page.document.sentences[
            self.anchor.index : self.anchor.index + MOST_FOLLOWING + 1
        ]:
            if sentence.first <= at < sentence.last:
                return sentence.first, sentence.last
        return self.first, self.last

    def _designs(self) -> None:
        allowed = self.known.terms["designs"]
        if not allowed:
            return
        for span in self.spans:
            if span.table != "designs" or span.name not in self.own.sets["strong-designs"]:
                continue
            if span.name in allowed or self.negated(span.start, span.end):
                continue
            before = self.words[max(self.first, span.start - 5) : span.start]
            if {
                "for",
                "need",
                "needs",
                "needed",
                "further",
                "larger",
                "more",
                "future",
                "await",
            }.intersection(before):
                continue
            if self.entry.kind == "review" and span.name in (
                "randomised",
                "double-blind",
                "placebo-controlled",
                "crossover",
            ):
                continue
            self.add("design", span.start, span.end, self.entry.design)

    def _compares(self) -> bool:
        """Tell whether a mention says what the treatment was compared with."""
        known = self.known
        for span in self.spans:
            if span.table == "treatments" and span.name in known.comparators - known.treatments:
                return True
        for at in range(self.first, self.last):
            if self.words[at] in self.own.sets["comparison"]:
                if (
                    self.words[at] == "than"
                    and at + 1 < self.last
                    and _number(self.words[at + 1]) is not None
                ):
                    continue
                return True
        return False

    def _comparators(self) -> None:
        known, words = self.known, self.words
        if not known.comparators and not self.entry.comparators:
            self._invented()
            return
        if self._compares():
            return
        other = [f for f in self.entry.figures if f.arm == "comparator"]
        others = [p for f, values in known.figures if f.arm == "comparator" for p in values]
        counts = list(self.page.percents(self.first, self.last))
        if any(
            fits(count, value) for count in counts for value in others if count.loose != "share"
        ):
            return
        record = "; ".join(f"{f.value} {f.means}" for f in other) or ", ".join(
            self.entry.comparators
        )
        for count in counts:
            for figure, values in known.figures:
                if figure.arm == "treatment" and any(fits(count, v) for v in values):
                    rivals = [
                        f
                        for f in other
                        if not f.outcome or not figure.outcome or f.outcome == figure.outcome
                    ]
                    if rivals:
                        self.add("comparator", count.start, count.end, record)
                        return
        if not known.compares:
            return
        allowed = known.terms["outcomes"]
        for at in range(self.first, self.last):
            word = words[at]
            if words[at - 1 : at] in (["or"], ["and"]):
                continue  # "4 points or more"
            comparative = word in self.own.sets["comparative"]
            change = word in self.own.sets["change"] and word.endswith(
                ("ed", "fell", "cut", "rose")
            )
            if not (comparative or change) or self.negated(at, at + 1):
                continue
            for span in self.spans:
                if span.table != "outcomes" or span.name not in allowed:
                    continue
                if not (
                    at < span.start <= at + 7
                    or (not comparative and span.end <= at <= span.end + 4)
                ):
                    continue
                if {"research", "trials", "studies", "evidence"}.intersection(
                    words[at + 1 : at + 3]
                ):
                    continue
                self.add("comparator", min(at, span.start), max(at + 1, span.end), record)
                return

    def _invented(self) -> None:
        """Report a comparison with something else where the study compared nothing."""
        if any(f.arm == "comparator" for f in self.entry.figures) or self.entry.kind not in (
            "trial",
            "review",
            "cohort",
        ):
            return
        words = self.words
        for at in range(self.first, self.last):
            if words[at] != "than" or (at + 1 < self.last and _number(words[at + 1]) is not None):
                continue
            low, _ = self.clause(at)
            start = next(
                (
                    place
                    for place in range(at - 1, max(low, at - 5) - 1, -1)
                    if words[place] in self.own.sets["comparative"]
                ),
                -1,
            )
            if start < 0 or self.negated(start, at + 1):
                continue
            end = min(at + 4, self.clause(at)[1])
            self.add("comparator", start, end, "no comparison")

    def _misuse(self) -> None:
        """Report a sentence that says what the register warns against, nearly word for word."""
        for sentence in self.page.document.sentences[
            self.anchor.index : self.anchor.index + MOST_FOLLOWING + 1
        ]:
            if sentence.last > self.last:
                break
            words = self.words[sentence.first : sentence.last]
            if self.own.sets["negators"].intersection(words):
                continue
            here = {_stem(word): at for at, word in enumerate(words, sentence.first)}
            if "50" in here and "%" in here:
                here["half"] = here["50"]
            for misuse, stems in self.known.misuses:
                shared = stems & here.keys()
                if len(shared) >= 5 and len(shared) >= 0.85 * len(stems):
                    places = sorted(here[stem] for stem in shared)
                    self.add("misuse", places[0], places[-1] + 1, misuse)


def _same(length: _Length, other: _Length) -> bool:
    """Tell whether two lengths of time are one: 24 hours and a day, four weeks and a month."""
    slack = 0.02 if length.unit == other.unit else 0.09
    return abs(length.hours - other.hours) <= slack * max(length.hours, other.hours)
