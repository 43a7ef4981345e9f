"""Approved wordings: what they excuse, what has drifted from them, and when an approval ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaplint import rulebook as rulebooks
from kaplint.api import Linter
from kaplint.approvals import Approval
from kaplint.config import Config
from kaplint.drift import Approvals
from kaplint.model import Finding

TODAY = date(2026, 6, 1)
TREATS = "Ketamine treats depression for up to a week."
LIMITED = (
    "Ketamine may reduce symptoms of depression in adults with treatment-resistant depression."
)
DOCS = rulebooks.load_docs()


def approval(*wordings: str, key: str = "mood", **more: object) -> Approval:
    days = {"approved": date(2026, 1, 1), "expires": date(2027, 1, 1)}
    fields = {"claim": "c", "population": "p", "owner": "Dr Osei", **days, **more}
    return Approval(key=key, wordings=wordings, **fields)  # type: ignore[arg-type]


Lint = Callable[..., tuple[Finding, ...]]


@pytest.fixture(scope="module")
def approving() -> Lint:
    """Return a function that lints a text with approved claims."""
    linter = Linter(Config())
    strength = rulebooks.load_strength()

    def lint(
        text: str, *entries: Approval, suffix: str = ".md", place: str = "us"
    ) -> tuple[Finding, ...]:
        linter.approvals = Approvals(
            entries,
            linter.rulebook,
            today=TODAY,
            notice=30,
            published=((place,),),
            strength=lambda: strength,
        )
        return linter.text(text, suffix=suffix)

    return lint


def reported(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(f.rule, f.text) for f in findings if f.excuse is None and f.scope == "span"]


def approved(findings: tuple[Finding, ...]) -> list[str]:
    return [f.rule for f in findings if f.excuse and f.excuse.by == "evidence"]


def drifts(findings: tuple[Finding, ...]) -> list[str]:
    return [f.message for f in findings if f.rule == "KL03"]


# The same words


def test_an_approved_wording_is_excused_by_its_entry(approving: Lint) -> None:
    (without,) = reported(approving(TREATS))
    found = approving(TREATS, approval(TREATS))
    assert reported(found) == []
    (finding,) = (f for f in found if f.rule == without[0])
    assert finding.excuse is not None
    assert finding.excuse.by == "evidence"
    assert finding.excuse.detail == "mood, approved by Dr Osei"
    assert finding.fixes == ()


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        ("KETAMINE TREATS DEPRESSION FOR UP TO A WEEK", ".md"),
        ("**Ketamine** treats\n_depression_ for [up to a week](/a)!", ".md"),
        ("<p>Ketamine <b>treats</b> depression&nbsp;for up to a week.<sup>1</sup></p>", ".html"),
        ("Ketamine treats depression for up to a week.[1]", ".md"),
        ("Ketamine treats depression [2] for up to a week.", ".txt"),
        ("Keta\u00admine treats depression for up\u00a0to a week.", ".txt"),
        ("Ketamine treats dep\u0433ession for up to a week.".replace("\u0433", "r"), ".txt"),
        ("\u201cKetamine treats depression for up to a week.\u201d", ".txt"),
        ("In short: ketamine treats depression for up to a week.", ".txt"),
        ("Ask us; ketamine treats depression for up to a week (Smith 2020).", ".txt"),
        ("It has risks, but ketamine treats depression for up to a week.", ".txt"),
        ("- Ketamine treats depression for up to a week\n- Call us", ".md"),
    ],
)
def test_dress_changes_nothing(text: str, suffix: str, approving: Lint) -> None:
    assert ("EF01" in {rule for rule, _ in reported(approving(text, suffix=suffix))}) or (
        "\u201c" in text or "[" in text or "sup" in text or "Smith" in text
    )
    found = approving(text, approval(TREATS), suffix=suffix)
    assert reported(found) == []


def test_hyphens_and_spaces_are_one(approving: Lint) -> None:
    entry = approval("Long-lasting relief for adults with treatment-resistant depression.")
    text = "Long lasting relief for adults with treatment\u2011resistant depression."
    assert reported(approving(text))
    assert reported(approving(text, entry)) == []


@pytest.mark.parametrize(
    "text",
    [
        "Ketamine treats depression for up to a week and cures PTSD.",
        "Ketamine treats depression for up to a week, and PTSD.",
        "For everyone, ketamine treats depression for up to a week.",
        "It is certain that ketamine treats depression for up to a week.",
        "Ketamine treats depression for up to a year.",
    ],
)
def test_more_or_other_words_are_not_approved(text: str, approving: Lint) -> None:
    found = approving(text, approval(TREATS))
    assert approved(found) == []
    assert {rule for rule, _ in reported(found)} >= {"EF01", "KL03"}


def test_what_stands_beside_an_approved_clause_is_found(approving: Lint) -> None:
    text = "Ketamine treats depression for up to a week; it cures PTSD."
    found = approving(text, approval(TREATS))
    assert [rule for rule, _ in reported(found)] == ["CU01"]
    assert approved(found) == ["EF01"]


def test_a_question_is_not_the_statement(approving: Lint) -> None:
    found = approving("Ketamine treats depression for up to a week?", approval(TREATS))
    assert approved(found) == []


def test_words_of_a_picture_within_a_sentence_are_not_approved(approving: Lint) -> None:
    text = (
        '<p>Ketamine treats depression <img alt="It cures PTSD." src="a.png"> for up to a week.</p>'
    )
    found = approving(text, approval(TREATS), suffix=".html")
    assert [rule for rule, _ in reported(found)] == ["CU01"]


def test_duties_of_the_page_stay(approving: Lint) -> None:
    text = f"{TREATS} " + "We see adults with depression in our clinic. " * 12
    without = [f.rule for f in approving(text) if f.scope == "document" and not f.excuse]
    found = approving(text, approval(TREATS))
    assert without
    assert [f.rule for f in found if f.scope == "document" and not f.excuse] == without


def test_other_pages_are_as_they_were(approving: Lint) -> None:
    text = "TMS cures anxiety. We open at nine."
    assert approving(text, approval(TREATS, LIMITED)) == approving(text)


# When and where it holds


def test_an_expired_approval_excuses_nothing_and_is_told(approving: Lint) -> None:
    entry = approval(TREATS, expires=date(2026, 5, 31))
    found = approving(TREATS, entry)
    assert [rule for rule, _ in reported(found)] == ["EF01", "KL04"]
    (told,) = (f for f in found if f.rule == "KL04")
    assert told.message == "The approval of mood expired on 2026-05-31."
    assert (told.severity, told.category, told.text) == ("warning", "evidence", TREATS[:-1])
    assert "Dr Osei" in told.advice


def test_an_expired_approval_is_told_where_no_rule_speaks(approving: Lint) -> None:
    wording = "Our nurses have seen many people."
    found = approving(wording, approval(wording, expires=date(2026, 5, 31)))
    assert [f.rule for f in found] == ["KL04"]


@pytest.mark.parametrize(
    ("day", "when"),
    [
        (date(2026, 6, 1), "today"),
        (date(2026, 6, 2), "in 1 day"),
        (date(2026, 7, 1), "in 30 days"),
    ],
)
def test_an_approval_that_expires_soon_is_noted(day: date, when: str, approving: Lint) -> None:
    found = approving(TREATS, approval(TREATS, expires=day))
    assert [rule for rule, _ in reported(found)] == ["KL05"]
    (told,) = (f for f in found if f.rule == "KL05")
    assert (told.message, told.severity) == (
        f"The approval of mood expires {when}, on {day}.",
        "info",
    )


def test_an_approval_that_has_time_is_silent(approving: Lint) -> None:
    assert reported(approving(TREATS, approval(TREATS, expires=date(2026, 7, 2)))) == []


def test_what_is_not_yet_approved_excuses_nothing(approving: Lint) -> None:
    found = approving(TREATS, approval(TREATS, approved=date(2026, 6, 2)))
    assert [rule for rule, _ in reported(found)] == ["EF01"]


def test_of_two_approvals_the_one_that_holds_counts(approving: Lint) -> None:
    old = approval(TREATS, key="old", expires=date(2026, 2, 1))
    new = approval(TREATS, key="new")
    for entries in ((old, new), (new, old)):
        found = approving(TREATS, *entries)
        assert reported(found) == []
        assert [f.excuse.detail for f in found if f.excuse] == ["new, approved by Dr Osei"]


@pytest.mark.parametrize(
    ("markets", "place", "holds"),
    [((), "uk", True), (("us",), "us", True), (("us", "uk"), "uk", True), (("us",), "uk", False)],
)
def test_an_approval_holds_in_its_markets(
    markets: tuple[str, ...], place: str, holds: bool, approving: Lint
) -> None:
    found = approving(TREATS, approval(TREATS, markets=markets), place=place)
    assert approved(found) == ["EF01"] * holds
    assert drifts(found) == []


def test_copy_in_several_places_wants_an_approval_in_each(tmp_path: Path) -> None:
    path = tmp_path / "evidence.yaml"
    path.write_text(
        f"mood: {{claim: c, wordings: {TREATS}, population: p, owner: o, markets: us,"
        " approved: 2026-01-01, expires: 2027-01-01}\n"
    )
    for places, holds in (
        (("us",), True),
        (("us-ca",), True),
        (("us", "us-ca"), True),
        (("uk",), False),
        (("us", "uk"), False),
    ):
        config = Config(jurisdiction=places, evidence=str(path))
        found = Linter(config, today=TODAY).text(TREATS, suffix=".md")
        assert bool(approved(found)) is holds, places


# Drift


def test_what_drifted_is_said_in_words(approving: Lint) -> None:
    found = approving("Ketamine reduces symptoms of depression.", approval(LIMITED))
    assert [rule for rule, _ in reported(found)] == ["EF01", "KL03"]
    (told,) = (f for f in found if f.rule == "KL03")
    assert told.message == (
        "This has drifted from the approved wording of mood: 'may reduce' became 'reduces'; "
        "dropped 'in adults with treatment-resistant depression'. It says more than was approved "
        "(hedge-lost, limit-lost)."
    )
    assert told.advice == f'Write what was approved, "{LIMITED}", or ask Dr Osei to approve this.'
    assert (told.severity, told.category, told.name) == ("warning", "evidence", "claim-drifted")


@pytest.mark.parametrize(
    ("wording", "text", "told"),
    [
        (
            "92% of our patients say that we explained the risks before their first infusion.",
            "97% of our patients say that we explained the risks.",
            "'92%' became '97%'; dropped 'before their first infusion'",
        ),
        (LIMITED, LIMITED.replace(" in ", " within hours in "), "added 'within hours'"),
        (LIMITED, LIMITED.replace("may reduce", "reduces"), "'may reduce' became 'reduces'"),
        (
            "Exercise may help some people with mild depression sleep better.",
            "Exercise may help most people with mild depression sleep better.",
            "'some' became 'most'",
        ),
    ],
)
def test_dropped_added_and_changed(wording: str, text: str, told: str, approving: Lint) -> None:
    (message,) = drifts(approving(text, approval(wording)))
    assert f"approved wording of mood: {told}." in message


def test_a_stronger_sentence_is_told_though_no_rule_flags_it(approving: Lint) -> None:
    text = "Ketamine may reduce symptoms of depression in most adults."
    assert reported(approving(text)) == []
    (message,) = drifts(approving(text, approval(LIMITED)))
    assert "(limit-lost)" in message


@pytest.mark.parametrize(
    "text",
    [
        # weaker
        "Ketamine might reduce some symptoms of depression in a few adults with treatment-resistant depression.",
        "Ketamine does not reduce symptoms of depression in adults with treatment-resistant depression.",
        "Does ketamine reduce symptoms of depression in adults with treatment-resistant depression?",
        # of something else
        "TMS reduces symptoms of depression in adults with treatment-resistant depression.",
        "We see adults with depression.",
        "Symptoms of depression differ.",
    ],
)
def test_what_has_not_drifted(text: str, approving: Lint) -> None:
    assert drifts(approving(text, approval(LIMITED))) == []


def test_a_caution_that_was_approved_with_a_claim_is_missed(approving: Lint) -> None:
    wording = "Hormone pellets may ease hot flushes, but they can cause blood clots."
    (message,) = drifts(approving("Hormone pellets may ease hot flushes.", approval(wording)))
    assert "dropped 'but they can cause blood clots'" in message
    assert "(caution-lost)" in message


def test_risks_in_other_words_have_not_drifted(approving: Lint) -> None:
    text = "The commonest side effects are headache and a sore scalp."
    assert (
        drifts(approving(text, approval("Headache and a sore scalp are common after TMS."))) == []
    )


def test_the_nearest_wording_is_named(approving: Lint) -> None:
    other = approval(LIMITED.replace("adults", "older people"), key="older")
    (message,) = drifts(
        approving(LIMITED.replace("may reduce", "reduces"), other, approval(LIMITED))
    )
    assert "wording of mood:" in message


@pytest.mark.parametrize(
    "entry",
    [approval(LIMITED, expires=date(2026, 2, 1)), approval(LIMITED, markets=("uk",))],
    ids=["expired", "elsewhere"],
)
def test_what_does_not_hold_is_nothing_to_drift_from(entry: Approval, approving: Lint) -> None:
    assert drifts(approving(LIMITED.replace("may reduce", "reduces"), entry)) == []


def test_a_clause_may_drift(approving: Lint) -> None:
    text = "You asked what we know: " + LIMITED.replace("Ketamine may reduce", "ketamine reduces")
    found = approving(text, approval(LIMITED))
    assert [t for rule, t in reported(found) if rule == "KL03"] == [text[24:-1]]


# Switched, allowed, graded


def test_selectors_mean_claims(tmp_path: Path) -> None:
    path = tmp_path / "evidence.yaml"
    path.write_text(
        f"mood: {{claim: c, wordings: {TREATS}, population: p, owner: o,"
        " approved: 2025-01-01, expires: 2025-06-01}\n"
    )

    def codes(**more: object) -> list[tuple[str, str]]:
        config = Config(evidence=str(path), root=str(tmp_path), **more)  # type: ignore[arg-type]
        found = Linter(config, today=TODAY).text(TREATS, str(tmp_path / "a.md"))
        return [(f.rule, f.severity) for f in found if f.category == "evidence"]

    assert codes() == [("KL04", "warning")]
    for selector in ("KL", "KL04", "evidence", "claim-expired"):
        assert codes(select=(selector,)) == [("KL04", "warning")]
        assert codes(ignore=(selector,)) == []
        assert codes(severity=((selector, "error"),)) == [("KL04", "error")]
        assert codes(severity=((selector, "off"),)) == []
        assert codes(per_file_ignores=(("*.md", (selector,)),)) == []
        assert codes(per_file_ignores=(("*.html", (selector,)),)) == [("KL04", "warning")]
    assert codes(select=("cure",)) == codes(select=("directive",)) == []


def test_a_directive_may_allow_drift(approving: Lint) -> None:
    text = LIMITED.replace("may reduce", "reduces")
    for selector in ("KL03", "evidence", "claim-drifted"):
        page = f"{text} <!-- kaplint: allow {selector},EF01 agreed with Dr Osei -->\n"
        found = approving(page, approval(LIMITED))
        assert reported(found) == []
        (told,) = (f for f in found if f.rule == "KL03")
        assert told.excuse is not None
        assert told.excuse.by == "directive"


def test_what_a_directive_allows_is_no_sign_of_drift(approving: Lint) -> None:
    wording = "92% of our patients say that we explained the risks before their first infusion."
    text = "92% of our patients say that we explained the risks in their first week."
    entry = approval(wording)
    assert [rule for rule, _ in reported(approving(text, entry))] == ["ST01", "KL03"]
    page = f"{text} <!-- kaplint: allow ST01 agreed with Dr Osei -->\n"
    assert reported(approving(page, entry)) == []


def test_a_directive_that_allows_no_drift_is_unused(approving: Lint) -> None:
    found = approving("We open at nine. <!-- kaplint: allow KL03 why -->\n", approval(LIMITED))
    assert [(f.rule, f.message) for f in found] == [("KL01", "Nothing here is excused by KL03.")]


def test_an_approval_does_not_make_a_directive_unused(approving: Lint) -> None:
    page = f"{TREATS} <!-- kaplint: allow EF01 why -->\n"
    found = approving(page, approval(TREATS))
    assert [(f.rule, f.excuse.by) for f in found if f.excuse] == [("EF01", "directive")]
    assert reported(found) == []


# What holds of every sentence


def _flagged() -> list[str]:
    found = []
    for rule in DOCS["rules"].values():
        examples = rule["bad"]
        assert isinstance(examples, list)
        for example in examples:
            text = str(example["text"]).replace("«", "").replace("»", "")
            if "\n" not in text.strip() and not set("<>[]*_#|`&{}") & set(text):
                found.append(" ".join(text.split()))
    return found


FLAGGED = _flagged()


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(FLAGGED), st.sampled_from(FLAGGED))
def test_approving_a_sentence_adds_nothing_but_its_end(
    approving: Lint, text: str, other: str
) -> None:
    page = f"{text}\n\n{other}\n"
    before = approving(page, suffix=".txt")
    wordings = [text[start:end] for start, end in split(text)]
    for more, extra in (
        ({}, set()),
        ({"expires": date(2026, 6, 11)}, {"KL05"}),
        ({"expires": date(2026, 5, 1)}, {"KL04"}),
        ({"approved": date(2026, 6, 11)}, set()),
        ({"markets": ("uk",)}, set()),
    ):
        after = approving(page, approval(*wordings, **more), suffix=".txt")
        new = set(reported(after)) - set(reported(before))
        # The other sentence may have drifted from this one.
        assert {rule for rule, _ in new} <= extra | {"KL03"}
        assert all(t not in text for rule, t in new if rule == "KL03")
        gone = set(reported(before)) - set(reported(after))
        if extra == {"KL04"} or more.keys() & {"approved", "markets"}:
            assert not gone
        else:
            within = [f for f in reported(before) if f[1] in text and f[1] not in other]
            assert set(within) <= gone
    # Without the entry everything is as it was.
    assert approving(page, suffix=".txt") == before


def split(text: str) -> list[tuple[int, int]]:
    """Return the sentences of a text, each once."""
    from kaplint.sentences import split as cut
    from kaplint.tokens import fold

    seen: dict[str, tuple[int, int]] = {}
    for start, end in cut(fold(text), 0, len(text)):
        seen.setdefault(text[start:end], (start, end))
    return list(seen.values())
