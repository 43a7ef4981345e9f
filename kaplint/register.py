"""The register of evidence (``rules/evidence/``): studies and facts, and what may be said of each.

Read when a pack is built, and kept as a part of it of its own, so that only what asks for evidence
pays for it. An entry that nobody has confirmed never asserts: it has no sentence to use, no figures
and no claims that it supports, only the ways copy refers to it.
"""

from __future__ import annotations

import re

from kaplint.records import dataclass, field

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kaplint.yamlfile import Node, YamlFile

__all__ = [
    "ARMS",
    "KINDS",
    "STATUSES",
    "STRENGTHS",
    "Citation",
    "Disclosure",
    "Entry",
    "Figure",
    "Register",
    "Statement",
    "Support",
    "from_json",
    "read",
    "to_json",
]

KINDS = (
    "trial",
    "review",
    "cohort",
    "survey",
    "analysis",
    "preclinical",
    "label",
    "regulation",
    "guideline",
    "statistic",
    "untraced",
)
STATUSES = ("confirmed", "partly", "unconfirmed", "retracted", "preprint")
STRENGTHS = ("established", "moderate", "preliminary", "contradicted")
ARMS = ("treatment", "comparator")
# Kinds whose confirmed entries describe people who were studied, and say how.
STUDIES = ("trial", "review", "cohort", "survey", "analysis")

_CITATION_KEYS = dict.fromkeys(
    (
        "authors",
        "et-al",
        "title",
        "journal",
        "year",
        "volume",
        "issue",
        "pages",
        "doi",
        "pmid",
        "pmcid",
        "registry",
        "url",
    ),
    False,
)
_ENTRY_KEYS = {
    "kind": True,
    "status": True,
    **dict.fromkeys(
        (
            "citation",
            "design",
            "population",
            "dose",
            "route",
            "limits",
            "say",
            "not-say",
            "says-of-it",
            "names",
            "journals",
            "institutions",
            "aliases",
            "topics",
            "years",
            "sizes",
            "studies",
            "figures",
            "treatments",
            "comparators",
            "conditions",
            "outcomes",
            "durations",
            "design-words",
            "settings",
            "supports",
        ),
        False,
    ),
}
# What a matcher compares with copy that it has made lower case.
_LOWER = (
    "names",
    "journals",
    "institutions",
    "aliases",
    "topics",
    "treatments",
    "comparators",
    "conditions",
    "outcomes",
    "durations",
    "design-words",
    "settings",
)
_FIGURE_KEYS = {"value": True, "is": True, "arm": False, "outcome": False}
_SUPPORT_KEYS = {"treatment": True, "condition": True, "strength": True}
_STATEMENT_KEYS = {
    "treatment": True,
    "condition": True,
    "sentence": True,
    "short": True,
    "headline": True,
    "entries": True,
}
_DISCLOSURE_KEYS = {
    "duty": True,
    "treatment": False,
    "country": False,
    "sentence": True,
    "entries": True,
}
# What an entry that nobody has confirmed may not have.
_ASSERTS = ("say", "figures", "sizes", "studies", "durations", "supports")

