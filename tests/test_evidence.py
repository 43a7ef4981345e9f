"""``kaplint evidence``: what it lists, finds, shows and exports."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from running import Kaplint

from kaplint.commands.evidence import _ACTIONS
from kaplint.references import FORMATS

ENTRIES = """\
smith-2020:
  kind: trial
  status: confirmed
  citation: {authors: [Smith A], title: A trial, journal: BMJ, year: 2020, doi: 10.1000/a, url: 'https://a.org/1'}
  design: A randomised trial.
  population: 80 adults with depression
  dose: 0.5 mg/kg
  route: intravenous
  limits: [It was short.]
  say: It may help some people.
  not-say: [That it cures.]
  says-of-it: it had 80 adults and one dose
  names: [smith]
  sizes: ['80']
  studies: ['1']
  durations: [24 hours]
  figures:
    - {value: '55%', is: response on ketamine, arm: treatment, outcome: response}
  treatments: [ketamine]
  comparators: [midazolam]
  conditions: [depression]
  supports:
    - {treatment: ketamine, condition: depression, strength: preliminary}

label:
  kind: label
  status: partly
  say: It has side effects.
  says-of-it: the label names side effects

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
PAGE = """\
smith-2020

  Smith A. A trial. BMJ 2020. https://doi.org/10.1000/a

  trial · confirmed

  Say: It may help some people.
  In short: it had 80 adults and one dose

  Do not say:
    - That it cures.

  Design: A randomised trial.
  People: 80 adults with depression
  Dose: 0.5 mg/kg, intravenous
  Compared with: midazolam

  Limits:
    - It was short.

  What may be quoted:
    people: 80
    studies: 1
    lengths of time: 24 hours
    55%: response on ketamine

  May be cited for:
    - ketamine, depression: preliminary

  Known in copy by: smith

  Ready sentences that rest on it:
    - Ketamine may ease depression in some people.

  Read at: https://a.org/1
  Register file: own/evidence/trials.yaml:1
"""
SILENT = """\
billions

  untraced · unconfirmed

  Say: nothing; leave the claim out
  In short: no source for this was found

  Known in copy by: 517 billion

  Register file: own/evidence/trials.yaml:31
"""


@pytest.fixture
def own(tmp_path: Path) -> str:
    """Return a folder of rules with evidence of its own."""
    folder = tmp_path / "own" / "evidence"
    folder.mkdir(parents=True)
    (folder / "trials.yaml").write_text(ENTRIES, encoding="utf-8")
    (folder / "statements.yaml").write_text(STATEMENTS, encoding="utf-8")
    return str(folder.parent)


def keys(out: str) -> list[str]:
    return [line.split()[0] for line in out.splitlines() if line.startswith("  ")]


def test_list_has_a_line_for_each_entry(kaplint: Kaplint, own: str) -> None:
    done = kaplint("evidence", "list", "--rules", own)
    assert done.code == 0
    assert done.out.splitlines()[:3] == [
        "",
        "trials",
        "  smith-2020                           trial       confirmed   it had 80 adults and one dose",
    ]
    assert keys(done.out) == ["smith-2020", "label", "billions"]
    assert done.out.endswith("\n3 entries\n")


def test_list_chooses_by_status_and_kind(kaplint: Kaplint, own: str) -> None:
    def listed(*options: str) -> list[str]:
        return keys(kaplint("evidence", "list", "--rules", own, *options).out)

    assert listed("--status", "partly") == ["label"]
    assert listed("--status", "partly", "--status", "confirmed") == ["smith-2020", "label"]
    assert listed("--kind", "untraced") == ["billions"]
    assert listed("--kind", "trial", "--status", "partly") == []


@pytest.mark.parametrize(("option", "word"), [("--status", "partial"), ("--kind", "trail")])
def test_list_knows_statuses_and_kinds(kaplint: Kaplint, option: str, word: str) -> None:
    done = kaplint("evidence", "list", option, word)
    assert done.code == 2
    assert word in done.err
    assert "did you mean" in done.err
    assert done.out == ""


def test_search_wants_all_words_in_any_case(kaplint: Kaplint, own: str) -> None:
    def found(*words: str) -> list[str]:
        return keys(kaplint("evidence", "search", "--rules", own, *words).out)

    assert found("MIDAZOLAM") == ["smith-2020"]
    assert found("smith", "55%") == ["smith-2020"]
    assert found("10.1000/a") == ["smith-2020"]
    assert found("517 billion") == ["billions"]
    assert found("side") == ["label"]
    assert found("smith", "billion") == []
    assert kaplint("evidence", "search", "--rules", own, "smith").out.endswith("\n1 entry\n")


def test_show_prints_all_of_an_entry(kaplint: Kaplint, own: str) -> None:
    done = kaplint("evidence", "show", "--rules", own, "smith-2020", "billions")
    assert done.code == 0
    assert done.out == f"{PAGE}\n{'-' * 72}\n\n{SILENT}"


@pytest.mark.parametrize("action", ["show", "export"])
def test_a_key_that_is_none_is_2_with_what_was_meant(
    kaplint: Kaplint, own: str, action: str
) -> None:
    done = kaplint("evidence", action, "--rules", own, "smith-2002")
    assert (done.code, done.out) == (2, "")
    assert "no entry is called smith-2002 (did you mean smith-2020?)" in done.err


def test_export_prints_what_has_a_citation(kaplint: Kaplint, own: str) -> None:
    done = kaplint("evidence", "export", "--rules", own)
    assert (done.code, done.out) == (0, "Smith A. A trial. BMJ 2020. https://doi.org/10.1000/a\n")
    done = kaplint("evidence", "export", "--rules", own, "--format", "csl-json", "smith-2020")
    assert [item["id"] for item in json.loads(done.out)] == ["smith-2020"]
    done = kaplint("evidence", "export", "--rules", own, "--format", "bibtex", "smith-2020")
    assert done.out.startswith("@article{smith-2020,\n")
    done = kaplint("evidence", "export", "--rules", own, "billions")
    assert (done.code, done.out) == (2, "")
    assert "billions has no citation to export" in done.err


def test_a_folder_of_the_configuration_counts(kaplint: Kaplint, own: str) -> None:
    kaplint.write("kaplint.yaml", f"rules: [{own}]\n")
    assert keys(kaplint("evidence", "list").out) == ["smith-2020", "label", "billions"]
    assert keys(kaplint("evidence", "list", "--no-config").out) == []


def test_a_mistake_in_the_register_is_2_with_its_line(kaplint: Kaplint, own: str) -> None:
    path = Path(own, "evidence", "trials.yaml")
    path.write_text(ENTRIES.replace("kind: label", "kind: lable"), encoding="utf-8")
    done = kaplint("evidence", "list", "--rules", own)
    assert done.code == 2
    assert "own/evidence/trials.yaml:26: 'lable' is none of" in done.err


def test_an_action_is_wanted(kaplint: Kaplint) -> None:
    done = kaplint("evidence")
    assert done.code == 2
    assert "required: ACTION" in done.err
    assert all(f"    {name} " in kaplint("evidence", "--help").out for name in _ACTIONS)


def test_formats_and_actions_are_those_of_the_parser(kaplint: Kaplint) -> None:
    done = kaplint("evidence", "export", "--help")
    assert "{" + ",".join(FORMATS) + "}" in done.out
    for name in _ACTIONS:
        assert kaplint("evidence", name, "--help").code == 0
