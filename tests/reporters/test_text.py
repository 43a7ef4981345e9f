"""Tests of the report for a person at a terminal."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from unicodedata import category, east_asian_width

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaplint.model import Failure, Finding, Report
from kaplint.reporters.text import render

from .samples import CURES, OPTIONS, RULES, SAMPLE, cure_at, excused, of_page, report, reworded

SHOW = replace(OPTIONS, show_excused=True)
ANSI = re.compile("\x1b\\[[0-9;]*m")
STRAY = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def cells(text: str) -> int:
    """Count terminal columns, one character at a time."""
    wide = sum(east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(category(char) in {"Mn", "Me", "Cf"} for char in text)


def excerpt(finding: Finding, width: int = 80) -> tuple[str, str]:
    """Return the excerpt of a finding and the line below it, without their gutters."""
    lines = render(report(finding), RULES, replace(OPTIONS, width=width)).split("\n")
    at = next(number for number, line in enumerate(lines) if line.strip().endswith("|"))
    return lines[at + 1].partition("| ")[2], lines[at + 2].partition("| ")[2]


def underlined(finding: Finding, width: int = 80) -> str:
    """Return what stands above the arrows, told by columns."""
    line, arrows = excerpt(finding, width)
    start = len(arrows) - len(arrows.lstrip())
    stop = start + arrows.count("^")
    above = ""
    used = 0
    for char in line:
        if start <= used < stop or (used == stop and above and not cells(char)):
            above += char
        used += cells(char)
    return above


def last_line(shown: Report) -> str:
    """Return the last line of the report."""
    return render(shown, RULES, OPTIONS).splitlines()[-1]


def test_whole_report() -> None:
    """A report reads like this."""
    assert render(SAMPLE, RULES, replace(SHOW, statistics=True)) == (
        "pages/gout.md:3:1  warning[RK01] silent-on-risks (of the whole page)\n"
        "  The page claims a benefit and names no risk anywhere.\n"
        "    |\n"
        "  3 | Our drip cures gout, and the first visit is free.\n"
        "    | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "    = advice: Name the commonest side effects on this page.\n"
        "\n"
        "pages/gout.md:3:10  error[CU01] cures\n"
        '  "cures gout" says that the condition goes away for good.\n'
        "    |\n"
        "  3 | Our drip cures gout, and the first visit is free.\n"
        "    |          ^^^^^^^^^^\n"
        "    = advice: Say what changed, for whom and for how long, and cite the trial.\n"
        "    = may conflict with: us-ftc-act-5, us-ftc-npo-2023\n"
        '    = reword: "may ease gout" (safe)\n'
        "\n"
        "pages/gout.md:9:13  excused[CU01] cures\n"
        "    |\n"
        "  9 | There is no cure for gout.\n"
        "    |             ^^^^^^^^^^^^^\n"
        "    = excused by negated (no)\n"
        "\n"
        "pages/scan.html: could not be read: it is not UTF-8 (byte 812)\n"
        "\n"
        "  1  CU01  cures            cure\n"
        "  1  RK01  silent-on-risks  no-risks\n"
        "\n"
        "Found 2 problems in 1 file (1 error, 1 warning); 1 can be reworded, safely.\n"
        "1 file could not be read.\n"
        "1 excused: negated 1.\n"
    )


def test_quiet() -> None:
    """Quiet is one line for each problem, and no word more."""
    options = replace(SHOW, quiet=True, statistics=True, color=True)
    assert render(SAMPLE, RULES, options) == (
        "pages/gout.md:3:1: RK01 The page claims a benefit and names no risk anywhere.\n"
        'pages/gout.md:3:10: CU01 "cures gout" says that the condition goes away for good.\n'
        "pages/scan.html: could not be read: it is not UTF-8 (byte 812)\n"
    )
    assert render(Report((), (), ("a.md",)), RULES, options) == ""


def test_colors_change_nothing_else() -> None:
    """The coloured report is the plain one with colours, and each line ends them."""
    colored = render(SAMPLE, RULES, replace(SHOW, color=True))
    assert ANSI.sub("", colored) == render(SAMPLE, RULES, SHOW)
    for line in colored.splitlines():
        codes = ANSI.findall(line)
        assert len(codes) % 2 == 0
        assert all(code == "\x1b[0m" for code in codes[1::2])
    assert "\x1b[1;31merror[CU01]\x1b[0m" in colored
    assert "\x1b[2m    = excused by negated (no)\x1b[0m\n" in colored
    assert "\x1b" not in render(SAMPLE, RULES, SHOW)


def test_files_stay_together() -> None:
    """Findings stand by file and place, however they come."""
    findings = [
        cure_at("cure", "A cure", path="b.md", number=8),
        cure_at("cure", "A cure", path="a.md", number=10),
        cure_at("cure", "A cure", path="b.md", number=2),
    ]
    text = render(report(*findings), RULES, OPTIONS)
    assert re.findall(r"^(\S+:\d+):", text, re.MULTILINE) == ["b.md:2", "b.md:8", "a.md:10"]
    # One gutter for all: the bars are in one column.
    assert {line.index("|") for line in text.splitlines() if "|" in line} == {5}


@pytest.mark.parametrize(
    ("rewordings", "said"),
    [
        ([], "Found 1 problem in 1 file (1 error)."),
        (["-"], "Found 1 problem in 1 file (1 error)."),
        (["safe"], "Found 1 problem in 1 file (1 error); 1 can be reworded, safely."),
        (["unsafe"], "Found 1 problem in 1 file (1 error); 1 can be reworded, but not safely."),
        (
            ["safe", "safe", "-"],
            "Found 3 problems in 1 file (3 errors); 2 can be reworded, all of them safely.",
        ),
        (
            ["unsafe", "unsafe"],
            "Found 2 problems in 1 file (2 errors); 2 can be reworded, none of them safely.",
        ),
        (
            ["unsafe", "safe", "unsafe"],
            "Found 3 problems in 1 file (3 errors); 3 can be reworded, 1 of them safely.",
        ),
    ],
)
def test_summary_of_rewordings(rewordings: list[str], said: str) -> None:
    """The summary counts what can be reworded, in words that fit the numbers."""
    plain = cure_at("cure", "A cure")
    findings = [
        plain if each == "-" else reworded(plain, "help", safe=each == "safe")
        for each in rewordings or ["-"]
    ]
    assert last_line(report(*findings)) == said


def test_summary_of_severities() -> None:
    """All severities are counted, and each file once."""
    plain = cure_at("cure", "A cure")
    findings = (
        [plain] * 4
        + [replace(plain, severity="warning", path="b.md")] * 6
        + [replace(plain, severity="info", path="c.md")] * 2
    )
    assert last_line(report(*findings)) == (
        "Found 12 problems in 3 files (4 errors, 6 warnings, 2 info)."
    )


def test_summary_of_nothing() -> None:
    """Silence is said in full, and never for a file that was not read."""
    left = Report((), (), ("a.md",), ((".tsx", 58), (".vue", 3)))
    assert render(left, RULES, OPTIONS) == (
        "No problems in 1 file.\nNot read, since kaplint has no reader for them: 58 .tsx, 3 .vue.\n"
    )
    assert render(Report((), (), ("a.md",)), RULES, OPTIONS) == "No problems in 1 file.\n"
    twelve = tuple(f"{number}.md" for number in range(12))
    assert render(Report((), (), twelve), RULES, OPTIONS) == "No problems in 12 files.\n"
    failures = (Failure("a.md", "no such file"), Failure("b.md", "no such file"))
    assert render(Report((), failures, ()), RULES, OPTIONS) == (
        "a.md: could not be read: no such file\n"
        "b.md: could not be read: no such file\n"
        "\n"
        "No files were read.\n"
        "2 files could not be read.\n"
    )


def test_summary_of_excused() -> None:
    """Excused ones are counted always, and by what excused them when they are shown."""
    plain = cure_at("cure", "no cure")
    shown = report(*[excused(plain, "hedged")] * 3, *[excused(plain, "negated")] * 4)
    assert render(shown, RULES, OPTIONS) == "No problems in 1 file.\n7 excused.\n"
    assert render(shown, RULES, SHOW).endswith("\n7 excused: negated 4, hedged 3.\n")


def test_statistics_count_by_rule() -> None:
    """The commonest rule stands first, and the columns line up."""
    plain = cure_at("cure", "A cure")
    shown = report(*[plain] * 10, of_page(plain), replace(plain, rule="CU02", name="healed"))
    text = render(shown, RULES, replace(OPTIONS, statistics=True))
    assert text.split("\n\n")[-2] == (
        "  10  CU01  cures            cure\n"
        "   1  CU02  healed           cure\n"
        "   1  RK01  silent-on-risks  no-risks"
    )


def test_rewordings_are_told_apart() -> None:
    """Each proposal has a line, and says whether it may be taken unread."""
    finding = reworded(cure_at("cures", "It cures"), "may ease", safe=True)
    finding = reworded(reworded(finding, "", safe=False), "helped\nsome", safe=False)
    text = render(report(finding), RULES, OPTIONS)
    assert [line.strip() for line in text.splitlines() if "reword:" in line] == [
        '= reword: "may ease" (safe)',
        "= reword: leave these words out (unsafe: read before taking)",
        '= reword: "helped some" (unsafe: read before taking)',
    ]


def test_long_notes_hang() -> None:
    """A note that does not fit goes on below its first word."""
    finding = replace(cure_at("cure", "A cure"), norms=())
    text = render(report(finding), RULES, replace(OPTIONS, width=50))
    assert "    = advice: Say what changed, for whom and for\n" in text
    assert "\n              how long, and cite the trial.\n" in text


LONG = " ".join(f"word{number:03}" for number in range(200))


@pytest.mark.parametrize("words", ["word000 word001", "word100", "word198 word199"])
@pytest.mark.parametrize("width", [40, 80, 100])
def test_long_line_is_cut_around_the_words(words: str, width: int) -> None:
    """The window holds the words whole, fits, and is cut between words."""
    finding = cure_at(words, LONG)
    line, _ = excerpt(finding, width)
    assert underlined(finding, width) == words
    assert len(line) <= width - 6
    assert line.startswith("…") == (not words.startswith("word000"))
    assert line.endswith("…") == (not words.endswith("word199"))
    assert set(line.replace("…", " ").split()) <= set(LONG.split())
    assert len(line) > width // 2


def test_words_longer_than_the_window() -> None:
    """Of words that do not fit, the beginning is shown, to a whole word."""
    finding = cure_at(LONG[8:1000], LONG)
    line, arrows = excerpt(finding)
    assert line.startswith("…word001 word002 ")
    assert line.endswith(" …")
    assert arrows.strip() == "^" * (len(line) - 1)


def test_line_of_a_megabyte() -> None:
    """A page on one line is cut like any other."""
    line = "<div>" * 100_000 + "It cures gout" + "</div>" * 100_000
    finding = cure_at("cures gout", line)
    assert underlined(finding) == "cures gout"
    assert len(excerpt(finding)[0]) <= 74


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("\t\tIt cures gout now.", "cures gout"),
        ("      It cures gout now.", "cures gout"),
        ("每天一次，治愈痛风，从此无忧。", "治愈痛风"),
        ("Cafe\u0301 cre\u0300me cures gou\u0301t.", "cures gou\u0301t"),
        ("💉💊 cures gout 💯", "cures gout"),
        ("ｗｉｄｅ cures ｇｏｕｔ!", "cures ｇｏｕｔ"),
        ("한국어 통풍을 치료합니다", "치료합니다"),
        ("“It’s – cures gout”", "cures gout"),
    ],
)
def test_arrows_stand_below_the_words(line: str, words: str) -> None:
    """Tabs, wide characters and combining marks do not move the arrows away."""
    assert underlined(cure_at(words, line)) == words


def test_widthless_characters_are_left_out() -> None:
    """Soft hyphens, joiners and selectors, which terminals treat each their own way, are gone."""
    finding = cure_at("cures\u00ad gout", "\ufeffIt \u200bcures\u00ad gout ❤\ufe0f now")
    assert excerpt(finding) == ("It cures gout ❤ now", "   ^^^^^^^^^^")


def test_tab_between_the_words() -> None:
    """A tab is as wide as the blanks that stand for it."""
    assert excerpt(cure_at("cures\tgout", "a\tcures\tgout")) == (
        "a    cures    gout",
        "     ^^^^^^^^^^^^^",
    )


def test_several_lines() -> None:
    """Of words on several lines, the first is shown, and where they end is told."""
    finding = cure_at("cures", "It cures  \r\n  gout.")
    finding = replace(finding, end_line=2, end_column=7)
    assert excerpt(finding) == ("It cures", "   ^^^^^ to line 2")


def test_no_excerpt() -> None:
    """Without a line to show there are no arrows, and no bar."""
    text = render(report(replace(cure_at("a", "a"), excerpt="")), RULES, OPTIONS)
    assert "|" not in text
    assert "^" not in text
    assert "= advice:" in text


@pytest.mark.parametrize(("column", "end_column"), [(90, 95), (3, 3), (5, 2), (1, 500)])
def test_columns_that_do_not_fit_the_line(column: int, end_column: int) -> None:
    """A place off the line is pointed at as near as may be."""
    finding = replace(cure_at("cure", "A cure"), column=column, end_column=end_column)
    line, arrows = excerpt(finding)
    assert line == "A cure"
    assert arrows.strip("^ ") == ""
    assert "^" in arrows


def test_escape_sequences_do_not_reach_the_terminal() -> None:
    """A page cannot colour the terminal, move its cursor or turn its writing round."""
    line = "x\x1b[31mcures\x07 \x9b2J \u202egout\x00"
    text = render(report(cure_at("cures", line)), RULES, OPTIONS)
    assert "  1 | x�[31mcures� �2J �gout�\n" in text
    assert "    |       ^^^^^\n" in text


ANY = st.text(st.characters() | st.sampled_from("\x1b\t\r\n\u202e\u0301治 "), max_size=60)


@given(before=ANY, words=ANY.filter(bool), after=ANY, said=ANY)
def test_no_text_does_more_than_print(before: str, words: str, after: str, said: str) -> None:
    """Whatever a page, a path or a reason holds, the report is printable and well laid out."""
    finding = replace(
        cure_at(words, before + words + after, path=f"p{said}"),
        message=said,
        advice=said,
        norms=(said,),
        name=said,
    )
    finding = reworded(finding, said, safe=True)
    shown = report(
        finding, excused(finding, f"by{said}", said), failures=(Failure(f"f{said}", said),)
    )
    for options in (SHOW, replace(SHOW, color=True), replace(SHOW, quiet=True)):
        text = render(shown, RULES, replace(options, statistics=True))
        text.encode()
        assert not STRAY.search(ANSI.sub("", text))
        assert options.color or "\x1b" not in text


@given(
    before=st.text(st.sampled_from("ab é治\u0301💊."), max_size=200),
    after=st.text(st.sampled_from("ab é治\u0301💊."), max_size=200),
    width=st.integers(20, 120),
)
def test_arrows_and_width_hold_for_any_line(before: str, after: str, width: int) -> None:
    """The arrows are below the words and the line fits, wherever the words stand."""
    line = f"{before}[cures 痛风]{after}"
    finding = cure_at("[cures 痛风]", line)
    shown, _ = excerpt(finding, width)
    # A combining mark beside the words is drawn on one of their letters.
    assert underlined(finding, width).strip("\u0301") == "[cures 痛风]"
    assert cells(shown) <= max(40, min(width, 100)) - 6


def test_start_up_is_light() -> None:
    """The text reporter brings in nothing slow, and unicodedata only for a page that needs it."""
    code = (
        "import dataclasses, sys; before = set(sys.modules); import kaplint.reporters.text; "
        "print(sorted({'json', 'typing', 'textwrap', 'unicodedata', 'rich', 'pathlib'} "
        "& (set(sys.modules) - before)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_rules_without_description() -> None:
    """The report does not depend on the rules' descriptions being there."""
    options = replace(SHOW, statistics=True)
    assert render(SAMPLE, {}, options) == render(SAMPLE, {CURES.code: CURES}, options)
