"""Comments that allow a finding: what each reaches, and what is said of those that do nothing."""

from __future__ import annotations

import pytest
from running import CURE, Kaplint

from kaplint import Config, lint_text
from kaplint.codes import CODES

CLAIM = "Ketamine cures depression."
OTHER = "Ketamine cures anxiety."


def told(text: str, suffix: str = ".md", **options: tuple[str, ...]) -> list[tuple[int, str]]:
    """Return line and rule of what is reported."""
    report = lint_text(text, suffix=suffix, config=Config(**options))  # type: ignore[arg-type]
    return [(finding.line, finding.rule) for finding in report.reported]


def excuses(text: str, suffix: str = ".md") -> list[tuple[int, str]]:
    """Return line and reason of what a directive excuses."""
    return [
        (finding.line, finding.excuse.detail)
        for finding in lint_text(text, suffix=suffix).excused
        if finding.excuse and finding.excuse.by == "directive"
    ]


# allow


@pytest.mark.parametrize(
    "text",
    [
        f"<!-- kaplint: allow CU01 a leaflet -->\n{CLAIM}\n\n{OTHER}",
        f"<!-- kaplint: allow CU01 a leaflet -->\n\n{CLAIM}\n\n{OTHER}",
        f"<!--kaplint:allow CU01 a leaflet-->\n\n\n\n{CLAIM}\n\n{OTHER}",
        f"<!--\nkaplint: allow\n  CU01 a\n  leaflet\n-->\n{CLAIM}\n\n{OTHER}",
        f"Ketamine <!-- kaplint: allow CU01 a leaflet -->cures depression.\n\n{OTHER}",
        f"{CLAIM} <!-- kaplint: allow CU01 a leaflet -->\n\n{OTHER}",
        f"**{CLAIM}** <!-- kaplint: allow CU01 a leaflet -->\n\n{OTHER}",
        f"# {CLAIM} <!-- kaplint: allow CU01 a leaflet -->\n\n{OTHER}",
        f"- {CLAIM} <!-- kaplint: allow CU01 a leaflet -->\n- {OTHER}",
        f"Text.\n\n<!-- kaplint: allow CU01 a leaflet -->\n{CLAIM}\n\n{OTHER}",
        f"Text.\n<!-- kaplint: allow CU01 a leaflet -->\n\n{CLAIM}\n\n{OTHER}",
        f"> <!-- kaplint: allow CU01 a leaflet -->\n> {CLAIM}\n\n{OTHER}",
    ],
)
def test_allow_in_markdown_is_for_the_block_around_or_after(kaplint: Kaplint, text: str) -> None:
    assert [reason for _, reason in excuses(text)] == ["a leaflet"]
    assert told(text) == [(text.count("\n") + 1, "CU01")]


@pytest.mark.parametrize(
    "text",
    [
        f"<!-- kaplint: allow CU01 a leaflet --><p>{CLAIM}</p>\n<p>{OTHER}</p>",
        f"<p><!-- kaplint: allow CU01 a leaflet -->{CLAIM}</p>\n<p>{OTHER}</p>",
        f"<p>{CLAIM}<!-- kaplint: allow CU01 a leaflet --></p>\n<p>{OTHER}</p>",
        f"<p>{CLAIM} <!-- kaplint: allow CU01 a leaflet --></p>\n<p>{OTHER}</p>",
        f"<p>\n  <b>{CLAIM}</b>\n  <!-- kaplint: allow CU01 a leaflet -->\n</p>\n<p>{OTHER}</p>",
        f"<p>Text.</p><!-- kaplint: allow CU01 a leaflet --><h2>{CLAIM}</h2>\n<p>{OTHER}</p>",
        f"<p>Text.</p>\n<!-- kaplint: allow CU01 a leaflet -->\n<p>{CLAIM}</p>\n<p>{OTHER}</p>",
        f"<ul><li>{CLAIM}<!-- kaplint: allow CU01 a leaflet --></li>\n<li>{OTHER}</li></ul>",
    ],
)
def test_allow_in_html_is_for_the_block_around_or_after(kaplint: Kaplint, text: str) -> None:
    assert [reason for _, reason in excuses(text, ".html")] == ["a leaflet"]
    assert told(text, ".html") == [(text.count("\n") + 1, "CU01")]


