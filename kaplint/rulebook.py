"""A rule pack, ready to run: rules, lexicon and the index of what to look for."""

from __future__ import annotations

import json
import os
import re

from kaplint import __version__
from kaplint.compiled import PatternCache
from kaplint.errors import RuleError
from kaplint.lazy import compile_with
from kaplint.records import dataclass, field
from kaplint.tokens import Lexicon

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypedDict

    from kaplint.register import Register

    class _RuleData(TypedDict):
        code: str
        name: str
        category: str
        severity: str
        confidence: str
        summary: str
        message: str
        advice: str
        anywhere: bool
        leaflets: bool
        jurisdictions: list[str]
        sets_off_duties: bool
        path: str
        norms: list[str]
        scope: str
        kind: str
        data: object
        needs: list[list[object]]
        unless: list[list[object]]
        fix: list[tuple[int, str, bool]]

    class _PackData(TypedDict):
        format: int
        version: str
        tags: list[tuple[str, str]]
        lexicon: dict[str, str]
        globs: list[tuple[str, str, str]]
        classes: dict[str, str]
        precedence: dict[str, list[str]]
        index: dict[str, list[int]]
        patterns: list[tuple[int, int, list[list[str]]]]
        rules: list[_RuleData]

    class ProfileData(TypedDict):
        """A jurisdiction: what it includes, and severity and norms by category."""

        name: str
        includes: list[str]
        categories: dict[str, tuple[str, list[str]]]

    class RewordingEntry(TypedDict):
        """A rewording as the pack has it: ``for`` is a pattern's number, its needs and its text."""

        pattern: list[object]
        over: str
        when: list[str]
        template: str
        kind: str
        safe: bool
        needs: list[list[object]]
        unless: list[list[object]]

    class RewordingData(TypedDict):
        """The part of a pack that rewords: see rulepack.py."""

        verbs: dict[str, tuple[str, str]]
        nouns: dict[str, str]
        doubling: list[str]
        known: list[str]
        proper: list[str]
        terms: dict[str, int]
        evidence: dict[str, object]
        spelling: dict[str, str]
        categories: dict[str, list[RewordingEntry]]

    class DocsData(TypedDict):
        """The part of a pack that explains rules: see rulepack.py."""

        rules: dict[str, dict[str, object]]
        norms: dict[str, dict[str, str]]
        patterns: list[str]
        tags: dict[str, str]
        measured: dict[str, list[int]]
        profiles: dict[str, ProfileData]

    class StrengthData(TypedDict):
        """The part of a pack that compares versions: see strengthtable.py."""

        scales: dict[str, tuple[int, list[str]]]
        times: dict[str, dict[str, float]]
        terms: dict[str, list[tuple[str, list[tuple[str, float, str]]]]]


__all__ = [
    "Duty",
    "Guard",
    "PlacePattern",
    "Rewording",
    "Rule",
    "Rulebook",
    "load",
    "load_docs",
    "load_evidence",
    "load_strength",
    "matches",
    "rewordings",
]


NO_REWORDINGS: RewordingData = {
    "verbs": {},
    "nouns": {},
    "doubling": [],
    "known": [],
    "proper": [],
    "terms": {},
    "evidence": {},
    "spelling": {},
    "categories": {},
}


class PlacePattern:
    """A pattern looked for around a match or on the whole page; compiled when first needed."""

    __slots__ = ("_cache", "_compiled", "_keys", "_lists", "number", "text")

    def __init__(self, number: int, keys: list[list[str]], text: str, cache: PatternCache) -> None:
        """Keep the number of the expression, the keys it needs, and how the rule writes it."""
        self._cache = cache
        self.number = number
        self._lists = keys
        self._keys: list[frozenset[str]] | None = None
        self.text = text
        self._compiled: re.Pattern[str] | None = None

    @property
    def keys(self) -> list[frozenset[str]]:
        """Return sets of keys, each of which has one in every match."""
        if self._keys is None:
            self._keys = [frozenset(keys) for keys in self._lists]
        return self._keys

    @property
    def compiled(self) -> re.Pattern[str]:
        """Return the compiled expression."""
        if self._compiled is None:
            self._compiled = self._cache.get(self.number)
        return self._compiled


