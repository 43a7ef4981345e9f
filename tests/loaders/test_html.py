"""The HTML loader: what a reader of the page sees, and where each letter of it stands."""

from __future__ import annotations

import html
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from kaplint.loaders.html import read
from kaplint.model import Prose

WHITE = " \t\n\r\f\xa0"
NO_WIDTH = "\0\x1a\xad\u200b\u200c\u2060\ufeff"


def blocks(source: str) -> list[tuple[str, str]]:
    """Return role and text of every block."""
    prose = read(source)
    return [(block.role, prose.text[block.start : block.end]) for block in prose.blocks]


def texts(source: str) -> list[str]:
    """Return the text of every block."""
    return [text for _, text in blocks(source)]


def marks(source: str, kind: str) -> list[tuple[str, str]]:
    """Return the text and the value of every mark of a kind."""
    prose = read(source)
    return [
        (prose.text[mark.start : mark.end], mark.value) for mark in prose.marks if mark.kind == kind
    ]


def raw(source: str, words: str) -> str:
    """Return the stretch of source that some words of the prose were read from."""
    prose = read(source)
    start = prose.text.index(words)
    span = prose.source_span(start, start + len(words))
    return source[span.start : span.end]


def check(source: str, prose: Prose) -> None:
    """Assert what holds of every prose."""
    text = prose.text
    done = 0
    for piece in prose.pieces:
        assert done <= piece.start < piece.end <= len(text)
        assert 0 <= piece.source_start < piece.source_end <= len(source)
        done = piece.end
        here = text[piece.start : piece.end]
        there = source[piece.source_start : piece.source_end]
        if len(here) == len(there):
            assert here == there
        elif there.startswith("&"):
            value = html.unescape(there)
            assert here == value or (here == " " and value in WHITE)
        else:
            assert here == " "
            assert not there.strip(WHITE)
    done = -1
    for block in prose.blocks:
        assert done < block.start < block.end <= len(text)
        assert done < 0 or text[done : block.start] == "\n"
        done = block.end
        inside = text[block.start : block.end]
        assert "\n" not in inside
        assert inside == inside.strip(WHITE)
        assert not any(a in WHITE and b in WHITE for a, b in pairwise(inside))
    assert done == len(text) if prose.blocks else text == ""
    for mark in prose.marks:
        assert 0 <= mark.start <= mark.end <= len(text)
        assert 0 <= mark.source_start <= mark.source_end <= len(source)


# -- text and places -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "words", "stretch"),
    [
        ("<p>It is a <b>game</b>-changer.</p>", "game-changer", "game</b>-changer"),
        (
            "<p>no <em>side</em>\n   effects</p>",
            "side effects",
            "side</em>\n   effects",
        ),
        ("<p>safe &amp; proven</p>", "safe & proven", "safe &amp; proven"),
        ("<p>safe &amp; proven</p>", "&", "&amp;"),
        ("<p>works for\r\neveryone</p>", "works for everyone", "works for\r\neveryone"),
        ("<p>100&nbsp;% safe</p>", "100\xa0% safe", "100&nbsp;% safe"),
        ("\ufeff<p>cured</p>", "cured", "cured"),
        ("<p>gua<wbr>ranteed</p>", "guaranteed", "gua<wbr>ranteed"),
        ("<p>gua&shy;ran\xadteed</p>", "guaranteed", "gua&shy;ran\xadteed"),
        ("<p>mira<!-- x -->cle</p>", "miracle", "mira<!-- x -->cle"),
        (
            "<p>ama<my-word>zing</my-word>ly</p>",
            "amazingly",
            "ama<my-word>zing</my-word>ly",
        ),
        (
            '<img alt="Life&#45;changing  care">',
            "Life-changing care",
            "Life&#45;changing  care",
        ),
        ("<P>LIFE<B>LONG</B></P>", "LIFELONG", "LIFE<B>LONG"),
    ],
)
def test_words_know_their_source(source: str, words: str, stretch: str) -> None:
    check(source, read(source))
    assert raw(source, words) == stretch


