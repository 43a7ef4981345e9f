"""Tests of the workflow commands for GitHub Actions."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kaplint.model import Failure, Report
from kaplint.reporters.github import render

from .samples import OPTIONS, RULES, SAMPLE, cure_at, report

COMMAND = re.compile(r"::(?P<name>error|warning|notice) (?P<properties>[^:\r\n]*)::(?P<data>.*)")


def parse(line: str) -> tuple[str, dict[str, str], str]:
    """Read a command as the runner does: its name, its properties and its message."""
    found = COMMAND.fullmatch(line)
    assert found is not None, line
    properties = {}
    for pair in found["properties"].split(","):
        key, _, value = pair.partition("=")
        value = value.replace("%2C", ",").replace("%3A", ":")
        properties[key] = value.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")
    data = found["data"].replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")
    return found["name"], properties, data


def test_whole_report() -> None:
    """Findings, then failures, one command a line, and nothing of what is excused."""
    assert render(SAMPLE, RULES, replace(OPTIONS, show_excused=True)) == (
        "::error file=pages/gout.md,line=3,col=10,endLine=3,endColumn=20,"
        "title=CU01 cures%3A Says that a condition is cured::"
        '"cures gout" says that the condition goes away for good.%0A'
        "Say what changed, for whom and for how long, and cite the trial.%0A"
        'Perhaps: "may ease gout"\n'
        "::warning file=pages/gout.md,line=3,col=1,endLine=3,endColumn=50,"
        "title=RK01 silent-on-risks%3A Claims a benefit and names no risk::"
        "The page claims a benefit and names no risk anywhere.%0A"
        "Name the commonest side effects on this page.\n"
        "::error file=pages/scan.html,title=kaplint::"
        "could not be read: it is not UTF-8 (byte 812)\n"
    )


def test_info_is_a_notice() -> None:
    """GitHub calls the mildest level a notice; an unknown rule has a title all the same."""
    finding = replace(cure_at("cure", "A cure"), severity="info")
    name, properties, _ = parse(render(report(finding), {}, OPTIONS).rstrip("\n"))
    assert name == "notice"
    assert properties["title"] == "CU01 cures"


def test_several_lines_have_no_columns() -> None:
    """GitHub refuses columns on an annotation that spans lines."""
    finding = replace(cure_at("cure", "A cure"), end_line=4, end_column=2)
    _, properties, _ = parse(render(report(finding), {}, OPTIONS).rstrip("\n"))
    assert "col" not in properties
    assert "endColumn" not in properties
    assert (properties["line"], properties["endLine"]) == ("1", "4")


def test_empty_report() -> None:
    """Nothing to say is nothing at all."""
    assert render(Report((), (), ("a.md",)), RULES, OPTIONS) == ""


SPOKEN = st.text(st.sampled_from("ab %:,=\r\n25A0D3CÉ痛"), min_size=1)


@given(path=SPOKEN, message=SPOKEN, title=SPOKEN)
def test_escapes_are_undone_by_the_runner(path: str, message: str, title: str) -> None:
    """What the runner reads back is what was said."""
    finding = replace(cure_at("cure", "A cure", path=path), message=message, advice="", name=title)
    _, properties, data = parse(render(report(finding), {}, OPTIONS).removesuffix("\n"))
    assert properties["file"] == path
    assert properties["title"] == f"CU01 {title}"
    assert data == message


@given(st.text(st.characters()))
def test_one_command_a_line_whatever_the_text(text: str) -> None:
    """No text of a page can end its command, begin another, or colour the log."""
    finding = replace(cure_at("cure", "A cure", path=text), message=text, advice=text, name=text)
    failure = Failure(text, text)
    out = render(report(finding, failures=(failure,)), {}, OPTIONS)
    out.encode()
    lines = out.splitlines()
    assert len(lines) == 2
    for line in lines:
        parse(line)
        assert not re.search("[\x00-\x1f\x7f-\x9f]", line)
