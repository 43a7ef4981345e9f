"""The register of evidence: its schema, what ships, and what an unconfirmed entry may not do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from packs import write

from kaplint import register, rulebook
from kaplint.api import Linter
from kaplint.config import Config
from kaplint.documents import open_document
from kaplint.errors import RuleError
from kaplint.linter import lint
from kaplint.readability import grade
from kaplint.register import Disclosure, Entry, Register, Statement
from kaplint.rulepack import DUTIES, build

EVIDENCE = Path(rulebook.rules_folder()) / "evidence"

TRIAL = """\
smith-2020:
  kind: trial
  status: confirmed
  citation:
    authors: [Smith A]
    title: A trial
    year: 2020
    doi: 10.1000/abc
  design: A trial.
  population: 80 adults
  say: It may help.
  says-of-it: it had 80 adults
  names: [smith]
  years: [2020]
  sizes: ['80', '1,006']
  figures:
    - {value: '55%', is: response, arm: treatment, outcome: response}
  treatments: [ketamine]
  conditions: [depression]
  supports:
    - {treatment: ketamine, condition: depression, strength: preliminary}
"""
UNTRACED = """\
billions:
  kind: untraced
  status: unconfirmed
  says-of-it: no source for this was found
  aliases: [517 billion]
"""
STATEMENTS = """\
- treatment: ketamine
  condition: depression
  sentence: Ketamine may ease depression in some people.
  short: may ease depression in some people
  headline: Ketamine for depression
  entries: [smith-2020]
"""
DISCLOSURES = """\
- duty: no-risks
  treatment: ketamine
  country: us
  sentence: Ketamine has side effects.
  entries: [smith-2020]
