"""Configuration: ``kaplint.yaml`` or ``[tool.kaplint]`` of pyproject.toml; every default in one place."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from kaplint.errors import ConfigError

__all__ = ["NAMES", "Config", "find", "read"]

NAMES = ("kaplint.yaml", "kaplint.yml", ".kaplint.yaml")
LEVELS = ("error", "warning", "info", "off")

# Folders that hold no copy; named in --help, and lifted by naming a file itself.
DEFAULT_EXCLUDE = (
    ".git/",
    ".hg/",
    ".svn/",
    ".tox/",
    ".nox/",
    ".venv/",
    "venv/",
    "__pycache__/",
    "node_modules/",
    "vendor/",
    ".mypy_cache/",
    ".pytest_cache/",
    ".ruff_cache/",
)


@dataclass(frozen=True, slots=True)
class Config:
    """What a run is told: which rules, how grave, which files.

    ``select`` and ``ignore`` hold selectors: a code, the beginning of one, a category, or ALL.
    ``fail_on`` is the least severity that makes the exit code 1. ``strict`` adds the rules of low
    confidence. ``root`` is the folder that patterns and extra rule folders are relative to;
    ``origin`` is the file that was read ("" for the defaults).
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


def read(path: str) -> Config:
    """Read a configuration file. Raises ConfigError with every mistake, each with its line."""
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path}: cannot be read: {error}"
        raise ConfigError(message) from None
    if path.endswith(".toml"):
        text = _toml_as_yaml(path, text)
    return _read_yaml(path, text)


def _has_table(path: str) -> bool:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return "[tool.kaplint" in file.read()
    except OSError:
        return False


def _toml_as_yaml(path: str, text: str) -> str:
    """Return the tool's table as YAML flow, which is what JSON is, so that one reader checks both."""
    import json
    import sys

    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        table = tomllib.loads(text).get("tool", {}).get("kaplint", {})
    except tomllib.TOMLDecodeError as error:
        message = f"{path}: not valid TOML: {error}"
        raise ConfigError(message) from None
    return json.dumps(table, indent=1)


def _read_yaml(path: str, text: str) -> Config:
    from kaplint.yamlfile import YamlFile  # YAML is slow to import: only where there is a file

    problems: list[str] = []
    file = YamlFile(path, text, problems)
    if file.root is None and not problems:  # an empty file is an empty configuration
        return Config(root=os.path.dirname(os.path.abspath(path)), origin=path)
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
        (selector, file.choice(node, LEVELS))
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
        exclude=texts("exclude", ()),
        rules=texts("rules", ()),
        jurisdiction=texts("jurisdiction", default.jurisdiction),
        reading_grade=(
            float(file.number(entries["reading-grade"])) if "reading-grade" in entries else None
        ),
        strict=file.flag(entries["strict"]) if "strict" in entries else False,
        root=os.path.dirname(os.path.abspath(path)),
        origin=path,
    )
    if problems:
        raise ConfigError("\n".join(problems))
    return config
