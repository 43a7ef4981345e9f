"""A finding's place in the source holds the words of the finding, whatever markup lies between.

Pages are built at random and claims are planted in them in some disguise. Each must be found, and
the source at its place, stripped of markup by a decoder that is not kaplint's, must be the claim.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packs import book as build_book
from packs import findings, phrase

from kaplint.model import Finding
from kaplint.rulebook import Rulebook

CLAIM = "cures depression"
UNSEEN = "\u00ad\u200b\u2060"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    return build_book(tmp_path_factory.mktemp("rules"), {"cure/cures": phrase("cures {condition}")})


def plain(text: str) -> str:
    """Return a text as it is read: references resolved, no blanks but single ones, small letters."""
    text = html.unescape(text)
    return " ".join(re.sub(f"[{UNSEEN}]", "", text).split()).lower()


def from_html(source: str) -> str:
    """Return what is read of a piece of HTML that begins and ends outside of any tag."""
    source = re.sub(r"<!--.*?-->", "", source, flags=re.DOTALL)
    return plain(re.sub(r"<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>", "", source))


def from_markdown(source: str) -> str:
    """Return what is read of a piece of Markdown as the strategies below write it."""
    source = re.sub(r"\]\([^()]*\)|\]\[[^\]]*\]", "", source)
    source = re.sub(r"\n[ >]*", "\n", source.replace("\r\n", "\n"))
    return from_html(re.sub(r"\*\*|~~|[*_\[\\]", "", source))


def check_places(source: str, found: list[Finding]) -> None:
    """Check that lines and columns say the same as offsets."""
    for finding in found:
        assert 0 <= finding.start < finding.end <= len(source)
        for offset, line, column in (
            (finding.start, finding.line, finding.column),
            (finding.end, finding.end_line, finding.end_column),
        ):
            before = re.split(r"\r\n|\r|\n", source[:offset])
            assert (len(before), len(before[-1]) + 1) == (line, column)


# HTML

_TAGS = ["b", "em", "span class='a > b'", 'a href="/x?a=1&amp;b=2" title="a <b> c"', "i", "mark"]


@st.composite
def claims_in_html(draw: st.DrawFn) -> str:
    """Return the claim with some of its letters as references, blanks of all sorts, and tags."""
    letters = []
    for letter in draw(st.sampled_from([CLAIM, CLAIM.title(), CLAIM.upper()])):
        if letter == " ":
            blanks = [
                " ",
                "\n",
                "\n\t ",
                "&nbsp;",
                "&#32;",
                " <!-- a > b --> ",
                "\u00a0",
                " &#x20; ",
            ]
            letters.append(draw(st.sampled_from(blanks)))
            continue
        ways = [letter] * 6 + [f"&#{ord(letter)};", f"&#x{ord(letter):X};", f"&#{ord(letter)}"]
        after = [""] * 12 + ["<wbr>", "&shy;", "\u00ad", "&#8203;", "<!---->", "&ZeroWidthSpace;"]
        way = draw(st.sampled_from(ways))
        # A reference without its semicolon ends before anything but a figure or a letter.
        end = draw(st.sampled_from(after))
        letters.append(way + (";" if way.startswith("&") and not way.endswith(";") else "") + end)
    for tag in draw(st.lists(st.sampled_from(_TAGS), max_size=3)):
        first = draw(st.integers(0, len(letters) - 1))
        last = draw(st.integers(first, len(letters) - 1))
        letters[first] = f"<{tag}>" + letters[first]
        letters[last] += f"</{tag.split()[0]}>"
    return "".join(letters)


_HTML_WORDS = st.sampled_from(
    [
        "We say",
        "it works &amp; helps",
        "a&nbsp;lot",
        "caf&eacute;",
        "naïve",
        "“so”",
        "<b>bold</b>",
        "<!-- cures depression -->",
        "5 &lt; 6",
        "😀",
        "&#x1F600;",
        "Dr. Lee",
        "(1)",
        "<br>",
        "<img src='a.png' alt='a lamp'>",
        "&unknown;",
        "AT&T",
        "<input value='x'>",
        "<script>let a = 'cures depression';</script>",
        "<style>p { content: 'cures depression' }</style>",
        "\n",
    ]
)


@dataclass(frozen=True)
class Page:
    """A page and how many claims were planted in it."""

    source: str
    claims: int


@st.composite
def html_pages(draw: st.DrawFn) -> Page:
    """Return a page of blocks, some with a claim in their text or in an attribute."""
    parts = [draw(st.sampled_from(["", "<!doctype html>\n", "\ufeff<html lang=en>", "<body>"]))]
    claims = 0
    for _ in range(draw(st.integers(1, 4))):
        before = " ".join(draw(st.lists(_HTML_WORDS, max_size=4)))
        after = " ".join(draw(st.lists(_HTML_WORDS, max_size=4)))
        claim = draw(st.one_of(st.just(""), claims_in_html()))
        claims += bool(claim)
        opened, closed = draw(
            st.sampled_from(
                [
                    ("<p>", "</p>\n"),
                    ("<p class=lead>", "\n"),
                    ("<ul><li>", "</ul>"),
                    ("<h2>", "</h2>"),
                    ("<table><tr><td>", "<td>x</table>"),
                    ("<div><div>", "</div></div>"),
                    ("<blockquote>\n<p>", "</p></blockquote>"),
                    ("<button>", "</button>"),
                    ("<details><summary>", "</summary></details>"),
                    ("<figure><figcaption>", "</figcaption></figure>"),
                ]
            )
        )
        parts.append(f"{opened}{before} {claim} {after}{closed}")
        if draw(st.booleans()):
            claims += 1
            parts.append(
                draw(
                    st.sampled_from(
                        [
                            "<p><img alt='It cures depression' src=a></p>",
                            '<p title="It c&#117;res depression.">x</p>',
                            "<input placeholder='It cures&#32;depression'>",
                            "<meta name=description content='It cures depression today'>",
                        ]
                    )
                )
            )
    source = "".join(parts)
    if draw(st.booleans()):
        source = source.replace("\n", "\r\n")
    return Page(source, claims)


@settings(max_examples=250, deadline=None)
@given(page=html_pages())
def test_claims_in_html(book: Rulebook, page: Page) -> None:
    found = findings(page.source, book, ".html")
    assert [from_html(page.source[f.start : f.end]) for f in found] == [CLAIM] * page.claims
    assert [plain(f.text) for f in found] == [CLAIM] * page.claims
    check_places(page.source, found)


# Markdown


@st.composite
def claims_in_markdown(draw: st.DrawFn) -> str:
    """Return the claim with emphasis, links, references, tags or a line end inside."""
    first, last = draw(st.sampled_from([CLAIM, CLAIM.title(), CLAIM.upper()])).split()
    blank = draw(st.sampled_from([" "] * 4 + ["\n", "&nbsp;", "\u00a0", "  ", " <!-- x --> "]))
    ways = [
        "{0}{2}{1}",
        "**{0}**{2}{1}",
        "{0}{2}*{1}*",
        "*{0}{2}{1}*",
        "__{0}__{2}_{1}_",
        "***{0}{2}{1}***",
        "[{0}{2}{1}](https://example.org/a_b)",
        "{0}{2}[{1}](/a 'It is')",
        "[{0}][ref]{2}{1}",
        "~~{0}~~{2}{1}",
        "<b>{0}</b>{2}{1}",
        "{0}{2}<span class='a > b'>{1}</span>",
        "**[{0}](/a)**{2}**{1}**",
    ]
    if draw(st.booleans()):
        at = draw(st.integers(1, len(first) - 1))
        first = first[:at] + draw(
            st.sampled_from([f"**{first[at:]}**", f"&#{ord(first[at])};{first[at + 1 :]}"])
        )
        ways = ["{0}{2}{1}", "{0}{2}*{1}*"]
    if draw(st.booleans()):
        last = (
            last[:2] + draw(st.sampled_from(["\u00ad", "&shy;", "\u200b", "<!-- -->"])) + last[2:]
        )
    return draw(st.sampled_from(ways)).format(first, last, blank)


_MARKDOWN_WORDS = st.sampled_from(
    [
        "We say",
        "works &amp; helps",
        "*so*",
        "**very**",
        "`cures depression`",
        "café",
        "“so”",
        "😀",
        "[a link](https://example.org/cures-depression 'x')",
        "<br>",
        "<!-- cures depression -->",
        r"\*not\*",
        "5 * 6",
        "(1)",
        "AT&T",
        "![a lamp](a.png)",
        "Dr. Lee",
        "<https://example.org>",
    ]
)
_BLOCKS = [
    ("", "\n\n"),
    ("- ", "\n\n"),
    ("1. ", "\n\n"),
    ("> ", "\n\n"),
    ("* > ", "\n\n"),
    ("- [ ] ", "\n\n"),
]
_ONE_LINE = [
    ("# ", "\n\n"),
    ("### ", " ###\n\n"),
    ("| a | b |\n| - | - |\n| c | ", " |\n\n"),
    ("", "\n---\n\n"),
    ("![", "](a.png)\n\n"),
]


@st.composite
def markdown_pages(draw: st.DrawFn) -> Page:
    """Return a page of blocks, some with a claim."""
    parts = [draw(st.sampled_from(["", "---\nlayout: page\n---\n\n", "\ufeff", "\n\n"]))]
    claims = 0
    for _ in range(draw(st.integers(1, 4))):
        before = " ".join(["We", *draw(st.lists(_MARKDOWN_WORDS, max_size=3))])
        after = " ".join([*draw(st.lists(_MARKDOWN_WORDS, max_size=3)), "so"])
        claim = draw(st.one_of(st.just("say"), claims_in_markdown()))
        claims += claim != "say"
        opened, closed = draw(st.sampled_from(_BLOCKS if "\n" in claim else _BLOCKS + _ONE_LINE))
        if opened == "![":  # the text of an image holds no image or link of these strategies
            claim = claim if claim == "say" else CLAIM
            before, after = "A lamp", "here"
        parts.append(f"{opened}{before} {claim} {after}{closed}")
    parts.append("[ref]: https://example.org 'a page'\n")
    source = "".join(parts)
    if draw(st.booleans()):
        source = source.replace("\n", "\r\n")
    return Page(source, claims)


@settings(max_examples=250, deadline=None)
@given(page=markdown_pages())
def test_claims_in_markdown(book: Rulebook, page: Page) -> None:
    found = findings(page.source, book, ".md")
    assert [from_markdown(page.source[f.start : f.end]) for f in found] == [CLAIM] * page.claims
    assert [plain(f.text) for f in found] == [CLAIM] * page.claims
    check_places(page.source, found)


# Plain text

_TEXT_WORDS = st.sampled_from(["We say", "“so”", "😀", "café.", "No.", "<b>", "&amp;", "a*b", "—"])


@settings(deadline=None)
@given(
    lines=st.lists(
        st.tuples(
            st.lists(_TEXT_WORDS, max_size=3),
            st.sampled_from(
                ["", CLAIM, CLAIM.upper(), "cures\u00a0depression", "cu\u00adres  depression"]
            ),
            st.lists(_TEXT_WORDS, max_size=3),
        ),
        max_size=5,
    ),
    end=st.sampled_from(["\n", "\r\n", "\r", "\n\n", "\u2028"]),
)
def test_claims_in_text(
    book: Rulebook, lines: list[tuple[list[str], str, list[str]]], end: str
) -> None:
    source = end.join(" ".join([*before, claim, *after]) for before, claim, after in lines)
    found = findings(source, book, ".txt")
    planted = sum(bool(claim) for _, claim, _ in lines)
    assert [plain(source[f.start : f.end]) for f in found] == [CLAIM] * planted
    if end != "\u2028":
        check_places(source, found)


# Anything

_SCRAPS = st.sampled_from(
    [
        *"< > <b </ & &# cures depression * _ [ ]( ) ` <!-- --> | # \\ &#100; <p> \" ' =".split(),
        " ",
        "\n",
        "\r",
        "- ",
        "> ",
        CLAIM,
    ]
)


@settings(max_examples=300, deadline=None)
@given(
    source=st.lists(_SCRAPS, max_size=30).map("".join),
    suffix=st.sampled_from([".html", ".md", ".txt"]),
)
def test_whatever_stands_there_places_are_places(book: Rulebook, source: str, suffix: str) -> None:
    found = findings(source, book, suffix)
    check_places(source, found)
    for finding in found:
        assert plain(finding.text).startswith("cures")
        assert finding.excerpt in source
        for edge in (source[finding.start], source[finding.end - 1]):
            assert not edge.isspace()
