"""What the documents say is so: commands run, options exist, samples are what kaplint prints."""

from __future__ import annotations

import argparse
import doctest
import re
from pathlib import Path
from typing import get_type_hints

import pytest
import yaml
from documents import PAGES, ROOT, Block, blocks, shown

from kaplint import approvals, register
from kaplint import config as configs
from kaplint import rulebook as rulebooks
from kaplint.api import Linter
from kaplint.cli import main, parser
from kaplint.codes import CODES
from kaplint.config import Config
from kaplint.matchers import MATCHERS
from kaplint.reporters import REPORTERS
from kaplint.reporters import json as report
from kaplint.rulepack import CATEGORIES, DUTIES, NAMED_GUARDS, PAGE, PLACE_GUARDS
from kaplint.yamlfile import YamlFile

README = (ROOT / "README.md").read_text(encoding="utf-8")
RULES = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
EVIDENCE = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
JSON = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")

_BLOCKS = [block for page in PAGES for block in blocks(page)]
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
# Options that documents name and that belong to other programs.
_FOREIGN = {"--quiet", "--all-files", "--strict", "--check"}


def _subcommands() -> dict[str, argparse.ArgumentParser]:
    for action in parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def _options() -> set[str]:
    found = {"--version", "--help"}
    parsers = list(_subcommands().values())
    while parsers:
        for action in parsers.pop()._actions:
            found.update(name for name in action.option_strings if name.startswith("--"))
            if isinstance(action, argparse._SubParsersAction):
                parsers += action.choices.values()
    return found


