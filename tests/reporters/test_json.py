"""Tests of the JSON report."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kaplint.model import Report
from kaplint.reporters.json import render

from .samples import OPTIONS, RULES, SAMPLE, cure_at, report

SHOW = replace(OPTIONS, show_excused=True)


def test_whole_report() -> None:
    """Every key of the documented form is there, with its value, and no other."""
    cure, page = SAMPLE.reported
    document = json.loads(render(SAMPLE, RULES, OPTIONS))
    assert list(document) == [
        "version",
        "tool",
        "findings",
        "failures",
        "files",
        "not_read",
        "summary",
    ]
    assert document["version"] == "1"
    assert document["tool"] == {"name": "kaplint", "version": "1.2.3"}
    assert document["failures"] == [
        {"path": "pages/scan.html", "reason": "it is not UTF-8 (byte 812)"}
    ]
    assert document["files"] == 1
    assert document["not_read"] == {}
    assert document["summary"] == {"error": 1, "warning": 1, "info": 0, "excused": 1}
    assert document["findings"][0] == {
        "path": "pages/gout.md",
        "rule": "CU01",
        "name": "cures",
        "category": "cure",
        "severity": "error",
        "confidence": "high",
        "scope": "span",
        "start": 29,
        "end": 39,
        "line": 3,
        "column": 10,
        "end_line": 3,
        "end_column": 20,
        "text": "cures gout",
        "message": '"cures gout" says that the condition goes away for good.',
        "advice": cure.advice,
        "norms": ["us-ftc-act-5", "us-ftc-npo-2023"],
        "strictest": [],
        "role": "paragraph",
        "fixes": [
            {
                "kind": "edit",
                "safe": True,
                "text": "may ease gout",
                "edits": [{"start": 29, "end": 39, "replacement": "may ease gout"}],
                "sources": [],
            }
        ],
        "excuse": None,
    }
    assert document["findings"][1]["rule"] == page.rule
    assert len(document["findings"]) == 2


def test_excused_have_a_key_of_their_own() -> None:
    """Who reads the findings never meets an excused one, asked for or not."""
    document = json.loads(render(SAMPLE, RULES, SHOW))
    assert [each["excuse"] for each in document["findings"]] == [None, None]
    (excused,) = document["excused"]
    assert excused["excuse"] == {"by": "negated", "detail": "no"}
    assert set(excused) == set(document["findings"][0])


def test_empty_report() -> None:
    """A report of nothing is still a whole document."""
    document = json.loads(render(Report((), (), ()), RULES, SHOW))
    assert document["findings"] == document["excused"] == document["failures"] == []
    assert document["summary"] == {"error": 0, "warning": 0, "info": 0, "excused": 0}


def test_does_not_depend_on_known_rules() -> None:
    """The rules' own descriptions add nothing to this report."""
    assert render(SAMPLE, {}, OPTIONS) == render(SAMPLE, RULES, OPTIONS)


@given(st.text(st.characters(), min_size=1))
def test_any_text_survives(words: str) -> None:
    """Whatever a page holds comes back as it was, written in ASCII."""
    text = render(report(cure_at(words, f"It {words} well")), RULES, OPTIONS)
    assert text.isascii()
    assert text.endswith("}\n")
    assert json.loads(text)["findings"][0]["text"] == words


def test_lone_surrogates() -> None:
    """Half of a surrogate pair can be written to any stream and read back."""
    text = render(report(cure_at("a\ud800b", "a\ud800b")), RULES, OPTIONS)
    text.encode("ascii")
    assert json.loads(text)["findings"][0]["text"] == "a\ud800b"
