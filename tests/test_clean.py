"""Careful pages, and pages that have nothing to do with medicine, stay silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaplint.api import Linter

CLEAN = Path(__file__).parent / "clean"
PAGES = sorted(path for path in CLEAN.iterdir() if path.suffix in (".md", ".html", ".txt"))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_careful_page_is_silent(linter: Linter, path: Path) -> None:
    findings, failure = linter.file(str(path))
    assert failure is None
    assert [(f.rule, f.text) for f in findings if f.excuse is None] == []


def test_strict_is_nearly_silent_on_careful_pages(strict: Linter) -> None:
    words = found = 0
    for path in PAGES:
        findings, _ = strict.file(str(path))
        found += sum(f.excuse is None for f in findings)
        words += len(path.read_text(encoding="utf-8").split())
    assert found <= words * 2 / 1000
