"""Comments by which a writer allows a finding, with a reason.

::

    <!-- kaplint: allow CU01 quoted from a leaflet -->         the block around or after it
    <!-- kaplint: allow-start hype,CU01 the press kit -->      from here ...
    <!-- kaplint: allow-end -->                                ... to here (or the end of the page)
    <!-- kaplint: allow-file TE testimonials are released -->  the whole page

In front matter ``kaplint: allow TE ...`` speaks of the whole page, and only what speaks of the
whole page allows a finding about the whole page. A directive without a reason, one that names no
rule, and one that excuses nothing are findings themselves.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from kaplint.codes import CODES, means
from kaplint.lazy import lazy
from kaplint.model import Excuse, Finding
from kaplint.records import dataclass, field, replace

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaplint.documents import Document
    from kaplint.model import Mark
    from kaplint.rulebook import Rule, Rulebook

__all__ = ["apply"]

_DIRECTIVE = lazy(r"\s*kaplint:\s*(?P<verb>[\w-]*)\s*(?P<rest>.*)", re.DOTALL)
_SELECTORS = lazy(
    r"(?P<selectors>[A-Za-z][\w-]*(?:\s*,\s*[A-Za-z][\w-]*)*)\s*(?P<reason>.*)", re.DOTALL
)
# What shows that a comment stands outside of the block before it: a new line or a block's tag;
# but it stands inside where the block's end tag follows.
_INLINE = r"(?:a|abbr|b|cite|code|em|i|mark|q|s|small|span|strong|sub|sup|u)\b"
_OUTSIDE = lazy(rf"\n|</?(?!{_INLINE})[a-z]", re.IGNORECASE)
_ENDED = lazy(rf"(?:\s|</{_INLINE}\s*>)*", re.IGNORECASE)
_CLOSED = lazy(rf"\s*</(?!{_INLINE})[a-z]", re.IGNORECASE)
_VERBS = ("allow", "allow-start", "allow-end", "allow-file")


@dataclass(slots=True)
class _Directive:
    mark: Mark
    selectors: tuple[str, ...]
    reason: str
    start: int  # range of the prose
    end: int
    whole: bool  # speaks of the page as such, not of all that stands in it
    source: tuple[int, int] = (0, 0)  # that range in the source
    used: set[str] = field(default_factory=set)


def apply(
    document: Document,
    findings: list[Finding],
    rulebook: Rulebook,
    ran: frozenset[str] | None = None,
) -> Iterator[Finding]:
    """Return the findings, those that a directive allows with their excuse, and those about directives.

    ``ran`` holds the codes of the rules that were applied (None: all): whether a directive for any
    other excuses something cannot be told.
    """
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
    out = [_allow(finding, directives, rules) for finding in findings]
    for directive in directives:
        unused = [
            selector
            for selector in directive.selectors
            if selector not in directive.used and _all_ran(selector, rulebook, ran)
        ]
        if unused:
            what = f"Nothing here is excused by {', '.join(unused)}."
            if not directive.whole and any(_speaks_of_page(s, rulebook) for s in unused):
                what += " For a duty of the whole page write allow-file."
            problems.append(_finding(document, directive.mark, "KL01", what))
    yield from sorted(out + problems, key=lambda f: (f.start, f.end, f.rule))


def _all_ran(selector: str, rulebook: Rulebook, ran: frozenset[str] | None) -> bool:
    from kaplint.rulebook import matches

    return ran is None or all(r.code in ran for r in rulebook.rules if matches(selector, r))


def _speaks_of_page(selector: str, rulebook: Rulebook) -> bool:
    from kaplint.rulebook import matches

    scopes = {rule.scope for rule in rulebook.rules if matches(selector, rule)}
    return scopes == {"document"}


def _speaks_of_claims(selector: str) -> bool:
    """Tell whether a selector means findings about approved claims."""
    return any(means(selector, c) for c, about in CODES.items() if about.category == "evidence")


def _allow(finding: Finding, directives: list[_Directive], rules: dict[str, Rule]) -> Finding:
    from kaplint.rulebook import matches

    rule = rules.get(finding.rule)
    own = finding.category == "evidence"
    if finding.excuse is not None or (rule is None and not own):
        return finding
    for directive in directives:
        if finding.scope == "document" and not directive.whole:
            continue
        low, high = directive.source
        if finding.scope == "span" and not low <= finding.start < high:
            continue
        for selector in directive.selectors:
            meant = (
                matches(selector, rule)
                if rule is not None
                else selector == "ALL" or means(selector, finding.rule)
            )
            if meant:
                directive.used.add(selector)
                return replace(finding, excuse=Excuse("directive", directive.reason), fixes=())
    return finding


def _source_range(document: Document, directive: _Directive) -> tuple[int, int]:
    if directive.whole:
        return 0, len(document.source)
    try:
        span = document.prose.source_span(directive.start, directive.end)
    except ValueError:
        return -1, -1
    return span.start, span.end


def _read(
    document: Document, comments: list[Mark], rulebook: Rulebook
) -> tuple[list[_Directive], list[Finding]]:
    from kaplint.rulebook import matches

    directives: list[_Directive] = []
    problems: list[Finding] = []
    open_ranges: list[_Directive] = []
    ends = [block.end for block in document.prose.blocks]
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
        unknown = [
            s
            for s in selectors
            if not any(matches(s, rule) for rule in rulebook.rules) and not _speaks_of_claims(s)
        ]
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
        in_front = document.source[mark.source_start : mark.source_start + 2] not in ("<!", "{/")
        whole = verb == "allow-file" or (verb == "allow" and in_front)
        directive = _Directive(
            mark, selectors, reason or "no reason given", 0, len(document.text), whole
        )
        if verb == "allow" and not in_front:
            directive.start, directive.end = _block_range(document, mark, ends)
        elif verb == "allow-start":
            directive.start = mark.start
            open_ranges.append(directive)
        directives.append(directive)
    for directive in directives:
        directive.source = _source_range(document, directive)
    return directives, problems


def _block_range(document: Document, mark: Mark, ends: list[int]) -> tuple[int, int]:
    """Return the block that a comment stands in, its end included, or the next one."""
    at = mark.start
    for block in document.prose.blocks[bisect_left(ends, at - 1) :]:
        if block.start >= at or block.end > at:
            return block.start, block.end
        # The last word of a block and a comment after it have the same place in the prose.
        if block.end >= at - 1:
            end = document.prose.source_span(block.start, block.end).end
            between = document.source[end : mark.source_start]
            closed = _ENDED.fullmatch(between) and _CLOSED.match(document.source, mark.source_end)
            if closed or not _OUTSIDE.search(between):
                return block.start, block.end
    return at, at


def _finding(document: Document, mark: Mark, code: str, what: str) -> Finding:
    about = CODES[code]
    line, column = document.position(mark.source_start)
    end_line, end_column = document.position(mark.source_end)
    return Finding(
        path=document.path,
        rule=code,
        name=about.name,
        category=about.category,
        severity=about.severity,
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
        advice=about.advice,
        norms=(),
        excerpt=document.line(line),
        role="comment",
    )
