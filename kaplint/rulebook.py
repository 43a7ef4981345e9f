"""A rule pack, ready to run: rules, lexicon and the index of what to look for."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field

from kaplint import __version__
from kaplint.errors import RuleError
from kaplint.tokens import Lexicon

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from typing import TypedDict

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
        path: str
        norms: list[str]
        scope: str
        kind: str
        data: object
        needs: list[list[object]]
        unless: list[list[object]]
        fix: list[tuple[str, str, bool]]

    class _PackData(TypedDict):
        format: int
        version: str
        words: dict[str, str]
        phrases: dict[str, dict[str, list[tuple[list[str], str, str]]]]
        globs: list[tuple[str, str, str]]
        classes: dict[str, str]
        patterns: list[tuple[str, list[list[str]], int]]
        rules: list[_RuleData]

    class DocsData(TypedDict):
        """The part of a pack that explains rules: see rulepack.py."""

        rules: dict[str, dict[str, object]]
        norms: dict[str, dict[str, str]]
        patterns: list[str]
        tags: dict[str, str]


__all__ = ["Duty", "Guard", "PlacePattern", "Rewording", "Rule", "Rulebook", "load", "load_docs"]


class PlacePattern:
    """A pattern looked for around a match or on the whole page; compiled when first needed."""

    __slots__ = ("_compiled", "keys", "regex", "text")

    def __init__(self, regex: str, keys: list[list[str]], text: str) -> None:
        """Keep the source of the expression, the keys it needs, and how the rule writes it."""
        self.regex = regex
        self.keys = [frozenset(k) for k in keys]
        self.text = text
        self._compiled: re.Pattern[str] | None = None

    @property
    def compiled(self) -> re.Pattern[str]:
        """Return the compiled expression."""
        if self._compiled is None:
            self._compiled = re.compile(self.regex)
        return self._compiled


@dataclass(frozen=True, slots=True)
class Guard:
    """A name under ``unless`` or ``needs``, with its patterns or roles where it takes any."""

    name: str
    patterns: tuple[PlacePattern, ...] = ()
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rewording:
    """Words that take the place of a match: which words it applies to, and the template."""

    applies: PlacePattern
    template: str
    safe: bool


@dataclass(frozen=True, slots=True)
class Duty:
    """What quiets an absence rule: see matchers/absence.py."""

    company: tuple[tuple[PlacePattern, ...], ...]
    lacks: tuple[PlacePattern, ...]
    words: int
    cites: bool


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
        "classes",
        "index",
        "lexicon",
        "needs",
        "owners",
        "regexes",
        "rules",
    )

    def __init__(self, data: _PackData) -> None:
        """Build from a pack; nothing is compiled before a page needs it."""
        self.lexicon = Lexicon(data["words"], data["phrases"], data["globs"])
        self.classes = data["classes"]
        self.rules = tuple(_rule(entry) for entry in data["rules"])
        self.regexes = [pattern[0] for pattern in data["patterns"]]
        self.owners = [pattern[2] for pattern in data["patterns"]]
        self.needs: list[tuple[frozenset[str], ...]] = []
        self._compiled: dict[int, re.Pattern[str]] = {}
        # From the rarest keys of each pattern to the patterns to try where one of them stands.
        self.index: dict[str, list[int]] = {}
        for number, (_, needs, _) in enumerate(data["patterns"]):
            first, *others = needs
            for key in first:
                self.index.setdefault(key, []).append(number)
            self.needs.append(tuple(frozenset(keys) for keys in others))

    def pattern(self, number: int) -> re.Pattern[str]:
        """Return a scanned pattern, compiled."""
        found = self._compiled.get(number)
        if found is None:
            found = self._compiled[number] = re.compile(self.regexes[number])
        return found


def _places(entries: object) -> tuple[PlacePattern, ...]:
    if not isinstance(entries, list):
        return ()
    return tuple(PlacePattern(entry[0], entry[1], entry[2]) for entry in entries)


def _guard(entry: list[object]) -> Guard:
    name, patterns = str(entry[0]), entry[1]
    if name == "role":
        roles = patterns if isinstance(patterns, list) else []
        return Guard(name, roles=tuple(str(role) for role in roles))
    return Guard(name, _places(patterns))


def _rule(entry: _RuleData) -> Rule:
    duty: Duty | None = None
    data = entry.get("data")
    if entry["kind"] == "absence" and isinstance(data, dict):
        duty = Duty(
            tuple(_places(group) for group in data["with"]),
            _places(data["lacks"]),
            int(data["words"]),
            bool(data["cites"]),
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
        kind=entry["kind"],
        data=data,
        needs=tuple(_guard(guard) for guard in entry["needs"]),
        unless=tuple(_guard(guard) for guard in entry["unless"]),
        fixes=tuple(
            Rewording(PlacePattern(rf"\A{regex} ?\Z", [], template), template, safe)
            for regex, template, safe in entry["fix"]
        ),
        path=entry["path"],
        duty=duty,
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
    return Rulebook(_read_pack("rulepack.json", extra, cache=cache))


def load_docs(extra: tuple[str, ...] = (), *, cache: bool = True) -> DocsData:
    """Return why each rule exists, its examples, and the norms. Raises RuleError as ``load``."""
    docs: DocsData = _read_json("rulepack-docs.json", extra, cache=cache)
    return docs


def _read_pack(name: str, extra: tuple[str, ...], *, cache: bool) -> _PackData:
    data: _PackData = _read_json(name, extra, cache=cache)
    return data


def _read_json(name: str, extra: tuple[str, ...], *, cache: bool):  # type: ignore[no-untyped-def]
    shipped = _shipped(name)
    in_wheel = os.path.isdir(_shipped("rules"))
    if in_wheel and not extra and os.path.exists(shipped):
        with open(shipped, encoding="utf-8") as file:
            return json.load(file)
    # A checkout or folders of the user's own: build, or take what was built from the same files.
    folders = (rules_folder(), *extra)
    for folder in folders:
        if not os.path.isdir(folder):
            message = f"{folder}: no such rule folder"
            raise RuleError((message,))
    stamp = _stamp(folders)
    if cache:
        try:
            with open(os.path.join(_cache_folder(), f"{stamp}-{name}"), encoding="utf-8") as file:
                return json.load(file)
        except (OSError, ValueError):
            pass  # none yet, or a damaged one: build it
    from pathlib import Path

    from kaplint import rulepack

    pack = rulepack.build(tuple(Path(folder) for folder in folders))
    if cache:
        _keep({"rulepack.json": pack.core, "rulepack-docs.json": pack.docs}, stamp)
    return json.loads(rulepack.dumps(pack.core if name == "rulepack.json" else pack.docs))


def _stamp(folders: tuple[str, ...]) -> str:
    """Return a short name for the state of the rule files: their paths, sizes and times."""
    from zlib import adler32, crc32

    state = [__version__]
    for top in (os.path.dirname(os.path.abspath(__file__)), *folders):
        for folder, inner, names in os.walk(top):
            inner.sort()
            for name in sorted(names):
                if name.endswith((".yaml", "pack.py", "patterns.py", "inflect.py", "tokens.py")):
                    path = os.path.join(folder, name)
                    about = os.stat(path)
                    state.append(f"{path} {about.st_size} {about.st_mtime_ns}")
    data = "\n".join(state).encode()
    return f"{crc32(data):08x}{adler32(data):08x}{len(data):x}"


def _keep(packs: dict[str, dict[str, object]], stamp: str) -> None:
    """Write built packs to the cache folder, each all at once."""
    from kaplint.rulepack import dumps

    try:
        os.makedirs(_cache_folder(), exist_ok=True)
        for name, data in packs.items():
            target = os.path.join(_cache_folder(), f"{stamp}-{name}")
            part = f"{target}.{os.getpid()}"
            with open(part, "w", encoding="utf-8") as file:
                file.write(dumps(data))
            os.replace(part, target)
        _forget_old()
    except OSError:
        pass  # a cache that cannot be written costs time, nothing else


def _forget_old() -> None:
    """Drop all but the newest packs: each edit of a rule leaves one behind."""
    folder = _cache_folder()
    packs = [os.path.join(folder, name) for name in os.listdir(folder) if "rulepack" in name]
    for path in sorted(packs, key=os.path.getmtime, reverse=True)[24:]:
        os.unlink(path)