def test_a_stretch_without_markup_is_verbatim() -> None:
    prose = read("<p>We cure <i>all</i> pain,\nalways.</p>")
    start = prose.text.index("cure")
    assert prose.is_verbatim(start, start + 4)
    assert not prose.is_verbatim(start, start + 8)
    comma = prose.text.index("pain")
    assert not prose.is_verbatim(comma, len(prose.text))


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("  <p>  one \n\t two </p>  ", "one two"),
        ("<p>one <b> two</b> <i> </i> three</p>", "one two three"),
        ("<p>a &nbsp; b&nbsp;c</p>", "a b\xa0c"),
        ("<p>&nbsp;</p><p> </p><p>x</p>", "x"),
        ("caf&eacute; &mdash; &#8217;&#x2019;&#150;", "café — ’’–"),
        (
            "caf&eacute, &copy2024 &unknown; AT&T &; &#; &#x;",
            "café, ©2024 &unknown; AT&T &; &#; &#x;",
        ),
        ("&#0;&#xD800;&#99999999999999999999;", "\ufffd\ufffd\ufffd"),
        ("&amp;lt;", "&lt;"),
        ("nul\0l", "null"),
        ("foo<code>x = 1</code>bar <code>y</code> baz", "foo bar baz"),
        ("one<img src=a.png>two", "one two"),
        ("<p>p < 0.05 and n>3 <3 a<", "p < 0.05 and n>3 <3 a<"),
        ("<p>x <![CDATA[ <p>no</p> ]]>y<?xml no?> z</ ><!bogus>", "x y z"),
        ("<script>if (a < b) '</p>'</SCRIPT ><style>p{}</style>x", "x"),
        ("<svg/>a <svg><title>t</title><svg></svg><text>no</text></svg>b", "a b"),
        ("<template><p>no<template></template>no</p></template>x", "x"),
        ("<noscript>yes</noscript>", "yes"),
        ("a <kbd>k</kbd><samp>s</samp><math><mi>m</mi></math> b", "a b"),
    ],
)
def test_what_is_read(source: str, text: str) -> None:
    prose = read(source)
    check(source, prose)
    assert prose.text == text


# -- roles -----------------------------------------------------------------------------------