def test_allow_in_mdx(kaplint: Kaplint) -> None:
    text = f"{{/* kaplint: allow CU01 a leaflet */}}\n\n{CLAIM}\n\n{OTHER}"
    assert excuses(text, ".mdx") == [(3, "a leaflet")]
    assert told(text, ".mdx") == [(5, "CU01")]


def test_allow_is_for_a_whole_block_and_for_its_rule_only(kaplint: Kaplint) -> None:
    text = f"<!-- kaplint: allow CU01 a leaflet -->\n{CLAIM} {OTHER} Guaranteed results."
    assert len(excuses(text)) == 2
    assert told(text) == [(2, "GU01")]


@pytest.mark.parametrize(
    "selectors", ["CU01", "CU", "cure", "cures", "ALL", "GU01,CU01", "hype , cure", "GU01,\n CU01"]
)
def test_allow_takes_the_selectors_of_the_options(kaplint: Kaplint, selectors: str) -> None:
    text = f"<!-- kaplint: allow {selectors} a leaflet -->\n{CLAIM}"
    assert [reason for _, reason in excuses(text)] == ["a leaflet"]
    assert all(rule == "KL01" for _, rule in told(text))


def test_several_codes_are_all_allowed(kaplint: Kaplint) -> None:
    text = f"<!-- kaplint: allow CU01,GU01 a leaflet -->\n{CLAIM} Guaranteed results."
    assert len(excuses(text)) == 2
    assert told(text) == []


def test_code_that_shows_a_directive_is_none(kaplint: Kaplint) -> None:
    for text in (
        f"`<!-- kaplint: allow CU01 x -->`\n\n{CLAIM}",
        f"```\n<!-- kaplint: allow CU01 x -->\n```\n\n{CLAIM}",
        f"<!-- we use kaplint: allow CU01 x -->\n\n{CLAIM}",
    ):
        assert told(text) == [(text.count("\n") + 1, "CU01")]


# allow-start, allow-end


def test_a_range_reaches_from_start_to_end(kaplint: Kaplint) -> None:
    text = f"""{CLAIM}

<!-- kaplint: allow-start CU01 the press kit -->

{CLAIM}

- {OTHER}

<!-- kaplint: allow-end -->

{CLAIM}
"""
    assert excuses(text) == [(5, "the press kit"), (7, "the press kit")]
    assert told(text) == [(1, "CU01"), (11, "CU01")]
    markup = f"""<p>{CLAIM}</p>
<!-- kaplint: allow-start CU01 the press kit -->
<div><p>{CLAIM}</p><h2>{OTHER}</h2></div>
<!-- kaplint: allow-end -->
<p>{CLAIM}</p>
"""
    assert excuses(markup, ".html") == [(3, "the press kit"), (3, "the press kit")]
    assert told(markup, ".html") == [(1, "CU01"), (5, "CU01")]


def test_a_range_without_an_end_reaches_to_the_end(kaplint: Kaplint) -> None:
    text = f"{CLAIM}\n\n<!-- kaplint: allow-start CU01 the press kit -->\n\n{CLAIM}\n\n{OTHER}"
    assert [line for line, _ in excuses(text)] == [5, 7]
    assert told(text) == [(1, "CU01")]


def test_one_end_is_for_every_range_that_is_open(kaplint: Kaplint) -> None:
    text = f"""<!-- kaplint: allow-start CU01 one -->
<!-- kaplint: allow-start GU01 two -->

{CLAIM} Guaranteed results.

<!-- kaplint: allow-end -->

{CLAIM} Guaranteed results.
"""
    assert excuses(text) == [(4, "one"), (4, "two")]
    assert told(text) == [(8, "CU01"), (8, "GU01")]


