"""Edits of sentences: what got stronger is told by kind, and what did not is not told."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import TypedDict

import pytest
import yaml
from packs import VOCABULARY, phrase, write

from kaplint import rulebook as rulebooks
from kaplint.api import Linter
from kaplint.documents import open_document
from kaplint.errors import RuleError
from kaplint.rulebook import Rulebook
from kaplint.rulepack import build
from kaplint.strength import KINDS, WEAKER, Shift, Words, compare

HERE = Path(__file__).parent


class Edit(TypedDict):
    """An edit, and what a reviewer should be told of it."""

    old: str
    new: str
    change: str | list[str]


def edits(name: str) -> list[Edit]:
    found: list[Edit] = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    return found


OWN, FURTHER = edits("strength.yaml"), edits("strength-further.yaml")
CLEAN = sorted(path for path in (HERE / "clean").iterdir() if path.suffix != ".py")
Compare = Callable[..., tuple[Shift, ...]]


@pytest.fixture(scope="session")
def words() -> Words:
    """Return the words of strength."""
    return Words(rulebooks.load_strength())


@pytest.fixture(scope="session")
def versions(linter: Linter, words: Words) -> Compare:
    """Return what compares two texts as the command does."""

    def run(old: str, new: str, path: str = "a.md", *, weaker: bool = False) -> tuple[Shift, ...]:
        return compare(
            open_document(path, old, linter.rulebook),
            open_document(path, new, linter.rulebook),
            words,
            old_findings=linter.text(old, path),
            new_findings=linter.text(new, path),
            weaker=weaker,
        )

    return run


def kinds(shifts: tuple[Shift, ...], *, stronger: bool = True) -> set[str]:
    return {c.kind for shift in shifts for c in shift.changes if c.stronger is stronger}


def wanted(edit: Edit) -> set[str]:
    change = edit["change"]
    return set(change) if isinstance(change, list) else {change}


def judged_right(edit: Edit, versions: Compare) -> bool:
    found = versions(edit["old"], edit["new"], weaker=True)
    told, want = kinds(found), wanted(edit)
    if want == {"none"}:
        return not told
    if want == {"weaker"}:
        return not told and bool(kinds(found, stronger=False))
    return want <= told


def test_there_are_enough_edits_of_each_kind() -> None:
    assert len(OWN) >= 150
    assert sum(wanted(edit) <= {"none", "weaker"} for edit in OWN) >= 55
    assert len({edit["old"] + edit["new"] for edit in OWN + FURTHER}) == len(OWN + FURTHER)
    named = {kind for edit in OWN for kind in wanted(edit)}
    assert named == {*KINDS, "none", "weaker"}


@pytest.mark.parametrize(("some", "share"), [(OWN, 0.95), (FURTHER, 0.90)], ids=["own", "further"])
def test_edits_are_judged_right(some: list[Edit], share: float, versions: Compare) -> None:
    wrong = [edit for edit in some if not judged_right(edit, versions)]
    assert len(wrong) <= (1 - share) * len(some), yaml.safe_dump(wrong, allow_unicode=True)


def test_neutral_edits_are_silent(versions: Compare) -> None:
    neutral = [edit for edit in OWN + FURTHER if wanted(edit) == {"none"}]
    loud = [edit for edit in neutral if kinds(versions(edit["old"], edit["new"]))]
    assert len(loud) <= 0.05 * len(neutral), yaml.safe_dump(loud, allow_unicode=True)


def test_every_kind_has_its_opposite() -> None:
    assert set(WEAKER) == set(KINDS)
    assert len({*WEAKER.values(), *KINDS}) == 2 * len(KINDS)


def test_a_weakening_is_a_strengthening_read_backwards(versions: Compare) -> None:
    old, new = "TMS may ease depression.", "TMS eases depression."
    (back,) = versions(new, old, weaker=True)
    assert [(c.kind, c.detail, c.stronger) for c in back.changes if c.kind == "hedge-added"] == [
        ("hedge-added", '"may" is new', False)
    ]
    assert not back.stronger
    assert versions(new, old) == ()


def test_the_words_that_changed_are_marked(versions: Compare) -> None:
    (shift,) = versions("# A\n\nTMS may ease pain.", "# A\n\n\nTMS *eases* pain.")
    assert [shift.old.text[s:e] for s, e in shift.old.marks] == ["may ease"]
    assert [shift.new.text[s:e] for s, e in shift.new.marks] == ["eases"]
    assert (shift.old.line, shift.new.line, shift.new.column) == (3, 4, 1)


def test_what_is_gone_stands_where_it_stood(versions: Compare) -> None:
    (shift,) = versions("TMS may help.\n\nIt can cause headaches.\n", "TMS may help.\n")
    assert kinds((shift,)) == {"caution-lost"}
    assert (shift.old.text, shift.old.line) == ("It can cause headaches.", 3)
    assert (shift.new.text, shift.new.line) == ("", 1)


# What changes no word changes nothing


@pytest.mark.parametrize("path", CLEAN, ids=lambda path: path.name)
def test_a_page_is_as_strong_as_itself(path: Path, versions: Compare) -> None:
    text = path.read_text(encoding="utf-8")
    assert versions(text, text, path.name, weaker=True) == ()


def _rewrapped(text: str, width: int) -> str:
    """Return Markdown with its paragraphs filled anew, all else as it was."""
    parts = re.split(r"\n\n+", text)
    kept = re.compile(r"\s*(?:[-*#|>`<\[]|\d+\.|---)|.*\|", re.DOTALL)
    return "\n\n".join(
        part
        if kept.match(part)
        else textwrap.fill(part, width, break_long_words=False, break_on_hyphens=False)
        for part in parts
    )


@pytest.mark.parametrize("width", [30, 70, 2000])
@pytest.mark.parametrize(
    "path", [path for path in CLEAN if path.suffix == ".md"], ids=lambda path: path.name
)
def test_a_page_that_is_wrapped_anew_is_as_strong(
    path: Path, width: int, versions: Compare
) -> None:
    text = path.read_text(encoding="utf-8")
    assert versions(text, _rewrapped(text, width), path.name, weaker=True) == ()


@pytest.mark.parametrize("edit", OWN[::5], ids=lambda edit: str(edit["new"])[:30])
def test_a_page_that_is_marked_up_anew_is_as_strong(
    edit: Edit, linter: Linter, words: Words
) -> None:
    text = re.sub(r"[\[\]()#*]|https?:\S+", "", edit["new"])
    marked = " ".join(
        f"**{word}**" if number % 3 == 1 and word.isalpha() else word
        for number, word in enumerate(text.split())
    )
    pages = [
        open_document("a.md", " ".join(text.split()), linter.rulebook),
        open_document("a.md", marked, linter.rulebook),
        open_document("a.html", f"<div><p>{text}</p></div>", linter.rulebook),
    ]
    for page in pages[1:]:
        assert compare(pages[0], page, words, weaker=True) == ()
        assert compare(page, pages[0], words, weaker=True) == ()


def test_sentences_in_another_order_are_as_strong(versions: Compare) -> None:
    text = (HERE / "clean" / "tms.md").read_text(encoding="utf-8")
    parts = re.split(r"\n\n+", text)
    assert kinds(versions(text, "\n\n".join(reversed(parts)))) <= {"new-finding"}


# The data


def built(folder: Path, text: str) -> Words:
    rules = write(folder / "rules", {"cure/a": phrase("cures {condition}")}, vocabulary=VOCABULARY)
    (rules / "strength.yaml").write_text(text, encoding="utf-8")
    return Words(build((rules,)).strength)  # type: ignore[arg-type]


def test_words_of_strength_are_found_in_every_form(tmp_path: Path) -> None:
    words = built(
        tmp_path,
        "scales:\n  effect:\n    about: x\n    plain: ''\n    levels:\n"
        "      low: {verbs: [ease]}\n      high: {verbs: [cure], nouns: [remedy]}\n",
    )
    text = "it eased and cures by remedies".split()
    assert [(t.base, t.level) for t in words.find(text, 0, len(text))] == [
        ("ease", 0),
        ("cure", 1),
        ("remedy", 1),
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("scale: {}", "strength.yaml:1: no such key: scale"),
        ("scales: {a: {about: x, plain: q, levels: {b: {words: [c]}}}}", "no such level: q"),
        ("sets: {a: {words: [b], includes: [none-such]}}", "no such class: none-such"),
        ("times: {units: {day: long}}", "write a number here"),
        ("times: {onset: {levels: {soon: {words: [b]}}}}", "'soon' is no number of days"),
        ("sets: {a: {wrods: [b]}}", "no such key: wrods"),
    ],
)
def test_a_mistake_in_the_data_is_told_with_its_line(
    text: str, problem: str, tmp_path: Path
) -> None:
    with pytest.raises(RuleError) as raised:
        built(tmp_path, text)
    assert problem in str(raised.value)
    assert "rules/strength.yaml:1: " in str(raised.value)


def test_a_folder_of_ones_own_adds_words(tmp_path: Path, book: Rulebook) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "strength.yaml").write_text(
        "scales:\n  modality:\n    about: x\n    plain: stated\n    levels:\n"
        "      possible: {words: [fingers crossed]}\n",
        encoding="utf-8",
    )
    words = Words(rulebooks.load_strength((str(folder),), cache=False))
    shifts = compare(
        open_document("a.md", "Fingers crossed, TMS eases pain.", book),
        open_document("a.md", "TMS eases pain.", book),
        words,
    )
    assert kinds(shifts) == {"hedge-lost"}
