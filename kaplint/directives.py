"""Comments by which a writer allows a finding, with a reason.

::

    <!-- kaplint: allow CU01 quoted from a leaflet -->         the block around or after it
    <!-- kaplint: allow-start hype,CU01 the press kit -->      from here ...
    <!-- kaplint: allow-end -->                                ... to here (or the end of the page)
    <!-- kaplint: allow-file TE testimonials are released -->  the whole page

In front matter ``kaplint: allow TE ...`` speaks of the whole page. A directive without a reason,
one that names no rule, and one that excuses nothing are findings themselves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from kaplint.lazy import lazy
from kaplint.model import Excuse, Finding

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaplint.documents import Document
    from kaplint.model import Mark
    from kaplint.rulebook import Rule, Rulebook

__all__ = ["CODES", "apply"]

_DIRECTIVE = lazy(r"\s*kaplint:\s*(?P<verb>[\w-]*)\s*(?P<rest>.*)", re.DOTALL)
_SELECTORS = lazy(
    r"(?P<selectors>[A-Za-z][\w-]*(?:\s*,\s*[A-Za-z][\w-]*)*)\s*(?P<reason>.*)", re.DOTALL
)
_VERBS = ("allow", "allow-start", "allow-end", "allow-file")

# Findings about directives themselves: code, name, advice.
CODES = {
    "KL01": ("unused-directive", "Remove it, or correct the code it names."),
    "KL02": ("unclear-directive", "Write: kaplint: allow CODE reason."),
}


@dataclass(slots=True)
class _Directive:
    mark: Mark
    selectors: tuple[str, ...]
    reason: str
    start: int  # range of the prose
    end: int
    used: set[str] = field(default_factory=set)


def apply(document: Document, findings: list[Finding], rulebook: Rulebook) -> Iterator[Finding]:
    """Return the findings, those that a directive allows with their excuse, and those about directives."""
    comments = [
        mark
        for mark in document.prose.marks
        if mark.kind == "comment" and mark.value.lstrip().startswith("kaplint:")
    ]
    if not comments:
        yield from findings
        return
    directives, problems = _read(document, comments, rulebook)
    rules = {rule.code: rule for rule in rulebook.rules}
    out = [_allow(document, finding, directives, rules) for finding in findings]
    for directive in directives:
        unused = [s for s in directive.selectors if s not in directive.used]
        if unused:
            problems.append(
                _finding(
                    document,
                    directive.mark,
                    "KL01",
                    f"Nothing here is excused by {', '.join(unused)}.",
                )
            )
    yield from sorted(out + problems, key=lambda f: (f.start, f.end, f.rule))


def _allow(
    document: Document, finding: Finding, directives: list[_Directive], rules: dict[str, Rule]
) -> Finding:
    from kaplint.api import matches

    rule = rules.get(finding.rule)
    if finding.excuse is not None or rule is None:
        return finding
    for directive in directives:
        if finding.scope == "document" and directive.end < len(document.text):
            continue
        if finding.scope == "span":
            low, high = _source_range(document, directive)
            if not low <= finding.start < high:
                continue
        for selector in directive.selectors:
            if matches(selector, rule):
                directive.used.add(selector)
                return replace(finding, excuse=Excuse("directive", directive.reason), fixes=())
    return finding


def _source_range(document: Document, directive: _Directive) -> tuple[int, int]:
    if directive.start == 0 and directive.end >= len(document.text):
        return 0, len(document.source)
    try:
        span = document.prose.source_span(directive.start, directive.end)
    except ValueError:
        return -1, -1
    return span.start, span.end


def _read(
    document: Document, comments: list[Mark], rulebook: Rulebook
) -> tuple[list[_Directive], list[Finding]]:
    from kaplint.api import matches

    directives: list[_Directive] = []
    problems: list[Finding] = []
    open_ranges: list[_Directive] = []
    for mark in sorted(comments, key=lambda m: m.source_start):
        parsed = _DIRECTIVE.match(mark.value)
        verb = parsed["verb"] if parsed else ""
        rest = parsed["rest"].strip() if parsed else ""
        if verb not in _VERBS:
            problems.append(
                _finding(document, mark, "KL02", f"'{verb}' is none of {', '.join(_VERBS)}.")
            )
            continue
        if verb == "allow-end":
            if not open_ranges:
                problems.append(
                    _finding(document, mark, "KL02", "Nothing was opened by allow-start.")
                )
            for directive in open_ranges:
                directive.end = mark.start
            open_ranges = []
            continue
        named = _SELECTORS.match(rest)
        selectors = tuple(re.split(r"\s*,\s*", named["selectors"])) if named else ()
        unknown = [s for s in selectors if not any(matches(s, rule) for rule in rulebook.rules)]
        reason = " ".join(named["reason"].split()) if named else ""
        if not selectors or unknown:
            what = (
                f"No rule or category is called {', '.join(unknown)}."
                if unknown
                else "It names no rule."
            )
            problems.append(_finding(document, mark, "KL02", what))
            continue
        if not reason:
            problems.append(_finding(document, mark, "KL02", "It gives no reason."))
        directive = _Directive(mark, selectors, reason or "no reason given", 0, len(document.text))
        in_front = document.source[mark.source_start : mark.source_start + 2] not in ("<!", "{/")
        if verb == "allow" and not in_front:
            directive.start, directive.end = _block_range(document, mark.start)
        elif verb == "allow-start":
            directive.start = mark.start
            open_ranges.append(directive)
        directives.append(directive)
    return directives, problems


def _block_range(document: Document, at: int) -> tuple[int, int]:
    """Return the block around a place in the prose, or the next one."""
    for block in document.prose.blocks:
        if block.start < at < block.end or block.start >= at:
            return block.start, block.end
    return at, at


def _finding(document: Document, mark: Mark, code: str, what: str) -> Finding:
    name, advice = CODES[code]
    line, column = document.position(mark.source_start)
    end_line, end_column = document.position(mark.source_end)
    return Finding(
        path=document.path,
        rule=code,
        name=name,
        category="directive",
        severity="warning",
        confidence="high",
        scope="span",
        start=mark.source_start,
        end=mark.source_end,
        line=line,
        column=column,
        end_line=end_line,
        end_column=end_column,
        text=" ".join(mark.value.split()),
        message=f"This directive does not say what it should: {what}" if code == "KL02" else what,
        advice=advice,
        norms=(),
        excerpt=document.line(line),
        role="comment",
    )
