"""Statements that the table of pharmacology contradicts, doubts or calls unproven, and their kin."""

from __future__ import annotations

import pytest

from kaplint.documents import open_document
from kaplint.linter import lint
from kaplint.model import Finding
from kaplint.rulebook import Rulebook


def found(book: Rulebook, text: str) -> list[Finding]:
    """Return what the rules that rest on facts find in a page."""
    page = open_document("page.md", text, book, excerpt=True)
    rules = [(number, rule) for number, rule in enumerate(book.rules) if rule.kind == "fact"]
    return [finding for finding in lint(page, rules) if finding.excuse is None]


# A sentence with the flagged words marked, and words of the fact that its message must give.
CONTRADICTED = [
    # plain verbs
    ("«Ketamine raises serotonin levels»", "hardly touches"),
    ("«Psilocybin binds NMDA receptors»", "5-HT2A"),
    ("«SSRIs block dopamine receptors»", "serotonin transporter"),
    ("«Spravato targets GABA receptors»", "NMDA receptors for glutamate"),
    ("«Wegovy activates dopamine receptors»", "GLP-1 receptor"),
    ("«Morphine blocks opioid receptors»", "activate the mu-opioid receptor"),
    ("«Valium blocks GABA receptors»", "strengthen the effect"),
    ("«GABA binds to the NMDA receptor»", "glutamate does"),
    ("«Ketamine competes with glutamate»", "plugs the channel"),
    ("«Naltrexone stimulates opioid receptors»", "blocks opioid receptors"),
    # the object of a verb in pieces
    ("«Naloxone switches opioid receptors» on", "blocks opioid receptors"),
    ("«Ketamine acts mainly on GABA receptors»", "NMDA"),
    ("«Ketamine floods the brain with serotonin»", "serotonin"),
    ("«Ketamine boosts the feel-good chemical serotonin»", "serotonin"),
    # "prevents X from ..."
    ("«Ketamine blocks NMDA receptors, preventing GABA from binding»", "GABA does not bind"),
    ("«Ketamine prevents GABA (an inhibitory messenger) from binding»", "GABA does not bind"),
    ("«Ketamine may stop GABA from binding» to NMDA receptors", "GABA does not bind"),
    ("«Ketamine keeps serotonin from being reabsorbed»", "hardly occupies"),
    # gerunds, infinitives, coordination, relative clauses
    ("«Spravato works by increasing serotonin» in the brain", "serotonin"),
    ("By «raising serotonin», ketamine lifts the mood", "serotonin"),
    ("«Ketamine blocks NMDA receptors and raises serotonin»", "serotonin"),
    ("«Ketamine is a medicine that raises serotonin»", "serotonin"),
    ("Unlike SSRIs, which raise serotonin, «ketamine activates NMDA receptors»", "blocks"),
    ("«Ketamine, which raises serotonin», is given by drip", "serotonin"),
    ("«Sertraline makes the brain produce more serotonin»", "slow the removal"),
    ("While SSRIs take weeks, «ketamine raises serotonin» in hours", "serotonin"),
    ("«Botox works by blocking dopamine»", "acetylcholine"),
    # passives
    ("«Serotonin is raised by ketamine»", "serotonin"),
    ("«Glutamate receptors are blocked by SSRIs»", "transporter"),
    # doers and events
    ("«Esketamine is an agonist of the NMDA receptor»", "not an agonist"),
    ("«Ketamine works as an NMDA agonist»", "not an agonist"),
    ("«Ketamine, a dopamine blocker», is given by drip", "NMDA receptor for glutamate"),
    ("The «blockade of GABA receptors by ketamine» calms", "not on the receptors for GABA"),
    ("«Ketamine's activation of NMDA receptors» is quick", "not an agonist"),
    ("«Ketamine leads to an increase in serotonin»", "serotonin"),
    # what something is
    ("It acts on «NMDA, a glutamate receptor»", "not a receptor"),
    ("«Glutamate is the brain's main mood chemical»", "excitatory"),
    ("«Ketamine is an opioid»", "another class"),
    ("«TMS is a form of ECT»", "not ECT"),
    ("«NMDA receptors are G-protein-coupled receptors»", "ion channels"),
    ("«Buprenorphine is a full agonist» at the mu receptor", "partial agonist"),
]
DOUBTED = [
    ("«Ketamine reduces excess glutamate»", "usual account"),
    ("«Ketamine works on the NMDA receptor, reducing excessive glutamate activity»", "usual"),
    ("Glutamate is too high, and «ketamine stops it from being released»", "usual account"),
]
UNPROVEN = [
    ("«Ketamine boosts BDNF»", "mice"),
    ("«Ketamine grows new synapses»", "Rats"),
    ("«SSRIs correct a chemical imbalance»", "no imbalance"),
    ("«Ketamine works by regulating the flow of glutamate»", "still open"),
    ("«TMS resets the brain»", "still"),
    ("«Low levels of glutamate are commonly found in people with depression»", "disagree"),
]


