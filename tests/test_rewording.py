"""Proposals: what is offered for a finding, and that each keeps what proposals promise."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest
import yaml
from guarantees import broken
from packs import book, page, phrase

from kaplint.api import Linter
from kaplint.commands.fix import reword
from kaplint.config import Config
from kaplint.errors import RuleError
from kaplint.fixes import apply
from kaplint.linter import lint
from kaplint.model import Finding, Fix
from kaplint.rewording import MOST, Proposer

ROOT = Path(__file__).parent.parent


@functools.cache
def shipped() -> Linter:
    """Return a linter with the shipped rules."""
    return Linter(Config())


def examples() -> list[str]:
    """Return the codes of the shipped rules."""
    return sorted(shipped().docs()["rules"])


def check(source: str, path: str) -> list[str]:
    """Return what proposals of a page promise and do not hold."""
    linter = shipped()
    findings = linter.text(source, path)
    return [
        f"{finding.rule} {fix.kind} {fix.text!r}: {what}"
        for finding in findings
        if finding.excuse is None
        for fix in finding.fixes
        for what in broken(linter, source, path, findings, finding, fix)
    ]


# What proposals promise


@pytest.mark.parametrize("code", examples())
def test_proposals_for_the_examples_of_rules_keep_their_promises(code: str) -> None:
    bad = shipped().docs()["rules"][code]["bad"]
    assert isinstance(bad, list)
    for example in bad:
        text = str(example["text"]).replace("\u00ab", "").replace("\u00bb", "")
        assert check(text, "page.html" if text.lstrip().startswith("<") else "page.md") == []


def test_proposals_for_pairs_keep_their_promises() -> None:
    pairs = yaml.safe_load((ROOT / "tests" / "pairs.yaml").read_text(encoding="utf-8"))
    assert len(pairs) > 50
    for pair in pairs:
        assert check(pair["flagged"], "page.md") == []


@pytest.mark.parametrize(
    "path",
    sorted(
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "examples").rglob("*")
        if path.suffix in (".md", ".html", ".txt")
    ),
)
def test_proposals_for_pages_keep_their_promises(path: str) -> None:
    assert check((ROOT / path).read_text(encoding="utf-8"), path) == []


@pytest.mark.parametrize("name", ["index.md", "ketamine.html", "newsletter.txt"])
def test_fixing_a_second_time_changes_nothing(name: str) -> None:
    source = (ROOT / "examples" / "site" / name).read_text(encoding="utf-8")
    once, taken = reword(shipped(), source, name, unsafe=True)
    assert taken > 3
    again, more = reword(shipped(), once, name, unsafe=True)
    assert (again, more) == (once, 0)


def test_there_are_no_more_than_three_and_none_twice() -> None:
    source = (ROOT / "examples" / "site" / "ketamine.html").read_text(encoding="utf-8")
    for finding in shipped().text(source, "ketamine.html"):
        assert len(finding.fixes) <= MOST
        assert len({(fix.edits, fix.text) for fix in finding.fixes}) == len(finding.fixes)


def test_whoever_wants_none_gets_none() -> None:
    linter = Linter(Config(), proposals=False)
    found = linter.text("Ketamine cures depression.", "page.md")
    assert found
    assert not any(finding.fixes for finding in found)


# With few rules and few rewordings

RULES = {
    "cure/a": phrase("{relieve} {condition}", "{condition} relief", code="CU01"),
    "hype/b": phrase("(magic|wonderful|best)", code="HY01"),
}


def proposals(folder: Path, text: str, entries: str, suffix: str = ".md") -> list[list[Fix]]:
    """Return the proposals for each finding in a text, with some rewordings of both categories."""
    files = {**RULES, "rewording/cure": entries, "rewording/hype": "- {for: '{{x}}', with: ''}\n"}
    files["rewording/hype"] = "- {for: '(magic|wonderful|best)', with: '', safe: true}\n"
    rules = book(folder, files)
    document = page(text, rules, suffix)
    found = list(lint(document, list(enumerate(rules.rules))))
    made = Proposer(rules, list(enumerate(rules.rules))).propose(document, found)
    return [list(finding.fixes) for finding in made if finding.excuse is None]


HELP = """\
- for: 'verb={relieve:s} what={condition}'
  with: 'may {verb:base} {what} today'
- for: 'verb={relieve:ing} what={condition}'
  with: 'work on {what}'
