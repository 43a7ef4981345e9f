"""Writes a report as workflow commands, which GitHub Actions shows beside the lines of a change."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from kaplint.model import Failure, Finding, Report
    from kaplint.reporters.options import RenderOptions, RuleInfo

__all__ = ["command", "render"]

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}

# The runner understands an escape for the two line ends alone; any other control character would
# reach the log as it is, and half of a surrogate pair cannot be written at all.
_UNPRINTABLE = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def render(
    report: Report,
    rules: Mapping[str, RuleInfo],
    options: RenderOptions,  # noqa: ARG001 - all reporters are called alike.
) -> str:
    """Return one command a line for every finding that nothing excuses and for every failure."""
    lines = [_finding(finding, rules.get(finding.rule)) for finding in report.reported]
    lines.extend(_failure(failure) for failure in report.failures)
    return "".join(f"{line}\n" for line in lines)


def _finding(finding: Finding, rule: RuleInfo | None) -> str:
    """Return the command for a finding."""
    place = {"file": finding.path, "line": str(finding.line)}
    # GitHub refuses columns on an annotation of several lines.
    if finding.end_line == finding.line:
        place["col"] = str(finding.column)
        place["endColumn"] = str(finding.end_column)
    place["endLine"] = str(finding.end_line)
    place["title"] = f"{finding.rule} {finding.name}"
    if rule is not None and rule.summary:
        place["title"] += f": {rule.summary}"
    said = [finding.message, finding.advice]
    # An annotation is small: the best proposal, and no more.
    best = finding.fixes[0] if finding.fixes else None
    if best is not None and best.text.strip():
        said.append(best.text if best.kind == "question" else f'Perhaps: "{best.text}"')
    message = "\n".join(line for line in said if line)
    return command(_COMMANDS.get(finding.severity, "warning"), place, message)


def _failure(failure: Failure) -> str:
    """Return the command for a file that could not be read."""
    place = {"file": failure.path, "title": "kaplint"}
    return command("error", place, f"could not be read: {failure.reason}")


def command(name: str, properties: Mapping[str, str], message: str) -> str:
    """Return a workflow command; its properties keep the order that GitHub documents."""
    order = ("file", "line", "col", "endLine", "endColumn", "title")
    pairs = ",".join(f"{key}={_property(properties[key])}" for key in order if key in properties)
    return f"::{name} {pairs}::{_data(message)}"


def _data(text: str) -> str:
    """Return the text as it may stand in a command's message."""
    text = _UNPRINTABLE.sub("\ufffd", text.replace("\t", " "))
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Return the text as it may stand in a command's property, where ``:`` and ``,`` are signs."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