def test_roles() -> None:
    source = """<!DOCTYPE html><html><head><TITLE>A &amp; <b></TITLE></head><body>
    <h1>Head<br>line</h1><p>Para</p>loose
    <ul><li>One<li><p>Two</p></ul><dl><dt>Term<dd>Gloss</dl>
    <table><caption>Cap</caption><tr><th>H<td><p>C</table>
    <blockquote><p>Said</p></blockquote>
    <figure><figcaption>Fig</figcaption></figure>
    <form><fieldset><legend>Leg</legend><label>Lab</label><button>But</button>
    <select><option>Opt<option>Other</select></fieldset></form>
    <details><summary>Sum</summary>Det</details>"""
    check(source, read(source))
    assert blocks(source) == [
        ("title", "A & <b>"),
        ("heading", "Head"),
        ("heading", "line"),
        ("paragraph", "Para"),
        ("paragraph", "loose"),
        ("list-item", "One"),
        ("list-item", "Two"),
        ("list-item", "Term"),
        ("list-item", "Gloss"),
        ("caption", "Cap"),
        ("table-cell", "H"),
        ("table-cell", "C"),
        ("quote", "Said"),
        ("caption", "Fig"),
        ("label", "Leg"),
        ("label", "Lab"),
        ("button", "But"),
        ("option", "Opt"),
        ("option", "Other"),
        ("heading", "Sum"),
        ("paragraph", "Det"),
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('<img src=x alt="Calm room">', [("alt", "Calm room")]),
        (
            "<a href=/ title='More here'>Go</a>",
            [("paragraph", "Go"), ("tooltip", "More here")],
        ),
        ("<button aria-label=Close>X</button>", [("button", "X"), ("label", "Close")]),
        (
            '<input placeholder="Your name" value="typed">',
            [("placeholder", "Your name")],
        ),
        ('<input type="SUBMIT" value="Book now">', [("button", "Book now")]),
        ('<textarea placeholder="Ask">no</textarea>', [("placeholder", "Ask")]),
        (
            '<optgroup label="Group"><option label="Short">Long</optgroup>',
            [("option", "Group"), ("option", "Long"), ("option", "Short")],
        ),
        ('<META CONTENT="About us" NAME="Description">', [("meta", "About us")]),
        ('<meta property="og:title" content="T &amp; U"/>', [("meta", "T & U")]),
        ("<meta name='twitter:image:alt' content='Pic'>", [("meta", "Pic")]),
        ("<meta itemprop=description content=Item>", [("meta", "Item")]),
        (
            '<meta name="keywords" content="no"><link title="no"><script title="no"></script>',
            [],
        ),
        ('<p data-title="no" class="title alt" alt="">x</p>', [("paragraph", "x")]),
        ('<img alt="first" alt="second">', [("alt", "first")]),
        (
            '<p>One <img alt="pic"> sentence.</p><p>Next</p>',
            [("paragraph", "One sentence."), ("alt", "pic"), ("paragraph", "Next")],
        ),
    ],
)
def test_attributes(source: str, expected: list[tuple[str, str]]) -> None:
    check(source, read(source))
    assert blocks(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<h2>Open<p>para</h2><p>x", ["heading", "paragraph", "paragraph"]),
        ("<ul><li>a</ul><p>b", ["list-item", "paragraph"]),
        ("<ul><li>a<ul><li>b</ul>c</ul>d", ["list-item"] * 3 + ["paragraph"]),
        ("</li></p></div>a<p>b<p>c", ["paragraph"] * 3),
        ("<h2>a</h3>b", ["heading", "paragraph"]),
        (
            "<div><table><td>a</div>b</table>c",
            ["table-cell", "table-cell", "paragraph"],
        ),
        ("<blockquote>a<div>b</blockquote>c", ["quote", "quote", "paragraph"]),
    ],
)
def test_broken_nesting(source: str, expected: list[str]) -> None:
    assert [role for role, _ in blocks(source)] == expected


# -- marks -----------------------------------------------------------------------------------


def test_links() -> None:
    source = '<p>See <a class=x href="/a?b=1&amp;copy=2"> the <b>trial</b> </a>now <a name=n>x</a>'
    assert marks(source, "link") == [("the trial", "/a?b=1&copy=2")]
    assert marks("<a href=1>one <a href=2>two", "link") == [("one", "1"), ("two", "2")]
    assert marks("<a href=1><div>in</div> after</a> out", "link") == [("in\nafter", "1")]
    assert marks("<p><a href=1>one<p>two", "link") == [("one", "1")]


def test_superscripts_do_not_fuse() -> None:
    source = "patients<sup>1</sup>who, the 1<sup>st</sup>, better.<sup>[2]</sup>"
    assert read(source).text == "patients 1 who, the 1st, better.[2]"
    assert [text for text, _ in marks(source, "superscript")] == ["1", "st", "[2]"]


def test_comments() -> None:
    assert marks("a <!-- one --> b<!----><!-->c<!--x--!>d<!-- open", "comment") == [
        ("", " one "),
        ("", ""),
        ("", ""),
        ("", "x"),
        ("", " open"),
    ]
    assert read("a <!-- one --> b <!-- open").text == "a b"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p hidden>a</p>b", ["a"]),
        ('<div style="color:red; DISPLAY : none"><p>a<p>b</div>c', ["a\nb"]),
        ("x <span style='visibility:hidden'>a <span>b</span> c</span> d", ["a b c"]),
        ('<b aria-hidden="true">a</b><p class="hidden sr-only">b</p>', []),
        ("<p>x <i hidden>a<p>b", ["a"]),
        ("<body style='display:none'><div style='display:none'>a</div>b", ["a"]),
        ('<p><img hidden alt="pic">x</p>', ["pic"]),
    ],
)
def test_hidden(source: str, expected: list[str]) -> None:
    check(source, read(source))
    assert [text for text, _ in marks(source, "hidden")] == expected