@pytest.mark.parametrize(
    "block", [b for b in _BLOCKS if b.language == "console"], ids=lambda block: block.page
)
def test_sample_output_is_what_kaplint_prints(
    block: Block, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    assert block.text == shown(block), "python tests/documents.py writes the samples anew"


@pytest.mark.parametrize(
    "command",
    [words for b in _BLOCKS if b.language in ("sh", "console") for words in b.commands()],
    ids=" ".join,
)
def test_command_can_be_typed(command: list[str]) -> None:
    assert command
    options = parser().parse_args(command)
    for path in getattr(options, "paths", []):
        if path.startswith("examples/"):
            assert (ROOT / path).exists()


def test_two_commands_do_everything() -> None:
    """The commands of "Try it" are those that CI runs, each whole in one line."""
    first, second = (b.text.strip() for b in blocks("README.md") if "-m venv" in b.text)
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert first in ci
    assert second in ci


def test_every_key_of_an_entry_is_described() -> None:
    rows = EVIDENCE.partition("| key | holds |")[2].partition("\n\n")[0]
    for key in (*register._ENTRY_KEYS, *register._CITATION_KEYS):
        assert f"`{key}`" in rows, key
    for word in (*register.KINDS, *register.STATUSES, *register.STRENGTHS):
        assert f"`{word}`" in rows, word


def test_the_example_entry_is_one() -> None:
    block, _ = (b.text for b in blocks("docs/evidence.md") if b.language == "yaml")
    problems: list[str] = []
    found = register.read([YamlFile("a.yaml", block, problems)], DUTIES)
    assert (problems, list(found.entries)) == ([], ["smith-2020"])


def test_every_key_of_a_claim_is_described() -> None:
    rows = EVIDENCE.partition("| key of a claim | holds |")[2].partition("\n\n")[0]
    for key in approvals.KEYS:
        assert f"`{key}`" in rows, key
    for state in approvals.STATES:
        assert f"`{state}`" in EVIDENCE, state


def test_every_finding_of_kaplints_own_is_described() -> None:
    for code, about in CODES.items():
        page = README if about.category == "directive" else EVIDENCE
        assert code in page, code
        assert code in README, code


def test_the_example_claim_is_of_the_example_file() -> None:
    _, block = (b.text for b in blocks("docs/evidence.md") if b.language == "yaml")
    assert block in (ROOT / "examples" / "evidence.yaml").read_text(encoding="utf-8")


def test_the_example_claims_are_used(cache: Path) -> None:
    config = configs.read(str(ROOT / "examples" / "kaplint.yaml"))
    assert config.evidence == str(ROOT / "examples" / "evidence.yaml")
    linter = Linter(config)
    shipped = rulebooks.load_evidence()
    claims = approvals.load(
        config.evidence, markets=lambda: linter.docs()["profiles"], references=shipped.entries
    )
    assert {claim.expires.year for claim in claims} == {2099}
    found = linter.paths([str(ROOT / "examples" / "approved.md")])
    assert [f.excuse.detail for f in found.excused if f.excuse and f.excuse.by == "evidence"] == [
        "risks-explained, approved by Nurse Lindqvist"
    ]
    assert [f.rule for f in found.reported] == ["ST01", "KL03", "KL03"]
    # Nothing on the revised site has drifted.
    revised = linter.paths([str(ROOT / "examples" / "site-revised")])
    assert [f.rule for f in revised.reported if f.category == "evidence"] == []


@pytest.mark.parametrize("name", _subcommands())
def test_command_is_described(name: str) -> None:
    assert f"| `{name}` |" in README


def test_options_are_described_and_exist() -> None:
    named = set(_OPTION.findall(README))
    assert _options() - {"--help"} <= named
    for page in PAGES:
        text = (ROOT / page).read_text(encoding="utf-8")
        assert set(_OPTION.findall(text)) - _FOREIGN <= _options(), page


@pytest.mark.parametrize("word", [*REPORTERS, *CATEGORIES, *DUTIES, *PAGE])
def test_format_or_category_is_described(word: str) -> None:
    assert f"`{word}`" in README


def test_categories_bear_the_codes_of_their_rules() -> None:
    rows = dict(re.findall(r"^\| `([\w-]+)` \| ([A-Z]{2}) \|", README, re.MULTILINE))
    assert set(rows) == {*CATEGORIES, *DUTIES, *PAGE}
    for rule in Linter(Config()).rulebook.rules:
        assert rule.code.startswith(rows[rule.category]), rule.code


def test_every_key_of_the_configuration_is_described() -> None:
    section = README.partition("## Configuration")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `([\w-]+)` \|", section, re.MULTILINE)
    assert sorted(rows) == sorted(configs._KEYS)


def test_defaults_of_the_configuration_are_told_right() -> None:
    section = README.partition("## Configuration")[2].partition("\n## ")[0]
    for key, value in re.findall(r"^\| `([\w-]+)` \| `(.*?)` \|", section, re.MULTILINE):
        default = getattr(Config(), key.replace("-", "_"))
        told = yaml.safe_load(value)
        if isinstance(told, dict):
            told = list(told.items())
        assert told == (list(default) if isinstance(default, tuple) else default), key


@pytest.mark.parametrize("guard", [*NAMED_GUARDS, *PLACE_GUARDS])
def test_guard_is_described(guard: str) -> None:
    assert f"`{guard}`" in RULES or f"`{guard}:`" in RULES
    if guard in NAMED_GUARDS:
        assert f"**{guard.removesuffix('-before')}**" in README


@pytest.mark.parametrize("kind", MATCHERS)
def test_kind_of_finding_is_described(kind: str) -> None:
    assert f"| `{kind}` |" in RULES


def test_every_key_of_the_report_is_described() -> None:
    for shape in (report.JsonReport, report.JsonFinding, report.JsonFailure, report.JsonFix):
        for key in get_type_hints(shape, {**vars(report)}):
            assert f"`{key}`" in JSON, key


def test_readme_speaks_python(cache: Path) -> None:
    tests = doctest.DocTestParser()
    for block in blocks("README.md"):
        if block.language == "python":
            runner = doctest.DocTestRunner()
            runner.run(tests.get_doctest(block.text, {}, "README", "README.md", 0))
            assert runner.summarize(verbose=False).failed == 0


def test_the_example_rule_is_the_one_explained() -> None:
    shown_blocks = [b.text for b in blocks("docs/rules.md") if b.language == "yaml"]
    rules = ROOT / "examples" / "rules"
    assert shown_blocks == [
        (rules / "hype" / "healing-journey.yaml").read_text(encoding="utf-8"),
        (rules / "vocabulary" / "own.yaml").read_text(encoding="utf-8"),
    ]


@pytest.mark.parametrize("page", [*PAGES, "CHANGELOG.md"])
def test_links_and_paths_lead_somewhere(page: str) -> None:
    path = ROOT / page
    text = path.read_text(encoding="utf-8")
    for address in re.findall(r"\]\(([^)#]+)\)", text):
        if "://" not in address:
            assert (path.parent / address).exists(), address
    for name in re.findall(r"`((?:kaplint|rules|tests|docs|examples|benchmarks)/[\w./-]+)`", text):
        assert (ROOT / name).exists(), name


def test_every_rule_has_a_page(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "--no-config", "ALL"]) == 0
    out = capsys.readouterr().out
    for rule in Linter(Config()).rulebook.rules:
        page = out.partition(f"{rule.code} {rule.name}\n")[2].partition("\n" + "-" * 72)[0]
        for part in ("Why: ", "Do: ", "Flagged:", "Left alone:", "Norms"):
            assert part in page, (rule.code, part)


def test_the_clinic_has_every_problem_and_the_revised_one_none(strict: Linter) -> None:
    examples = ROOT / "examples"
    found = strict.paths([str(examples / "site")])
    assert not found.failures
    assert {f.category for f in found.reported} >= {*CATEGORIES}
    assert any(f.excuse and f.excuse.by == "directive" for f in found.excused)
    revised = strict.paths([str(examples / "site-revised")])
    assert [(f.path, f.rule, f.text) for f in revised.reported] == []
    names = [
        {p.relative_to(examples / s) for p in (examples / s).rglob("*.*")}
        for s in ("site", "site-revised")
    ]
    assert names[0] == names[1]


def test_the_example_configuration_is_one() -> None:
    config = configs.read(str(ROOT / "examples" / "kaplint.yaml"))
    assert Linter(config).paths([str(ROOT / "examples" / "site")]).reported