"""


@pytest.fixture(scope="module")
def shipped() -> Register:
    """Return the register that ships."""
    return rulebook.load_evidence()


def ready(found: Register) -> list[Statement | Disclosure]:
    """Return the sentences that are ready for use, with what they rest on."""
    return [*found.statements, *found.disclosures]


def entries() -> Iterator[Entry]:
    yield from rulebook.load_evidence().entries.values()


def problems(folder: Path, files: dict[str, str]) -> list[str]:
    """Return the problems of a rule folder with evidence files, without its name."""
    named = {f"evidence/{name}": text for name, text in files.items()}
    with pytest.raises(RuleError) as raised:
        build((write(folder / "rules", named),))
    return [problem.removeprefix("rules/evidence/") for problem in raised.value.problems]


def good(folder: Path, files: dict[str, str]) -> Register:
    named = {f"evidence/{name}": text for name, text in files.items()}
    pack = build((write(folder / "rules", named),))
    return register.from_json(json.loads(json.dumps(pack.evidence)))


# The schema


def test_an_entry_is_read_in_full(tmp_path: Path) -> None:
    found = good(tmp_path, {"trials": TRIAL, "statements": STATEMENTS, "disclosures": DISCLOSURES})
    entry = found.entries["smith-2020"]
    assert (entry.kind, entry.status, entry.topic) == ("trial", "confirmed", "trials")
    assert entry.place == "rules/evidence/trials.yaml:1"
    assert entry.citation is not None
    assert entry.citation.link == "https://doi.org/10.1000/abc"
    assert entry.years == (2020,)
    assert entry.sizes == ("80", "1,006")
    assert entry.figures == (register.Figure("55%", "response", "treatment", "response"),)
    assert entry.supports == (register.Support("ketamine", "depression", "preliminary"),)
    assert [s.short for s in found.statements] == ["may ease depression in some people"]
    assert [(d.duty, d.country) for d in found.disclosures] == [("no-risks", "us")]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("kind: trial", "kind: trail", "2: 'trail' is none of trial, review,"),
        ("  kind: trial\n", "", "2: the key 'kind' is missing"),
        ("status: confirmed", "status: sure", "3: 'sure' is none of confirmed, partly,"),
        ("design: A", "desing: A", "9: no such key: desing (did you mean design?)"),
        ("design: A trial.", "kind: review", "9: the key 'kind' stands twice"),
        ("    year: 2020", "    yaer: 2020", "7: no such key: yaer (did you mean year?)"),
        ("    year: 2020", "    year: '20'", "7: a year has four digits, unlike 20"),
        ("10.1000/abc", "doi:10.1000/abc", "8: 'doi' looks like 10."),
        ("doi: 10.1000/abc", "pmid: PMC12", "8: 'pmid' looks like"),
        ("doi: 10.1000/abc", "pmcid: '12'", "8: 'pmcid' looks like PMC"),
        ("doi: 10.1000/abc", "registry: [NCT1]", "8: 'registry' looks like NCT"),
        ("doi: 10.1000/abc", "url: www.a.org", "8: 'url' looks like https://"),
        ("doi: 10.1000/abc", "doi:", "8: write text here, not nothing"),
        ("names: [smith]", "names: [Smith]", "13: 'names' is lower case: smith"),
        ("names: [smith]", "names: {a: b}", "13: write a list here, not a mapping"),
        ("years: [2020]", "years: ['20']", "14: a year has four digits, unlike 20"),
        ("'1,006'", "'1006'", "15: 'sizes' takes whole numbers like '1,006', not 1006"),
        ("'1,006'", "'80 people'", "15: 'sizes' takes whole numbers"),
        ("arm: treatment", "arm: drug", "17: 'drug' is none of treatment, comparator"),
        ("is: response", "what: response", "17: no such key: what"),
        ("{value: '55%'", "{valu: '55%'", "17: the key 'value' is missing"),
        ("preliminary", "strong", "21: 'strong' is none of established, moderate,"),
        ("smith-2020:", "Smith_2020:", "2: a key is words like grunebaum-2018, not Smith_2020"),
        ("  design: A trial.\n", "", "2: smith-2020 lacks 'design': a confirmed trial says"),
        ("  population: 80 adults\n", "", "2: smith-2020 lacks 'population'"),
        ("  say: It may help.\n", "", "2: smith-2020 lacks 'say': the entry is confirmed"),
        ("  says-of-it: it had 80 adults\n", "", "2: smith-2020 lacks 'says-of-it'"),
        ("  treatments: [ketamine]\n", "", "2: smith-2020 lacks 'treatments'"),
        ("  conditions: [depression]\n", "", "2: smith-2020 lacks 'conditions'"),
        ("    year: 2020\n    doi: 10.1000/abc\n", "", "5: a citation has a year and authors or"),
        ("status: confirmed", "status: unconfirmed", "11: smith-2020 is not confirmed: it may no"),
        ("status: confirmed", "status: retracted", "21: smith-2020 is retracted: it supports not"),
        ("kind: trial", "kind: untraced", "2: smith-2020 is untraced: its status is unconfirmed"),
        ("kind: trial", "kind: untraced", "2: smith-2020 lacks 'aliases'"),
    ],
)
def test_a_mistake_is_told_with_its_line(old: str, new: str, expected: str, tmp_path: Path) -> None:
    assert TRIAL.count(old) == 1
    found = problems(tmp_path, {"trials": TRIAL.replace(old, new)})
    lines = [problem.removeprefix("trials.yaml:") for problem in found]
    assert any(line.startswith(expected) for line in lines), lines


@pytest.mark.parametrize("key", ["say", "figures", "sizes", "studies", "durations", "supports"])
def test_what_is_not_confirmed_may_not_assert(key: str, tmp_path: Path) -> None:
    value = {
        "say": "It may help.",
        "figures": "[{value: '5', is: five}]",
        "supports": "[{treatment: a, condition: b, strength: moderate}]",
    }.get(key, "['5']")
    found = problems(tmp_path, {"a": f"{UNTRACED}  {key}: {value}\n"})
    assert found == [f"a.yaml:6: billions is not confirmed: it may not have '{key}'"]


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("statements", "smith-2020", "smith-2021", "6: no such entry: smith-2021 (did you mean"),
        ("statements", "smith-2020", "billions", "6: billions is unconfirmed: rest this on"),
        ("statements", "[smith-2020]", "[]", "6: name at least one entry that this rests on"),
        ("statements", "  short:", "  shrt:", "4: no such key: shrt (did you mean short?)"),
        ("statements", "", STATEMENTS, "7: ketamine for depression is stated already"),
        ("statements", "- treatment", "treatment", "1: write a list here, not a mapping"),
        ("disclosures", "smith-2020", "smith-2021", "5: no such entry: smith-2021 (did you mean"),
        ("disclosures", "smith-2020", "billions", "5: billions is unconfirmed: rest this on"),
        ("disclosures", "no-risks", "no-risk", "1: 'no-risk' is none of no-off-label, no-risks"),
        ("disclosures", "  sentence:", "  sentences:", "4: no such key: sentences (did you mean"),
    ],
)
def test_a_mistake_in_ready_sentences(
    name: str, old: str, new: str, expected: str, tmp_path: Path
) -> None:
    text = {"statements": STATEMENTS, "disclosures": DISCLOSURES}[name]
    text = text.replace(old, new) if old else text + new
    if new == "treatment":  # no list any more: the entries of a mapping stand at its margin
        text = text.replace("\n  ", "\n")
    found = problems(tmp_path, {"trials": TRIAL, "untraced": UNTRACED, name: text})
    assert any(problem.startswith(f"{name}.yaml:{expected}") for problem in found), found


def test_a_key_stands_once_in_all_files(tmp_path: Path) -> None:
    found = problems(tmp_path, {"a": UNTRACED, "b": UNTRACED})
    assert found == ["b.yaml:2: billions stands in rules/evidence/a.yaml:1 already"]


def test_an_identifier_alone_is_a_citation(tmp_path: Path) -> None:
    text = re.sub(r"    (authors|title|year): .*\n", "", TRIAL)
    assert good(tmp_path, {"a": text}).entries["smith-2020"].citation == register.Citation(
        doi="10.1000/abc"
    )


@pytest.mark.parametrize(
    ("citation", "link"),
    [
        (register.Citation(doi="10.1/a", pmid="1", url="https://a"), "https://doi.org/10.1/a"),
        (register.Citation(pmid="1", pmcid="PMC2"), "https://pubmed.ncbi.nlm.nih.gov/1/"),
        (register.Citation(pmcid="PMC2"), "https://pmc.ncbi.nlm.nih.gov/articles/PMC2/"),
        (register.Citation(url="https://a"), "https://a"),
        (register.Citation(), ""),
    ],
)
def test_a_reader_is_sent_to_the_surest_address(citation: register.Citation, link: str) -> None:
    assert citation.link == link


# Where it is kept


def test_a_folder_of_ones_own_adds_to_the_register(
    cache: Path, tmp_path: Path, shipped: Register
) -> None:
    own = tmp_path / "own"
    (own / "evidence").mkdir(parents=True)
    (own / "evidence" / "trials.yaml").write_text(TRIAL, encoding="utf-8")
    found = rulebook.load_evidence((str(own),))
    assert found.entries.keys() - shipped.entries.keys() == {"smith-2020"}
    # What changes in the folder is seen, though a pack of it is in the cache by now.
    text = TRIAL.replace("it had 80 adults", "it had eighty adults")
    (own / "evidence" / "trials.yaml").write_text(text, encoding="utf-8")
    found = rulebook.load_evidence((str(own),))
    assert found.entries["smith-2020"].says_of_it == "it had eighty adults"


def test_json_keeps_everything(shipped: Register) -> None:
    assert register.from_json(json.loads(json.dumps(register.to_json(shipped)))) == shipped


# What ships


def test_the_register_covers_its_topics(shipped: Register) -> None:
    topics = {path.stem for path in EVIDENCE.glob("*.yaml")} - {"statements", "disclosures"}
    assert {entry.topic for entry in shipped.entries.values()} == topics
    assert len(shipped.entries) > 120
    text = "".join(path.read_text(encoding="utf-8") for path in EVIDENCE.glob("*.yaml"))
    assert "memory]" not in text


def test_what_is_not_confirmed_is_silent(shipped: Register) -> None:
    silent = [e for e in shipped.entries.values() if e.status == "unconfirmed"]
    assert len(silent) >= 8
    for entry in silent:
        assert not any((entry.say, entry.figures, entry.sizes, entry.studies, entry.supports))
        assert entry.says_of_it
        assert entry.aliases
    assert {e.key for e in shipped.entries.values() if e.kind == "untraced"} <= {
        e.key for e in silent
    }


def test_only_what_is_confirmed_supports_a_claim(shipped: Register) -> None:
    for entry in shipped.entries.values():
        assert not entry.supports or entry.status == "confirmed", entry.key


def test_identifiers_are_well_formed(shipped: Register) -> None:
    seen: dict[str, str] = {}
    for entry in shipped.entries.values():
        cited = entry.citation or register.Citation()
        assert not cited.doi or re.fullmatch(r"10\.\d{4,9}/[\w.;()/:-]+", cited.doi), entry.key
        assert not cited.pmid or re.fullmatch(r"\d{5,8}", cited.pmid), entry.key
        assert not cited.pmcid or re.fullmatch(r"PMC\d{6,8}", cited.pmcid), entry.key
        for number in cited.registry:
            assert re.fullmatch(r"NCT\d{8}|ACTRN\d{14}|CRD\d{11}", number), entry.key
        for name in (cited.doi, cited.pmid, cited.pmcid):
            assert not name or seen.setdefault(name, entry.key) == entry.key, name
        assert not re.search(r"//(?:\d+\.){3}", cited.url), f"{entry.key}: an address by number"


def test_ready_sentences_rest_on_confirmed_entries(shipped: Register) -> None:
    assert shipped.statements
    for item in ready(shipped):
        assert item.entries
        for key in item.entries:
            assert shipped.entries[key].status == "confirmed", (item.sentence, key)
    assert {disclosure.duty for disclosure in shipped.disclosures} == set(DUTIES)


def test_a_surname_is_no_everyday_word(shipped: Register) -> None:
    everyday = {"short", "price", "rush", "dean", "may", "young", "long", "fu", "white", "best"}
    for entry in shipped.entries.values():
        assert not everyday & {*entry.names}, entry.key


# Numbers that name a thing, and what stands in brackets behind a share.
_UNCOUNTED = re.compile(
    r"[A-Z]+-\d|week \d+|days? \d+(?: to \d+)?|phase \d|aged \d+|about \d+ (?:to \d+ )?points"
    r"|\(\d+ of \d+\)"
)
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


@pytest.mark.parametrize("entry", list(entries()), ids=lambda entry: entry.key)
def test_an_entry_says_no_number_that_copy_may_not(entry: Entry) -> None:
    """What the register prints of an entry must pass its own comparison."""
    known = {*entry.sizes, *entry.studies, *map(str, entry.years)}
    quoted = [figure.value for figure in entry.figures]
    for text in (*quoted, *entry.durations, *entry.design_words, entry.dose):
        known |= set(_NUMBER.findall(text))
    if entry.topic in ("crisis-lines", "regulation") or entry.kind == "untraced":
        return  # telephone numbers and dates, and what the copy is compared with
    for text in (entry.say, entry.says_of_it):
        assert {*_NUMBER.findall(_UNCOUNTED.sub("", text))} <= known, text


def test_ready_sentences_are_fit_to_print(shipped: Register, strict: Linter) -> None:
    texts = [item.sentence for item in ready(shipped)]
    texts += [statement.headline for statement in shipped.statements]
    texts += [f"{s.treatment.capitalize()} {s.short}." for s in shipped.statements]
    for text in texts:
        assert [f.rule for f in strict.text(text, "a.md") if f.excuse is None] == [], text


def test_a_disclosure_fulfils_its_duty(shipped: Register, strict: Linter) -> None:
    for item in shipped.disclosures:
        (rule,) = (rule for rule in strict.rulebook.rules if rule.category == item.duty)
        examples = strict.docs()["rules"][rule.code]["bad"]
        assert isinstance(examples, list)
        for example in examples:
            lacking = re.sub("[«»]", "", example["text"])
            for text, found in ((lacking, True), (f"{lacking}\n\n{item.sentence}", False)):
                page = open_document("a.txt", text, strict.rulebook, excerpt=True)
                rules = {f.rule for f in lint(page, strict.rules) if f.excuse is None}
                assert (rule.code in rules) == found, (text, rules)


def test_sentences_of_entries_are_fit_to_print_with_their_source(shipped: Register) -> None:
    linter = Linter(Config())
    for entry in shipped.entries.values():
        if entry.say:
            assert entry.say.endswith(".")
            link = (entry.citation and entry.citation.link) or "https://doi.org/10.1000/a"
            text = f"{entry.say[:-1]} ([source]({link}))."
            assert [f.rule for f in linter.text(text, "a.md") if f.excuse is None] == [], text


def test_ready_sentences_are_easy_to_read(shipped: Register, book: rulebook.Rulebook) -> None:
    grades = {
        item.sentence: grade(open_document("a.txt", item.sentence, book, excerpt=True))
        for item in ready(shipped)
        if not item.sentence.startswith("References")
    }
    hard = {text: level for text, level in grades.items() if level > 10}
    assert len(hard) <= 1, hard
    assert max(grades.values()) < 12, hard
