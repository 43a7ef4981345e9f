"""kaplint as a library: the names of the package, and what they return and raise."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest
from running import CURE, SILENT, Kaplint, rule, write_rules

import kaplint as package
from kaplint import Config, ConfigError, Linter, LoadError, RuleError, lint_paths, lint_text


def test_the_examples_of_the_package_hold(cache: Path) -> None:
    result = doctest.testmod(package)
    assert result.attempted >= 3
    assert result.failed == 0


def test_every_public_name_is_there_and_no_other() -> None:
    for name in package.__all__:
        assert getattr(package, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'lint'"):
        _ = package.lint


def test_a_text_is_plain_unless_told_otherwise(kaplint: Kaplint) -> None:
    (finding,) = lint_text(CURE).reported
    assert (finding.rule, finding.path, finding.line, finding.column) == ("CU01", "<text>", 1, 10)
    assert CURE[finding.start : finding.end] == finding.text == "cures depression"
    markup = "It <b>cures</b> depression."
    assert lint_text(markup).reported == ()
    assert [f.rule for f in lint_text(markup, suffix=".html").reported] == ["CU01"]
    assert [f.rule for f in lint_text(markup, path="a.html").reported] == ["CU01"]


def test_offsets_are_those_of_the_text(kaplint: Kaplint) -> None:
    text = "\ufeff<p>Caf\u00e9 \U0001f600 &amp; more.</p>\r\n<p>It <em>cures</em> depression.</p>"
    (finding,) = lint_text(text, suffix=".html").reported
    assert text[finding.start : finding.end] == "cures</em> depression"
    assert finding.text == "cures depression"
    assert (finding.line, finding.column) == (2, text.index("cures") - text.index("\r\n") - 1)


def test_a_report_parts_what_is_excused(kaplint: Kaplint) -> None:
    report = lint_text("It does not cure depression.")
    assert report.reported == ()
    assert report.findings == report.excused
    assert [finding.excuse.by for finding in report.excused if finding.excuse] == ["negated"]


def test_no_reader_is_a_load_error(kaplint: Kaplint) -> None:
    with pytest.raises(LoadError, match=r"no reader for \.docx"):
        lint_text(CURE, path="a.docx")


@pytest.mark.parametrize(
    "config",
    [
        Config(select=("XX",)),
        Config(ignore=("XX",)),
        Config(severity=(("XX", "error"),)),
        Config(per_file_ignores=(("*.md", ("XX",)),)),
    ],
)
def test_a_selector_that_means_nothing_is_a_config_error(kaplint: Kaplint, config: Config) -> None:
    with pytest.raises(ConfigError, match="no rule or category is called XX"):
        Linter(config)


def test_a_folder_of_rules_is_added(kaplint: Kaplint) -> None:
    folder = write_rules(kaplint.folder / "own", {"hype/wow": rule("ZZ01", {"phrase": ["wow"]})})
    config = Config(rules=(str(folder),))
    text = "Wow: ketamine cures depression."
    assert [f.rule for f in lint_text(text, config=config).reported] == ["ZZ01", "CU01"]


def test_a_folder_of_rules_that_is_wrong_is_a_rule_error(kaplint: Kaplint) -> None:
    folder = write_rules(kaplint.folder / "own", {"hype/wow": rule("ZZ01", {"phrase": ["(wow"]})})
    with pytest.raises(RuleError) as caught:
        Linter(Config(rules=(str(folder),)))
    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].startswith("own/hype/wow.yaml:")
    with pytest.raises(RuleError, match="no such rule folder"):
        Linter(Config(rules=("nowhere",)))


def test_paths_are_files_and_folders_of_any_kind_of_path(kaplint: Kaplint) -> None:
    kaplint.write("a.md", CURE)
    kaplint.write("below/b.txt", CURE)
    kaplint.write("below/c.html", SILENT)
    report = lint_paths([Path("a.md"), "below"])
    assert report.files == ("a.md", "below/b.txt", "below/c.html")
    assert [f.path for f in report.reported] == ["a.md", "below/b.txt"]


def test_what_cannot_be_read_is_a_failure_not_an_exception(kaplint: Kaplint) -> None:
    kaplint.write("a.md", CURE)
    kaplint.write("b.html", b"\0\1\2" * 100)
    kaplint.write("c.odt", CURE)
    report = lint_paths(["a.md", "b.html", "c.odt", "d.md"])
    assert report.files == ("a.md",)
    assert {f.path: f.reason.partition(" (")[0] for f in report.failures} == {
        "b.html": "not a text file",
        "c.odt": "no reader for .odt",
        "d.md": "no such file or folder",
    }


def test_a_linter_serves_any_number_of_texts(kaplint: Kaplint) -> None:
    linter = Linter()
    first = linter.text(CURE, "a.md")
    linter.text("# Heading\n\nNothing.", "b.md")
    assert linter.text(CURE, "a.md") == first


def test_many_files_in_several_processes_give_the_same_report(kaplint: Kaplint) -> None:
    for number in range(70):
        kaplint.write(f"{number:02}.md", CURE if number % 3 else SILENT)
    kaplint.write("99.html", b"\0\1\2" * 100)
    told: list[tuple[int, int]] = []
    linter = Linter()
    alone = linter.paths(["."], progress=lambda done, total: told.append((done, total)))
    assert linter.paths(["."], jobs=3) == alone
    assert told == [(number, 71) for number in range(1, 72)]
    assert len(alone.failures) == 1


def test_a_severity_of_the_configuration_stands_and_off_is_silent(kaplint: Kaplint) -> None:
    config = Config(severity=(("CU01", "info"), ("HY01", "off")))
    findings = lint_text(CURE + "It is a miracle.", config=config).findings
    assert [(f.rule, f.severity) for f in findings] == [("CU01", "info")]
