"""Sentences about studies of the register: what is right is left alone, what is wrong is found."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TypedDict

import pytest
import yaml

from kaplint.documents import open_document
from kaplint.fidelity.pages import mentions
from kaplint.linter import lint
from kaplint.rulebook import Rulebook, load_evidence

# Of the planted errors, so many must be found; of each kind, so many.
SHARE = 0.85
LEAST_OF_A_KIND = 0.75


class Wrong(TypedDict):
    """A sentence that is right in all but some words."""

    kind: str
    text: str
    wrong: str


class Case(TypedDict):
    """The sentences about one entry."""

    entry: str
    faithful: list[str]
    errors: list[Wrong]


CASES: list[Case] = yaml.safe_load(
    (Path(__file__).parent / "fidelity.yaml").read_text(encoding="utf-8")
)


def found(book: Rulebook, text: str) -> list[str]:
    """Return the words of a text that differ from the register."""
    page = open_document("page.md", text, book, excerpt=True)
    rules = [
        (number, rule)
        for number, rule in enumerate(book.rules)
        if rule.kind == "evidence" and rule.category == "misreported-evidence"
    ]
    return [finding.text for finding in lint(page, rules) if finding.excuse is None]


def test_each_case_is_of_the_register() -> None:
    entries = load_evidence().entries
    assert len(CASES) >= 60
    for case in CASES:
        assert case["entry"] in entries
        for error in case["errors"]:
            assert error["wrong"] in error["text"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["entry"])
def test_faithful_sentences_are_left_alone(case: Case, book: Rulebook) -> None:
    for text in case["faithful"]:
        assert found(book, text) == [], text


def test_planted_errors_are_found(book: Rulebook) -> None:
    planted: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    missed = []
    for case in CASES:
        for error in case["errors"]:
            planted[error["kind"]] += 1
            if found(book, error["text"]):
                caught[error["kind"]] += 1
            else:
                missed.append(f"{case['entry']}, {error['kind']}: {error['text']}")
    assert caught.total() >= SHARE * planted.total(), "\n".join(missed)
    for kind, count in planted.items():
        assert caught[kind] >= LEAST_OF_A_KIND * count, kind


def test_what_the_register_says_differs_in_nothing(book: Rulebook) -> None:
    for entry in load_evidence().entries.values():
        if not entry.citation or not entry.names or not entry.years:
            continue
        who = f"{entry.names[0].capitalize()} et al. ({entry.years[-1]})"
        for said in (entry.say, entry.says_of_it):
            text = f"{who} reported: {said}"
            assert found(book, text) == [], text


def test_no_sentence_is_taken_for_another_study(book: Rulebook) -> None:
    wrong = []
    for case in CASES:
        for text in case["faithful"]:
            page = open_document("page.md", text, book, excerpt=True)
            keys = {mention.entry.key for mention in mentions(page) if mention.entry}
            if keys - {case["entry"]}:
                wrong.append(f"{case['entry']} for {sorted(keys)}: {text}")
    assert wrong == []


@pytest.mark.parametrize(
    "text",
    [
        # Shares that lie near those of a trial of esketamine, in a trial of something else.
        "In one trial, 14 in 100 people on active TMS were in remission, and 5 in 100 on sham treatment.",
        "In one trial, 22.5% of those on the new tablet were in remission, against 7.6% on placebo.",
    ],
)
def test_figures_alone_make_no_study_of_another_treatment(book: Rulebook, text: str) -> None:
    page = open_document("page.md", text, book, excerpt=True)
    assert [mention.entry for mention in mentions(page) if mention.entry] == []
    assert found(book, text) == []
