"""Mentions of studies: how far they reach, which entry they can only be, and what is compared."""

from __future__ import annotations

import pytest

from kaplint.documents import Document, open_document
from kaplint.fidelity.pages import Mention, mentions
from kaplint.linter import lint
from kaplint.model import Finding
from kaplint.rulebook import Rulebook


def page(book: Rulebook, text: str) -> Document:
    """Read a text as a whole page."""
    return open_document("page.md", text, book, excerpt=True)


def findings(book: Rulebook, text: str) -> list[Finding]:
    """Return what the rules that rest on the register find."""
    rules = [(number, rule) for number, rule in enumerate(book.rules) if rule.kind == "evidence"]
    return [finding for finding in lint(page(book, text), rules) if finding.excuse is None]


def resolved(book: Rulebook, text: str) -> list[str]:
    """Return the entries that a text speaks of."""
    return [m.entry.key for m in mentions(page(book, text)) if m.entry]


def only(book: Rulebook, text: str) -> Mention:
    """Return the one mention of a text."""
    (mention,) = mentions(page(book, text))
    return mention


# A text, the entry it can only be, or "" where it could be several or none.
RESOLVED = [
    ("Grunebaum et al. (2018) gave ketamine or midazolam.", "grunebaum-2018"),
    ("Kew and colleagues reviewed ketamine with therapy in 2023.", "kew-2023"),
    ("A review of 19 studies looked at ketamine with therapy.", "kew-2023"),
    (
        "A study in The New England Journal of Medicine found that 55 percent responded to ketamine.",
        "anand-2023-elektd",
    ),
    ("The ELEKT-D trial compared ketamine with ECT in 2023.", "anand-2023-elektd"),
    # the year tells two studies of one author apart
    ("Feder et al. (2014) gave ketamine for PTSD.", "feder-2014"),
    ("Feder et al. (2021) gave ketamine for PTSD.", "feder-2021"),
    # a surname with a hyphen
    ("Ochs-Ross and colleagues (2020) tested esketamine.", "ochs-ross-2020-transform3"),
    # nothing tells which study it is
    ("A study found that ketamine eased depression.", ""),
    ("A trial of ketamine in 80 people was stopped.", ""),
    # an author who is not in the register
    ("Ruiz et al. (2018) gave ketamine or midazolam to 80 people.", ""),
    # a surname that is a word, and one of somebody else
    ("Short studies of ketamine come first.", ""),
    ("Rush to book a ketamine study visit in 2006.", ""),
    # no research at all
    ("Ketamine is given by drip.", ""),
]


@pytest.mark.parametrize(("text", "key"), RESOLVED)
def test_a_mention_is_resolved(text: str, key: str, book: Rulebook) -> None:
    assert resolved(book, text) == ([key] if key else [])


# What carries on a mention is compared, up to three sentences; what begins another is not.
CARRIED = [
    ("Grunebaum et al. (2018) tested ketamine. It was given to «180 adults».", 1),
    ("Grunebaum et al. (2018) tested ketamine. The trial had «180 adults».", 1),
    ("Grunebaum et al. (2018) tested ketamine. We have treated 180 adults.", 0),
    ("Grunebaum et al. (2018) tested ketamine. Another trial had 180 adults.", 0),
    ("Grunebaum et al. (2018) tested ketamine.\n\nThe trial had 180 adults.", 0),
    ("Grunebaum et al. (2018) tested ketamine, yet a larger trial had 180 adults.", 0),
]


@pytest.mark.parametrize(("text", "count"), CARRIED)
def test_what_carries_on_a_mention(text: str, count: int, book: Rulebook) -> None:
    words = [f.text for f in findings(book, text.replace("«", "").replace("»", ""))]
    assert words == ([text[text.index("«") + 1 : text.index("»")]] if count else [])


# The rule, and a text with the words that it flags.
DIFFERENCES = [
    ("EV04", "Kew et al. (2023) reviewed 19 studies with «1,008 patients»."),
    ("EV04", "Kew et al. (2023) reviewed «twenty-nine studies» of ketamine."),
    ("EV04", "Grunebaum et al. (2018): ketamine or midazolam («N=180»)."),
    ("EV05", "In Grunebaum et al. (2018) «65%» responded to ketamine and 30% to midazolam."),
    ("EV05", "In Grunebaum et al. (2018) «30%» responded to ketamine and «55%» to midazolam."),
    ("EV06", "Grunebaum et al. (2018) gave ketamine or midazolam to «veterans»."),
    ("EV06", "Grunebaum et al. (2018) gave ketamine to people with «bipolar disorder»."),
    ("EV07", "Grunebaum et al. (2018) gave «esketamine» or midazolam to 80 adults."),
    ("EV08", "Grunebaum et al. (2018) compared ketamine with «placebo»."),
    ("EV08", "Grunebaum et al. (2018) saw a response to ketamine in «55%» of people."),
    ("EV09", "In Grunebaum et al. (2018) 55% «recovered» on ketamine and 30% on midazolam."),
    ("EV10", "Grunebaum et al. (2018) compared ketamine with midazolam for «six months»."),
    ("EV11", "A «2012» trial by Grunebaum et al. compared ketamine with midazolam."),
    ("EV12", "The «open-label» trial by Grunebaum et al. (2018) gave ketamine or midazolam."),
    ("EV14", "«Research from Johns Hopkins University (2020») tells of ketamine with therapy."),
    # a result where the study found none
    ("EV09", "Jelovac et al. (2025) found that ketamine worked «better than» midazolam."),
]


