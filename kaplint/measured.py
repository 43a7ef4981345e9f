"""How far a measured share can be trusted."""

from __future__ import annotations

from math import sqrt

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kaplint.rulebook import Rule

__all__ = ["FEW", "interval", "pooled"]

Z = 1.96  # 95 %
# A rule with fewer findings of its own is judged by its category.
FEW = 20


def interval(right: int, found: int) -> tuple[float, float]:
    """Return Wilson's interval, at 95 %, of a share of ``right`` in ``found``; (0, 1) of nothing."""
    if not found:
        return 0.0, 1.0
    share = right / found
    spread = Z * sqrt(share * (1 - share) / found + Z * Z / (4 * found * found))
    middle = share + Z * Z / (2 * found)
    whole = 1 + Z * Z / found
    return max((middle - spread) / whole, 0.0), min((middle + spread) / whole, 1.0)


def pooled(rule: Rule, rules: Iterable[Rule], measured: Mapping[str, list[int]]) -> tuple[int, int]:
    """Return right findings and all findings of a rule's category together.

    Rules of low confidence, which wait for ``--strict``, are counted apart from the others.
    """
    doubtful = rule.confidence == "low"
    counts = [
        measured.get(r.code, [0, 0])
        for r in rules
        if r.category == rule.category and (r.confidence == "low") == doubtful
    ]
    return sum(right for right, _ in counts), sum(found for _, found in counts)
