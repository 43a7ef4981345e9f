"""Configuration files: every key, every kind of mistake, and which file governs a folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from running import CURE, Kaplint, rule, write_rules

from kaplint.config import Config, find, read
from kaplint.errors import ConfigError

EVERYTHING = """\
select: [CU, hype]
ignore: HY01
per-file-ignores:
  "blog/*.md": [cure, HY]
  press.md: ALL
severity:
  cure: warning
  hype: off
  GU01: "off"
fail-on: never
exclude:
  - drafts/
  - "!drafts/kept.md"
rules: [own, more]
jurisdiction: [us, us-ca]
reading-grade: 8.5
strict: true
evidence-notice-days: 7
"""
EVERYTHING_AS_TOML = """\
[project]
name = "site"

[tool.kaplint]
select = ["CU", "hype"]
ignore = "HY01"
fail-on = "never"
exclude = ["drafts/", "!drafts/kept.md"]
rules = ["own", "more"]
jurisdiction = ["us", "us-ca"]
reading-grade = 8.5
strict = true
evidence-notice-days = 7

[tool.kaplint.per-file-ignores]
"blog/*.md" = ["cure", "HY"]
"press.md" = "ALL"

[tool.kaplint.severity]
cure = "warning"
hype = "off"
GU01 = "off"
"""


def everything(origin: Path) -> Config:
    """Return what both files above say."""
    return Config(
        select=("CU", "hype"),
        ignore=("HY01",),
        per_file_ignores=(("blog/*.md", ("cure", "HY")), ("press.md", ("ALL",))),
        severity=(("cure", "warning"), ("hype", "off"), ("GU01", "off")),
        fail_on="never",
        exclude=("drafts/", "!drafts/kept.md"),
        rules=("own", "more"),
        jurisdiction=("us", "us-ca"),
        reading_grade=8.5,
        strict=True,
        evidence_notice_days=7,
        root=str(origin.parent),
        origin=str(origin),
    )


def problems(path: Path) -> list[str]:
    """Return the mistakes that reading a file comes to, the path cut off."""
    with pytest.raises(ConfigError) as caught:
        read(str(path))
    return [line.replace(f"{path}:", "", 1) for line in str(caught.value).splitlines()]


def test_every_key_of_a_yaml_file(kaplint: Kaplint) -> None:
    path = kaplint.write("kaplint.yaml", EVERYTHING)
    assert read(str(path)) == everything(path)


def test_every_key_of_a_toml_file(kaplint: Kaplint) -> None:
    path = kaplint.write("pyproject.toml", EVERYTHING_AS_TOML)
    assert read(str(path)) == everything(path)


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing yet\n", "{}", "\ufeff", "---\n"])
def test_an_empty_file_changes_nothing(kaplint: Kaplint, text: str) -> None:
    path = kaplint.write("kaplint.yaml", text)
    assert read(str(path)) == Config(root=str(path.parent), origin=str(path))


def test_an_empty_table_changes_nothing(kaplint: Kaplint) -> None:
    path = kaplint.write("pyproject.toml", "[tool.kaplint]\n")
    assert read(str(path)) == Config(root=str(path.parent), origin=str(path))


# Mistakes


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("slect: [CU]", "1: no such key: slect (did you mean select?)"),
        ("\nstrict: yes", "2: write true or false here"),
        ("strict: 'true'", None),
        ("fail-on: panic", "1: 'panic' is none of error, warning, info, never"),
        ("fail-on: warnings", "1: 'warnings' is none of error, warning, info, never (did you mean"),
        ("select:\n  a: b", "2: write a list here, not a mapping"),
        ("select: [CU, [HY]]", "1: write text here, not a list"),
        ("select:\nignore: []", "1: write text here, not nothing"),
        ("select: [CU, ~]", "1: write text here, not ~"),
        ("severity: [cure]", "1: write a mapping (key: value) here, not a list"),
        ("severity:\n  cure: grave", "2: 'grave' is none of error, warning, info, off"),
        ("severity:\n  cure: no", "2: 'no' is none of error, warning, info, off"),
        ("per-file-ignores: {a.md: {x: y}}", "1: write a list here, not a mapping"),
        ("reading-grade: ninth", "1: write a school grade here, such as 9"),
        ("reading-grade: -1", "1: write a school grade here, such as 9"),
        ("reading-grade: .nan", "1: write a school grade here, such as 9"),
        ("reading-grade: nan", "1: write a school grade here, such as 9"),
        ("reading-grade: [9]", "1: write a school grade here, such as 9"),
        ("exclude:\n- a\n- '!'", "3: '!' is no pattern that git knows"),
        ("select: [CU]\nselect: [HY]", "2: the key 'select' stands twice"),
        ("? [a, b]\n: c", "1: a key must be a word"),
        ("- select", "1: write a mapping (key: value) here, not a list"),
        ("select", "1: write a mapping (key: value) here, not 'select'"),
        ("select: [CU", "1: not valid YAML"),
        ("select: *nowhere", "1: not valid YAML"),
        ("a: b\n---\nc: d", "2: not valid YAML"),
        ("select: ['\x00']", "1: not valid YAML"),
        ("\tselect: a", "1: not valid YAML"),
    ],
)
def test_a_mistake_has_its_line_and_what_to_do(
    kaplint: Kaplint, text: str, told: str | None
) -> None:
    path = kaplint.write("kaplint.yaml", text)
    if told is None:
        read(str(path))
        return
    found = problems(path)
    assert found, text
    assert found[0].startswith(told) or (told.endswith("not valid YAML") and told[2:] in found[0])


def test_every_mistake_is_told_at_once(kaplint: Kaplint) -> None:
    text = "slect: [CU]\nstrict: maybe\nfail-on: panic\nseverity:\n  cure: grave\n"
    kaplint.write("a.md", CURE)
    kaplint.write("kaplint.yaml", text)
    done = kaplint("check", "a.md")
    assert (done.code, done.out) == (2, "")
    places = [line.split(": ")[1] for line in done.err.splitlines()]
    origin = str(kaplint.folder / "kaplint.yaml")
    assert sorted(places) == [f"{origin}:{line}" for line in (1, 2, 3, 5)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\n\n[tool.kaplint]\nslect = ['CU']\n", "4: no such key: slect (did you mean select?)"),
        ("[tool.kaplint]\nselect = []\nstrict = 'yes'\n", "3: write true or false here"),
        ("[tool.kaplint]\nselect = [\n  'CU',\n]\n\nfail-on = 1\n", "6: '1' is none of error"),
        ("[tool.kaplint.severity]\n\ncure = 'grave'\n", "3: 'grave' is none of"),
        ("[tool]\nx = 1\n[tool.kaplint]\nselect = 1979-05-27\n", None),
        ("[tool.kaplint]\nselect = {a = 1}\n", "2: write a list here, not a mapping"),
        ("[tool.kaplint]\nselect = [\n", "1: not valid TOML"),
        ("[tool.kaplint\n", "1: not valid TOML"),
    ],
)
def test_a_mistake_in_toml_has_its_line_too(kaplint: Kaplint, text: str, told: str | None) -> None:
    path = kaplint.write("pyproject.toml", text)
    if told is None:
        assert read(str(path)).select == ("1979-05-27",)
        return
    (found,) = problems(path)
    if told.endswith("TOML"):
        assert "not valid TOML" in found
        assert found.partition(":")[0].isdigit()
    else:
        assert found.startswith(told)


def test_a_header_that_is_not_closed_is_told_by_a_run(kaplint: Kaplint) -> None:
    kaplint.write("pyproject.toml", "[project]\nname = 'x'\n[tool.kaplint\nstrict = true\n")
    kaplint.write("a.md", "Our opening hours.\n")
    done = kaplint("check", "a.md")
    assert done.code == 2
    assert "pyproject.toml:3: not valid TOML" in done.err


def test_a_rule_folder_that_is_not_there_is_told_with_its_line(kaplint: Kaplint) -> None:
    kaplint.write("kaplint.yaml", "strict: true\nrules: [none-here]\n")
    kaplint.write("a.md", "Our opening hours.\n")
    done = kaplint("check", "a.md")
    assert done.code == 2
    assert "kaplint.yaml:2: " in done.err
    assert done.err.endswith("none-here: no such rule folder\n")


def test_a_tool_table_that_is_no_table(kaplint: Kaplint) -> None:
    path = kaplint.write("pyproject.toml", "[tool]\nkaplint = 3\n")
    assert problems(path) == ["2: write a mapping (key: value) here, not '3'"]
    path = kaplint.write("pyproject.toml", "tool = 3\n")
    assert read(str(path)).select == ("ALL",)


def test_letters_of_every_script_are_kept(kaplint: Kaplint) -> None:
    text = '[tool.kaplint]\nexclude = ["entwürfe/", "草稿/", "\U0001f600/"]\n'
    path = kaplint.write("pyproject.toml", text)
    assert read(str(path)).exclude == ("entwürfe/", "草稿/", "\U0001f600/")


def test_a_file_that_cannot_be_read(kaplint: Kaplint) -> None:
    kaplint.write("a.md", CURE)
    folder = kaplint.folder / "folder"
    folder.mkdir()
    latin = kaplint.write("latin.yaml", "# caf\u00e9".encode("latin-1"))
    for path, told in (
        ("nowhere.yaml", "cannot be read: No such file or directory"),
        ("folder", "cannot be read: Is a directory"),
        ("latin.yaml", "is not UTF-8: save it in that encoding"),
        ("", "cannot be read: No such file or directory"),
    ):
        done = kaplint("check", "a.md", "--config", path)
        assert (done.code, done.out) == (2, "")
        assert done.err == f"kaplint: {path}: {told}\n"
    assert latin.exists()


@pytest.mark.parametrize(
    "text",
    [
        "select: [CU10]",
        "ignore: [CU10]",
        "severity: {CU10: info}",
        "per-file-ignores: {'*.md': [CU10]}",
    ],
)
def test_a_selector_of_the_file_that_means_nothing(kaplint: Kaplint, text: str) -> None:
    kaplint.write("a.md", CURE)
    path = kaplint.write("kaplint.yaml", f"# CU10 is a mistake\n{text}\n")
    done = kaplint("check", "a.md")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"kaplint: {path}:2: ")
    assert "no rule or category is called CU10 (did you mean CU01?)" in done.err


def test_a_selector_of_an_option_is_not_laid_to_the_file(kaplint: Kaplint) -> None:
    kaplint.write("a.md", CURE)
    kaplint.write("kaplint.yaml", "select: [CU01]\n")
    done = kaplint("check", "a.md", "--ignore", "CU10")
    assert done.err == "kaplint: no rule or category is called CU10 (did you mean CU01?)\n"


def test_several_selectors_that_mean_nothing_are_told_at_once(kaplint: Kaplint) -> None:
    kaplint.write("kaplint.yaml", "select: [AA]\nignore: [BB]\nseverity: {CC: info}\n")
    done = kaplint("check", ".")
    assert [line.split(":")[2] for line in done.err.splitlines()] == ["1", "2", "3"]


# Effects


def test_severity_changes_what_stops_and_off_is_silent(kaplint: Kaplint) -> None:
    kaplint.write("a.md", CURE)
    for level, code, shown in (
        ("error", 1, "error[CU01]"),
        ("warning", 1, "warning[CU01]"),
        ("info", 0, "info[CU01]"),
        ("off", 0, "No problems in 1 file.\n"),
    ):
        kaplint.write("kaplint.yaml", f"severity:\n  cure: {level}\n")
        done = kaplint("check", "a.md")
        assert done.code == code
        assert shown in done.out


def test_the_last_severity_that_means_a_rule_counts(kaplint: Kaplint) -> None:
    kaplint.write("a.md", CURE)
    kaplint.write("kaplint.yaml", "severity: {ALL: off, cure: info}\n")
    assert "info[CU01]" in kaplint("check", "a.md").out


def test_a_rule_that_is_off_does_not_show_as_excused(kaplint: Kaplint) -> None:
    kaplint.write("a.md", "It does not cure depression.\n")
    kaplint.write("kaplint.yaml", "severity: {cure: off}\n")
    assert kaplint("check", "--show-excused").out == "No problems in 1 file.\n"


@pytest.mark.parametrize(
    ("pattern", "ignored"),
    [
        ("blog/*", {"blog/a.md", "blog/deep/a.md"}),
        ("a.md", {"a.md", "blog/a.md", "blog/deep/a.md"}),
        ("*.html", {"b.html"}),
        ("blog/a.md", {"blog/a.md"}),
        ("nothing/*", set()),
    ],
)
def test_ignores_by_file(kaplint: Kaplint, pattern: str, ignored: set[str]) -> None:
    names = {"a.md", "b.html", "blog/a.md", "blog/deep/a.md"}
    for name in names:
        kaplint.write(name, CURE)
    kaplint.write("kaplint.yaml", f"per-file-ignores: {{'{pattern}': [cure]}}\n")
    done = kaplint("check", "-q")
    assert {line.partition(":")[0] for line in done.out.splitlines()} == names - ignored


def test_ignores_by_file_are_relative_to_the_configuration(kaplint: Kaplint) -> None:
    kaplint.write("kaplint.yaml", "per-file-ignores: {'blog/*': [cure]}\n")
    kaplint.write("blog/a.md", CURE)
    kaplint.monkeypatch.chdir(kaplint.folder / "blog")
    assert kaplint("check", "a.md").code == 0
    assert kaplint("check", str(kaplint.folder / "blog/a.md")).code == 0


def test_exclude_is_relative_to_the_configuration(kaplint: Kaplint) -> None:
    kaplint.write("kaplint.yaml", "exclude: [/site/old/]\n")
    kaplint.write("site/old/a.md", CURE)
    kaplint.monkeypatch.chdir(kaplint.folder / "site")
    assert kaplint("check").code == 0
    assert kaplint("check", "old/a.md").code == 1


def test_rules_are_relative_to_the_configuration(kaplint: Kaplint) -> None:
    write_rules(kaplint.folder / "own", {"hype/wow": rule("ZZ01", {"phrase": ["wow"]})})
    kaplint.write("kaplint.yaml", "rules: [own]\n")
    kaplint.write("site/a.md", "Wow, ketamine.\n")
    kaplint.monkeypatch.chdir(kaplint.folder / "site")
    assert kaplint("check", "--output-format", "json").codes == ["ZZ01"]


def test_reading_grade_turns_readability_on(kaplint: Kaplint) -> None:
    kaplint.write("a.md", "Before ketamine, an anaesthetist examines every patient carefully.\n")
    assert kaplint("check", "--output-format", "json").codes == []
    kaplint.write("kaplint.yaml", "reading-grade: 4\n")
    assert kaplint("check", "--output-format", "json").codes == ["RG01"]
    kaplint.write("kaplint.yaml", "reading-grade: 30\n")
    assert kaplint("check", "--output-format", "json").codes == []


# Which file governs


def test_the_nearest_file_upward_governs(kaplint: Kaplint) -> None:
    top = kaplint.write("kaplint.yaml", "")
    inner = kaplint.write("a/b/kaplint.yaml", "")
    (kaplint.folder / "a/b/c").mkdir()
    (kaplint.folder / "a/d").mkdir()
    assert find(str(kaplint.folder)) == str(top)
    assert find(str(kaplint.folder / "a/b/c")) == str(inner)
    assert find(str(kaplint.folder / "a/b")) == str(inner)
    assert find(str(kaplint.folder / "a/d")) == str(top)


@pytest.mark.parametrize(
    ("text", "governs"),
    [
        ("[tool.kaplint]\n", True),
        ("[ tool . kaplint ]\n", True),
        ('[tool."kaplint"]\n', True),
        ("[tool.kaplint.severity]\ncure = 'info'\n", True),
        ("[tool.kaplint-other]\n", False),
        ("[tool.ruff]\n# [tool.kaplint] comes later\n", False),
        ("", False),
    ],
)
def test_a_pyproject_governs_where_it_has_the_table(
    kaplint: Kaplint, text: str, *, governs: bool
) -> None:
    top = kaplint.write("kaplint.yaml", "")
    inner = kaplint.write("site/pyproject.toml", text)
    assert find(str(kaplint.folder / "site")) == str(inner if governs else top)


def test_the_own_file_goes_before_a_pyproject(kaplint: Kaplint) -> None:
    kaplint.write("pyproject.toml", "[tool.kaplint]\n")
    hidden = kaplint.write(".kaplint.yaml", "")
    assert find(str(kaplint.folder)) == str(hidden)
    plain = kaplint.write("kaplint.yaml", "")
    assert find(str(kaplint.folder)) == str(plain)


def test_a_folder_by_that_name_is_none(kaplint: Kaplint) -> None:
    kaplint.write("a.md", CURE)
    (kaplint.folder / "kaplint.yaml").mkdir()
    found = find(str(kaplint.folder))
    assert found is None or os.path.dirname(found) != str(kaplint.folder)
    assert kaplint("check", "a.md").code == 1