"""


def applied(text: str, fix: Fix) -> str:
    """Return a text with a proposal taken."""
    return apply(text, [fix]).text


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("It stays and [x] eases pain, we say.", None),
        ("Acupuncture eases pain.", "Acupuncture may ease pain today."),
        ("ACUPUNCTURE EASES PAIN", "ACUPUNCTURE MAY EASE PAIN TODAY"),
        ("# What Eases Pain at Home", "# What May Ease Pain Today at Home"),
        ("Eases pain at home.", "May ease pain today at home."),
        ("It gets rid of pain.", "It may get rid of pain today."),
        ("We speak of easing pain.", "We speak of work on pain."),
    ],
)
def test_a_rewording_is_put_in_its_place(tmp_path: Path, text: str, after: str | None) -> None:
    (found,) = proposals(tmp_path, text, HELP.replace("relieve:s} what", "relieve:s} what"))
    if after is None:
        after = "It stays and [x] may ease pain today, we say."
    # The rule finds the reworded claim, too, unless its words have gone.
    assert found == [] or applied(text, found[0]) == after


GONE = """\
- for: 'verb={relieve:s} what={condition}'
  with: 'may go with {what} [some days]'
- for: '^ <verb={relieve:base}> {condition}'
  over: sentence
  when: [opening]
  with: 'ask about'
- for: '<{relieve:base}> {condition}'
  needs: [{before: '(to|can)'}]
  over: clause
  with: 'work on'
