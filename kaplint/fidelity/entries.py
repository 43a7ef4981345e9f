"""Entries of the register, read for comparison, and the index by which they are found."""

from __future__ import annotations

from math import log2

from kaplint.fidelity.figures import (
    UNIT,
    Length,
    all_values,
    is_year,
    large_values,
    lengths,
    percent_values,
    plain_percents,
    value_of,
)
from kaplint.records import dataclass
from kaplint.tokens import Lexicon, fold

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kaplint.register import Entry, Figure, Register

__all__ = [
    "COMMON",
    "KINDS",
    "MARKS",
    "NAMES",
    "SMALL",
    "SPELLED",
    "TABLES",
    "TERMS",
    "TRUST",
    "WORDS",
    "Known",
    "Reader",
    "TermSpan",
    "Terms",
    "indexed",
    "stem_of",
    "strings",
    "table_of",
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
TERMS = ("treatments", "routes", "conditions", "outcomes", "designs")
# How far a kind of evidence can be trusted to speak for an entry, next to how rare it is.
TRUST = {
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
# In a small register, how rare a thing is counts as it would among so many entries.
COMMON = 100
MARKS = frozenset("(),[]\"'*;:")
SMALL = frozenset(
    "that this with from have were been those their than what when people patients they them".split()
)
SPELLED = {"programme": "program", "behavioural": "behavioral", "randomised": "randomized"}


@dataclass(frozen=True, slots=True)
class TermSpan:
    """A term of a table where it stands in copy."""

    table: str
    name: str
    start: int
    end: int


@dataclass(slots=True)
class Known:
    """An entry, read for comparison: everything that copy about it may state."""

    entry: Entry
    names: frozenset[str]
    years: frozenset[int]
    counts: frozenset[float]
    percents: tuple[float, ...]
    numbers: frozenset[float]
    money: tuple[float, ...]
    lengths: tuple[Length, ...]
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


def stem_of(word: str) -> str:
    """Return what two forms of a word share, near enough to tell that they are forms of one."""
    word = SPELLED.get(word, word)
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


class Terms:
    """Words and terms of several words, found in a list of tokens, the longest first."""

    def __init__(self) -> None:
        self.by_first: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}

    def add(self, words: list[str], table: str, name: str) -> None:
        """Add a term: its words, the table it stands in, and what it is a name of."""
        words = [word for word in words if word not in MARKS]
        if words:
            self.by_first.setdefault(words[0], []).append((tuple(words[1:]), table, name))

    def close(self) -> None:
        """Put the longest terms first; to be called when all have been added."""
        for options in self.by_first.values():
            options.sort(key=lambda option: -len(option[0]))

    def find(self, words: list[str], first: int, last: int, *, all_of: bool) -> Iterator[TermSpan]:
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
                    while end < last and words[end] in MARKS:
                        end += 1
                    if end >= last or words[end] != word:
                        break
                    end += 1
                else:
                    if not all_of:
                        done.add(table)
                        taken[table] = end
                    yield TermSpan(table, name, at, end)


class Reader:
    """Reads texts of the register by the words of comparison."""

    def __init__(self, words: Mapping[str, object]) -> None:
        """``words`` is what ``rules/fidelity.yaml`` says, as the pack keeps it."""
        # Entries are read apart from any page: their words need no classes.
        self._lexicon = Lexicon([], {}, [])
        self._cuts: dict[str, list[str]] = {}
        self.sets = {name: frozenset(strings(words.get(name))) for name in WORDS}
        tables = {name: table_of(words.get(name)) for name in TABLES}
        self.mentions_one = frozenset(tables["mentions"].get("one", ()))
        self.mentions = self.mentions_one | frozenset(tables["mentions"].get("many", ()))
        self.alone = frozenset(tables["carries-on"].get("alone", ()))
        self.pointing = frozenset(tables["carries-on"].get("pointing", ()))
        self.subjects = frozenset(tables["carries-on"].get("subjects", ()))
        self.wider = {name: frozenset(found) for name, found in tables["wider"].items()}
        self.imply = {name: frozenset(found) for name, found in tables["designs-imply"].items()}
        self.terms = Terms()
        for table in TERMS:
            for name, found in tables[table].items():
                for term in found:
                    self.terms.add(term.split(" "), table, name)
        self.terms.close()
        self.lasting = Terms()
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
            found = self._cuts[text] = plain_percents([word for word, _, _ in read])
        return found

    def know(self, entry: Entry) -> Known:
        """Return an entry with everything that copy about it may state."""
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
        every = [value for words in numbers for value in all_values(words)]
        counts = {float(count.replace(",", "")) for count in (*entry.sizes, *entry.studies)}
        authors = cited.authors if cited else ()
        surnames = [author.rpartition(" ")[0] or author for author in authors]
        years = set(entry.years) or ({cited.year} if cited and cited.year else set())
        if entry.kind not in ("trial", "review", "cohort", "survey"):
            # What is no study is dated by what it tells of, too: "US$326 billion in 2018".
            years |= {int(word) for words in numbers for word in words if is_year(word)}
        return Known(
            entry=entry,
            names=frozenset(self.surname(name) for name in (*entry.names, *surnames)),
            years=frozenset(years),
            counts=frozenset(counts) | frozenset(value for value in every if value == int(value)),
            percents=tuple(sorted({value for words in numbers for value in percent_values(words)})),
            numbers=frozenset(every),
            money=tuple(sorted({value for words in numbers for value in large_values(words)})),
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
                (figure, tuple(percent_values(self.cut(figure.value)))) for figure in entry.figures
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
            stem_of(word)
            for word in self.cut(text)
            if (len(word) > 2 or word.isdigit()) and word not in SMALL
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

    def _spans(self, table: str, words: list[str]) -> list[TermSpan]:
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
        for feature, keys in sorted(holders.items()):
            kind, _, name = feature.partition("|")
            trust = TRUST[kind]
            if kind == "alias" and not self.distinct(name):
                trust = 0.4
            weights[feature] = dict.fromkeys(
                sorted(keys), round(trust * log2(1 + total / len(keys)), 2)
            )
        return {"weights": weights, "phrases": phrases, "heads": heads, "studied": sorted(studied)}

    def features(self, known: Known) -> Iterator[str]:
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
        plain = self.mentions | self.sets["people"] | self.sets["studies"] | UNIT.keys() | {"%"}
        words = self.cut(phrase)
        telling = [
            word for word in words if word not in plain and value_of(word) is None and len(word) > 3
        ]
        counts = [word for word in words if (value_of(word) or 0) > 100]
        return bool(telling) or bool(counts) or (len(words) >= 3 and any(map(value_of, words)))


def indexed(register: Register, words: Mapping[str, object]) -> dict[str, object]:
    """Return the index by which entries are found, as JSON; for the pack."""
    return Reader(words).index(register)


def strings(value: object) -> list[str]:
    """Return a list of JSON as strings; nothing where it is no list."""
    return [str(item) for item in value] if isinstance(value, list) else []


def table_of(value: object) -> dict[str, list[str]]:
    """Return an object of JSON as lists of strings by name."""
    found = value if isinstance(value, dict) else {}
    return {str(name): strings(words) for name, words in found.items()}
