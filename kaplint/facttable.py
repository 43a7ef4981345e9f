"""Tables of facts (``pharmacology.yaml``): subject, relation, object, and what is known of each.

Read when a pack is built. What leaves this module is the outcome for every triple that can be
judged: ``contradicted`` (a settled fact says otherwise), ``doubted`` (the usual account says
otherwise), ``unproven`` (leading or disputed, yet said plainly) or ``holds``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from kaplint.inflect import Irregular, VerbForms, plural, verb_forms
from kaplint.tokens import Lexicon, fold, tokenize
from kaplint.yamlfile import Node, YamlFile, suggestion

__all__ = ["FORMS", "VERDICTS", "FactTable", "Relation", "read_tables"]

VERDICTS = ("contradicted", "doubted", "unproven")
FORMS = ("base", "s", "past", "participle", "ing")

_FACT_KEYS = {
    "id": True,
    "subject": True,
    "relation": True,
    "object": True,
    "holds": True,
    "confidence": True,
    "category": True,
    "says": True,
    "one_way": False,
    "unless": False,
    "only": False,
    "sources": False,
}
_RELATION_KEYS = dict.fromkeys(
    ("verbs", "phrases", "nouns", "events", "tails", "opposite", "symmetric", "apposition"), False
)
_CLOSED_KEYS = dict.fromkeys(
    ("subject", "kind", "relations", "objects", "not_settled", "says"), True
)
_NO_WORDS = Lexicon([], {}, [])


@dataclass(slots=True)
class Relation:
    """How a relation is put into words; every phrase is cut into tokens, a space between them."""

    verbs: dict[str, list[str]] = field(default_factory=dict)  # form -> phrases
    loose: dict[str, list[list[str]]] = field(default_factory=dict)  # "acts" -> [[form, "on"]]
    nouns: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    tails: list[str] = field(default_factory=list)
    opposite: list[str] = field(default_factory=list)
    symmetric: bool = False
    apposition: bool = False


@dataclass(frozen=True, slots=True)
class _Fact:
    name: str
    verdict: str
    category: str
    says: str
    unless: tuple[str, ...]
    only: str
    one_way: bool


@dataclass(slots=True)
class FactTable:
    """A table as it was read: entities, relations and the outcome for each triple."""

    names: dict[str, list[str]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    relations: dict[str, Relation] = field(default_factory=dict)
    facts: dict[tuple[str, str, str], _Fact] = field(default_factory=dict)

    def rows(self) -> tuple[list[list[object]], dict[str, int]]:
        """Return the outcomes, each once, and which of them each triple has (-1: it holds)."""
        rows: list[list[object]] = []
        numbers: dict[_Fact, int] = {}
        triples: dict[str, int] = {}
        for triple, fact in self.facts.items():
            if fact.verdict == "holds":
                triples["|".join(triple)] = -1
                continue
            if fact not in numbers:
                numbers[fact] = len(rows)
                rows.append(
                    [
                        fact.name,
                        fact.verdict,
                        fact.category,
                        fact.says,
                        list(fact.unless),
                        fact.only,
                    ]
                )
            triples["|".join(triple)] = numbers[fact]
        return rows, triples


def _cut(text: str) -> str:
    """Return a phrase as the tokeniser cuts it, a space between tokens."""
    return " ".join(tokenize(fold(text).lower(), _NO_WORDS).words)


def _both_numbers(name: str, irregular: Irregular) -> Iterable[str]:
    yield _cut(name)
    yield _cut(plural(name, irregular))
    head, of, rest = name.partition(" of ")
    if of:
        yield _cut(plural(head, irregular) + of + rest)


def read_tables(files: Iterable[YamlFile], irregular: Irregular) -> FactTable:
    """Read the tables of all rule folders as one; mistakes are added to the files' problems."""
    table = FactTable()
    for file in files:
        if file.root is None:
            continue
        keys = {
            "entities": True,
            "relations": True,
            "facts": True,
            "closed": False,
            "sources": False,
        }
        entries = file.mapping(file.root, keys)
        if "entities" in entries:
            _read_entities(table, file, entries["entities"], irregular)
        if "relations" in entries:
            _read_relations(table, file, entries["relations"], irregular)
        if "facts" in entries:
            _read_facts(table, file, entries["facts"])
        if "closed" in entries:
            _read_closed(table, file, entries["closed"])
    return table


def _read_entities(table: FactTable, file: YamlFile, node: Node, irregular: Irregular) -> None:
    for name, value in file.mapping(node).items():
        entry = file.mapping(value, {"kind": True, "names": True})
        table.kinds[name] = file.text(entry.get("kind"))
        found = table.names.setdefault(name, [])
        for text in file.texts(entry.get("names")):
            found.extend(form for form in _both_numbers(text, irregular) if form not in found)


