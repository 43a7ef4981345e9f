"""How ``kaplint diff`` prints what it found: as text, JSON or workflow commands of GitHub."""

from __future__ import annotations

import json

from kaplint import __version__
from kaplint.records import dataclass
from kaplint.reporters.github import command
from kaplint.strength import KINDS, WEAKER

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kaplint.model import Failure
    from kaplint.strength import Change, Shift, Side

__all__ = ["VERSION", "Comparison", "FileShifts", "Style", "render"]

# Of the JSON form; it changes when a key goes or changes its meaning.
VERSION = "1"

_NARROWEST, _WIDEST = 40, 100
_BOLD, _DIM, _RED, _GREEN, _YELLOW = "1", "2", "31", "32", "1;33"
_STATUSES = {
    "added": "is new: there is no old version, and every finding counts",
    "deleted": "is gone: there is no new version to compare",
}


@dataclass(frozen=True, slots=True)
class FileShifts:
    """What changed in a file. ``status`` is changed, added, deleted or renamed; a path may be ""."""

    path: str
    old_path: str
    status: str
    shifts: tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed in all files, and which could not be read."""

    files: tuple[FileShifts, ...]
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class Style:
    """How to print: colours, the columns of the terminal, and whether weakening was asked for."""

    color: bool
    width: int
    weaker: bool

    def ink(self, code: str, text: str) -> str:
        """Return the text in a style (the numbers of an ANSI sequence), if there is colour."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.color and text else text


def render(found: Comparison, form: str, style: Style) -> str:
    """Return a comparison in an output format: text, json or github."""
    if form == "json":
        return _json(found)
    lines = _github(found) if form == "github" else _text(found, style)
    return "".join(f"{line}\n" for line in lines)


# As text


def _text(found: Comparison, style: Style) -> Iterator[str]:
    for file in found.files:
        if file.status in _STATUSES:
            name = style.ink(_BOLD, _clean(file.path or file.old_path))
            yield f"{name} {_STATUSES[file.status]}."
            yield ""
        elif file.status == "renamed":
            yield f"{style.ink(_BOLD, _clean(file.path))} was {_clean(file.old_path)}."
            yield ""
        for shift in file.shifts:
            yield from _shift(file, shift, style)
            yield ""
    for failure in found.failures:
        yield style.ink(
            _RED, f"{_clean(failure.path)}: could not be read: {_clean(failure.reason)}"
        )
    if found.failures:
        yield ""
    yield from _summary(found, style)


def _shift(file: FileShifts, shift: Shift, style: Style) -> Iterator[str]:
    """Yield the place, what changed, and both versions with the changed words marked."""
    place = style.ink(_BOLD, f"{_clean(file.path)}:{shift.new.line}:{shift.new.column}")
    kinds = ", ".join(dict.fromkeys(change.kind for change in shift.changes))
    label = "stronger" if shift.stronger else "weaker"
    yield f"{place}  {style.ink(_YELLOW if shift.stronger else _DIM, f'{label}[{kinds}]')}"
    width = min(max(style.width, _NARROWEST), _WIDEST)
    for change in shift.changes:
        yield from _wrapped(f"{change.kind}: {_clean(_said(change))}", width)
    digits = max(len(str(shift.old.line)), len(str(shift.new.line)))
    bar = style.ink(_DIM, "|")
    margin = " " * digits
    yield f"  {margin} {bar}"
    for side, sign, color in ((shift.old, "-", _RED), (shift.new, "+", _GREEN)):
        if not side.text:
            continue
        number = f"{side.line:>{digits}}"
        for line, arrows in _lines(side, width - digits - 7):
            yield f"  {style.ink(_DIM, number)} {bar} {style.ink(color, sign)} {line}".rstrip()
            # Under a text that is new or gone as a whole they would say nothing.
            if arrows.strip() and shift.old.text and shift.new.text:
                yield f"  {margin} {bar}   {style.ink(color, arrows)}"
            number = margin


def _said(change: Change) -> str:
    """Return what a change says of the words, and what that means where it got stronger."""
    if change.kind not in KINDS or change.kind == "new-finding":
        return change.detail
    return f"{change.detail}; {KINDS[change.kind][1]}"


def _lines(side: Side, room: int) -> Iterator[tuple[str, str]]:
    """Yield a text in lines that fit, each with the line of arrows that stands below it."""
    cells: list[tuple[str, bool]] = []
    for at, char in enumerate(side.text):
        marked = any(start <= at < end for start, end in side.marks)
        if char.isspace():
            if cells and cells[-1][0] == " ":
                continue
            char = " "
        cells.append((char if char.isprintable() else "\ufffd", marked))
    while cells:
        cut = used = 0
        while cut < len(cells) and used + _wide(cells[cut][0]) <= room:
            used += _wide(cells[cut][0])
            cut += 1
        if cut < len(cells):
            blank = next((at for at in range(cut, 0, -1) if cells[at][0] == " "), cut)
            cut = blank
        line, cells = cells[: cut or 1], cells[cut or 1 :]
        while cells and cells[0][0] == " ":
            cells.pop(0)
        text = "".join(char for char, _ in line)
        arrows = "".join(("^" if marked else " ") * _wide(char) for char, marked in line)
        yield text.rstrip(), arrows.rstrip()