@pytest.mark.parametrize(("code", "marked"), DIFFERENCES)
def test_a_difference_is_found_where_it_stands(code: str, marked: str, book: Rulebook) -> None:
    text = marked.replace("«", "").replace("»", "")
    wanted = [part.partition("»")[0] for part in marked.split("«")[1:]]
    assert [f.text for f in findings(book, text) if f.rule == code] == wanted


# Numbers rounded, in words, in other units, and words of the record said with care.
SPARED = [
    "In the ELEKT-D trial (Anand 2023) 55% responded to ketamine and 41% to ECT.",
    "In the ELEKT-D trial (Anand 2023) about 400 adults had ketamine or ECT.",
    "Grunebaum et al. (2018) gave ketamine or midazolam to eighty adults.",
    "Grunebaum et al. (2018) compared ketamine with midazolam after one day.",
    "Grunebaum et al. (2018) did not compare ketamine with placebo, but with midazolam.",
    "Grunebaum et al. (2018) gave ketamine or midazolam; suicide attempts were not measured.",
    "Grunebaum et al. (2018) gave ketamine or midazolam, not esketamine.",
    "Grunebaum et al. (Am J Psychiatry, doi 10.1176/appi.ajp.2017.17060647) gave ketamine.",
    "Loo et al. (2023) saw one in five people remit on ketamine, against 2% on midazolam.",
]


@pytest.mark.parametrize("text", SPARED)
def test_what_holds_is_spared(text: str, book: Rulebook) -> None:
    assert findings(book, text) == []


def test_the_message_says_what_the_record_says(book: Rulebook) -> None:
    (finding,) = findings(book, "Kew et al. (2023) reviewed 19 studies with 1,008 patients.")
    assert finding.message.startswith('Kew and others 2023: "1,008 patients"')
    assert "1,006 people in 19 studies" in finding.message
    (finding,) = findings(book, "A 2012 trial by Grunebaum et al. tested ketamine.")
    assert "(2017, 2018)" in finding.message


def test_a_faithful_report_needs_no_further_source(book: Rulebook) -> None:
    rules = list(enumerate(book.rules))
    right = "A 2018 study by Grunebaum found that 55% responded to ketamine and 30% to midazolam."
    wrong = right.replace("55%", "65%")
    bare = "A study found that 55% responded to ketamine and 30% to midazolam."

    def judged(text: str) -> dict[str, str]:
        return {
            f.category: f.excuse.by if f.excuse else ""
            for f in lint(page(book, text), rules)
            if f.category in ("unsourced-statistic", "vague-authority")
        }

    assert set(judged(right).values()) == {"faithful"}
    assert set(judged(wrong).values()) == {""}
    assert set(judged(bare).values()) == {""}


def test_traceable_means_that_it_can_be_looked_up(book: Rulebook) -> None:
    assert only(book, "Grunebaum et al. (2018) gave ketamine or midazolam.").traceable
    assert not only(book, "A review of 19 studies looked at ketamine with therapy.").traceable


def test_a_page_without_research_reads_no_register(book: Rulebook) -> None:
    read: list[int] = []

    def evidence() -> dict[str, object]:
        read.append(1)
        return book.evidence()

    fresh = Rulebook.__new__(Rulebook)
    for name in Rulebook.__slots__:
        setattr(fresh, name, getattr(book, name))
    fresh._evidence = evidence
    fresh.comparer = None
    findings(
        fresh, "Ketamine is given by drip. A nurse stays with you, and 80 adults came in 2018."
    )
    assert read == []
    findings(fresh, "Grunebaum et al. (2018) gave ketamine or midazolam.")
    assert read == [1]


def test_a_study_without_anything_to_find_it_by(book: Rulebook) -> None:
    text = "Scores fell by a third in a 2021 trial of ketamine at three clinics."
    assert [(f.rule, f.text) for f in findings(book, text)] == [("VA08", "a 2021 trial")]
