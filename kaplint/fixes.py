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
    taken: list[tuple[int, int, str]] = []
    known: set[tuple[Edit, ...]] = set()
    applied = waiting = 0
    for fix in fixes:
        # Findings of one sentence share a proposal: it is taken once.
        if fix.kind != "edit" or len(fix.edits) > 1:
            if fix.edits in known:
                continue
            known.add(fix.edits)
        edits = [(edit.start, edit.end, edit.replacement) for edit in fix.edits]
        if any(start < b and a < end for start, end, _ in edits for a, b, _ in taken):
            waiting += 1
            continue
        taken += edits
        applied += 1
    for start, end, replacement in sorted(taken, reverse=True):
        source = source[:start] + replacement + source[end:]
    return Applied(source, applied, waiting)