def test_an_end_without_a_start_is_unclear(kaplint: Kaplint) -> None:
    assert told(f"{CLAIM}\n\n<!-- kaplint: allow-end -->\n") == [(1, "CU01"), (3, "KL02")]


# The whole page


@pytest.mark.parametrize(
    "text",
    [
        f"{CLAIM}\n\n<!-- kaplint: allow-file CU01 released -->\n",
        f"<!-- kaplint: allow-file CU01 released -->\n\n{CLAIM}\n",
        f"---\ntitle: Depression\nkaplint: allow CU01 released\n---\n\n{CLAIM}\n",
        f"---\ntitle: Depression\nkaplint:\n  - allow CU01 released\n---\n\n{CLAIM}\n",
        f"---\nkaplint: 'allow-file CU01 released'\n---\n\n{CLAIM}\n",
    ],
)
def test_a_whole_page_is_allowed_from_anywhere_or_from_the_front(
    kaplint: Kaplint, text: str
) -> None:
    assert [reason for _, reason in excuses(text)] == ["released"]
    assert told(text) == []


def test_a_whole_page_of_html_is_allowed(kaplint: Kaplint) -> None:
    text = f"<p>{CLAIM}</p><p>{OTHER}</p><!-- kaplint: allow-file cure released -->"
    assert len(excuses(text, ".html")) == 2
    assert told(text, ".html") == []


def test_a_title_in_front_is_part_of_the_page(kaplint: Kaplint) -> None:
    text = f"---\ntitle: {CLAIM}\nkaplint: allow CU01 released\n---\n\nText.\n"
    assert excuses(text) == [(2, "released")]


PAGE = "An infusion takes an hour. It is given in a quiet room.\n"


@pytest.mark.parametrize(
    "text",
    [
        f"<!-- kaplint: allow-file NR01 on another page -->\n\n{PAGE}",
        f"{PAGE}\n<!-- kaplint: allow-file no-risks on another page -->\n",
        f"---\nkaplint: allow no-risks on another page\n---\n\n{PAGE}",
    ],
)
def test_a_duty_of_the_page_is_allowed_by_what_speaks_of_the_page(
    kaplint: Kaplint, text: str
) -> None:
    assert [reason for _, reason in excuses(text)] == ["on another page"]
    assert told(text) == []


@pytest.mark.parametrize("verb", ["allow", "allow-start"])
def test_a_duty_of_the_page_is_not_allowed_by_a_part_of_it(kaplint: Kaplint, verb: str) -> None:
    text = f"<!-- kaplint: {verb} NR01 on another page -->\n\n{PAGE}"
    assert told(text) == [(1, "KL01"), (3, "NR01")]
    (finding, _) = lint_text(text, suffix=".md").reported
    assert finding.message == (
        "Nothing here is excused by NR01. For a duty of the whole page write allow-file."
    )


# What is said of directives


def test_one_that_excuses_nothing_is_said_to(kaplint: Kaplint) -> None:
    text = f"Text.\n\n<!-- kaplint: allow GU01 a leaflet -->\n{CLAIM}\n"
    first, second = lint_text(text, suffix=".md").reported
    assert (first.rule, first.name, first.severity) == ("KL01", "unused-directive", "warning")
    assert (first.line, first.column) == (3, 1)
    assert text[first.start : first.end] == "<!-- kaplint: allow GU01 a leaflet -->"
    assert first.message == "Nothing here is excused by GU01."
    assert first.advice == CODES["KL01"].advice
    assert second.rule == "CU01"


def test_of_several_codes_those_that_excuse_nothing_are_named(kaplint: Kaplint) -> None:
    text = f"<!-- kaplint: allow CU01,GU01,hype a leaflet -->\n{CLAIM}\n"
    (finding,) = lint_text(text, suffix=".md").reported
    assert finding.message == "Nothing here is excused by GU01, hype."


