"""Minimal pairs: of two texts that differ in a word or two, one is flagged and one is spared."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from kaplint.api import Linter

PAIRS: list[dict[str, str]] = yaml.safe_load(
    (Path(__file__).parent / "pairs.yaml").read_text(encoding="utf-8")
)
# Of all pairs, so many must be right on both sides.
SHARE = 0.95


def _flagged(linter: Linter, text: str, category: str) -> bool:
    findings = linter.text(text, "pair.md", ".md")
    return any(f.excuse is None and f.category == category for f in findings)


def _silent(linter: Linter, text: str) -> bool:
    return not any(
        f.excuse is None and f.scope == "span" for f in linter.text(text, "pair.md", ".md")
    )


def wrong(linter: Linter) -> list[str]:
    """Return the sides of the pairs that are judged wrongly."""
    out = []
    for pair in PAIRS:
        if not _flagged(linter, pair["flagged"], pair["category"]):
            out.append(f"missed ({pair['category']}): {pair['flagged']}")
        if not _silent(linter, pair["spared"]):
            out.append(f"not spared ({pair['why']}): {pair['spared']}")
    return out


def test_there_are_enough_pairs_of_each_category() -> None:
    assert len(PAIRS) >= 200
    counts = {pair["category"] for pair in PAIRS}
    assert len(counts) == 16


def test_pairs_are_judged_right(strict: Linter) -> None:
    mistakes = wrong(strict)
    assert len(mistakes) <= (1 - SHARE) * 2 * len(PAIRS), "\n".join(mistakes)


@pytest.mark.parametrize("guard", ["negated", "hedged", "cited", "question", "term-of-art"])
def test_the_guard_named_is_among_those_that_spare(strict: Linter, guard: str) -> None:
    """Where a guard is said to spare a text, that guard is what spares it, where a rule matched."""
    right = total = 0
    for pair in PAIRS:
        if pair["why"] != guard:
            continue
        excuses = {f.excuse.by for f in strict.text(pair["spared"], "pair.md", ".md") if f.excuse}
        if excuses:
            total += 1
            right += guard in excuses
    assert right >= 0.8 * total, f"{right} of {total}"
