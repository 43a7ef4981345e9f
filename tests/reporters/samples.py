"""A small report for the tests of the reporters, and the parts to build others from."""

from __future__ import annotations

from dataclasses import replace

from kaplint.model import Edit, Excuse, Failure, Finding, Fix, Report
from kaplint.reporters.options import RenderOptions, RuleInfo

OPTIONS = RenderOptions(
    color=False,
    width=80,
    show_excused=False,
    statistics=False,
    quiet=False,
    version="1.2.3",
    base="/srv/site",
)

CURES = RuleInfo(
    code="CU01",
    name="cures",
    category="cure",
    scope="span",
    severity="error",
    confidence="high",
    summary="Says that a condition is cured",
    message='"{match}" says that the condition goes away for good.',
    advice="Say what changed, for whom and for how long, and cite the trial.",
    why="A cure is a promise that the condition will not come back.",
    norms=("us-ftc-act-5", "us-ftc-npo-2023"),
    example_bad="Our drip cures gout.",
    example_good="There is no cure for gout.",
    help_uri="https://kaplint.example/rules/CU01",
)

SILENT_ON_RISKS = RuleInfo(
    code="RK01",
    name="silent-on-risks",
    category="no-risks",
    scope="document",
    severity="warning",
    confidence="medium",
    summary="Claims a benefit and names no risk",
    message="The page claims a benefit and names no risk anywhere.",
    advice="Name the commonest side effects on this page.",
    why="",
    norms=(),
    example_bad="",
    example_good="",
    help_uri="",
)

RULES = {rule.code: rule for rule in (CURES, SILENT_ON_RISKS)}


def cure_at(
    words: str,
    line: str,
    *,
    path: str = "pages/gout.md",
    number: int = 1,
    offset: int = 0,
) -> Finding:
    """Return a finding of CU01 on the words of a line that begins at an offset of its file."""
    at = line.index(words)
    return Finding(
        path=path,
        rule=CURES.code,
        name=CURES.name,
        category=CURES.category,
        severity=CURES.severity,
        confidence=CURES.confidence,
        scope=CURES.scope,
        start=offset + at,
        end=offset + at + len(words),
        line=number,
        column=at + 1,
        end_line=number,
        end_column=at + len(words) + 1,
        text=words,
        message=f'"{words}" says that the condition goes away for good.',
        advice=CURES.advice,
        norms=CURES.norms,
        excerpt=line,
        role="paragraph",
    )


def reworded(finding: Finding, text: str, *, safe: bool) -> Finding:
    """Return the finding with one more rewording of its words."""
    fix = Fix((Edit(finding.start, finding.end, text),), safe, text)
    return replace(finding, fixes=(*finding.fixes, fix))


def excused(finding: Finding, by: str, detail: str = "") -> Finding:
    """Return the finding with an excuse."""
    return replace(finding, excuse=Excuse(by, detail))


def of_page(finding: Finding) -> Finding:
    """Return a finding of RK01 at the place of another finding."""
    return replace(
        finding,
        rule=SILENT_ON_RISKS.code,
        name=SILENT_ON_RISKS.name,
        category=SILENT_ON_RISKS.category,
        severity=SILENT_ON_RISKS.severity,
        confidence=SILENT_ON_RISKS.confidence,
        scope=SILENT_ON_RISKS.scope,
        message=SILENT_ON_RISKS.message,
        advice=SILENT_ON_RISKS.advice,
        norms=(),
    )


def report(*findings: Finding, failures: tuple[Failure, ...] = ()) -> Report:
    """Return a report of the findings and the files they are in."""
    return Report(findings, failures, tuple(dict.fromkeys(each.path for each in findings)))


_CLAIM = "Our drip cures gout, and the first visit is free."
_DENIAL = "There is no cure for gout."

SAMPLE = report(
    reworded(cure_at("cures gout", _CLAIM, number=3, offset=20), "may ease gout", safe=True),
    of_page(cure_at(_CLAIM, _CLAIM, number=3, offset=20)),
    excused(cure_at("cure for gout", _DENIAL, number=9, offset=210), "negated", "no"),
    failures=(Failure("pages/scan.html", "it is not UTF-8 (byte 812)"),),
)
