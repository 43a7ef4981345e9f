"""Writes a report for a person at a terminal: the place, the words, what they say, what to do."""

from __future__ import annotations

import re

from kaplint.records import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kaplint.model import Edit, Failure, Finding, Fix, Report
    from kaplint.reporters.options import RenderOptions, RuleInfo

__all__ = ["render", "single"]

# A terminal narrower than this is filled past its edge rather than cut to ribbons; one wider than
# this still gets lines that an eye can follow.
_NARROWEST = 40
_WIDEST = 100
# How far a cut may move to fall between two words.
_REACH = 12

_MARK = "\ufffd"
_ELLIPSIS = "…"
_TAB = " " * 4

# What a page must not do to a terminal: move its cursor, colour it, turn its writing round, hide
# letters in it, or be half of a surrogate pair, which cannot be written.
_UNSAFE = (
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)
# What has no width or lends its width to its neighbour, differently in every terminal; without it
# a column is a column again. (A family of emoji becomes its members, side by side.)
_WIDTHLESS = "[\u00ad\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff\U0001f3fb-\U0001f3ff]"

_BOLD = "1"
_DIM = "2"
_GUTTER = _DIM
_GREEN = "32"
_ASK = "33"
_RED = "1;31"
_COLORS = {"error": _RED, "warning": "1;33", "info": "1;36"}
# What a proposal is called.
_LABELS = {
    "edit": "reword",
    "rewrite": "rewrite",
    "insert": "add",
    "delete": "delete",
    "question": "find out",
}
_SEVERITIES = (("error", "errors"), ("warning", "warnings"), ("info", "info"))


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What all lines of one report share: colour or none, the columns, the gutter's digits."""

    color: bool
    width: int
    gutter: int

    def ink(self, style: str, text: str) -> str:
        """Return the text in a style (the numbers of an ANSI sequence), if there is colour."""
        return f"\x1b[{style}m{text}\x1b[0m" if self.color and text else text


def render(report: Report, rules: Mapping[str, RuleInfo], options: RenderOptions) -> str:
    """Return the report as text, each line with its newline, or nothing when all is silent."""
    lines = _quiet(report) if options.quiet else _full(report, rules, options)
    return "".join(f"{line}\n" for line in lines)


def _quiet(report: Report) -> Iterator[str]:
    """Yield one line for each finding and each failure, and nothing else."""
    for finding in _in_order(report.reported):
        place = f"{finding.path}:{finding.line}:{finding.column}"
        yield _one_line(f"{place}: {finding.rule} {finding.message}")
    for failure in report.failures:
        yield _one_line(f"{failure.path}: could not be read: {failure.reason}")


def _full(report: Report, rules: Mapping[str, RuleInfo], options: RenderOptions) -> Iterator[str]:
    """Yield the findings with their excerpts, then failures, statistics and the summary."""
    shown = report.findings if options.show_excused else report.reported
    digits = len(str(max((finding.line for finding in shown), default=1)))
    width = min(max(options.width, _NARROWEST), _WIDEST)
    sheet = _Sheet(options.color, width, digits)
    plain = _Sheet(color=False, width=width, gutter=digits)
    told: dict[tuple[str, tuple[Edit, ...]], Finding] = {}
    for finding in _in_order(shown):
        if finding.excuse is None:
            yield from _finding(finding, sheet, told)
        else:
            yield from (sheet.ink(_DIM, line) for line in _excused(finding, plain))
        yield ""
    for failure in report.failures:
        yield _failure(failure, sheet)
    if report.failures:
        yield ""
    if options.statistics and report.reported:
        yield from _statistics(report.reported, rules, sheet)
        yield ""
    yield from _summary(report, options, sheet)


def single(finding: Finding, options: RenderOptions) -> str:
    """Return one finding with its proposals numbered, for a dialogue; each line with its newline."""
    width = min(max(options.width, _NARROWEST), _WIDEST)
    sheet = _Sheet(options.color, width, len(str(finding.line)))
    return "".join(f"{line}\n" for line in _finding(finding, sheet, {}, numbered=True))


