"""``find: fact:`` statements that a table of facts contradicts, doubts, or calls unproven.

No statement has a rule of its own. A table (``pharmacology.yaml``) names entities, relations and
what is known of each triple. When a pack is built, all of these become vocabulary classes; a page
that speaks of none of them costs nothing. Where one does, the sentence is read as a list of
entities, relations and plain words, and each relation looks for its subject and its objects:

* verbs, active and passive (``blocks``, ``is raised by``), with "and", gerunds and relative clauses;
* doers and events (``an NMDA agonist``, ``the blockade of GABA receptors by``);
* ``is`` and apposition (``NMDA, a glutamate receptor``);
* pronouns and "the drug", which point to the treatment that was named before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kaplint.records import dataclass
from kaplint.tokens import BREAK

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from typing import TypedDict, cast

    from kaplint.documents import Document, Hit, Match, Sentence
    from kaplint.matchers.interface import PackWriter
    from kaplint.rulebook import Rule
    from kaplint.yamlfile import Node, YamlFile
else:
    TypedDict = dict

    def cast(_kind: str, value: object) -> object:
        """Return the value: what JSON gives was checked when the pack was built."""
        return value


__all__ = ["Fact"]

# Kinds of entity that do things to patients: what a pronoun may stand for.
AGENTS = frozenset({"drug", "device", "treatment"})
BE = frozenset({"is", "are", "was", "were", "be", "been", "being", "am"})
HAVE = frozenset({"has", "have", "had", "having"})
AUXILIARY = (
    BE
    | HAVE
    | frozenset(
        "may might can could will would shall should must do does did to not never also help helps helped "
        "helping thought believed said known shown appear appears seem seems both even then thus thereby "
        "first often still just only further so likely try tries able work works begin begins start starts "
        "n't cannot can't don't doesn't didn't won't each all temporarily briefly rather instead".split()
    )
)
DETERMINERS = frozenset(
    "a an the this that these those its their your our his her my one any some such no each every of "
    "'s".split()
)
PRONOUNS = frozenset({"it", "they", "this", "these"})
RELATIVES = frozenset({"which", "that", "who"})
# What "the drug" and "this infusion" end with, and what a process begun by the drug is called.
POINTING = frozenset(
    {"the", "this", "that", "these", "those", "our", "your", "a", "an", "each", "such"}
)
DRUG_WORDS = frozenset(
    "drug drugs medicine medicines medication medications infusion infusions treatment treatments therapy "
    "spray lozenge lozenges injection injections dose doses session sessions compound substance molecule "
    "process blockage blockade block action mechanism effect disruption".split()
)
# Prepositions that end an object, and those that turn a name into an aside.
STOPS = frozenset(
    "in on to from for with by at through via into during after before between against without than as "
    "unlike when while where which that who because but if although though whereas than about across "
    "over under until since toward towards per is are was were not nor".split()
)
ASIDES = frozenset(
    "like unlike than versus vs from against to on for without besides as not by with among between".split()
)
CARRIES = frozenset(
    "treatment therapy treated infusion infusions dose doses session sessions work working".split()
)
CAUSATIVES = frozenset(
    "make makes made making help helps helped helping let lets get gets cause causes tell tells prompt "
    "prompts trigger triggers stimulate stimulates push pushes force forces enable enables allow allows".split()
)
BOUNDARIES = frozenset(
    "but because whereas although though however yet if unless when where whether since until".split()
)
LINKS = frozenset({"and", "or", ",", "&", "then", "plus"})
ONE_OF = frozenset(
    {"one", "type", "kind", "form", "class", "sort", "of", "also", "really", "still", "an"}
)
PARTICLES = frozenset({"on", "off", "up", "down"})
FILLS = frozenset("flood floods flooded flooding fill fills filling bathe bathes bathing".split())
TOWARDS = frozenset({"to", "on", "at", "with", "onto", "upon", "of", "for"})

_TagPair = list[str]


class _RelationData(TypedDict):
    verbs: dict[str, _TagPair]
    nouns: _TagPair
    events: _TagPair
    tails: list[str]
    loose: dict[str, list[list[str]]]
    apposition: bool


class _TableData(TypedDict):
    entities: dict[str, list[str]]
    relations: dict[str, _RelationData]
    rows: list[tuple[str, str, str, str, list[str], str]]
    triples: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    says: str
    unless: tuple[str, ...]
    only: str


@dataclass(frozen=True, slots=True)
class _Table:
    """A table as ``find`` uses it: what each tag begins, and the outcome of each triple."""

    # tag of an object -> tags and words of the relations that a fact about it may rest on
    wanted: list[tuple[str, frozenset[str]]]
    begins: dict[str, tuple[str, str, str, str]]  # tag -> part, name, form or kind, tag inside
    loose: dict[str, list[tuple[str, str, tuple[str, ...]]]]
    tails: dict[str, list[list[str]]]
    apposed: frozenset[str]
    triples: dict[tuple[str, str, str], _Row | None]
    judged: frozenset[tuple[str, str]]  # relation and object of those that have an outcome


@dataclass(slots=True)
class _Part:
    """A piece of a sentence: an entity, a verb, a doer, an event, or a plain word."""

    kind: str  # entity, shield, verb, noun, event, word, break
    start: int
    end: int
    word: str
    name: str = ""
    agent: bool = False
    relations: Sequence[tuple[str, str]] = ()  # with the form


@dataclass(frozen=True, slots=True)
class _Subject:
    name: str
    start: int | None  # its token, or None where it stands in another sentence


@dataclass(frozen=True, slots=True)
class _Statement:
    subject: _Subject
    relation: str
    thing: str
    start: int
    end: int
    verbal: bool


class Fact:
    """Subject, relation and object, judged by a table."""

    scope = "span"

    def read(self, file: YamlFile, node: Node, pack: PackWriter) -> object:
        """Read the name of the table, the verdict to report and the category of its rows."""
        entries = file.mapping(node, {"table": True, "verdict": True, "category": False})
        if not {"table", "verdict"} <= entries.keys():
            return None
        table = file.text(entries["table"])
        verdict = file.choice(entries["verdict"], ("contradicted", "doubted", "unproven"))
        category = file.text(entries["category"]) if "category" in entries else ""
        whole = pack.facts(file, entries["table"], table)
        if not whole:
            return None
        data = cast("_TableData", whole)
        chosen = {
            number: row
            for number, row in enumerate(data["rows"])
            if row[1] == verdict and (not category or row[2] == category)
        }
        if not chosen:
            file.problem(node, f"no fact of {table} is {verdict}")
            return None
        # Of the others only those count that keep an active substance from being passed over.
        triples = {
            key: number if number in chosen else -1
            for key, number in data["triples"].items()
            if number in chosen or data["entities"][key.split("|")[0]][2] not in AGENTS
        }
        relations = {key.split("|")[1] for key, number in triples.items() if number >= 0}
        apposed = {name for name, shape in data["relations"].items() if shape["apposition"]}
        if relations - apposed:
            pack.scan(f"{{{table}-object-{verdict}}}", file, node)
        if relations & apposed:
            pack.scan(f"{{{table}-entity}} ...8 {{{table}-class-{verdict}}}", file, node)
            pack.scan(f"({{it}}|the) ..4 {{{table}-class-{verdict}}}", file, node)
        return {
            "entities": data["entities"],
            "relations": data["relations"],
            "rows": {str(number): row for number, row in chosen.items()},
            "triples": triples,
        }

    def find(self, rule: Rule, hits: list[Hit], document: Document) -> Iterator[Match]:
        """Return the statements that the table judges as the rule asks."""
        if not hits or not isinstance(rule.data, dict):
            return
        table = rule.cache.get("table")
        if not isinstance(table, _Table):
            table = rule.cache["table"] = _table(cast("_TableData", rule.data))
        # An object alone says nothing; "X, a Y" needs no verb.
        apposed = {hit.sentence for hit in hits if hit.end - hit.start > 1}
        for index in sorted({hit.sentence for hit in hits}):
            sentence = document.sentences[index]
            if index not in apposed:
                keys = document.keys(sentence)
                if not any(tag in keys and not keys.isdisjoint(by) for tag, by in table.wanted):
                    continue
            taken: list[tuple[int, int]] = []
            for found in _Reader(table, document, sentence).statements():
                row = table.triples.get((found.subject.name, found.relation, found.thing))
                if row is None or (row.only == "verbs" and not found.verbal):
                    continue
                if any(start < found.end and found.start < end for start, end in taken):
                    continue
                if row.unless and _says(document, sentence, row.unless):
                    continue
                taken.append((found.start, found.end))
                groups = {"says": row.says, "fact": row.name}
                yield document.match_tokens(sentence, found.start, found.end, groups)


def _table(data: _TableData) -> _Table:
    begins: dict[str, tuple[str, str, str, str]] = {}
    loose: dict[str, list[tuple[str, str, tuple[str, ...]]]] = {}
    for name, (begin, inside, kind) in data["entities"].items():
        begins[begin] = ("shield" if kind == "shield" else "entity", name, kind, inside)
    for name, shape in data["relations"].items():
        for form, (begin, inside) in shape["verbs"].items():
            begins[begin] = ("verb", name, form, inside)
        for part, pair in (("noun", shape["nouns"]), ("event", shape["events"])):
            if pair:
                begins[pair[0]] = (part, name, "", pair[1])
        for word, options in shape["loose"].items():
            for form, rest in options:
                loose.setdefault(word, []).append((name, form, tuple(rest.split(" "))))
    rows = {
        int(number): _Row(row[0], row[3], tuple(row[4]), row[5])
        for number, row in cast(
            "dict[str, tuple[str, str, str, str, list[str], str]]", data["rows"]
        ).items()
    }
    triples: dict[tuple[str, str, str], _Row | None] = {}
    for key, number in data["triples"].items():
        subject, relation, thing = key.split("|")
        triples[subject, relation, thing] = rows.get(number)
    return _Table(
        _wanted(data, triples),
        begins,
        loose,
        {
            name: [tail.split(" ") for tail in shape["tails"]]
            for name, shape in data["relations"].items()
            if shape["tails"]
        },
        frozenset(name for name, shape in data["relations"].items() if shape["apposition"]),
        triples,
        frozenset((relation, thing) for (_, relation, thing), row in triples.items() if row),
    )


def _wanted(
    data: _TableData, triples: dict[tuple[str, str, str], _Row | None]
) -> list[tuple[str, frozenset[str]]]:
    words: dict[str, set[str]] = {}
    for name, shape in data["relations"].items():
        pairs = [*shape["verbs"].values(), shape["nouns"], shape["events"]]
        words[name] = {*shape["loose"], *(pair[0] for pair in pairs if pair)}
    found: dict[str, set[str]] = {}
    for (_, relation, thing), row in triples.items():
        if row is not None and not data["relations"][relation]["apposition"]:
            found.setdefault(data["entities"][thing][0], set()).update(words[relation])
    return [(tag, frozenset(by)) for tag, by in found.items()]


def _says(document: Document, sentence: Sentence, phrases: tuple[str, ...]) -> bool:
    text = " " + " ".join(document.tokens.words[sentence.first : sentence.last]) + " "
    return any(f" {phrase}" in text for phrase in phrases)


def _cut(table: _Table, document: Document, first: int, last: int) -> list[_Part]:
    """Cut a range of tokens into parts, the longest name first, small parentheses left out."""
    words, tags = document.tokens.words, document.tokens.tags
    begins = table.begins
    parts: list[_Part] = []
    at = first
    while at < last:
        word = words[at]
        best = _Part("word", at, at + 1, word)
        for tag in tags[at]:
            known = begins.get(tag)
            if known is None:
                continue
            kind, name, form, inside = known
            end = at + 1
            while inside and end < last and inside in tags[end]:
                end += 1
            longer = end - best.end
            if kind in ("entity", "shield"):
                if longer > 0 or (best.kind != "shield" and longer == 0):
                    best = _Part(kind, at, end, "", name, agent=form in AGENTS)
            elif kind == "verb" and best.kind == "verb" and longer == 0:
                best.relations = (*best.relations, (name, form))
            elif longer > 0 or (
                longer == 0 and (best.kind == "word" or kind == "verb" != best.kind)
            ):
                if best.kind in ("entity", "shield") and longer == 0:
                    continue
                best = _Part(kind, at, end, word, relations=((name, form),))
        if word in table.loose and best.kind in ("word", "verb"):
            best = _loose(table, words, at, last, best)
        if best.kind == "word" and word == "(":
            close = next((i for i in range(at, min(at + 14, last)) if words[i] == ")"), -1)
            if close > 0 and parts:
                at = close + 1
                continue
        if best.kind == "word" and BREAK in tags[at]:
            best.kind = "break"
        parts.append(best)
        at = best.end
    return parts


def _loose(table: _Table, words: list[str], at: int, last: int, best: _Part) -> _Part:
    """Return a verb with what stands apart from it: "acts mainly on", "switches receptors on"."""
    after = at + 1
    if after >= last:
        return best
    if not (words[after].endswith("ly") or words[after] in ("also", "both", "first")):
        apart = set(words[at + 2 : min(at + 7, last)]) & PARTICLES
        found = [(name, form) for name, form, rest in table.loose[words[at]] if rest[0] in apart]
        return (
            _Part("verb", at, after, words[at], relations=found)
            if found and best.kind == "word"
            else best
        )
    spread = [
        (name, form, len(rest))
        for name, form, rest in table.loose[words[at]]
        if tuple(words[after + 1 : after + 1 + len(rest)]) == rest and after + 1 + len(rest) <= last
    ]
    if not spread:
        return best
    size = max(spread, key=lambda f: f[2])[2]
    return _Part(
        "verb",
        at,
        after + 1 + size,
        words[at],
        relations=[(name, form) for name, form, length in spread if length == size],
    )


class _Reader:
    """Reads the statements of one sentence."""

    def __init__(self, table: _Table, document: Document, sentence: Sentence) -> None:
        self.table = table
        self.document = document
        self.sentence = sentence
        self.parts = _cut(table, document, sentence.first, sentence.last)
        for at, part in enumerate(self.parts):
            if part.kind == "verb" and self._is_noun(at):
                part.kind = "word"

    def _word(self, at: int) -> str:
        return self.parts[at].word if 0 <= at < len(self.parts) else ""

    def _is_noun(self, at: int) -> bool:
        """Tell whether what looks like a verb is a noun here: an increase, the block."""
        forms = {form for _, form in self.parts[at].relations}
        before = self._word(at - 1)
        if forms & {"base", "s"} and not forms & {"past"}:
            return before in DETERMINERS and not (before == "that" or before in BE)
        return False

    def statements(self) -> Iterator[_Statement]:
        """Return what the sentence says, as subject, relation and object."""
        for at, part in enumerate(self.parts):
            if part.kind == "verb":
                yield from self._verb(at)
            elif part.kind == "noun":
                yield from self._doer(at)
            elif part.kind == "event":
                yield from self._event(at)
            elif part.kind == "entity":
                yield from self._apposition(at)

    def _state(
        self,
        subjects: list[_Subject],
        relation: str,
        thing: _Part,
        start: int,
        end: int,
        *,
        verbal: bool,
    ) -> Iterator[_Statement]:
        for subject in subjects:
            first = start if subject.start is None else min(subject.start, start)
            yield _Statement(subject, relation, thing.name, first, max(end, thing.end), verbal)

    # Verbs

    def _verb(self, at: int) -> Iterator[_Statement]:
        part = self.parts[at]
        forms = dict.fromkeys(form for _, form in part.relations)
        relations = list(dict.fromkeys(name for name, _ in part.relations))
        if self._passive(at, forms):
            yield from self._passive_statements(at, relations)
            return
        tailed = [name for name in relations if name in self.table.tails]
        for name in tailed:
            things, end = self._with_tail(at, name)
            if things:
                for thing in things:
                    for subject in self._subjects(at, name, thing.name):
                        yield from self._state([subject], name, thing, part.start, end, verbal=True)
                return
        things = self._objects(at)
        for name in relations:
            if name in tailed:
                continue
            if name in self.table.apposed:
                yield from self._predicate(at, name)
                continue
            for thing in things:
                subjects = self._subjects(at, name, thing.name)
                yield from self._state(subjects, name, thing, part.start, thing.end, verbal=True)

    def _passive(self, at: int, forms: dict[str, None]) -> bool:
        if "participle" not in forms:
            return False
        before = at - 1
        while before >= 0 and (
            self._word(before).endswith("ly") or self._word(before) in ("also", "not", "then")
        ):
            before -= 1
        if self._word(before) in BE:
            return True
        return (
            self._word(before) not in HAVE
            and any(self._word(i) == "by" for i in range(at + 1, at + 4))
            and not any(p.kind == "entity" for p in self.parts[at + 1 : at + 2])
        )

    def _passive_statements(self, at: int, relations: list[str]) -> Iterator[_Statement]:
        agents = self._by(at)
        if not agents:
            return
        before = at - 1
        while (
            before >= 0
            and self.parts[before].kind in ("word", "verb")
            and (self._word(before) in AUXILIARY or self._word(before).endswith("ly"))
        ):
            before -= 1
        if before < 0 or self.parts[before].kind != "entity":
            return
        thing = self.parts[before]
        for relation in relations:
            for agent in agents:
                subject = _Subject(agent.name, agent.start)
                yield _Statement(subject, relation, thing.name, thing.start, agent.end, verbal=True)

    def _by(self, at: int) -> list[_Part]:
        """Return the agents after "by" in a passive or an event."""
        for place in range(at + 1, min(at + 6, len(self.parts))):
            if self.parts[place].kind == "break" or self._word(place) == ",":
                return []
            if self._word(place) == "by":
                return [
                    part
                    for part in self.parts[place + 1 : place + 5]
                    if part.kind == "entity" and part.agent
                ][:2]
        return []

    def _objects(self, at: int, reach: int = 6) -> list[_Part]:
        """Return the entities that a verb or an event acts on, those joined by "and" included."""
        parts = self.parts
        place = at + 1
        while place < len(parts) and place <= at + reach + 1:
            part = parts[place]
            word = part.word
            if part.kind == "entity" and self._word(place + 1) == "'s":
                place += 2
                continue
            if part.kind == "entity":
                if parts[at].word in FILLS and self._word(place + 1) == "with":
                    place += 2
                    continue
                return [part, *self._joined(place)]
            if part.kind in ("shield", "break", "noun") or word == ",":
                return []
            if part.kind in ("verb", "event") and word not in ("increased", "reduced"):
                return []
            if (
                word in STOPS
                and not (place == at + 1 and word in TOWARDS)
                and not (word == "as" and self._word(place - 1) == "such")
            ):
                return []
            place += 1
        return []

    def _joined(self, at: int) -> list[_Part]:
        """Return the entities that follow one with "and" or a comma."""
        parts = self.parts
        found: list[_Part] = []
        place = at + 1
        while place < len(parts) and place - at < 12:
            linked = False
            while place < len(parts) and (
                parts[place].word in LINKS or parts[place].word in ("both", "the", "as", "well")
            ):
                linked = linked or parts[place].word in LINKS
                place += 1
            if (
                place < len(parts)
                and parts[place].kind == "word"
                and parts[place].word not in STOPS
            ):
                place += 1
            if not linked or place >= len(parts) or parts[place].kind != "entity":
                break
            after = place + 1
            while after < len(parts) and parts[after].word.endswith("ly"):
                after += 1
            # "... and glutamate activates": the entity begins a clause of its own.
            if (
                after < len(parts)
                and parts[after].kind == "verb"
                and any(form in ("s", "past", "base") for _, form in parts[after].relations)
            ):
                break
            if after < len(parts) and parts[after].word in AUXILIARY:
                break
            found.append(parts[place])
            place += 1
        return found

    def _with_tail(self, at: int, relation: str) -> tuple[list[_Part], int]:
        """Return the object of "prevents X from binding" and where the phrase ends."""
        parts, words = self.parts, self.document.tokens.words
        things = self._objects(at, 4)
        after = parts.index(things[-1]) + 1 if things else at + 2
        if not things and self._word(at + 1) in ("it", "them"):
            named = self._named_before(at)
            if named is not None:
                part = parts[at + 1]
                things = [_Part("entity", part.start, part.end, part.word, named)]
        if not things or after >= len(parts):
            return [], 0
        for start in range(parts[after].start, min(parts[after].start + 4, self.sentence.last)):
            for tail in self.table.tails[relation]:
                if words[start : start + len(tail)] == tail:
                    return things, start + len(tail)
        return [], 0

    def _named_before(self, at: int) -> str | None:
        """Return the last substance named before, which "it" stands for as an object."""
        for part in reversed(self.parts[:at]):
            if part.kind == "entity" and not part.agent:
                return part.name
        return None

    def _predicate(self, at: int, relation: str) -> Iterator[_Statement]:
        """Read "X is a type of Y"."""
        thing = self._class_after(at + 1)
        if thing is None:
            return
        subjects = self._subjects(at, relation, thing.name)
        yield from self._state(
            subjects, relation, thing, self.parts[at].start, thing.end, verbal=False
        )

    def _class_after(self, at: int) -> _Part | None:
        parts = self.parts
        for place in range(at, min(at + 7, len(parts))):
            part = parts[place]
            if part.kind == "entity" and self._word(place + 1) == "'s":
                continue
            if part.kind == "entity":
                return part if self._closes(place + 1) else None
            if (
                part.kind != "word"
                or part.word == ","
                or (part.word in STOPS and part.word not in ONE_OF)
            ):
                return None
        return None

    def _closes(self, at: int) -> bool:
        """Tell whether a noun phrase ends before this part."""
        if at >= len(self.parts):
            return True
        part = self.parts[at]
        if part.kind in ("break", "verb"):
            return True
        return part.kind == "word" and (
            part.word in STOPS
            or part.word in LINKS
            or part.word in AUXILIARY
            or part.word in DETERMINERS
            or part.word
            in ("drug", "medicine", "medication", "involved", "found", "here", "too", "itself")
        )

    def _apposition(self, at: int) -> Iterator[_Statement]:
        """Read "NMDA, a glutamate receptor"."""
        mark = self._word(at + 1)
        if mark not in (",", "\u2014", "\u2013", "--") or self._word(at + 2) not in (
            "a",
            "an",
            "the",
            "one",
        ):
            return
        thing = self._class_after(at + 2)
        if thing is None:
            return
        subject = self.parts[at]
        for relation in self.table.apposed:
            yield _Statement(
                _Subject(subject.name, subject.start),
                relation,
                thing.name,
                subject.start,
                thing.end,
                verbal=False,
            )

    # Nouns

    def _doer(self, at: int) -> Iterator[_Statement]:
        """Read "an NMDA receptor blocker" and "an antagonist at the NMDA receptor"."""
        parts, part = self.parts, self.parts[at]
        first = at
        if at and parts[at - 1].kind == "entity" and not parts[at - 1].agent:
            things, first = [parts[at - 1]], at - 1
        elif self._word(at + 1) in TOWARDS:
            things = self._objects(at, 4)
        else:
            return
        place = first - 1
        while (
            place >= 0
            and parts[place].kind == "word"
            and (
                parts[place].word in DETERMINERS
                or parts[place].word not in AUXILIARY | LINKS | STOPS | RELATIVES
            )
            and first - place < 5
        ):
            place -= 1
        if place < 0:
            return
        word = self._word(place)
        for relation, _ in part.relations:
            for thing in things:
                subjects: list[_Subject] = []
                if word in BE or parts[place].kind == "verb":
                    subjects = self._subjects(place, relation, thing.name)
                elif (
                    word in (",", "\u2014", "\u2013")
                    and place
                    and parts[place - 1].kind == "entity"
                ):
                    subjects = [_Subject(parts[place - 1].name, parts[place - 1].start)]
                elif word == "as" and place:
                    subjects = self._subjects(place - 1, relation, thing.name)
                elif parts[place].kind == "entity" and parts[place].agent:
                    subjects = [_Subject(parts[place].name, parts[place].start)]
                start = min(part.start, thing.start)
                yield from self._state(
                    subjects, relation, thing, start, max(part.end, thing.end), verbal=False
                )

    def _event(self, at: int) -> Iterator[_Statement]:
        """Read "the blockade of GABA receptors by ketamine" and "leads to a rise in serotonin"."""
        part = self.parts[at]
        things = self._objects(at, 4)
        if not things:
            return
        last = self.parts.index(things[-1])
        for relation, _ in part.relations:
            for thing in things:
                subjects = [_Subject(a.name, a.start) for a in self._by(last)]
                end = max((a.end for a in self._by(last)), default=thing.end)
                if not subjects:
                    subjects = self._cause(at, relation, thing.name)
                yield from self._state(subjects, relation, thing, part.start, end, verbal=False)

    def _cause(self, at: int, relation: str, thing: str) -> list[_Subject]:
        """Return who brings an event about: "X's ...", "X causes a ..."."""
        place = at - 1
        while (
            place >= 0
            and at - place < 5
            and self.parts[place].kind == "word"
            and (self._word(place) not in AUXILIARY | LINKS | STOPS)
        ):
            if self._word(place) == "'s" and place and self.parts[place - 1].kind == "entity":
                owner = self.parts[place - 1]
                return [_Subject(owner.name, owner.start)]
            place -= 1
        if place < 0:
            return []
        part = self.parts[place]
        if part.kind == "entity" and self._word(place + 1) == "'s":
            return [_Subject(part.name, part.start)]
        if part.kind == "verb" and {name for name, _ in part.relations} & {
            "causes",
            "raises",
            "activates",
        }:
            return self._subjects(place, relation, thing)
        return []

    # Subjects

    def _subjects(self, at: int, relation: str, thing: str) -> list[_Subject]:
        """Return who does what the verb says; nobody where no fact speaks of it."""
        if (relation, thing) not in self.table.judged:
            return []
        forms = {form for _, form in self.parts[at].relations}
        place = at - 1
        while (
            place >= 0
            and self.parts[place].kind in ("word", "verb")
            and (self._word(place) in AUXILIARY or self._word(place).endswith("ly"))
        ):
            place -= 1
        if place < 0:
            return self._headless(at, forms)
        part = self.parts[place]
        word = part.word
        if part.kind == "entity":
            unknown = not part.agent and (part.name, relation, thing) not in self.table.triples
            if unknown and (self._aside(place) or self._made_to(place)):
                return self._walk(place - 1, relation, thing)
            return self._with_partners(place)
        if part.kind == "break":
            return self._headless(at, forms)
        pointed = self._pointed(place)
        if pointed is not None:
            return pointed
        if word in RELATIVES:
            return self._antecedent(place)
        if word in LINKS or word in (
            "by",
            "through",
            "while",
            "of",
            "for",
            "in",
            "help",
            "thereby",
            "via",
        ):
            return self._walk(place - 1, relation, thing) or self._headless(at, forms)
        if word in BOUNDARIES or part.kind == "shield":
            return []
        if "ing" in forms and place != at - 1:
            return self._walk(place, relation, thing)
        if self._word(at - 1) == "to" or (forms == {"base"} and place != at - 1):
            return self._walk(place, relation, thing)
        return self._behind_phrase(place)

    def _headless(self, at: int, forms: set[str]) -> list[_Subject]:
        """Return the subject of "Blocks X" in a list, or of "Raising X, ketamine ..."."""
        if "ing" in forms:
            for place in range(at + 1, min(at + 14, len(self.parts) - 1)):
                if self._word(place) == "," and self.parts[place + 1].agent:
                    agent = self.parts[place + 1]
                    return [_Subject(agent.name, None)]
        if at == 0 and forms & {"s", "ing"} and not forms & {"past"}:
            return self._earlier()
        return []

    def _pointed(self, at: int) -> list[_Subject] | None:
        """Return what a pronoun or "the drug" stands for; None where there is none."""
        word = self._word(at)
        start = -1
        if word in PRONOUNS:
            start = self.parts[at].start
        elif word in DRUG_WORDS:
            for place in (at - 1, at - 2):
                if self._word(place) in POINTING:
                    start = self.parts[place].start
                    break
        if start < 0:
            return None
        # "Naloxone reverses opioids because it ...": what this sentence named first.
        named = [place for place in range(max(at - 1, 0)) if self.parts[place].agent]
        if named:
            place = next((place for place in named if not self._aside(place)), named[0])
            return [_Subject(self.parts[place].name, start)]
        return [_Subject(found.name, start) for found in self._earlier()]

    def _earlier(self) -> list[_Subject]:
        """Return the treatment that the sentences before speak of, else the page."""
        document, sentence = self.document, self.sentence
        near = [sentence.index - 1, sentence.index - 2, sentence.heading]
        for index in near:
            if not 0 <= index < len(document.sentences):
                continue
            other = document.sentences[index]
            names = _agents(self.table, document, other.first, other.last)
            if names:
                return [_Subject(names[0], None)]
        whole = _agents(self.table, document, 0, len(document.tokens.words))
        names = [name for name in whole if name != "other-drug"]
        top = max(set(names), key=names.count, default="")
        if top and names.count(top) * 3 >= len(names) * 2:
            return [_Subject(top, None)]
        return []

    def _with_partners(self, at: int) -> list[_Subject]:
        """Return an entity and those joined to it: "ketamine and SSRIs"."""
        found = [_Subject(self.parts[at].name, self.parts[at].start)]
        place = at - 1
        while place >= 1 and self._word(place) in LINKS and self.parts[place - 1].kind == "entity":
            other = self.parts[place - 1]
            if self._word(place) == "," or self._aside(place - 1):
                break
            found.append(_Subject(other.name, other.start))
            place -= 2
        return found

    def _antecedent(self, at: int) -> list[_Subject]:
        """Return what "which" or "that" stands for: the entity before it, or one it explains."""
        place = at - 1
        if self._word(place) == ",":
            place -= 1
        if place >= 0 and self.parts[place].kind == "entity":
            return self._with_partners(place)
        steps = 0
        while place >= 0 and self.parts[place].kind == "word" and steps < 5:
            word = self._word(place)
            if word in (",", "\u2014", "\u2013") or word in BE:
                break
            if word in STOPS or word in LINKS:
                return []
            place -= 1
            steps += 1
        if place >= 1 and (self._word(place) == "," or self._word(place) in BE):
            before = self.parts[place - 1]
            if before.kind == "entity":
                return [_Subject(before.name, before.start)]
        return []

    def _aside(self, at: int) -> bool:
        """Tell whether an entity is named in passing: unlike SSRIs, given with ketamine."""
        place = at - 1
        while (
            place >= 0
            and at - place < 3
            and self.parts[place].kind == "word"
            and (
                self._word(place) in DETERMINERS
                or self._word(place).endswith("ed")
                or self._word(place)
                in ("traditional", "other", "most", "many", "standard", "older")
            )
            and self._word(place) not in ASIDES
        ):
            place -= 1
        if self._word(place) not in ASIDES:
            return False
        return not (self._word(place) in ("with", "of") and self._word(place - 1) in CARRIES)

    def _made_to(self, at: int) -> bool:
        """Tell whether another makes the entity act: "makes your brain produce"."""
        place = at - 1
        while place >= 0 and self._word(place) in DETERMINERS:
            place -= 1
        return self._word(place) in CAUSATIVES

    def _walk(self, at: int, relation: str, thing: str) -> list[_Subject]:
        """Return the subject that a joined verb, a gerund or an infinitive shares, leftwards."""
        place = at
        while place >= 0:
            part = self.parts[place]
            if part.kind == "break" or part.word in BOUNDARIES:
                return []
            if part.kind == "entity":
                known = (part.name, relation, thing) in self.table.triples
                if not self._aside(place) and (known or part.agent):
                    return self._with_partners(place)
            elif part.word in RELATIVES and self._word(place - 1) != "so":
                found = self._antecedent(place)
                if found:
                    return found
                # "..., which is why it": go on behind a clause that explains something else.
                if part.word == "that" and self.parts[place - 1].kind != "word":
                    return []
            else:
                opens = (
                    place == 0
                    or self._word(place - 1) in LINKS
                    or self.parts[place - 1].kind == "break"
                )
                pointed = self._pointed(place) if part.word in PRONOUNS and opens else None
                if pointed is None and part.word in DRUG_WORDS:
                    pointed = self._pointed(place)
                if pointed:
                    return pointed
            place -= 1
        return self._earlier() if self.parts[0].kind == "verb" else []

    def _behind_phrase(self, at: int) -> list[_Subject]:
        """Return the entity of "ketamine in low doses blocks": behind a prepositional phrase."""
        place = at
        steps = 0
        while place >= 0 and steps < 6:
            part = self.parts[place]
            if part.kind in ("break", "verb") or part.word in LINKS or part.word in RELATIVES:
                return []
            if part.kind == "entity":
                after = self._word(place + 1)
                if after in ("in", "at", "for", "as", "during", "from", "'s") and not self._aside(
                    place
                ):
                    return (
                        [_Subject(part.name, part.start)]
                        if after != "'s"
                        else self._owner(place, at)
                    )
                return []
            place -= 1
            steps += 1
        return []

    def _owner(self, place: int, at: int) -> list[_Subject]:
        """Return the owner in "ketamine's action raises"."""
        part = self.parts[place]
        return [_Subject(part.name, part.start)] if self._word(at) in DRUG_WORDS else []


def _agents(table: _Table, document: Document, first: int, last: int) -> list[str]:
    """Return the treatments named in a range of tokens, in order."""
    begins = table.begins
    found: list[str] = []
    for tags in document.tokens.tags[first:last]:
        for tag in tags:
            known = begins.get(tag)
            if known is not None and known[0] == "entity" and known[2] in AGENTS:
                found.append(known[1])
    return found