def _wide(char: str) -> int:
    """Return how many columns a letter takes."""
    if char.isascii():
        return 1
    from unicodedata import combining, east_asian_width

    return 2 if east_asian_width(char) in "WF" else 0 if combining(char) else 1


def _wrapped(text: str, width: int) -> Iterator[str]:
    """Yield the text in lines that fit, indented, the further ones more."""
    line = " "
    for word in text.split():
        if line.strip() and len(line) + 1 + len(word) > width:
            yield line
            line = "   "
        line = f"{line} {word}"
    yield line


def _clean(text: str) -> str:
    """Return the text on one line, so that a terminal prints it and does nothing else."""
    return "".join(char if char.isprintable() else "\ufffd" for char in " ".join(text.split()))


def _summary(found: Comparison, style: Style) -> Iterator[str]:
    shifts = [shift for file in found.files for shift in file.shifts]
    files = sum(1 for file in found.files if any(s.stronger for s in file.shifts))
    stronger = sum(1 for shift in shifts if shift.stronger)
    if stronger:
        kinds = _counts(c for s in shifts for c in s.changes if c.stronger)
        counted = f"{stronger} statement{'s' * (stronger != 1)} became stronger"
        yield f"{style.ink(_BOLD, counted)} in {files} file{'s' * (files != 1)} ({kinds})."
    elif not found.files and found.failures:
        yield "No files were compared."
    else:
        number = len(found.files)
        yield style.ink(_GREEN, f"Nothing became stronger in {number} file{'s' * (number != 1)}.")
    if style.weaker:
        kinds = _counts(c for s in shifts for c in s.changes if not c.stronger)
        weaker = sum(1 for s in shifts if any(not c.stronger for c in s.changes))
        counted = f"{weaker} statement{'s' * (weaker != 1)} became weaker"
        yield style.ink(_DIM, f"{counted} ({kinds})." if kinds else f"{counted}.")


def _counts(changes: Iterable[Change]) -> str:
    counts: dict[str, int] = {}
    for change in changes:
        counts[change.kind] = counts.get(change.kind, 0) + 1
    order = [*KINDS, *WEAKER.values()]
    return ", ".join(f"{counts[kind]} {kind}" for kind in order if kind in counts)


# As workflow commands


def _github(found: Comparison) -> Iterator[str]:
    for file in found.files:
        for shift in file.shifts:
            kinds = ", ".join(dict.fromkeys(change.kind for change in shift.changes))
            said = [f"{change.kind}: {_said(change)}" for change in shift.changes]
            said += [f"- {shift.old.text}"] if shift.old.text else []
            said += [f"+ {shift.new.text}"] if shift.new.text else []
            place = {
                "file": file.path,
                "line": str(shift.new.line),
                "title": f"{'stronger' if shift.stronger else 'weaker'}: {kinds}",
            }
            yield command("warning" if shift.stronger else "notice", place, "\n".join(said))
    for failure in found.failures:
        place = {"file": failure.path, "title": "kaplint"}
        yield command("error", place, f"could not be read: {failure.reason}")


# As JSON


def _json(found: Comparison) -> str:
    changes = [
        {
            "path": file.path,
            "old_path": file.old_path,
            "stronger": shift.stronger,
            "kinds": [
                {"kind": change.kind, "stronger": change.stronger, "detail": change.detail}
                for change in shift.changes
            ],
            "old": _side(shift.old),
            "new": _side(shift.new),
        }
        for file in found.files
        for shift in file.shifts
    ]
    counts: dict[str, int] = {}
    for file in found.files:
        for shift in file.shifts:
            for change in shift.changes:
                counts[change.kind] = counts.get(change.kind, 0) + 1
    report = {
        "version": VERSION,
        "tool": {"name": "kaplint", "version": __version__},
        "files": [
            {"path": file.path, "old_path": file.old_path, "status": file.status}
            for file in found.files
        ],
        "changes": changes,
        "failures": [{"path": f.path, "reason": f.reason} for f in found.failures],
        "summary": {
            "stronger": sum(1 for file in found.files for s in file.shifts if s.stronger),
            "kinds": counts,
        },
    }
    # ASCII only: a page may hold half of a surrogate pair, which no encoding can write.
    return json.dumps(report, ensure_ascii=True, indent=2) + "\n"


def _side(side: Side) -> dict[str, object]:
    return {
        "text": side.text,
        "line": side.line,
        "column": side.column,
        "marks": [[start, end] for start, end in side.marks],
    }