# -- templates and broken markup -------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Use {{ this }} as is", ["Use {{ this }} as is"]),
        ("{% if a > b %}Hi {{ name }}, bye{% endif %}", ["Hi , bye"]),
        ("---\ntitle: T\n---\n<p>Hi {{ name }} there", ["Hi there"]),
        ("---\r\ntitle: T\r\n---\r\nx", ["x"]),
        ("--- no matter", ["--- no matter"]),
        ('<a <% if x %>href="/">a</a> <%= "<p>" %>b', ["a b"]),
        ('<a href="<?php echo "x"; ?>">a</a><?php echo "<p>no</p>";', ["a"]),
        ("{% comment %}no <p>no{% endcomment %}a {# no #}b {{ open", ["a b {{ open"]),
        ('{% x %}<a href="{{ "p" | url }}" title="{{ t }}">a</a>', ["a"]),
    ],
)
def test_templates(source: str, expected: list[str]) -> None:
    check(source, read(source))
    assert texts(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p class=a'b>one</p><p title=it's>two", ["one", "two", "it's"]),
        ("<p <b>one</b>", ["one"]),
        ('<p a="x>y">one', ["one"]),
        ('<p a="never>one <b>two</b>', ["one two"]),
        ("one <b", ["one <b"]),
        ("one <b>two</b", ["one two</b"]),
        ("<title>Open<p>para", ["Open", "para"]),
        ("<p>Use <code>open<p>para", ["Use open", "para"]),
        ("a<script>never", ["a"]),
        ("<p\r\nclass='x'\r\n>a\rb\r\nc", ["a b c"]),
        ("", []),
    ],
)
def test_broken_markup(source: str, expected: list[str]) -> None:
    check(source, read(source))
    assert texts(source) == expected


# -- hostile input ---------------------------------------------------------------------------

MANY = 20_000


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<a " * MANY, ("<a " * MANY).rstrip()),
        ("<a b='" * MANY, "<a b='" * MANY),
        ("<a<a" * MANY, "<a<a" * MANY),
        ("<" + "a" * 1_000_000, "<" + "a" * 1_000_000),
        ("<!--" * MANY, ""),
        ("<![CDATA[>" * MANY, ""),
        ("<div>" * MANY + "x", "x"),
        ("<div><p>" * MANY + "x" + "</div>" * MANY, "x"),
        ("</div>" * MANY + "x", "x"),
        ("<svg>" * MANY + "x", "x"),
        ("<svg><svg></svg>" * MANY + "x", "x"),
        ("<code>" * MANY + "x", "x"),
        ("<span hidden>" * MANY + "x", "x"),
        ("{% x %}" + "{{" * MANY, "{{" * MANY),
        ("&" + "a" * 1_000_000, "&" + "a" * 1_000_000),
        ("&#" + "1" * 1_000_000 + ";", "\ufffd"),
        ("a" + " " * 5_000_000 + "b", "a b"),
        ("word " * 1_000_000, ("word " * 1_000_000).rstrip()),
        ("---\r\n" + "a: b\r\n" * MANY, "--- " + ("a: b " * MANY).rstrip()),
    ],
    ids=[f"case-{number}" for number in range(19)],
)
def test_hostile_input_is_read(source: str, text: str) -> None:
    assert read(source).text == text


def test_quotes_that_hide_every_bracket() -> None:
    assert read("<x='>'" * MANY + "end").text.endswith("end")


# -- properties ------------------------------------------------------------------------------

WORDS = st.text(st.sampled_from("abcXYZ09 \n\r\t\xa0é—-.,\xad"), max_size=12)
REFERENCES = st.sampled_from(
    [
        "&amp;",
        "&lt;",
        "&nbsp;",
        "&#160;",
        "&#32;",
        "&mdash;",
        "&eacute",
        "&#x2014;",
        "&no;",
        "&shy;",
    ]
)
INLINE = st.sampled_from(["b", "i", "em", "span", "a href='/x'", "sup", "code", "MARK", "s hidden"])
BLOCKS = st.sampled_from(["p", "div", "h2", "li", "ul", "td", "table", "blockquote", "button"])
EMPTY = st.sampled_from(["<br>", "<!-- c -->", "<img alt='a  b &amp; c'>", "<wbr/>", "<hr>"])


