"""Configuration: ``kaplint.yaml`` or ``[tool.kaplint]`` of pyproject.toml; every default in one place."""

from __future__ import annotations

import os
import re

from kaplint.errors import ConfigError
from kaplint.records import dataclass, field

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from kaplint.yamlfile import Node, YamlFile

__all__ = ["EVIDENCE", "NAMES", "Config", "approved_in", "find", "place", "read"]

NAMES = ("kaplint.yaml", "kaplint.yml", ".kaplint.yaml")
# The file of approved claims, beside the configuration.
EVIDENCE = "evidence.yaml"
LEVELS = ("error", "warning", "info", "off")


@dataclass(frozen=True, slots=True)
class Config:
    """What a run is told: which rules, how grave, which files.

    ``select`` and ``ignore`` hold selectors: a code, the beginning of one, a category, or ALL.
    ``fail_on`` is the least severity that makes the exit code 1. ``strict`` adds the rules of low
    confidence. ``disclosures`` are a clinic's own words for the duties of a page, by duty.
    ``evidence`` is the path of the file of approved claims ("" for none), and
    ``evidence_notice_days`` the days before its end from which an approval is said to expire soon.
    ``root`` is the folder that patterns and extra rule folders are relative to; ``origin`` is the
    file that was read ("" for the defaults).
    """

    select: tuple[str, ...] = ("ALL",)
    ignore: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    severity: tuple[tuple[str, str], ...] = ()
    fail_on: str = "warning"
    exclude: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    jurisdiction: tuple[str, ...] = ("us",)
    reading_grade: float | None = None
    strict: bool = False
    disclosures: tuple[tuple[str, str], ...] = ()
    evidence: str = ""
    evidence_notice_days: int = 30
    root: str = field(default_factory=os.getcwd)
    origin: str = ""


_KEYS = {
    "select": False,
    "ignore": False,
    "per-file-ignores": False,
    "severity": False,
    "fail-on": False,
    "exclude": False,
    "rules": False,
    "jurisdiction": False,
    "reading-grade": False,
    "strict": False,
    "disclosures": False,
    "evidence": False,
    "evidence-notice-days": False,
}


def find(start: str) -> str | None:
    """Return the configuration that governs a folder: in it, or in the nearest folder above."""
    folder = os.path.abspath(start)
    while True:
        for name in NAMES:
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                return path
        path = os.path.join(folder, "pyproject.toml")
        if os.path.isfile(path) and _has_table(path):
            return path
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def approved_in(folder: str) -> str:
    """Return the path of the file of approved claims in a folder, "" where there is none."""
    path = os.path.join(folder, EVIDENCE)
    return path if os.path.isfile(path) else ""


def read(path: str) -> Config:
    """Read a configuration file. Raises ConfigError with every mistake, each with its line."""
    try:
        with open(path, encoding="utf-8-sig") as file:
            text = file.read()
    except OSError as error:
        message = f"{path}: cannot be read: {error.strerror or error}"
        raise ConfigError(message) from None
    except ValueError:
        message = f"{path}: is not UTF-8: save it in that encoding"
        raise ConfigError(message) from None
    if path.endswith(".toml"):
        text = _toml_as_yaml(path, text)
    return _read_yaml(path, text)


def place(config: Config, word: str) -> str:
    """Return where a configuration file says a word, as ``path:line: ``; "" where none does."""
    if config.origin:
        whole = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])")
        try:
            with open(config.origin, encoding="utf-8-sig", errors="replace") as file:
                for number, line in enumerate(file, 1):
                    if whole.search(line.partition("#")[0]):
                        return f"{config.origin}:{number}: "
        except OSError:
            pass  # gone meanwhile: the message stands without a place
    return ""


# Compiled where they are needed, which is seldom.
# A header that is not closed counts, so that the mistake in it is told.
_TABLE = r"(?m)^\s*\[\s*tool\s*\.\s*[\"']?kaplint[\"']?\s*(?:[\].]|$)"


def _has_table(path: str) -> bool:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return re.search(_TABLE, file.read()) is not None
    except OSError:
        return False


def _toml_as_yaml(path: str, text: str) -> str:
    """Return the tool's table as YAML flow, so that one reader checks both, key by key on its line."""
    import sys

    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        tools = tomllib.loads(text).get("tool", {})
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = re.search(r"at line (\d+)", str(error))
        message = f"{path}:{line[1] if line else 1}: not valid TOML: {error}"
        raise ConfigError(message) from None
    table: object = tools.get("kaplint", {}) if isinstance(tools, dict) else {}
    lines = _toml_lines(text)
    out = ["\n" * (lines.get(("tool", "kaplint"), 1) - 1)]
    _flow(table, ("tool", "kaplint"), lines, out, len(out[0]) + 1)
    return "".join(out)


_KEY = r"(?:[\w-]+|\"[^\"]*\"|'[^']*')"
_TOML_LINE = rf"\s*(?:\[(?P<table>[^\[\]]+)\]|(?P<key>{_KEY}(?:\s*\.\s*{_KEY})*)\s*=)"