def _read_relations(table: FactTable, file: YamlFile, node: Node, irregular: Irregular) -> None:
    for name, value in file.mapping(node).items():
        entry = file.mapping(value, _RELATION_KEYS)
        relation = table.relations.setdefault(name, Relation())
        for text in file.texts(entry["verbs"]) if "verbs" in entry else []:
            _add_verb(relation, verb_forms(text, irregular))
        for text in file.texts(entry["phrases"]) if "phrases" in entry else []:
            relation.verbs.setdefault("s", []).append(_cut(text))
        for text in file.texts(entry["nouns"]) if "nouns" in entry else []:
            relation.nouns.extend(_both_numbers(text, irregular))
        for text in file.texts(entry["events"]) if "events" in entry else []:
            relation.events.append(_cut(text))
        for text in file.texts(entry["tails"]) if "tails" in entry else []:
            relation.tails.append(_cut(text))
        if "opposite" in entry:
            relation.opposite = file.texts(entry["opposite"])
        if "symmetric" in entry:
            relation.symmetric = file.flag(entry["symmetric"])
        if "apposition" in entry:
            relation.apposition = file.flag(entry["apposition"])


def _add_verb(relation: Relation, forms: VerbForms) -> None:
    for form in FORMS:
        text = _cut(str(getattr(forms, form)))
        relation.verbs.setdefault(form, []).append(text)
        word, _, rest = text.partition(" ")
        if rest:
            relation.loose.setdefault(word, []).append([form, rest])
    if forms.base == "be":
        relation.verbs["s"].append("are")
        relation.verbs["past"].append("were")


def _read_facts(table: FactTable, file: YamlFile, node: Node) -> None:
    derived: dict[tuple[str, str, str], _Fact] = {}
    for item in file.items(node):
        entry = file.mapping(item, _FACT_KEYS)
        if not {"subject", "relation", "object", "holds", "confidence"} <= entry.keys():
            continue
        subject, relation, thing = (file.text(entry[k]) for k in ("subject", "relation", "object"))
        _check(file, entry["subject"], subject, table.names)
        _check(file, entry["relation"], relation, table.relations)
        _check(file, entry["object"], thing, table.names)
        holds = _truth(file, entry["holds"])
        settled = file.choice(entry["confidence"], ("settled", "leading", "disputed")) == "settled"
        if holds == "true":
            verdict = "holds" if settled else "unproven"
        elif holds == "false":
            verdict = "contradicted" if settled else "doubted"
        else:
            verdict = "unproven"
        fact = _Fact(
            name=file.text(entry.get("id")),
            verdict=verdict,
            category=file.text(entry.get("category")),
            says=file.text(entry.get("says")),
            unless=tuple(_cut(t) for t in file.texts(entry["unless"])) if "unless" in entry else (),
            only=file.text(entry["only"]) if "only" in entry else "",
            one_way=file.flag(entry["one_way"]) if "one_way" in entry else False,
        )
        table.facts[subject, relation, thing] = fact
        shape = table.relations.get(relation)
        if shape is None:
            continue
        if verdict == "holds" and not fact.one_way:
            for other in shape.opposite:
                derived.setdefault(
                    (subject, other, thing),
                    _Fact(fact.name, "contradicted", fact.category, fact.says, (), "", False),
                )
        if shape.symmetric:
            derived.setdefault((thing, relation, subject), fact)
    for triple, fact in derived.items():
        table.facts.setdefault(triple, fact)


def _read_closed(table: FactTable, file: YamlFile, node: Node) -> None:
    for item in file.items(node):
        entry = file.mapping(item, _CLOSED_KEYS)
        if not _CLOSED_KEYS.keys() <= entry.keys():
            continue
        subject = file.text(entry["subject"])
        _check(file, entry["subject"], subject, table.names)
        open_ones = {*file.texts(entry["objects"]), *file.texts(entry["not_settled"])}
        for name in open_ones:
            _check(file, entry["objects"], name, table.names)
        kind = file.text(entry["kind"])
        fact = _Fact(
            f"{subject}-{kind}",
            "contradicted",
            "mechanism-error",
            file.text(entry["says"]),
            (),
            "",
            True,
        )
        for relation in file.texts(entry["relations"]):
            _check(file, entry["relations"], relation, table.relations)
            for name, its_kind in table.kinds.items():
                if its_kind == kind and name not in open_ones:
                    table.facts.setdefault((subject, relation, name), fact)
                    if relation in table.relations and table.relations[relation].symmetric:
                        table.facts.setdefault((name, relation, subject), fact)


def _truth(file: YamlFile, node: Node) -> str:
    value = str(node.value)
    if value not in ("true", "false", "unknown"):
        file.problem(node, "write true, false or unknown here")
    return value


def _check(file: YamlFile, node: Node, name: str, known: Iterable[str]) -> None:
    names = list(known)
    if name not in names:
        file.problem(node, f"nothing in this table is called {name}{suggestion(name, names)}")