_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_COUNT = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})*")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_IDENTIFIERS = {
    "doi": (re.compile(r"10\.[0-9]{4,9}/[^\s\"<>]+"), "10.1176/appi.ajp.2017.17060647"),
    "pmid": (re.compile(r"[1-9][0-9]{0,7}"), "30922101"),
    "pmcid": (re.compile(r"PMC[1-9][0-9]{0,8}"), "PMC8808464"),
    "registry": (re.compile(r"(?:NCT|ACTRN|CRD|ISRCTN)[0-9]{8,14}"), "NCT01700829"),
    "url": (re.compile(r"https?://[a-z0-9][^\s\"<>]+"), "https://..."),
}


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a study or a document is found; only what was confirmed is filled in."""

    authors: tuple[str, ...] = ()
    et_al: bool = False
    title: str = ""
    journal: str = ""
    year: int = 0
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    pmid: str = ""
    pmcid: str = ""
    registry: tuple[str, ...] = ()
    url: str = ""

    @property
    def link(self) -> str:
        """Return the address to send a reader to: of the DOI, else of an index, else the page read."""
        if self.doi:
            return f"https://doi.org/{self.doi}"
        if self.pmid:
            return f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/"
        if self.pmcid:
            return f"https://pmc.ncbi.nlm.nih.gov/articles/{self.pmcid}/"
        return self.url


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that may be quoted: as it is written, what it is, and of which arm and outcome."""

    value: str
    means: str
    arm: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Support:
    """A claim that an entry may be cited for, and how strongly it bears it."""

    treatment: str
    condition: str
    strength: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A study or a fact. Words that are compared with copy are lower case.

    ``topic`` is the file it stands in; ``place`` is that file and the line, to be shown.
    """

    key: str
    kind: str
    status: str
    topic: str = ""
    place: str = ""
    citation: Citation | None = None
    design: str = ""
    population: str = ""
    dose: str = ""
    route: str = ""
    limits: tuple[str, ...] = ()
    say: str = ""
    not_say: tuple[str, ...] = ()
    says_of_it: str = ""
    names: tuple[str, ...] = ()
    journals: tuple[str, ...] = ()
    institutions: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    sizes: tuple[str, ...] = ()
    studies: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    treatments: tuple[str, ...] = ()
    comparators: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    durations: tuple[str, ...] = ()
    design_words: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    supports: tuple[Support, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """What may be said of a treatment for a condition, and the entries it rests on.

    ``short`` is a verb phrase whose subject is the treatment.
    """

    treatment: str
    condition: str
    sentence: str
    short: str
    headline: str
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A sentence that fulfils a duty of a page, for one treatment or country where it names one."""

    duty: str
    sentence: str
    entries: tuple[str, ...]
    treatment: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Register:
    """Entries by their keys, and the statements and disclosures that rest on them."""

    entries: dict[str, Entry] = field(default_factory=dict)
    statements: tuple[Statement, ...] = ()
    disclosures: tuple[Disclosure, ...] = ()


# From YAML


def read(files: Iterable[YamlFile], duties: Iterable[str]) -> Register:
    """Read the evidence files of all rule folders as one register.

    ``statements.yaml`` and ``disclosures.yaml`` are read as such, every other file as entries of
    the topic it is called after. Mistakes are added to the files' problems.
    """
    entries: dict[str, Entry] = {}
    statements: list[Statement] = []
    disclosures: list[Disclosure] = []
    later: list[tuple[YamlFile, Node, tuple[str, ...]]] = []
    stated: set[tuple[str, str]] = set()
    duties = tuple(duties)
    for file in files:
        if file.root is None:
            continue
        stem = file.path.rpartition("/")[2].removesuffix(".yaml")
        if stem == "statements":
            for item in file.items(file.root):
                statement = _statement(file, item, later)
                if (statement.treatment, statement.condition) in stated:
                    file.problem(
                        item, f"{statement.treatment} for {statement.condition} is stated already"
                    )
                stated.add((statement.treatment, statement.condition))
                statements.append(statement)
        elif stem == "disclosures":
            disclosures += [
                _disclosure(file, item, duties, later) for item in file.items(file.root)
            ]
        else:
            for key, node in file.mapping(file.root).items():
                if not _KEY.fullmatch(key):
                    file.problem(node, f"a key is words like grunebaum-2018, not {key}")
                if key in entries:
                    file.problem(node, f"{key} stands in {entries[key].place} already")
                    continue
                entries[key] = _Reader(file, node, key, stem).entry()
    for file, node, keys in later:
        _check_sources(file, node, keys, entries)
    return Register(entries, tuple(statements), tuple(disclosures))


def _check_sources(
    file: YamlFile, node: Node, keys: tuple[str, ...], entries: Mapping[str, Entry]
) -> None:
    from kaplint.yamlfile import suggestion

    if not keys:
        file.problem(node, "name at least one entry that this rests on")
    for key in keys:
        if key not in entries:
            file.problem(node, f"no such entry: {key}{suggestion(key, entries)}")
        elif entries[key].status != "confirmed":
            file.problem(node, f"{key} is {entries[key].status}: rest this on confirmed entries")