def test_what_a_guard_spares_needs_no_directive(kaplint: Kaplint) -> None:
    text = "<!-- kaplint: allow CU01 a leaflet -->\nIt does not cure depression.\n"
    assert told(text) == [(1, "KL01")]


@pytest.mark.parametrize(
    ("directive", "what"),
    [
        ("kaplint: allow CU01", "It gives no reason."),
        ("kaplint: allow", "It names no rule."),
        ("kaplint: allow !", "It names no rule."),
        ("kaplint: allow CU99 a leaflet", "No rule or category is called CU99."),
        ("kaplint: allow CU01,CU99,x a leaflet", "No rule or category is called CU99, x."),
        ("kaplint: allow-file", "It names no rule."),
        ("kaplint: disable CU01", "'disable' is none of allow, allow-start, allow-end"),
        ("kaplint: ALLOW CU01 x", "'ALLOW' is none of allow"),
        ("kaplint:", "'' is none of allow"),
    ],
)
def test_one_that_is_unclear_is_said_to(kaplint: Kaplint, directive: str, what: str) -> None:
    text = f"Text.\n\n<!-- {directive} -->\n{CLAIM}\n"
    finding = next(f for f in lint_text(text, suffix=".md").reported if f.rule == "KL02")
    assert (finding.name, finding.severity, finding.line) == ("unclear-directive", "warning", 3)
    assert finding.message.startswith(f"This directive does not say what it should: {what}")


def test_without_a_reason_it_still_allows(kaplint: Kaplint) -> None:
    text = f"<!-- kaplint: allow CU01 -->\n{CLAIM}\n"
    assert excuses(text) == [(2, "no reason given")]
    assert told(text) == [(1, "KL02")]


def test_with_an_unknown_code_it_allows_nothing(kaplint: Kaplint) -> None:
    text = f"<!-- kaplint: allow CU01,CU99 a leaflet -->\n{CLAIM}\n"
    assert told(text) == [(1, "KL02"), (2, "CU01")]


def test_a_directive_at_the_end_of_a_page_is_unused(kaplint: Kaplint) -> None:
    assert told(f"{CLAIM}\n\n<!-- kaplint: allow CU01 x -->\n") == [(1, "CU01"), (3, "KL01")]
    assert told("<!-- kaplint: allow CU01 x -->\n") == [(1, "KL01")]


def test_a_rule_that_does_not_run_leaves_no_directive_unused(kaplint: Kaplint) -> None:
    text = (
        f"<!-- kaplint: allow CU01 a leaflet -->\n{CLAIM}\n\n<!-- kaplint: allow CO01 x -->\nT.\n"
    )
    assert told(text) == []
    assert told(text, ignore=("cure",)) == []
    assert told(text, select=("guarantee",)) == []


def test_findings_about_directives_can_be_selected_and_ignored(kaplint: Kaplint) -> None:
    text = f"<!-- kaplint: allow CU01 -->\n{CLAIM}\n\n<!-- kaplint: allow GU01 x -->\nText.\n"
    assert told(text) == [(1, "KL02"), (4, "KL01")]
    assert told(text, ignore=("KL01",)) == [(1, "KL02")]
    assert told(text, ignore=("directive",)) == []
    assert told(text, select=("cure", "KL02")) == [(1, "KL02")]


def test_the_command_shows_the_reason(kaplint: Kaplint) -> None:
    kaplint.write("a.md", f"<!-- kaplint: allow CU01 quoted from a leaflet -->\n{CURE}")
    done = kaplint("check")
    assert (done.code, done.out) == (0, "No problems in 1 file.\n1 excused.\n")
    assert "excused by directive (quoted from a leaflet)" in kaplint("check", "--show-excused").out


def test_what_is_allowed_is_not_reworded(kaplint: Kaplint) -> None:
    text = "<!-- kaplint: allow GU01 the name of a song -->\nGuaranteed results.\n"
    path = kaplint.write("a.md", text)
    assert kaplint("fix").code == 0
    assert path.read_text(encoding="utf-8") == text
