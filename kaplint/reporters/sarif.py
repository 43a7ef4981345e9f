"""Writes a report as SARIF 2.1.0, the form that code scanning services read.

A result is known again by its rule, its words and the sentence they stand in, so that an alert
outlives the lines that were added above it. See ``_fingerprints``.
"""

from __future__ import annotations

import hashlib
import json
import os
import posixpath
import re
from collections import Counter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kaplint.model import Edit, Excuse, Failure, Finding, Fix, Report
    from kaplint.reporters.options import RenderOptions, RuleInfo

__all__ = ["render"]

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_ROOT = "%SRCROOT%"
_FINGERPRINT = "kaplintClaim/v1"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_PROBLEM = {"error": "error", "warning": "warning", "info": "recommendation"}
# Excuses that stand outside the page; every other one is read from the page itself.
_EXTERNAL = frozenset({"baseline", "config", "evidence", "profile", "setting"})

_NOT_IN_URI = re.compile(rb"[^A-Za-z0-9_.~/-]")
_DRIVE = re.compile(r"[A-Za-z]:/")
_SENTENCE_END = re.compile(r"[.!?]+(?=[\s<]|$)")
_NO_WORD = re.compile(r"[\W_]+")
# How far from the words the sentence may reach: some pages are one line without a full stop.
_SENTENCE_REACH = 300


def render(report: Report, rules: Mapping[str, RuleInfo], options: RenderOptions) -> str:
    """Return the report as a SARIF log of one run, in ASCII, with a newline at its end."""
    shown = report.findings if options.show_excused else report.reported
    by_code = {finding.rule: finding for finding in shown}
    codes = sorted(by_code)
    index = {code: number for number, code in enumerate(codes)}
    described = [_rule(by_code[code], rules.get(code)) for code in codes]
    # Excused matches are counted even where they are not shown, so that a name never depends on it.
    results = [
        _result(finding, index[finding.rule], fingerprint, options)
        for finding, fingerprint in zip(
            report.findings, _fingerprints(report.findings), strict=True
        )
        if finding.excuse is None or options.show_excused
    ]
    run: dict[str, object] = {
        "tool": {
            "driver": {"name": "kaplint", "version": options.version, "rules": described},
        },
        "invocations": [_invocation(report, options)],
        "originalUriBaseIds": {_ROOT: _root(options.base)},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    # ASCII only: a page may hold half of a surrogate pair, which no encoding can write.
    return json.dumps(log, ensure_ascii=True, indent=2) + "\n"


def _rule(finding: Finding, rule: RuleInfo | None) -> dict[str, object]:
    """Return the description of a rule, as far as it is known."""
    described: dict[str, object] = {"id": finding.rule, "name": _pascal(finding.name)}
    severity = rule.severity if rule else finding.severity
    if rule:
        described["shortDescription"] = {"text": _sentence(rule.summary or rule.name)}
        described["fullDescription"] = {"text": rule.why or rule.summary or rule.name}
        described["help"] = {"text": _help_text(rule), "markdown": _help_markdown(rule)}
        if rule.help_uri:
            described["helpUri"] = rule.help_uri
    described["defaultConfiguration"] = {"level": _LEVELS.get(severity, "warning")}
    described["properties"] = {
        "tags": [rule.category if rule else finding.category],
        "precision": rule.confidence if rule else finding.confidence,
        "problem.severity": _PROBLEM.get(severity, "warning"),
        "scope": rule.scope if rule else finding.scope,
        "norms": list(rule.norms if rule else finding.norms),
    }
    return described


def _help_text(rule: RuleInfo) -> str:
    """Return what a reader of an alert should know of its rule, as plain text."""
    parts = [
        rule.advice,
        rule.why,
        f"Flagged: {rule.example_bad}" if rule.example_bad else "",
        f"Left alone: {rule.example_good}" if rule.example_good else "",
        f"Norms: {', '.join(rule.norms)}" if rule.norms else "",
    ]
    return "\n\n".join(part for part in parts if part) or rule.name


def _help_markdown(rule: RuleInfo) -> str:
    """Return what a reader of an alert should know of its rule, as Markdown."""
    parts = [
        f"**{rule.advice}**" if rule.advice else "",
        rule.why,
        f"Flagged:\n\n{_quoted(rule.example_bad)}" if rule.example_bad else "",
        f"Left alone:\n\n{_quoted(rule.example_good)}" if rule.example_good else "",
        f"Norms: {', '.join(f'`{norm}`' for norm in rule.norms)}" if rule.norms else "",
    ]
    return "\n\n".join(part for part in parts if part) or rule.name


def _quoted(text: str) -> str:
    """Return an example as a block of code, so that nothing in it counts as Markdown."""
    return "\n".join(f"    {line}" for line in text.splitlines())


def _result(
    finding: Finding, rule_index: int, fingerprint: str, options: RenderOptions
) -> dict[str, object]:
    """Return a finding as a result."""
    result: dict[str, object] = {
        "ruleId": finding.rule,
        "ruleIndex": rule_index,
        "level": _LEVELS.get(finding.severity, "warning"),
        "message": _message(f"{finding.message} {finding.advice}".strip() or finding.name),
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": _artifact(finding.path, options.base),
                    "region": {
                        "startLine": finding.line,
                        "startColumn": finding.column,
                        "endLine": finding.end_line,
                        "endColumn": finding.end_column,
                        "charOffset": finding.start,
                        "charLength": finding.end - finding.start,
                    },
                }
            }
        ],
        "partialFingerprints": {_FINGERPRINT: fingerprint},
    }
    fixes = [_fix(fix, finding, options) for fix in finding.fixes if fix.edits]
    if fixes:
        result["fixes"] = fixes
    if options.show_excused:
        # Once one result names its suppressions, an empty list says that another has none.
        excuse = finding.excuse
        result["suppressions"] = [] if excuse is None else [_suppression(excuse)]
    result["properties"] = {"role": finding.role, "confidence": finding.confidence}
    return result


