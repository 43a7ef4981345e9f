"""The file of approved claims: what it may say, and every mistake with its line."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from kaplint.approvals import STATES, Approval, load, parse_date, read, render
from kaplint.errors import ConfigError

ENTRY = """\
# What our doctors stand for.
mood:
  claim: It helps some.
  wordings:
    - It may ease
      depression in some people.
    - Some feel better.
  population: adults
  references: [smith-2020, 'https://a.org/1', 'Jones, 2021']
  markets: [us, uk]
  owner: Dr Osei
  approved: 2026-01-31
  expires: 2027-01-31
  note: ask again
"""
FLOW = "mood: {claim: a, wordings: It may help., population: p, owner: o, approved: 2026-01-01, expires: 2027-01-01}\n"


def entries(text: str, references: tuple[str, ...] | None = ("smith-2020",)) -> list[Approval]:
    return list(read("e.yaml", text, markets=lambda: ("us", "uk"), references=references))


def problems(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        entries(text)
    return [line.removeprefix("e.yaml:") for line in str(caught.value).splitlines()]


def test_every_key_of_an_entry() -> None:
    assert entries(ENTRY) == [
        Approval(
            key="mood",
            claim="It helps some.",
            wordings=("It may ease depression in some people.", "Some feel better."),
            population="adults",
            owner="Dr Osei",
            approved=date(2026, 1, 31),
            expires=date(2027, 1, 31),
            references=("smith-2020", "https://a.org/1", "Jones, 2021"),
            markets=("us", "uk"),
            note="ask again",
            path="e.yaml",
            line=2,
        )
    ]


def test_an_entry_in_one_line() -> None:
    (entry,) = entries(FLOW)
    assert (entry.wordings, entry.markets, entry.references) == (("It may help.",), (), ())
    assert entry.line == 1


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "---\n", "~\n"])
def test_an_empty_file_has_no_entries(text: str) -> None:
    assert entries(text) == []


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ("  owner: Dr Osei\n", "", "3: the key 'owner' is missing"),
        ("owner:", "ower:", "11: no such key: ower (did you mean owner?)"),
        ("  note: ask", "  claim: ask", "14: the key 'claim' stands twice"),
        ("mood:", "My Mood:", "3: 'My Mood' is no key: small letters, digits and hyphens"),
        ("2026-01-31", "31.1.2026", "12: write a date here, such as 2027-03-31"),
        ("2027-01-31", "2027-02-30", "13: write a date here, such as 2027-03-31"),
        ("2027-01-31", "2025-01-31", "13: it expires before it was approved (2026-01-31)"),
        ("2027-01-31", "[2027-01-31]", "13: write a date here, such as 2027-03-31"),
        ("Some feel better.", "One thing. Another.", "7: a wording is one sentence: write each"),
        ("Some feel better.", "'...'", "7: a wording has words"),
        ("- Some feel better.", "- It may ease depression in some people.", "7: this wording"),
        ("population: adults", "population:", "8: write text here, not nothing"),
        ("population: adults", "population: ' '", "8: write text here, not nothing"),
        ("population: adults", "population: [a]", "8: write text here, not a list"),
        (
            "smith-2020",
            "smith-2002",
            "9: no entry of the register of evidence is called smith-2002",
        ),
        (
            "[us, uk]",
            "[us, ukk]",
            "10: no jurisdiction is called ukk (did you mean uk?); there are",
        ),
        ("[us, uk]", "{us: uk}", "10: write a list here, not a mapping"),
        ("claim: It helps some.", "claim: It: helps.", "3: not valid YAML: mapping values"),
    ],
)
def test_a_mistake_has_its_line(was: str, becomes: str, told: str) -> None:
    assert was in ENTRY
    found = problems(ENTRY.replace(was, becomes))
    assert any(line.startswith(told) for line in found), found


def test_no_wording_and_no_entry() -> None:
    assert problems(FLOW.replace("It may help.", "[]")) == ["1: write at least one wording"]
    assert problems("mood: yes\n") == ["1: write a mapping (key: value) here, not 'yes'"]
    assert problems("- mood\n") == ["1: write a mapping (key: value) here, not a list"]


def test_all_mistakes_are_told_at_once() -> None:
    text = ENTRY.replace("2026-01-31", "soon").replace("[us, uk]", "[mars]")
    assert [line.partition(":")[0] for line in problems(text)] == ["12", "10"]


def test_references_are_looked_up_where_there_is_a_register() -> None:
    assert entries(ENTRY.replace("smith-2020", "smith-2002"), None)
    with pytest.raises(ConfigError, match=r"did you mean smith-2020\?"):
        entries(ENTRY.replace("smith-2020", "smith-2002"))


def test_markets_are_asked_for_only_where_they_are_not_at_hand() -> None:
    def none() -> tuple[str, ...]:
        raise AssertionError

    assert read("e.yaml", ENTRY, markets=none, at_hand=("us", "uk"))
    with pytest.raises(AssertionError):
        read("e.yaml", ENTRY, markets=none, at_hand=("us",))


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 1, 30), "pending"),
        (date(2026, 1, 31), "current"),
        (date(2027, 1, 20), "current"),
        (date(2027, 1, 21), "expiring"),
        (date(2027, 1, 31), "expiring"),
        (date(2027, 2, 1), "expired"),
    ],
)
def test_the_state_on_a_day(day: date, state: str) -> None:
    (entry,) = entries(ENTRY)
    assert entry.state(day, 10) == state
    assert state in STATES


def test_without_notice_an_approval_expires_soon_on_its_last_day_alone() -> None:
    (entry,) = entries(ENTRY)
    assert entry.state(entry.expires, 0) == "expiring"
    assert entry.state(entry.expires - timedelta(1), 0) == "current"


@pytest.mark.parametrize("text", ["2027-13-01", "2027-1-1", "20270101", "", "2027-01-01 ", "x"])
def test_what_is_no_date(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    "wording",
    [
        "It may help.",
        "It's a 'thing': #1, \"yes\" & no",
        "- not a list",
        "Ünïcode \u2013 and 100 %",
        "no",
        "2027-01-01",
        "Long: more than a line holds, " + "and on # " * 20 + "until it ends.",
    ],
)
def test_what_is_written_is_read_again(wording: str) -> None:
    (first,) = entries(ENTRY)
    made = Approval(
        "b", wording, (wording, "x"), "p", "o", first.approved, first.expires, ("r s",), ("us",)
    )
    text = ENTRY + "\n" + render(made)
    assert text.startswith(ENTRY)
    _, again = entries(text)
    assert (again.claim, again.wordings) == (wording, (wording, "x"))
    assert (again.references, again.markets, again.note) == (("r s",), ("us",), "")
    assert (again.approved, again.expires, again.line) == (first.approved, first.expires, 16)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "evidence.yaml"
    with pytest.raises(ConfigError, match=r"cannot be read: No such file"):
        load(str(path), markets=tuple)
    path.write_bytes(b"a: \xff\n")
    with pytest.raises(ConfigError, match="is not UTF-8"):
        load(str(path), markets=tuple)
    path.write_text("\ufeff" + FLOW, encoding="utf-8")
    assert [e.key for e in load(str(path), markets=tuple)] == ["mood"]