- {kind: delete, over: sentence}
- {kind: question, with: 'who saw "{match}"?'}
"""


@pytest.mark.parametrize(
    ("text", "kind", "after"),
    [
        ("Acupuncture eases pain.", "edit", "Acupuncture may go with pain some days."),
        (
            "Acupuncture eases pain of all kinds.",
            "edit",
            "Acupuncture may go with pain of all kinds.",
        ),
        ("# Ease Pain Now", "edit", "# Ask About Pain Now"),
        ("You can ease pain.", "edit", "You can work on pain."),
        ("We care. Pain relief. Call us.", "delete", "We care. Call us."),
        ("<p>We care.\n Acupuncture eases\n pain.</p>", "edit", "may go with pain some days."),
        ("<p>Acupuncture <b>eases</b> pain.</p>", "question", 'Who saw "eases pain"?'),
        ("Pain relief is here. It is new.", "question", 'Who saw "Pain relief"?'),
        ("Pain relief:\n\n- at home\n", "question", 'Who saw "Pain relief"?'),
    ],
)
def test_what_fits_first_is_offered_first(tmp_path: Path, text: str, kind: str, after: str) -> None:
    suffix = ".html" if text.startswith("<") else ".md"
    (found,) = proposals(tmp_path, text, GONE, suffix)
    assert found[0].kind == kind
    if kind == "question":
        assert found[0].text == after
        assert found[0].edits == ()
    else:
        assert after in applied(text, found[0])


def test_findings_of_a_sentence_share_one_proposal(tmp_path: Path) -> None:
    text = "Our magic acupuncture eases pain."
    first, second = proposals(tmp_path, text, GONE)
    assert first[0] == second[0]
    assert applied(text, first[0]) == "Our acupuncture may go with pain some days."
    assert first[0].text == "Our acupuncture may go with pain some days."
    assert not first[0].safe
    assert apply(text, [first[0], second[0]]).applied == 1
    assert first[1].safe


@pytest.mark.parametrize(
    "entries",
    [
        "- {for: 'x=({relieve} {condition})', with: '{x} for ever'}",  # finds the same again
        "- {for: '{relieve} x={condition}', with: 'is magic for {x}'}",  # finds another
        "- {for: '{relieve} {condition}', with: 'to may help'}",  # bad grammar
        f"- {{for: '{{relieve}} {{condition}}', with: '{'extraordinarily ' * 6}'}}",  # hard to read
    ],
)
def test_what_breaks_a_promise_is_not_offered(tmp_path: Path, entries: str) -> None:
    assert proposals(tmp_path, "It eases pain.", entries) == [[]]


def test_numbers_and_names_stay(tmp_path: Path) -> None:
    entries = "- {for: '^ ..9 {relieve} {condition} ..9 $', over: sentence, with: 'we may help'}"
    assert proposals(tmp_path, "It eases pain.", entries)[0]
    assert proposals(tmp_path / "2", "In 12 weeks it eases pain.", entries) == [[]]
    assert proposals(tmp_path / "3", "With Acme Labs it eases pain.", entries) == [[]]


@pytest.mark.parametrize(
    ("entries", "problem"),
    [
        ("- {for: 'x', with: '{y}'}", "cure.yaml:1: nothing in 'for' is remembered as 'y'"),
        ("- {for: 'x', wiht: 'y'}", "cure.yaml:1: no such key: wiht (did you mean with?)"),
        ("- {for: 'x', with: y, when: [footer]}", "cure.yaml:1: no such role: footer"),
        ("- {for: 'x', with: y, kind: joke}", "cure.yaml:1: 'joke' is none of edit"),
        ("- {for: 'x'}", "cure.yaml:1: the key 'with' is missing"),
        ("- {for: '(x', with: y}", "cure.yaml:1: a ( has no )"),
    ],
)
def test_a_wrong_entry_is_told(tmp_path: Path, entries: str, problem: str) -> None:
    with pytest.raises(RuleError) as caught:
        proposals(tmp_path, "x", entries)
    assert problem in str(caught.value)


# With the shipped register


def kinds(source: str, path: str, rule: str, **config: object) -> dict[str, Fix]:
    """Return the proposals for the first finding of a rule, by kind."""
    found = Linter(Config(**config)).text(source, path)  # type: ignore[arg-type]
    finding = next(f for f in found if f.rule == rule)
    return {fix.kind: fix for fix in reversed(finding.fixes)}


def test_a_sentence_is_said_anew_with_its_source() -> None:
    source = "We care for you.\n\nKetamine cures depression.\n"
    said = kinds(source, "page.md", "CU01")["rewrite"]
    assert said.text.startswith("Ketamine may ease depression")
    assert said.sources
    after = applied(source, said)
    assert after.startswith("We care for you.\n\nKetamine may ease depression")
    assert "](https://doi.org/10." in after


def test_a_treatment_is_taken_from_the_heading() -> None:
    source = "# Ketamine\n\nWe care for you.\n\nOur infusions cure depression.\n"
    assert "depression" in kinds(source, "page.md", "CU01")["rewrite"].text


def test_a_headline_stays_a_headline() -> None:
    source = "# Is Ketamine the New Cure for Depression?\n\nWe care for you.\n"
    found = kinds(source, "page.md", "CU02")
    assert applied(source, found["edit"]).startswith("# Can Ketamine Help with Depression?\n")
    assert applied(source, found["rewrite"]).startswith("# Ketamine for Depression: ")
    assert "doi" not in applied(source, found["rewrite"])


PAGE = (
    "Ketamine lifts depression and eases anxiety. Our patients sleep well, work again and enjoy "
    "their days. Ketamine heals trauma, too. We look after you in a quiet room with a view of the "
    "garden, and a nurse is with you all the time. A course is six visits over three weeks. You "
    "can come by bus or by train, and we have a car park for those who are brought by a friend.\n"
)


def duties(source: str, path: str, **config: object) -> dict[str, tuple[Finding, Fix]]:
    """Return what is offered for each duty of a page, by its category."""
    found = Linter(Config(**config)).text(source, path)  # type: ignore[arg-type]
    return {f.category: (f, f.fixes[0]) for f in found if f.scope == "document" and f.fixes}


@pytest.mark.parametrize("suffix", ["md", "txt", "html"])
def test_a_disclosure_is_put_behind_its_paragraph(suffix: str) -> None:
    tail = "\n## More\n\nThe end.\n"
    source = PAGE + tail
    if suffix == "html":
        source = f"<main>\n  <p>{PAGE.strip()}</p>\n  <h2>More</h2>\n</main>"
    finding, fix = duties(source, f"page.{suffix}")["no-risks"]
    assert (fix.kind, fix.safe) == ("insert", False)
    after = applied(source, fix)
    if suffix == "html":
        assert after == source.replace("</p>\n", f"</p>\n  <p>{fix.text}</p>\n")
    else:
        assert after == f"{PAGE.rstrip()}\n\n{fix.text}\n{tail}"
    rest = shipped().text(after, f"page.{suffix}")
    assert finding.rule not in {f.rule for f in rest}


def test_a_disclosure_is_the_clinics_own_if_it_has_one() -> None:
    own = "Ketamine can cause nausea and dizziness. Ask us about the risks for you."
    _, fix = duties(PAGE, "page.md", disclosures=(("no-risks", own),))["no-risks"]
    assert fix.text == own
    assert fix.sources == ()


@pytest.mark.parametrize(("jurisdiction", "line"), [("us", "988"), ("uk", "116 123")])
def test_a_crisis_line_is_the_countrys_own(jurisdiction: str, line: str) -> None:
    source = PAGE + "\nIt quiets suicidal thoughts.\n"
    _, fix = duties(source, "page.md", jurisdiction=(jurisdiction,))["no-crisis-line"]
    assert line in fix.text


def test_every_disclosure_of_the_register_fulfils_its_duty() -> None:
    linter = shipped()
    proposer = linter.proposer
    from kaplint.rewording import _Page

    document = page(PAGE, linter.rulebook)
    whole = _Page(proposer, document, [])
    rules = {rule.category: rule for rule in linter.rulebook.rules if rule.duty is not None}
    assert proposer.register.disclosures
    for disclosure in proposer.register.disclosures:
        if disclosure.duty != "no-references":
            assert whole.fulfils(rules[disclosure.duty], disclosure.sentence), disclosure.sentence


# What the shipped rewordings say


@pytest.mark.parametrize(
    ("source", "after"),
    [
        # Claims become possibilities, all the verbs of a row together.
        ("Acupuncture relieves arthritis.", "Acupuncture may relieve arthritis."),
        (
            "Acupuncture eases pain, restores sleep, and boosts immunity.",
            "Acupuncture may ease pain, restore sleep, and boost immunity.",
        ),
        (
            "Anxiety: how can neurofeedback help? It helps with anxiety.",
            "Anxiety: how can neurofeedback help? It may help with anxiety.",
        ),
        ("Ketamine cures depression.", "Ketamine may ease depression."),
        # A mechanism is a thought, a metaphor is none.
        (
            "Ketamine acts on NMDA receptors and boosts BDNF.",
            "Ketamine is thought to act on NMDA receptors and boost BDNF.",
        ),
        ("Ketamine rewires the brain.", "Ketamine may affect how the brain works."),
        # Headlines stay headlines.
        ("# Is Ketamine the New Cure for Depression?", "# Can Ketamine Help with Depression?"),
        (
            "# Why Ketamine Is a Game-Changer for Depression",
            "# Why Ketamine Is One Option for Depression",
        ),
        ("# Medical Weight Loss That Works", "# Medical Weight Loss That May Help"),
        # Praise goes where a noun can stand alone.
        ("We offer a revolutionary approach to trauma.", "We offer an approach to trauma."),
        (
            "Dental implants are the gold standard for missing teeth.",
            "Dental implants are one option for missing teeth.",
        ),
        ("Want lasting relief from hay fever?", "Want relief from hay fever?"),
        (
            "Our drips are completely safe.",
            "Our drips have risks, which we go through with you first.",
        ),
        ("TMS: medicine proven to help treat PTSD.", "TMS: medicine that may help treat PTSD."),
        (
            "Research has shown that TMS can ease depression.",
            "TMS may ease depression.",
        ),
        ("Many patients report relief with TMS.", "Some patients report relief with TMS."),
        ("Unlike opioids, CBD eases pain.", "CBD may ease pain."),
        (
            "Acupuncture relieves back pain, calms anxiety and treats asthma.",
            "Acupuncture may relieve back pain, calm anxiety, and treat asthma.",
        ),
    ],
)
def test_the_first_proposal_reads_like_copy(source: str, after: str) -> None:
    findings = [f for f in shipped().text(source, "page.md") if f.excuse is None]
    assert after in [apply(source, [f.fixes[0]]).text for f in findings if f.fixes]


@pytest.mark.parametrize(
    ("source", "question"),
    [
        (
            "Our drips flush toxins from your cells.",
            'What was measured that shows "flush toxins"?',
        ),
        ("We run an IVF clinic. Our success rate: 70%.", 'If "70%" is a finding'),
    ],
)
def test_what_no_word_can_mend_is_asked_about(source: str, question: str) -> None:
    findings = [f for f in shipped().text(source, "page.md") if f.excuse is None]
    asked = [f.fixes[0].text for f in findings if f.fixes and f.fixes[0].kind == "question"]
    assert any(text.startswith(question) for text in asked)


@pytest.mark.parametrize(
    ("mended", "asked"),
    [
        # The hedge for one claim would silence another of a different kind.
        (
            "Our clinic: TMS can treat depression.\n",
            "Our clinic: TMS can treat depression without any side effects.\n",
        ),
        # Somebody's words are not ours to alter.
        (
            "Our clinic. Ketamine cures depression.\n",
            'Our clinic. "Ketamine cures depression," says our founder.\n',
        ),
    ],
)
def test_no_edit_where_it_would_mislead(mended: str, asked: str) -> None:
    def offered(source: str) -> list[str]:
        flagged = [f for f in shipped().text(source, "page.md") if f.excuse is None]
        assert flagged
        return [fix.kind for finding in flagged for fix in finding.fixes if fix.kind == "edit"]

    assert offered(mended)
    assert not offered(asked)