def _wrapped(
    names: st.SearchStrategy[str], inside: st.SearchStrategy[str]
) -> st.SearchStrategy[str]:
    return st.builds(
        lambda name, text: f"<{name}>{text}</{name.split(maxsplit=1)[0]}>",
        names,
        inside,
    )


INNER = st.recursive(
    st.one_of(WORDS, REFERENCES, EMPTY),
    lambda inner: _wrapped(INLINE, st.lists(inner, max_size=4).map("".join)),
    max_leaves=12,
)
PAGES = st.recursive(
    INNER,
    lambda inner: st.one_of(
        _wrapped(BLOCKS, st.lists(inner, max_size=4).map("".join)),
        st.lists(inner, max_size=3).map("".join),
    ),
    max_leaves=20,
)
SCRAPS = st.lists(
    st.one_of(
        WORDS,
        REFERENCES,
        EMPTY,
        st.sampled_from(
            "<|>|</|<!--|-->|<p|<p>|</p>|<a href=|\"|'|=|{{|}}|{%|%}|<?|?>|<%|%>|<li>|</ul>|<sup>"
            "|</sup>|<title>|<code>|</code>|<td>|</table>|<svg>|</svg>|<b hidden>|</b>|/>|---\n|\0"
            "|\ufeff|<![CDATA[|]]>|<script>|</script>|&|&#|;".split("|")
        ),
    ),
    max_size=30,
).map("".join)


@given(PAGES)
def test_pieces_and_blocks_of_any_page(source: str) -> None:
    check(source, read(source))


@given(SCRAPS)
def test_pieces_and_blocks_of_any_scraps(source: str) -> None:
    check(source, read(source))


@given(INNER, INNER)
def test_a_claim_split_by_a_tag_is_found_anywhere(before: str, after: str) -> None:
    source = f"{before}<p>a <b>game</b>-changer</p>{after}"
    prose = read(source)
    start = prose.text.index("game-changer")
    span = prose.source_span(start, start + len("game-changer"))
    assert source[span.start : span.end] == "game</b>-changer"


def _letters(words: str) -> Counter[str]:
    return Counter(character for character in words if character not in WHITE + NO_WIDTH)


def _seen_by_lexbor(source: str) -> str:
    tree = LexborHTMLParser(source)
    for node in tree.css("script, style, template, code, pre, kbd, samp, svg, math, textarea"):
        node.decompose()
    assert tree.body is not None
    return tree.body.text(separator=" ")


@given(PAGES)
def test_the_letters_are_those_a_browser_shows(source: str) -> None:
    prose = read(f"<body><div>{source}</div>")
    shown = "".join(
        prose.text[block.start : block.end] for block in prose.blocks if block.role != "alt"
    )
    assert _letters(shown) == _letters(_seen_by_lexbor(f"<body><div>{source}</div>"))


PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <style>body > p { color: red }</style>
  <script type="application/ld+json">{"name": "<p>Clinic</p>"}</script>
</head>
<body class="home">
  <!-- navigation -->
  <nav><ul><li><a href="/">Home</a><li><a href="/fees">Fees &amp; times</a></ul></nav>
  <main>
    <h1>Care for <em>low mood</em></h1>
    <p>Our nurses <a href="/team">listen&nbsp;first</a> and some people feel
       better &mdash; others do not.
    <p>Ask your <strong>own doctor</strong> before you stop a medicine.
    <table><thead><tr><th>Day<th>Hours</thead><tr><td>Monday<td>9&ndash;5</table>
    <blockquote>&ldquo;They took time.&rdquo;</blockquote>
    <form><label for=a>Name</label> <input id=a> <button>Send</button></form>
  </main>
  <footer><p>&copy; 2024 The Practice</footer>
</body>
</html>
"""


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_the_words_of_a_page_are_those_a_browser_shows(line_end: str) -> None:
    source = PAGE.replace("\n", line_end)
    prose = read(source)
    check(source, prose)
    assert prose.text.split() == _seen_by_lexbor(source).split()