def _toml_lines(text: str) -> dict[tuple[str, ...], int]:
    """Return the lines of the keys of a TOML file, as far as they can be told without parsing."""
    lines: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.split("\n"), 1):
        found = re.match(_TOML_LINE, line)
        if found is None:
            continue
        parts = tuple(
            part.strip("\"'") for part in re.findall(_KEY, found["table"] or found["key"])
        )
        if found["table"]:
            table = parts
            lines.setdefault(table, number)
        else:
            lines.setdefault((*table, *parts), number)
    return lines


def _flow(
    value: object,
    path: tuple[str, ...],
    lines: dict[tuple[str, ...], int],
    out: list[str],
    line: int,
) -> int:
    """Write a value, its keys on the lines they have in the file; return the line that was reached."""
    import json

    if not isinstance(value, dict):
        out.append(json.dumps(value, ensure_ascii=False, default=str))
        return line
    out.append("{")
    for key, inner in value.items():
        here = max(line, lines.get((*path, key), line))
        out.append("\n" * (here - line) + json.dumps(key, ensure_ascii=False) + ": ")
        line = _flow(inner, (*path, key), lines, out, here)
        out.append(", ")
    out.append("}")
    return line


def _read_yaml(path: str, text: str) -> Config:
    from kaplint.yamlfile import YamlFile  # YAML is slow to import: only where there is a file

    problems: list[str] = []
    file = YamlFile(path, text, problems)
    empty = file.root is None or file.root.tag == "tag:yaml.org,2002:null"
    root = os.path.dirname(os.path.abspath(path))
    if empty and not problems:  # an empty file is an empty configuration
        return Config(evidence=approved_in(root), root=root, origin=path)
    entries = file.mapping(file.root, _KEYS) if file.root is not None else {}
    default = Config()

    def texts(key: str, otherwise: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(file.texts(entries[key])) if key in entries else otherwise

    per_file = tuple(
        (pattern, tuple(file.texts(node)))
        for pattern, node in (
            file.mapping(entries["per-file-ignores"]) if "per-file-ignores" in entries else {}
        ).items()
    )
    severity = tuple(
        (selector, _level(file, node))
        for selector, node in (
            file.mapping(entries["severity"]) if "severity" in entries else {}
        ).items()
    )
    config = Config(
        select=texts("select", default.select),
        ignore=texts("ignore", ()),
        per_file_ignores=per_file,
        severity=severity,
        fail_on=(
            file.choice(entries["fail-on"], ("error", "warning", "info", "never"))
            if "fail-on" in entries
            else default.fail_on
        ),
        exclude=_patterns(file, entries["exclude"]) if "exclude" in entries else (),
        rules=texts("rules", ()),
        jurisdiction=texts("jurisdiction", default.jurisdiction),
        reading_grade=(
            _grade(file, entries["reading-grade"]) if "reading-grade" in entries else None
        ),
        strict=file.flag(entries["strict"]) if "strict" in entries else False,
        disclosures=_disclosures(file, entries["disclosures"]) if "disclosures" in entries else (),
        evidence=(
            _existing(file, entries["evidence"], root)
            if "evidence" in entries
            else approved_in(root)
        ),
        evidence_notice_days=(
            _days(file, entries["evidence-notice-days"])
            if "evidence-notice-days" in entries
            else default.evidence_notice_days
        ),
        root=root,
        origin=path,
    )
    if problems:
        raise ConfigError("\n".join(problems))
    return config


def _level(file: YamlFile, node: Node) -> str:
    # YAML reads a bare off as false; what is meant is plain.
    if getattr(node, "value", "") == "off":
        return "off"
    return file.choice(node, LEVELS)


def _disclosures(file: YamlFile, node: Node) -> tuple[tuple[str, str], ...]:
    from kaplint.rulepack import DUTIES

    entries = file.mapping(node, dict.fromkeys(DUTIES, False))
    return tuple((duty, " ".join(file.text(value).split())) for duty, value in entries.items())


def _patterns(file: YamlFile, node: Node) -> tuple[str, ...]:
    from kaplint.discovery import is_pattern

    patterns = file.texts(node)
    items = file.items(node) if len(patterns) != 1 else [node]
    for pattern, item in zip(patterns, items):
        if not is_pattern(pattern):
            file.problem(item, f"'{pattern}' is no pattern that git knows")
    return tuple(patterns)


def _existing(file: YamlFile, node: Node, root: str) -> str:
    """Return the path of a file that the configuration names; an empty name stands for none."""
    name = file.text(node)
    if not name:
        return ""
    path = os.path.join(root, os.path.expanduser(name))
    if not os.path.isfile(path):
        file.problem(node, f"there is no file {name}")
    return path


def _days(file: YamlFile, node: Node) -> int:
    value = str(getattr(node, "value", ""))
    if not (value.isascii() and value.isdigit() and len(value) < 6):
        file.problem(node, "write a number of days here, such as 30")
        return 0
    return int(value)


def _grade(file: YamlFile, node: Node) -> float:
    try:
        grade = float(str(getattr(node, "value", "")))
    except ValueError:
        grade = 0.0
    if not 0 < grade <= 30:
        file.problem(node, "write a school grade here, such as 9")
    return grade