def _in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings file by file, as the files first come, and by place within a file."""
    rank: dict[str, int] = {}
    listed = list(findings)
    for finding in listed:
        rank.setdefault(finding.path, len(rank))
    return sorted(
        listed, key=lambda each: (rank[each.path], each.line, each.column, each.end, each.rule)
    )


def _finding(
    finding: Finding,
    sheet: _Sheet,
    told: dict[tuple[str, tuple[Edit, ...]], Finding],
    *,
    numbered: bool = False,
) -> Iterator[str]:
    """Yield the lines of a finding; ``told`` are proposals that an earlier one has, too."""
    ink = sheet.ink
    color = _COLORS.get(finding.severity, _BOLD)
    label = ink(color, f"{finding.severity}[{_one_line(finding.rule)}]")
    yield f"{_place(finding, sheet)}  {label} {_title(finding, sheet)}"
    for line in _wrapped(finding.message, sheet.width - 2):
        yield f"  {line}"
    yield from _excerpt(finding, sheet, color)
    yield from _note("advice", finding.advice, sheet)
    yield from _note("may conflict with", ", ".join(finding.norms), sheet, _DIM)
    yield from _note(f"{finding.severity} in", ", ".join(finding.strictest), sheet, _DIM)
    for number, fix in enumerate(finding.fixes, 1):
        label = _LABELS.get(fix.kind, fix.kind)
        if numbered and fix.edits:
            label = f"{number} {label}"
        before = told.setdefault((finding.path, fix.edits), finding) if fix.edits else finding
        if before is finding:
            yield from _note(label, _rewording(fix), sheet, _ASK if not fix.edits else _GREEN)
        else:
            as_there = f"as for {before.rule} at {before.line}:{before.column}"
            yield from _note(label, as_there, sheet, _GREEN)


def _excused(finding: Finding, sheet: _Sheet) -> Iterator[str]:
    """Yield the lines of a match that something excuses."""
    yield f"{_place(finding, sheet)}  excused[{_one_line(finding.rule)}] {_title(finding, sheet)}"
    yield from _excerpt(finding, sheet, _DIM)
    if finding.excuse is not None:
        detail = f" ({finding.excuse.detail})" if finding.excuse.detail else ""
        text = f"excused by {finding.excuse.by}{detail}"
        yield from _hung(f"  {' ' * sheet.gutter} = ", text, sheet.width)


def _place(finding: Finding, sheet: _Sheet) -> str:
    """Return where a finding is, in the form that terminals and editors open on a click."""
    return sheet.ink(_BOLD, f"{_one_line(finding.path)}:{finding.line}:{finding.column}")


def _title(finding: Finding, sheet: _Sheet) -> str:
    """Return the name of the rule, and that it speaks of the whole page where it does."""
    name = _one_line(finding.name)
    if finding.scope != "document":
        return name
    return f"{name} {sheet.ink(_DIM, '(of the whole page)')}"


def _rewording(fix: Fix) -> str:
    """Return what a fix would put there, and whether it may be taken unread."""
    if fix.kind == "question":
        return fix.text
    words = f'"{fix.text}"' if fix.text.strip() else "leave these words out"
    if fix.sources:
        words = f"{words} [{', '.join(fix.sources)}]"
    return f"{words} ({'safe' if fix.safe else 'unsafe: read before taking'})"


def _note(label: str, text: str, sheet: _Sheet, style: str = "") -> Iterator[str]:
    """Yield a labelled note below an excerpt."""
    ink = sheet.ink
    margin = f"  {' ' * sheet.gutter} "
    prefix = f"{margin}= {label}: "
    head = f"{margin}{ink(_GUTTER, '=')} {ink(_BOLD, f'{label}:')} "
    for number, line in enumerate(_wrapped(text, sheet.width - len(prefix))):
        yield (" " * len(prefix) if number else head) + (ink(style, line) if style else line)


def _hung(prefix: str, text: str, width: int) -> Iterator[str]:
    """Yield the text after a prefix, its further lines below its first word."""
    for number, line in enumerate(_wrapped(text, width - len(prefix))):
        yield (" " * len(prefix) if number else prefix) + line


def _excerpt(finding: Finding, sheet: _Sheet, color: str) -> Iterator[str]:
    """Yield the line of the source that holds the words, and the line that points at them."""
    ink = sheet.ink
    gutter = sheet.gutter
    # Two columns of indent, the number, a blank, the bar, a blank.
    before, words, after = _window(finding, sheet.width - gutter - 5)
    if not (before + words + after).strip():
        return
    bar = ink(_GUTTER, "|")
    yield f"  {' ' * gutter} {bar}"
    number = ink(_GUTTER, f"{finding.line:>{gutter}}")
    yield f"  {number} {bar} {before}{words}{after}".rstrip()
    arrows = ink(color, "^" * max(_cells(words), 1))
    more = f" to line {finding.end_line}" if finding.end_line > finding.line else ""
    yield f"  {' ' * gutter} {bar} {' ' * _cells(before)}{arrows}{ink(color, more)}"


def _window(finding: Finding, room: int) -> tuple[str, str, str]:
    """Return what fits before the words, the words, and what fits after them, all printable."""
    line = re.split("[\r\n]", finding.excerpt, maxsplit=1)[0]
    start = min(max(finding.column - 1, 0), len(line))
    stop = len(line.rstrip())
    if finding.end_line <= finding.line:
        stop = min(finding.end_column - 1, len(line))
    stop = max(start, stop)
    # A page may be one line of a megabyte: only what could be shown is looked at any further.
    reach = 2 * room
    before = _shown(line[max(0, start - reach) : start])
    words = _shown(line[start : min(stop, start + reach)])
    after = _shown(line[stop : stop + reach]).rstrip()
    if start <= reach:
        before = before.lstrip()
    left, middle, right = _cells(before), _cells(words), _cells(after)
    if left + middle + right <= room and start <= reach and len(line) <= stop + reach:
        return before, words, after
    if middle > room - 2:
        # The words alone are too many: their beginning says which they are.
        return (_ELLIPSIS if left else ""), _head(words, room - 2) + _ELLIPSIS, ""
    spare = room - middle
    share = min(left, max(spare // 2, spare - right))
    if share < left or start > reach:
        before = _ELLIPSIS + _tail(before, share - 1)
    spare -= _cells(before)
    if right > spare or len(line) > stop + reach:
        after = _head(after, spare - 1) + _ELLIPSIS
    return before, words, after


def _head(text: str, room: int) -> str:
    """Return as much of the beginning as has room, cut between two words where that is near."""
    cut = _fitting(text, room)
    if cut < len(text):
        blank = text.rfind(" ", max(0, cut - _REACH), cut + 1)
        cut = blank + 1 if 0 < blank < cut else cut
    return text[:cut]


def _tail(text: str, room: int) -> str:
    """Return as much of the end as has room, cut between two words where that is near."""
    cut = len(text) - _fitting(text[::-1], room)
    if cut > 0:
        blank = text.find(" ", cut - 1, cut + _REACH)
        cut = cut if blank < 0 else blank
    return text[cut:]


def _fitting(text: str, room: int) -> int:
    """Return how many characters from the beginning fit into so many terminal columns."""
    if text.isascii():
        return max(0, min(len(text), room))
    used = 0
    for count, char in enumerate(text):
        used += _cells(char)
        if used > room:
            return count
    return len(text)


def _cells(text: str) -> int:
    """Return how many terminal columns a printable text takes."""
    if text.isascii():
        return len(text)
    # Most pages never come here, and start-up should not pay for those that do.
    from unicodedata import category, east_asian_width

    return sum(
        2 if east_asian_width(char) in "WF" else category(char) not in {"Mn", "Me", "Cf"}
        for char in text
    )


def _shown(text: str) -> str:
    """Return the text so that a terminal prints it and does nothing else."""
    if text.isascii() and text.isprintable():
        return text
    # Compiled here, on the first text that needs it, and kept by ``re`` from then on.
    return re.sub(_UNSAFE, _MARK, re.sub(_WIDTHLESS, "", text.replace("\t", _TAB)))


def _one_line(text: str) -> str:
    """Return the text on one line, without line ends and doubled blanks, and safe to print."""
    return _shown(" ".join(text.split()))


def _wrapped(text: str, room: int) -> list[str]:
    """Return the text in lines that fit, cut only between words."""
    lines: list[str] = []
    line = ""
    used = 0
    for word in _one_line(text).split(" "):
        wide = _cells(word)
        if line and used + 1 + wide > room:
            lines.append(line)
            line, used = word, wide
        else:
            line, used = (f"{line} {word}", used + 1 + wide) if line else (word, wide)
    if line:
        lines.append(line)
    return lines


def _failure(failure: Failure, sheet: _Sheet) -> str:
    """Return the line of a file that could not be read."""
    path = sheet.ink(_BOLD, f"{_one_line(failure.path)}:")
    return f"{path} {sheet.ink(_RED, 'could not be read:')} {_one_line(failure.reason)}"


def _statistics(
    findings: tuple[Finding, ...], rules: Mapping[str, RuleInfo], sheet: _Sheet
) -> Iterator[str]:
    """Yield a table of the rules by how often they were broken."""
    counts: dict[str, int] = {}
    named: dict[str, tuple[str, str]] = {}
    for finding in findings:
        counts[finding.rule] = counts.get(finding.rule, 0) + 1
        rule = rules.get(finding.rule, finding)
        named[finding.rule] = (_one_line(rule.name), _one_line(rule.category))
    digits = len(str(max(counts.values())))
    code_width = max(len(code) for code in counts)
    name_width = max(len(name) for name, _ in named.values())
    for code in sorted(counts, key=lambda each: (-counts[each], each)):
        name, category = named[code]
        count = sheet.ink(_BOLD, f"{counts[code]:>{digits}}")
        yield f"  {count}  {code:<{code_width}}  {name:<{name_width}}  {sheet.ink(_DIM, category)}"


def _summary(report: Report, options: RenderOptions, sheet: _Sheet) -> Iterator[str]:
    """Yield what was found, what could not be read, and how much was excused."""
    reported = report.reported
    if reported:
        yield _found(reported, sheet)
    elif report.files:
        yield sheet.ink(_GREEN, f"No problems in {_count(len(report.files), 'file')}.")
    else:
        yield "No files were read."
    if report.failures:
        yield sheet.ink(_RED, f"{_count(len(report.failures), 'file')} could not be read.")
    if report.not_read:
        kinds = ", ".join(f"{count} {suffix}" for suffix, count in report.not_read)
        yield sheet.ink(_ASK, f"Not read, since kaplint has no reader for them: {kinds}.")
    if report.excused:
        counts: dict[str, int] = {}
        for finding in report.excused:
            if finding.excuse is not None:
                counts[finding.excuse.by] = counts.get(finding.excuse.by, 0) + 1
        by_count = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        each = ", ".join(f"{_one_line(by)} {count}" for by, count in by_count)
        listed = f": {each}" if options.show_excused else ""
        yield sheet.ink(_DIM, f"{len(report.excused)} excused{listed}.")


def _found(reported: tuple[Finding, ...], sheet: _Sheet) -> str:
    """Return the sentence that counts the problems."""
    severities = [finding.severity for finding in reported]
    graded = [
        f"{count} {one if count == 1 else many}"
        for one, many in _SEVERITIES
        if (count := severities.count(one))
    ]
    problems = sheet.ink(_BOLD, f"Found {_count(len(reported), 'problem')}")
    files = _count(len({finding.path for finding in reported}), "file")
    return f"{problems} in {files} ({', '.join(graded)}){_rewordable(reported)}."


def _rewordable(reported: tuple[Finding, ...]) -> str:
    """Return the part of the sentence that counts what can be reworded, if anything can."""
    fixable = sum(1 for finding in reported if any(fix.edits for fix in finding.fixes))
    safe = sum(1 for finding in reported if any(fix.safe for fix in finding.fixes))
    if not fixable:
        return ""
    if fixable == 1:
        return f"; 1 can be reworded{', safely' if safe else ', but not safely'}"
    part = "all" if safe == fixable else str(safe) if safe else "none"
    return f"; {fixable} can be reworded, {part} of them safely"


def _count(number: int, noun: str) -> str:
    """Return a number and its noun in the right form."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