def _statement(
    file: YamlFile, node: Node, later: list[tuple[YamlFile, Node, tuple[str, ...]]]
) -> Statement:
    given = file.mapping(node, _STATEMENT_KEYS)

    def text(key: str) -> str:
        return file.text(given[key]) if key in given else ""

    entries = tuple(file.texts(given["entries"])) if "entries" in given else ()
    if "entries" in given:
        later.append((file, given["entries"], entries))
    return Statement(
        text("treatment"),
        text("condition"),
        text("sentence"),
        text("short"),
        text("headline"),
        entries,
    )


def _disclosure(
    file: YamlFile,
    node: Node,
    duties: tuple[str, ...],
    later: list[tuple[YamlFile, Node, tuple[str, ...]]],
) -> Disclosure:
    given = file.mapping(node, _DISCLOSURE_KEYS)

    def text(key: str) -> str:
        return file.text(given[key]) if key in given else ""

    entries = tuple(file.texts(given["entries"])) if "entries" in given else ()
    if "entries" in given:
        later.append((file, given["entries"], entries))
    return Disclosure(
        file.choice(given["duty"], duties) if "duty" in given else "",
        text("sentence"),
        entries,
        text("treatment"),
        text("country"),
    )


class _Reader:
    """Reads one entry."""

    def __init__(self, file: YamlFile, node: Node, key: str, topic: str) -> None:
        self.file = file
        self.node = node
        self.key = key
        self.topic = topic
        self.given = file.mapping(node, _ENTRY_KEYS)

    def text(self, key: str) -> str:
        return self.file.text(self.given[key]) if key in self.given else ""

    def texts(self, key: str) -> tuple[str, ...]:
        if key not in self.given:
            return ()
        found = tuple(self.file.texts(self.given[key]))
        if key in _LOWER:
            for word in found:
                if word != word.lower():
                    self.file.problem(self.given[key], f"'{key}' is lower case: {word.lower()}")
        return found

    def counts(self, key: str) -> tuple[str, ...]:
        found = self.texts(key)
        for count in found:
            if not _COUNT.fullmatch(count):
                self.file.problem(
                    self.given[key], f"'{key}' takes whole numbers like '1,006', not {count}"
                )
        return found

    def years(self) -> tuple[int, ...]:
        found = []
        for year in self.texts("years"):
            if _YEAR.fullmatch(year):
                found.append(int(year))
            else:
                self.file.problem(self.given["years"], f"a year has four digits, unlike {year}")
        return tuple(found)

    def entry(self) -> Entry:
        file, given = self.file, self.given
        # A mapping in block style begins on the line after its key.
        line = self.node.start_mark.line + bool(getattr(self.node, "flow_style", True))
        entry = Entry(
            key=self.key,
            kind=file.choice(given["kind"], KINDS) if "kind" in given else "",
            status=file.choice(given["status"], STATUSES) if "status" in given else "",
            topic=self.topic,
            place=f"{file.path}:{line}",
            citation=self.citation(given["citation"]) if "citation" in given else None,
            design=self.text("design"),
            population=self.text("population"),
            dose=self.text("dose"),
            route=self.text("route"),
            limits=self.texts("limits"),
            say=self.text("say"),
            not_say=self.texts("not-say"),
            says_of_it=self.text("says-of-it"),
            names=self.texts("names"),
            journals=self.texts("journals"),
            institutions=self.texts("institutions"),
            aliases=self.texts("aliases"),
            topics=self.texts("topics"),
            years=self.years(),
            sizes=self.counts("sizes"),
            studies=self.counts("studies"),
            figures=self.figures(),
            treatments=self.texts("treatments"),
            comparators=self.texts("comparators"),
            conditions=self.texts("conditions"),
            outcomes=self.texts("outcomes"),
            durations=self.texts("durations"),
            design_words=self.texts("design-words"),
            settings=self.texts("settings"),
            supports=self.supports(),
        )
        self.check(entry)
        return entry

    def citation(self, node: Node) -> Citation:
        file = self.file
        given = file.mapping(node, _CITATION_KEYS)

        def text(key: str) -> str:
            return file.text(given[key]) if key in given else ""

        registry = tuple(file.texts(given["registry"])) if "registry" in given else ()
        found = {key: (text(key),) for key in ("doi", "pmid", "pmcid", "url")}
        for key, values in (found | {"registry": registry}).items():
            form, example = _IDENTIFIERS[key]
            for value in values if key in given else ():
                if not form.fullmatch(value):
                    file.problem(given[key], f"'{key}' looks like {example}, not {value}")
        year = text("year")
        if year and not _YEAR.fullmatch(year):
            file.problem(given["year"], f"a year has four digits, unlike {year}")
            year = ""
        return Citation(
            authors=tuple(file.texts(given["authors"])) if "authors" in given else (),
            et_al=file.flag(given["et-al"]) if "et-al" in given else False,
            title=text("title"),
            journal=text("journal"),
            year=int(year or 0),
            volume=text("volume"),
            issue=text("issue"),
            pages=text("pages"),
            doi=text("doi"),
            pmid=text("pmid"),
            pmcid=text("pmcid"),
            registry=registry,
            url=text("url"),
        )

    def figures(self) -> tuple[Figure, ...]:
        file, found = self.file, []
        for item in file.items(self.given["figures"]) if "figures" in self.given else []:
            given = file.mapping(item, _FIGURE_KEYS)
            arm = file.choice(given["arm"], ARMS) if "arm" in given else ""
            outcome = file.text(given["outcome"]) if "outcome" in given else ""
            if {"value", "is"} <= given.keys():
                found.append(
                    Figure(file.text(given["value"]), file.text(given["is"]), arm, outcome)
                )
        return tuple(found)

    def supports(self) -> tuple[Support, ...]:
        file, found = self.file, []
        for item in file.items(self.given["supports"]) if "supports" in self.given else []:
            given = file.mapping(item, _SUPPORT_KEYS)
            if _SUPPORT_KEYS.keys() <= given.keys():
                found.append(
                    Support(
                        file.text(given["treatment"]),
                        file.text(given["condition"]),
                        file.choice(given["strength"], STRENGTHS),
                    )
                )
        return tuple(found)

    def check(self, entry: Entry) -> None:
        """Hold an entry to what its kind and status ask of it."""

        def need(keys: Iterable[str], why: str) -> None:
            for key in keys:
                if key not in self.given:
                    self.file.problem(self.node, f"{self.key} lacks '{key}': {why}")

        silent = entry.status == "unconfirmed"
        if entry.kind == "untraced":
            need(("aliases", "says-of-it"), "a claim without a source is known by its words")
            if not silent:
                self.file.problem(self.node, f"{self.key} is untraced: its status is unconfirmed")
            silent = True
        elif not silent and entry.status != "retracted":
            need(("say", "says-of-it"), f"the entry is {entry.status}")
        if silent:
            for key in _ASSERTS:
                if key in self.given:
                    self.file.problem(
                        self.given[key], f"{self.key} is not confirmed: it may not have '{key}'"
                    )
        if entry.kind in STUDIES and entry.status == "confirmed":
            need(
                ("citation", "design", "population", "treatments", "conditions"),
                f"a confirmed {entry.kind} says what was studied",
            )
            cited = entry.citation
            if cited and not (
                cited.doi
                or cited.pmid
                or cited.pmcid
                or cited.registry
                or cited.url
                or (cited.year and (cited.authors or cited.title))
            ):
                self.file.problem(
                    self.given["citation"],
                    "a citation has a year and authors or a title, or else an identifier or address",
                )
        if entry.supports and entry.status == "retracted":
            self.file.problem(
                self.given["supports"], f"{self.key} is retracted: it supports nothing"
            )


