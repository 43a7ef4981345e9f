"""Writes a report as JSON, in a form that is documented here and versioned apart from kaplint.

The form is a type of its own, so that kaplint can change inside without a consumer noticing.
``version`` changes only when a key goes or changes its meaning; a new key does not change it.
Offsets (``start``, ``end``) count characters of the file as decoded, from 0, the end exclusive;
lines and columns count from 1, and ``end_column`` is the column after the last character.
"""

from __future__ import annotations

import json
from typing import TypedDict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from kaplint.model import Finding, Fix, Report
    from kaplint.reporters.options import RenderOptions, RuleInfo

__all__ = [
    "VERSION",
    "JsonEdit",
    "JsonExcuse",
    "JsonFailure",
    "JsonFinding",
    "JsonFix",
    "JsonReport",
    "JsonSummary",
    "JsonTool",
    "render",
]

VERSION = "1"


class JsonTool(TypedDict):
    """The program that wrote the report."""

    name: str
    version: str


class JsonEdit(TypedDict):
    """Put ``replacement`` in place of the characters from ``start`` to ``end`` of the file."""

    start: int
    end: int
    replacement: str


class JsonFix(TypedDict):
    """A proposal; ``text`` is how the words would then read, or a question (without edits)."""

    kind: str
    safe: bool
    text: str
    edits: list[JsonEdit]
    sources: list[str]


class JsonExcuse(TypedDict):
    """Why a match is not reported."""

    by: str
    detail: str


class JsonFinding(TypedDict):
    """One problem at one place of one file; ``excuse`` is null for all under ``findings``."""

    path: str
    rule: str
    name: str
    category: str
    severity: str
    confidence: str
    scope: str
    start: int
    end: int
    line: int
    column: int
    end_line: int
    end_column: int
    text: str
    message: str
    advice: str
    norms: list[str]
    strictest: list[str]
    role: str
    fixes: list[JsonFix]
    excuse: JsonExcuse | None


class JsonFailure(TypedDict):
    """A file that could not be read or linted."""

    path: str
    reason: str


class JsonSummary(TypedDict):
    """How many findings there are of each severity, and how many matches are excused."""

    error: int
    warning: int
    info: int
    excused: int


class _JsonExcused(TypedDict, total=False):
    excused: list[JsonFinding]


class JsonReport(_JsonExcused):
    """The whole report; ``files`` is how many files were read, ``not_read`` how many pages were not.

    Excused matches stand under a key of their own, which is there only when they were asked for:
    whoever reads ``findings`` never meets one.
    """

    version: str
    tool: JsonTool
    findings: list[JsonFinding]
    failures: list[JsonFailure]
    files: int
    not_read: dict[str, int]
    summary: JsonSummary


def render(
    report: Report,
    rules: Mapping[str, RuleInfo],  # noqa: ARG001 - all reporters are called alike.
    options: RenderOptions,
) -> str:
    """Return the report as one JSON object, in ASCII, with a newline at its end."""
    reported = report.reported
    excused = report.excused
    severities = [finding.severity for finding in reported]
    document: JsonReport = {
        "version": VERSION,
        "tool": {"name": "kaplint", "version": options.version},
        "findings": [_finding(finding) for finding in reported],
        "failures": [
            {"path": failure.path, "reason": failure.reason} for failure in report.failures
        ],
        "files": len(report.files),
        "not_read": dict(report.not_read),
        "summary": {
            "error": severities.count("error"),
            "warning": severities.count("warning"),
            "info": severities.count("info"),
            "excused": len(excused),
        },
    }
    if options.show_excused:
        document["excused"] = [_finding(finding) for finding in excused]
    # ASCII only: a page may hold half of a surrogate pair, which no encoding can write.
    return json.dumps(document, ensure_ascii=True, indent=2) + "\n"


def _finding(finding: Finding) -> JsonFinding:
    """Return a finding in the form of the report."""
    excuse = finding.excuse
    return {
        "path": finding.path,
        "rule": finding.rule,
        "name": finding.name,
        "category": finding.category,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "scope": finding.scope,
        "start": finding.start,
        "end": finding.end,
        "line": finding.line,
        "column": finding.column,
        "end_line": finding.end_line,
        "end_column": finding.end_column,
        "text": finding.text,
        "message": finding.message,
        "advice": finding.advice,
        "norms": list(finding.norms),
        "strictest": list(finding.strictest),
        "role": finding.role,
        "fixes": [_fix(fix) for fix in finding.fixes],
        "excuse": None if excuse is None else {"by": excuse.by, "detail": excuse.detail},
    }


def _fix(fix: Fix) -> JsonFix:
    """Return a rewording in the form of the report."""
    return {
        "kind": fix.kind,
        "safe": fix.safe,
        "text": fix.text,
        "edits": [
            {"start": edit.start, "end": edit.end, "replacement": edit.replacement}
            for edit in fix.edits
        ],
        "sources": list(fix.sources),
    }
