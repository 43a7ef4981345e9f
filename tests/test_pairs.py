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


@pytest.mark.parametrize(
    ("why", "guards"),
    [
        ("negated", {"negated", "clause", "sentence", "inside", "before"}),
        # "Whether it works is unknown": doubt and denial are one to a reader.
        ("hedged", {"hedged", "negated", "context"}),
        ("cited", {"cited"}),
        ("question", {"question"}),
    ],
)
def test_what_spares_is_what_the_pair_says(strict: Linter, why: str, guards: set[str]) -> None:
    """Where a rule matched the spared text, the excuse is of the kind that the pair names."""
    right = total = 0
    for pair in PAIRS:
        if pair["why"] != why:
            continue
        excuses = {f.excuse.by for f in strict.text(pair["spared"], "pair.md", ".md") if f.excuse}
        if excuses:
            total += 1
            right += bool(excuses & guards)
    assert total
    assert right >= 0.9 * total, f"{right} of {total}"