@dataclass(frozen=True, slots=True)
class Guard:
    """A name under ``unless`` or ``needs``, with its patterns or roles where it takes any."""

    name: str
    patterns: tuple[PlacePattern, ...] = ()
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rewording:
    """Words that take the place of a match: which words it applies to, and the template.

    Without a pattern it applies to any match, and takes the place of all of what ``over`` names.
    ``over`` says where the pattern is looked for: it fits the whole match, or stands inside of it,
    in its clause or in its sentence. ``when`` are the parts of a page it is for, all where empty,
    and "opening" where only words that open a sentence are meant; ``kind`` is that of the proposal
    (see ``model.Fix``).
    """

    applies: PlacePattern | None
    template: str
    safe: bool
    over: str = "match"
    when: tuple[str, ...] = ()
    kind: str = "edit"
    needs: tuple[Guard, ...] = ()
    unless: tuple[Guard, ...] = ()


@dataclass(frozen=True, slots=True)
class Duty:
    """What sets off and what quiets an absence rule: see matchers/absence.py."""

    where: bool
    after: frozenset[str]
    half: frozenset[str]
    least: int
    company: tuple[tuple[PlacePattern, ...], ...]
    lacks: tuple[PlacePattern, ...]
    words: int
    cites: bool
    denied: tuple[PlacePattern, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, as the engine runs it."""

    code: str
    name: str
    category: str
    scope: str
    severity: str
    confidence: str
    summary: str
    message: str
    advice: str
    norms: tuple[str, ...]
    anywhere: bool
    leaflets: bool
    jurisdictions: tuple[str, ...]
    sets_off_duties: bool
    kind: str
    data: object
    needs: tuple[Guard, ...]
    unless: tuple[Guard, ...]
    fixes: tuple[Rewording, ...]
    path: str
    duty: Duty | None = None
    cache: dict[str, object] = field(default_factory=dict, compare=False, repr=False)


class Rulebook:
    """Rules with what is needed to find where they apply."""

    __slots__ = (
        "_compiled",
        "_evidence",
        "_patterns",
        "anchored",
        "classes",
        "comparer",
        "compiled",
        "index",
        "lexicon",
        "needs",
        "owners",
        "precedence",
        "rewordings",
        "rules",
        "scanned",
    )

    def __init__(
        self,
        data: _PackData,
        compiled: PatternCache,
        evidence: Callable[[], dict[str, object]] = dict,
        rewordings: Callable[[], RewordingData] = lambda: NO_REWORDINGS,
    ) -> None:
        """Build from a pack; nothing is compiled before a page needs it.

        ``evidence`` reads the part of the same pack that holds the register, where a page refers to
        research; ``rewordings`` reads that of the rewordings, where a finding wants it.
        """
        self.compiled = compiled
        self._evidence = evidence
        # The register, ready to be compared (fidelity/), once a page has asked for it.
        self.comparer: object = None
        self.rewordings = rewordings
        self.lexicon = Lexicon(data["tags"], data["lexicon"], data["globs"])
        self.classes = data["classes"]
        # By category: those whose findings stand in place of one of it.
        self.precedence = data["precedence"]
        self.rules = tuple(_rule(entry, compiled) for entry in data["rules"])
        # From the rarest keys of each pattern to the patterns to try where one of them stands.
        self.index = data["index"]
        self.owners = [owner for _, owner, _ in data["patterns"]]
        self._patterns = data["patterns"]
        # Further sets of keys, each of which has one in every match of a pattern; None: not read yet.
        self.needs: list[tuple[frozenset[str], ...] | None] = [None] * len(self._patterns)
        self._compiled: dict[int, re.Pattern[str]] = {}
        # By the set of rules that are wanted: a tagged word to the patterns it may set off.
        self.anchored: dict[frozenset[int], dict[str, tuple[int, ...]]] = {}
        # By the same: a tagged sentence to the patterns and places that match in it.
        self.scanned: dict[frozenset[int], dict[str, tuple[tuple[int, int, int], ...]]] = {}

    def evidence(self) -> dict[str, object]:
        """Return the register and the words it is compared by, as the pack keeps them."""
        return self._evidence()

    def read_needs(self, number: int) -> tuple[frozenset[str], ...]:
        """Read what a pattern needs; kept in ``needs``."""
        found = tuple(frozenset(keys) for keys in self._patterns[number][2])
        self.needs[number] = found
        return found

    def pattern(self, number: int) -> re.Pattern[str]:
        """Return a scanned pattern, compiled."""
        found = self._compiled.get(number)
        if found is None:
            found = self._compiled[number] = self.compiled.get(self._patterns[number][0])
        return found


def _places(entries: object, cache: PatternCache) -> tuple[PlacePattern, ...]:
    if not isinstance(entries, list):
        return ()
    return tuple(PlacePattern(entry[0], entry[1], entry[2], cache) for entry in entries)


def _guard(entry: list[object], cache: PatternCache) -> Guard:
    name, patterns = str(entry[0]), entry[1]
    if name == "role":
        roles = patterns if isinstance(patterns, list) else []
        return Guard(name, roles=tuple(str(role) for role in roles))
    return Guard(name, _places(patterns, cache))


def _rule(entry: _RuleData, cache: PatternCache) -> Rule:
    duty: Duty | None = None
    data = entry.get("data")
    if entry["kind"] == "absence" and isinstance(data, dict):
        duty = Duty(
            bool(data["where"]),
            frozenset(str(category) for category in data["after"]),
            frozenset(str(category) for category in data["half"]),
            int(data["least"]),
            tuple(_places(group, cache) for group in data["with"]),
            _places(data["lacks"], cache),
            int(data["words"]),
            bool(data["cites"]),
            _places(data["denied"], cache),
        )
    return Rule(
        code=entry["code"],
        name=entry["name"],
        category=entry["category"],
        scope=entry["scope"],
        severity=entry["severity"],
        confidence=entry["confidence"],
        summary=entry["summary"],
        message=entry["message"],
        advice=entry["advice"],
        norms=tuple(entry["norms"]),
        anywhere=entry["anywhere"],
        leaflets=entry["leaflets"],
        jurisdictions=tuple(entry["jurisdictions"]),
        sets_off_duties=entry["sets_off_duties"],
        kind=entry["kind"],
        data=data,
        needs=tuple(_guard(guard, cache) for guard in entry["needs"]),
        unless=tuple(_guard(guard, cache) for guard in entry["unless"]),
        fixes=tuple(
            Rewording(PlacePattern(number, [], template, cache), template, safe)
            for number, template, safe in entry["fix"]
        ),
        path=entry["path"],
        duty=duty,
    )


def matches(selector: str, rule: Rule) -> bool:
    """Tell whether a selector (a code, the start of one, a category, a name, ALL) means a rule."""
    return (
        selector == "ALL"
        or selector in (rule.category, rule.name)
        or (selector.isupper() and rule.code.startswith(selector))
        or (selector[:1].isupper() and selector.isalnum() and rule.code.startswith(selector))
    )


def rules_folder() -> str:
    """Return the folder of the built-in rules: in the package, or beside it in a checkout."""
    here = os.path.dirname(os.path.abspath(__file__))
    inside = os.path.join(here, "rules")
    return inside if os.path.isdir(inside) else os.path.join(os.path.dirname(here), "rules")


def _shipped(name: str) -> str:
    return os.path.join(os.path.dirname(os.path.abspath(__file__)), name)


def _cache_folder() -> str:
    return os.environ.get("KAPLINT_CACHE_DIR") or os.path.join(
        os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache"),
        "kaplint",
    )


def load(extra: tuple[str, ...] = (), *, cache: bool = True) -> Rulebook:
    """Return the built-in rules, with those of further folders.

    The wheel ships a built pack; a checkout, or folders of the user's own, are built once and kept
    in the cache folder unless ``cache`` is False. Raises RuleError with every mistake found.
    """
    data: _PackData
    data, stamp = _read("rulepack.json", extra, cache=cache)
    kept = os.path.join(_cache_folder(), f"{stamp}-compiled") if cache else None

    def sources() -> list[str]:
        found: list[str]
        found, _ = _read("rulepack-regexes.json", extra, cache=cache, stamp=stamp)
        return found

    def evidence() -> dict[str, object]:
        found: dict[str, object]
        found, _ = _read("rulepack-evidence.json", extra, cache=cache, stamp=stamp)
        return found

    def rewordings() -> RewordingData:
        found: RewordingData
        found, _ = _read("rulepack-rewordings.json", extra, cache=cache, stamp=stamp)
        return found

    cache_of_patterns = PatternCache(kept, sources)
    compile_with(cache_of_patterns.compile)
    return Rulebook(data, cache_of_patterns, evidence, rewordings)


def load_docs(extra: tuple[str, ...] = (), *, cache: bool = True) -> DocsData:
    """Return why each rule exists, its examples, and the norms. Raises RuleError as ``load``."""
    docs: DocsData
    docs, _ = _read("rulepack-docs.json", extra, cache=cache)
    return docs


def load_evidence(extra: tuple[str, ...] = (), *, cache: bool = True) -> Register:
    """Return the register of evidence. Raises RuleError as ``load``."""
    from kaplint import register

    found: dict[str, object]
    found, _ = _read("rulepack-evidence.json", extra, cache=cache)
    return register.from_json(found)


def load_strength(extra: tuple[str, ...] = (), *, cache: bool = True) -> StrengthData:
    """Return the words of strength that versions are compared by. Raises RuleError as ``load``."""
    words: StrengthData
    words, _ = _read("rulepack-strength.json", extra, cache=cache)
    return words


def rewordings(data: RewordingData, book: Rulebook) -> dict[str, tuple[Rewording, ...]]:
    """Return the rewordings of a pack by category, ready to run."""
    return {
        category: tuple(
            Rewording(
                next(
                    iter(_places([entry["pattern"]] if entry["pattern"] else [], book.compiled)),
                    None,
                ),
                entry["template"],
                entry["safe"],
                entry["over"],
                tuple(entry["when"]),
                entry["kind"],
                tuple(_guard(guard, book.compiled) for guard in entry["needs"]),
                tuple(_guard(guard, book.compiled) for guard in entry["unless"]),
            )
            for entry in entries
        )
        for category, entries in data["categories"].items()
    }


def _read(name: str, extra: tuple[str, ...], *, cache: bool, stamp: str = ""):  # type: ignore[no-untyped-def]
    """Return one part of the pack, as JSON gives it, and a name for the state of the rules.

    ``stamp`` asks for the part that belongs to a state that was read before.
    """
    shipped = _shipped(name)
    if not extra and os.path.isdir(_shipped("rules")) and os.path.exists(shipped):
        about = os.stat(shipped)
        with open(shipped, encoding="utf-8") as file:
            return json.load(file), f"{__version__}-{about.st_size:x}-{about.st_mtime_ns:x}"
    # A checkout or folders of the user's own: build, or take what was built from the same files.
    folders = (rules_folder(), *extra)
    for folder in folders:
        if not os.path.isdir(folder):
            message = f"{folder}: no such rule folder"
            raise RuleError((message,))
    stamp = stamp or _stamp(folders)
    if cache and stamp not in _built:
        try:
            with open(os.path.join(_cache_folder(), f"{stamp}-{name}"), encoding="utf-8") as file:
                return json.load(file), stamp
        except (OSError, ValueError):
            pass  # none yet, or a damaged one: build it
    if stamp not in _built:
        from pathlib import Path

        from kaplint import rulepack

        _built.clear()
        _built[stamp] = rulepack.files(rulepack.build(tuple(Path(folder) for folder in folders)))
        if cache:
            _keep(_built[stamp], stamp)
    return json.loads(_built[stamp][name]), stamp


# The files of the pack that was built last: its parts must come from one state of the rules.
_built: dict[str, dict[str, str]] = {}


# What the pack is made of, and what makes it.
_MAKERS = (
    ".yaml",
    "entries.py",
    "figures.py",
    "guards.py",
    "inflect.py",
    "pack.py",
    "patterns.py",
    "register.py",
    "table.py",
    "templates.py",
    "tokens.py",
)


def _stamp(folders: tuple[str, ...]) -> str:
    """Return a short name for the state of the rule files: their paths, sizes and times."""
    from zlib import adler32, crc32

    state = [__version__]
    for top in (os.path.dirname(os.path.abspath(__file__)), *folders):
        state.append(top)
        for folder, inner, names in os.walk(top):
            inner.sort()
            for name in sorted(names):
                if name.endswith(_MAKERS):
                    path = os.path.join(folder, name)
                    about = os.stat(path)
                    state.append(f"{path} {about.st_size} {about.st_mtime_ns}")
    data = "\n".join(state).encode()
    return f"{crc32(data):08x}{adler32(data):08x}{len(data):x}"


def _keep(files: dict[str, str], stamp: str) -> None:
    """Write the files of a built pack to the cache folder, each all at once."""
    try:
        os.makedirs(_cache_folder(), exist_ok=True)
        for name, data in files.items():
            target = os.path.join(_cache_folder(), f"{stamp}-{name}")
            part = f"{target}.{os.getpid()}"
            with open(part, "w", encoding="utf-8") as file:
                file.write(data)
            os.replace(part, target)
        _forget_old()
    except OSError:
        pass  # a cache that cannot be written costs time, nothing else


def _forget_old() -> None:
    """Drop all but the newest packs: each edit of a rule leaves one behind."""
    folder = _cache_folder()
    packs = [os.path.join(folder, name) for name in os.listdir(folder)]
    for path in sorted(packs, key=os.path.getmtime, reverse=True)[45:]:
        os.unlink(path)