def _fix(fix: Fix, finding: Finding, options: RenderOptions) -> dict[str, object]:
    """Return a rewording as a fix; SARIF knows no unsafe ones, so a property says it."""
    caution = "" if fix.safe else " (read before taking)"
    verb = "Add" if fix.kind == "insert" else "Reword as"
    words = f'{verb} "{fix.text}"' if fix.text.strip() else "Leave these words out"
    return {
        "description": _message(f"{words}{caution}."),
        "artifactChanges": [
            {
                "artifactLocation": _artifact(finding.path, options.base),
                "replacements": [
                    {
                        "deletedRegion": _edit_region(edit, finding),
                        "insertedContent": {"text": edit.replacement},
                    }
                    for edit in fix.edits
                ],
            }
        ],
        "properties": {"safe": fix.safe, "kind": fix.kind, "sources": list(fix.sources)},
    }


def _edit_region(edit: Edit, finding: Finding) -> dict[str, object]:
    """Return the place of an edit, with its columns where it lies in the line of the finding."""
    region: dict[str, object] = {
        "charOffset": edit.start,
        "charLength": edit.end - edit.start,
    }
    line_start = finding.start - (finding.column - 1)
    line_end = line_start + len(_first_line(finding.excerpt))
    if line_start <= edit.start and edit.end <= line_end:
        region = {
            "startLine": finding.line,
            "startColumn": edit.start - line_start + 1,
            "endLine": finding.line,
            "endColumn": edit.end - line_start + 1,
            **region,
        }
    return region


def _suppression(excuse: Excuse) -> dict[str, object]:
    """Return an excuse as a suppression."""
    detail = f": {excuse.detail}" if excuse.detail else ""
    return {
        "kind": "external" if excuse.by in _EXTERNAL else "inSource",
        "status": "accepted",
        "justification": f"excused by {excuse.by}{detail}",
    }


def _invocation(report: Report, options: RenderOptions) -> dict[str, object]:
    """Return how the run went; a run that left a file unread did not succeed."""
    return {
        "executionSuccessful": not report.failures,
        "toolExecutionNotifications": [
            _notification(failure, options) for failure in report.failures
        ],
    }


def _notification(failure: Failure, options: RenderOptions) -> dict[str, object]:
    """Return a failure as a notification."""
    return {
        "level": "error",
        "message": _message(f"{failure.path} could not be read: {failure.reason}"),
        "locations": [
            {"physicalLocation": {"artifactLocation": _artifact(failure.path, options.base)}}
        ],
    }


