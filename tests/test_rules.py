"""Each rule's own examples, and what every rule must have."""

from __future__ import annotations

import re

import pytest

from kaplint import rulebook
from kaplint.measured import FEW, interval, pooled
from kaplint.rulebook import Rulebook
from kaplint.rulepack import CATEGORIES, DUTIES
from kaplint.selftest import run

_BOOK = rulebook.load()
_DOCS = rulebook.load_docs()
_PREFIX = {
    "cure": "CU",
    "guarantee": "GU",
    "hype": "HY",
    "unhedged-efficacy": "EF",
    "speed-durability": "SP",
    "comparative": "CO",
    "disparagement": "DI",
    "unsourced-statistic": "ST",
    "vague-authority": "VA",
    "misreported-evidence": "EV",
    "mechanism-error": "ME",
    "mechanism-overreach": "MO",
    "safety-minimising": "SA",
    "regulatory-status": "RE",
    "testimonial": "TE",
    "pressure": "PR",
    "no-off-label": "OL",
    "no-risks": "RK",
    "no-variation": "VR",
    "no-crisis-line": "CL",
    "no-references": "RF",
    "readability": "RD",
}


@pytest.mark.parametrize("code", [rule.code for rule in _BOOK.rules])
def test_examples_hold(code: str) -> None:
    problems = list(run(_BOOK, _DOCS, frozenset((code,))))
    assert not problems, "\n".join(map(str, problems))


@pytest.mark.parametrize("category", [*CATEGORIES, *DUTIES])
def test_each_category_has_rules(book: Rulebook, category: str) -> None:
    assert any(rule.category == category for rule in book.rules)


def test_codes_bear_the_letters_of_their_category(book: Rulebook) -> None:
    for rule in book.rules:
        assert re.fullmatch(_PREFIX[rule.category] + r"\d\d", rule.code), rule.path


def test_each_rule_cites_a_norm(book: Rulebook) -> None:
    unsupported = [r.code for r in book.rules if not r.norms and r.category != "readability"]
    assert unsupported == []


def test_errors_are_mostly_right(book: Rulebook) -> None:
    """An error fails a build: its rule, or its category where it has few findings, must be right."""
    for rule in book.rules:
        if rule.severity != "error" or rule.scope == "document":
            continue
        right, found = _DOCS["measured"].get(rule.code, [0, 0])
        if found < FEW:
            right, found = pooled(rule, book.rules, _DOCS["measured"])
        low, _ = interval(right, found)
        assert low >= 0.65, f"{rule.code}: {right} of {found}"


def test_messages_do_not_pronounce_on_law(book: Rulebook) -> None:
    for rule in book.rules:
        assert not re.search(r"illegal|unlawful|breaks the law|violat", rule.message), rule.code
        assert rule.message.endswith((".", "?", "{says}")), rule.code
        assert rule.advice.endswith("."), rule.code