# To and from JSON


def to_json(register: Register) -> dict[str, object]:
    """Return the register as JSON holds it; what is empty is left out."""
    return {
        "entries": [_fields(entry) for entry in register.entries.values()],
        "statements": [_fields(statement) for statement in register.statements],
        "disclosures": [_fields(disclosure) for disclosure in register.disclosures],
    }


def _fields(record: object) -> dict[str, object]:
    names: tuple[str, ...] = getattr(record, "__slots__", ())
    values = {name: getattr(record, name) for name in names}
    return {name: _plain(value) for name, value in values.items() if value}


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int) else _fields(value)


def from_json(data: Mapping[str, object]) -> Register:
    """Return the register that ``to_json`` wrote."""
    entries = [_entry(item) for item in _mappings(data, "entries")]
    return Register(
        {entry.key: entry for entry in entries},
        tuple(
            Statement(
                _text(item, "treatment"),
                _text(item, "condition"),
                _text(item, "sentence"),
                _text(item, "short"),
                _text(item, "headline"),
                _texts(item, "entries"),
            )
            for item in _mappings(data, "statements")
        ),
        tuple(
            Disclosure(
                _text(item, "duty"),
                _text(item, "sentence"),
                _texts(item, "entries"),
                _text(item, "treatment"),
                _text(item, "country"),
            )
            for item in _mappings(data, "disclosures")
        ),
    )


