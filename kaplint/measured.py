"""How far a measured share can be trusted."""

from __future__ import annotations

from math import sqrt

__all__ = ["interval"]

Z = 1.96  # 95 %


def interval(right: int, found: int) -> tuple[float, float]:
    """Return Wilson's interval, at 95 %, of a share of ``right`` in ``found``; (0, 1) of nothing."""
    if not found:
        return 0.0, 1.0
    share = right / found
    spread = Z * sqrt(share * (1 - share) / found + Z * Z / (4 * found * found))
    middle = share + Z * Z / (2 * found)
    whole = 1 + Z * Z / found
    return max((middle - spread) / whole, 0.0), min((middle + spread) / whole, 1.0)