@pytest.mark.parametrize(("marked", "says"), [*CONTRADICTED, *DOUBTED, *UNPROVEN])
def test_flags_the_statement_and_says_what_is_known(book: Rulebook, marked: str, says: str) -> None:
    start, end = marked.index("«"), marked.index("»") - 1
    text = marked.replace("«", "").replace("»", "")
    spans = [(f.start, f.end, f.message) for f in found(book, f"{text}.")]
    assert [(a, b) for a, b, _ in spans] == [(start, end)]
    assert says in spans[0][2]


@pytest.mark.parametrize(
    ("before", "statement"),
    [
        ("Ketamine has been known since 1962.", "It also activates the AMPA receptor"),
        ("Ketamine has been known since 1962.", "The drug acts mainly on the GABA system"),
        ("# Spravato\n\nHere is how it works.", "It raises serotonin"),
        (
            "Ketamine differs from older drugs. They take weeks.",
            "It acts on the brain's GABA system",
        ),
        (
            "We give ketamine. Ketamine is old. Most people sleep. All go home.",
            "It boosts serotonin",
        ),
    ],
)
def test_a_pronoun_stands_for_the_drug_named_before(
    book: Rulebook, before: str, statement: str
) -> None:
    assert [f.text for f in found(book, f"{before} {statement}.")] == [statement]


@pytest.mark.parametrize(
    "text",
    [
        "Ketamine blocks NMDA receptors, some of them on GABA interneurons.",
        "Unlike SSRIs, which raise serotonin, ketamine blocks NMDA receptors.",
        "Ketamine, unlike SSRIs, blocks NMDA receptors.",
        "SSRIs, unlike ketamine, raise serotonin.",
        "SSRIs raise serotonin, whereas ketamine blocks the NMDA receptor.",
        "Ketamine does not act on serotonin receptors.",
        "Rather than raising serotonin, ketamine blocks NMDA receptors.",
        "Doctors sometimes combine ketamine with drugs that raise serotonin.",
        "Ketamine may interact with medicines which increase serotonin.",
        "Patients on SSRIs, which block the serotonin transporter, can receive ketamine.",
        "Ketamine was given with lorazepam, which binds the GABA-A receptor.",
        "Naloxone reverses opioids because it blocks opioid receptors.",
        "Tell us if you take tramadol, since it raises serotonin. Ketamine is given by drip.",
        "Serotonin is raised by SSRIs but not by ketamine.",
        "Psilocybin is turned into psilocin, which acts on serotonin 2A receptors.",
        "Glutamate binds to the NMDA receptor and opens it.",
        "The NMDA receptor, a receptor for glutamate, is an ion channel.",
        "NMDA is a molecule that activates the NMDA receptor.",
        "Ketamine is a non-competitive NMDA receptor antagonist.",
        "Ketamine is an opioid alternative for some pain.",
        "Ketamine is neither an opioid nor a benzodiazepine.",
        "Buprenorphine is a partial agonist at the mu opioid receptor.",
        "AMPA receptors are thought to be activated indirectly, by released glutamate.",
        "Botulinum toxin blocks the release of acetylcholine at the nerve ending.",
        "Benzodiazepines strengthen the effect of GABA at its receptor.",
        "Semaglutide slows the emptying of the stomach and reduces appetite.",
        "MDMA releases serotonin, dopamine and noradrenaline.",
        "Ketamine can raise blood pressure and heart rate.",
        "Exercise raises serotonin and dopamine.",
        "Ketamine may boost BDNF.",
        "It is a myth that ketamine boosts serotonin.",
        "Some clinics claim that ketamine raises serotonin.",
        "Does ketamine raise dopamine?",
        "Ketamine is thought to raise glutamate release for a short time.",
        "Whether ketamine acts on opioid receptors is debated.",
        "The nurse blocks the road. It is raised by a crane.",
    ],
)
def test_spares_what_is_true_denied_hedged_or_said_of_another(book: Rulebook, text: str) -> None:
    assert [(f.text, f.message) for f in found(book, text)] == []


def test_a_hedge_does_not_excuse_what_is_settled(book: Rulebook) -> None:
    categories = {f.category for f in found(book, "Ketamine may raise serotonin levels.")}
    assert categories == {"mechanism-error"}


def test_one_sentence_may_hold_an_error_and_an_overreach(book: Rulebook) -> None:
    text = "Ketamine raises serotonin. Ketamine boosts BDNF."
    assert [f.category for f in found(book, text)] == ["mechanism-error", "mechanism-overreach"]


def test_a_part_of_a_parenthesis_or_a_list_does_no_harm(book: Rulebook) -> None:
    for text in (
        "(ketamine",
        "raises, by ( , and serotonin",
        "It. It blocks. Blocks NMDA",
        "is a receptor, a",
        "NMDA, a",
        "serotonin is raised by",
        "an agonist of",
        "keeps it from binding",
    ):
        assert isinstance(found(book, text), list)