def _entry(data: Mapping[str, object]) -> Entry:
    cited = data.get("citation")
    return Entry(
        key=_text(data, "key"),
        kind=_text(data, "kind"),
        status=_text(data, "status"),
        topic=_text(data, "topic"),
        place=_text(data, "place"),
        citation=_citation(cited) if isinstance(cited, dict) else None,
        design=_text(data, "design"),
        population=_text(data, "population"),
        dose=_text(data, "dose"),
        route=_text(data, "route"),
        limits=_texts(data, "limits"),
        say=_text(data, "say"),
        not_say=_texts(data, "not_say"),
        says_of_it=_text(data, "says_of_it"),
        names=_texts(data, "names"),
        journals=_texts(data, "journals"),
        institutions=_texts(data, "institutions"),
        aliases=_texts(data, "aliases"),
        topics=_texts(data, "topics"),
        years=tuple(int(year) for year in _texts(data, "years")),
        sizes=_texts(data, "sizes"),
        studies=_texts(data, "studies"),
        figures=tuple(
            Figure(
                _text(item, "value"),
                _text(item, "means"),
                _text(item, "arm"),
                _text(item, "outcome"),
            )
            for item in _mappings(data, "figures")
        ),
        treatments=_texts(data, "treatments"),
        comparators=_texts(data, "comparators"),
        conditions=_texts(data, "conditions"),
        outcomes=_texts(data, "outcomes"),
        durations=_texts(data, "durations"),
        design_words=_texts(data, "design_words"),
        settings=_texts(data, "settings"),
        supports=tuple(
            Support(_text(item, "treatment"), _text(item, "condition"), _text(item, "strength"))
            for item in _mappings(data, "supports")
        ),
    )


def _citation(data: Mapping[str, object]) -> Citation:
    return Citation(
        authors=_texts(data, "authors"),
        et_al=data.get("et_al") is True,
        title=_text(data, "title"),
        journal=_text(data, "journal"),
        year=int(_text(data, "year") or 0),
        volume=_text(data, "volume"),
        issue=_text(data, "issue"),
        pages=_text(data, "pages"),
        doi=_text(data, "doi"),
        pmid=_text(data, "pmid"),
        pmcid=_text(data, "pmcid"),
        registry=_texts(data, "registry"),
        url=_text(data, "url"),
    )


def _text(data: Mapping[str, object], key: str) -> str:
    return str(data.get(key, ""))


def _texts(data: Mapping[str, object], key: str) -> tuple[str, ...]:
    found = data.get(key)
    return tuple([str(item) for item in found]) if isinstance(found, list) else ()


def _mappings(data: Mapping[str, object], key: str) -> list[dict[str, object]]:
    found = data.get(key)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