def _message(text: str) -> dict[str, object]:
    """Return a message; SARIF doubles braces, since single ones stand for an argument."""
    return {"text": text.replace("{", "{{").replace("}", "}}")}


def _root(base: str) -> dict[str, object]:
    """Return where the folder is that the paths are relative to, if that is known."""
    folder = _slashed(base)
    if not _is_absolute(folder):
        return {"description": {"text": "The folder that kaplint was run in."}}
    return {"uri": _file_uri(f"{folder.rstrip('/')}/")}


def _artifact(path: str, base: str) -> dict[str, object]:
    """Return the address of a file, relative to the base wherever it lies below it."""
    path = _slashed(path)
    if _is_absolute(path):
        folder = f"{_slashed(base).rstrip('/')}/"
        if not (_is_absolute(folder) and path.startswith(folder)):
            return {"uri": _file_uri(path)}
        path = path[len(folder) :]
    return {"uri": _quote(posixpath.normpath(path)), "uriBaseId": _ROOT}


def _slashed(path: str) -> str:
    """Return the path with slashes, whatever this system parts folders with."""
    return path if os.sep == "/" else path.replace(os.sep, "/")


def _is_absolute(path: str) -> bool:
    """Tell whether a path with slashes begins at a root or a drive."""
    return path.startswith("/") or _DRIVE.match(path) is not None


def _file_uri(path: str) -> str:
    """Return the address of an absolute path."""
    drive = _DRIVE.match(path)
    if drive:
        return f"file:///{path[:2]}{_quote(path[2:])}"
    return f"file://{_quote(path)}"


def _quote(path: str) -> str:
    """Return the path with its bytes percent-encoded, those that are no UTF-8 among them."""
    try:
        raw = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raw = path.encode("utf-8", "surrogatepass")
    return _NOT_IN_URI.sub(lambda found: b"%%%02X" % found[0][0], raw).decode("ascii")


def _fingerprints(findings: Iterable[Finding]) -> list[str]:
    """Return a stable name for each finding.

    It is made of the rule, the words and their sentence, without case, markup signs or white
    space, and of how often the same has come in this file before. No line number goes in, so that
    lines can come and go above; no path, so that a file can be renamed.
    """
    seen: Counter[tuple[str, str]] = Counter()
    prints: list[str] = []
    for finding in findings:
        parts = (finding.rule, _normal(finding.text), _normal(_sentence_around(finding)))
        key = "\n".join(parts)
        number = seen[finding.path, key]
        seen[finding.path, key] += 1
        digest = hashlib.sha256(f"{key}\n{number}".encode("utf-8", "surrogatepass"))
        prints.append(digest.hexdigest()[:32])
    return prints


def _sentence_around(finding: Finding) -> str:
    """Return the sentence of the excerpt that holds the words, as near as full stops tell it."""
    line = _first_line(finding.excerpt)
    start = min(max(finding.column - 1, 0), len(line))
    stop = len(line)
    if finding.end_line <= finding.line:
        stop = max(start, min(finding.end_column - 1, len(line)))
    low = max(0, start - _SENTENCE_REACH)
    for end in _SENTENCE_END.finditer(line, low, start):
        low = end.end()
    after = _SENTENCE_END.search(line, max(stop - 1, start), stop + _SENTENCE_REACH)
    return line[low : after.end() if after else stop + _SENTENCE_REACH]


def _normal(text: str) -> str:
    """Return the words of a text alone, in lower case."""
    return _NO_WORD.sub(" ", text).strip().casefold()


def _first_line(text: str) -> str:
    """Return the text up to its first line end."""
    return re.split("[\r\n]", text, maxsplit=1)[0]


def _pascal(name: str) -> str:
    """Return a rule's name as one word in PascalCase, as SARIF wants it."""
    words = [word for word in _NO_WORD.split(name) if word]
    return "".join(word[0].upper() + word[1:] for word in words) or "Rule"


def _sentence(text: str) -> str:
    """Return the text with a full stop at its end."""
    return text if text.endswith((".", "!", "?")) else f"{text}."
