"""Apply rewordings to a source."""

from __future__ import annotations

from kaplint.records import dataclass

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Iterable

    from kaplint.model import Edit, Fix

__all__ = ["Applied", "apply"]


@dataclass(frozen=True, slots=True)
class Applied:
    """A source after some fixes: its text, how many were applied, how many wait for the next pass."""

    text: str
    applied: int
    waiting: int


def apply(source: str, fixes: Iterable[Fix]) -> Applied:
    """Apply fixes whose edits do not overlap one that comes before; the others wait."""
    taken: list[tuple[int, int, str, bool]] = []
    known: set[tuple[Edit, ...]] = set()
    applied = waiting = 0
    for fix in fixes:
        # Findings of one sentence share a proposal: it is taken once.
        if fix.kind != "edit" or len(fix.edits) > 1:
            if fix.edits in known:
                continue
            known.add(fix.edits)
        whole = fix.kind == "insert"
        edits = [(edit.start, edit.end, edit.replacement, whole) for edit in fix.edits]
        if any(_collide(edit, other) for edit in edits for other in taken):
            waiting += 1
            continue
        taken += edits
        applied += 1
    for start, end, replacement, _ in sorted(taken, reverse=True):
        source = source[:start] + replacement + source[end:]
    return Applied(source, applied, waiting)


def _collide(one: tuple[int, int, str, bool], other: tuple[int, int, str, bool]) -> bool:
    """Tell whether two edits, with whether they insert paragraphs, would spoil one another."""
    if one[3] or other[3] or (one[0] < one[1] and other[0] < other[1]):
        return one[0] < other[1] and other[0] < one[1]
    # A word that is put in beside words that change: "may" twice, as often as not.
    return one[0] <= other[1] and other[0] <= one[1]
