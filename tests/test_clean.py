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


LEAFLET = """# Athlete's foot

Athlete's foot is a rash between the toes. It is caused by a fungus, and people with sweaty feet are more
likely to have it. Symptoms include itching, cracks and a burning feeling.

## Treatment

Creams from a pharmacist cure athlete's foot within two weeks. The tablets that a doctor prescribes eliminate
the infection for good, but they may also upset the stomach. Talk to your doctor if you have diabetes, or if the
rash spreads or comes back. Keep your feet dry, change your socks every day and do not share towels with others.
"""


def test_a_leaflet_may_say_what_treatments_do(linter: Linter) -> None:
    spared = {f.rule: f.excuse for f in linter.text(LEAFLET, "page.md") if f.excuse is not None}
    assert spared["CU01"] is not None
    assert spared["CU01"].by == "leaflet"
    assert "caused by" in spared["CU01"].detail
    assert [f.rule for f in linter.text(LEAFLET, "page.md") if f.excuse is None] == []


@pytest.mark.parametrize(
    "selling",
    [
        "Our clinic treats feet: book a consultation, our clients love their sessions.",
        "Laser sessions with our holistic wellness package are natural, unique and powerful.",
    ],
)
def test_no_leaflet_sells(linter: Linter, selling: str) -> None:
    flagged = {f.rule for f in linter.text(LEAFLET + selling, "page.md") if f.excuse is None}
    assert "CU01" in flagged


def test_leaflets_still_owe_sources_for_figures(linter: Linter) -> None:
    page = LEAFLET + "\nThe cream cured 87 % of the people in one study.\n"
    flagged = {f.rule for f in linter.text(page, "page.md") if f.excuse is None}
    assert flagged & {"ST01", "VA01", "VA02"}


NOTES = """# Launch notes

Deploy to the staging URL first: it is zero-risk, and a redirect always works. The homepage copy says that the drip
cures hangovers in 9 of 10 clients; legal wants it gone before the build. Keywords: "hangover cure", "instant relief".

- [ ] Rewrite the meta description and the title tag of the landing page.
- [ ] Add the FAQ schema, check the sitemap and ask for indexing.
- [ ] Merge the branch, then commit the template of the booking component.
"""


def test_notes_of_those_who_build_the_site_are_no_copy(linter: Linter) -> None:
    found = list(linter.text(NOTES, "notes.md"))
    assert [f.rule for f in found if f.excuse is None] == []
    assert {f.excuse.by for f in found if f.excuse is not None} >= {"working-notes"}
