"""Markdown: what is prose, what is its role, where each letter is from, and what is only marked."""

from __future__ import annotations

import time
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from kaplint.loaders.markdown import read
from kaplint.model import Mark, Prose


def blocks(source: str) -> list[tuple[str, str]]:
    prose = read(source)
    return [(block.role, prose.text[block.start : block.end]) for block in prose.blocks]


def marks(source: str, kind: str) -> list[tuple[str, str, str]]:
    """Return value, prose and source of each mark of a kind."""
    prose = read(source)
    return [
        (
            mark.value,
            prose.text[mark.start : mark.end],
            source[mark.source_start : mark.source_end],
        )
        for mark in prose.marks
        if mark.kind == kind
    ]


def origin(source: str, words: str) -> str:
    """Return the source of some words of the prose."""
    prose = read(source)
    at = prose.text.index(words)
    span = prose.source_span(at, at + len(words))
    return source[span.start : span.end]


def check(source: str) -> Prose:
    """Read a page and assert what every reader of a Prose relies on."""
    prose = read(source)
    after = -1
    for block in prose.blocks:
        assert after < block.start < block.end <= len(prose.text)
        assert after < 0 or "\n" in prose.text[after : block.start]
        after = block.end
    at = 0
    for piece in prose.pieces:
        assert at <= piece.start < piece.end <= len(prose.text)
        assert 0 <= piece.source_start < piece.source_end <= len(source)
        here = prose.text[piece.start : piece.end]
        there = source[piece.source_start : piece.source_end]
        if len(here) == len(there):
            assert here == there or (here == " " and not there.strip())
        at = piece.end
    for mark in prose.marks:
        assert 0 <= mark.start <= mark.end <= len(prose.text)
        assert 0 <= mark.source_start <= mark.source_end <= len(source)
    return prose


def test_nothing_is_nothing() -> None:
    assert read("") == Prose("", (), ())
    assert read("\ufeff") == Prose("", (), ())
    assert read("\n \r\n\t\n") == Prose("", (), ())


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("# Rapid *relief* #", [("heading", "Rapid relief")]),
        ("## Costs {#costs .wide}\n", [("heading", "Costs")]),
        ("Our\nclinic\n====\ntext", [("heading", "Our clinic"), ("paragraph", "text")]),
        ("one  \ntwo\\\nthree", [("paragraph", "one two three")]),
        ("> said\n> she\nlazily\n>> again", [("quote", "said she lazily"), ("quote", "again")]),
        ("- a\n- b\n  c\n\n  d", [("list-item", t) for t in ("a", "b c", "d")]),
        ("1) a\n   - [x] b\n", [("list-item", "a"), ("list-item", "b")]),
        ("text\n2. goes on", [("paragraph", "text 2. goes on")]),
        ("a\n\n***\n\n    code\n\n```\nx\n```\nb", [("paragraph", "a"), ("paragraph", "b")]),
        ("> ```\n> code\n\nafter", [("paragraph", "after")]),
        ("| a | b |\n|---|:-:|\n| c \\| d | **e** |", [
            ("table-cell", t) for t in ("a", "b", "c | d", "e")
        ]),
        ("a|b\n-|-\nc|d|e\n\nx|y", [
            *(("table-cell", t) for t in ("a", "b", "c", "d")), ("paragraph", "x|y")
        ]),
        ("a `code` b x`y`z (`c`)", [("paragraph", "a b x z ()")]),
        ("snake_case_word 2*3*4 **bold", [("paragraph", "snake_case_word 234 **bold")]),
        ("-\n\n      code\n- x", [("list-item", "x")]),
        ("***a** b* ~~c~~ ~5 mg", [("paragraph", "a b c ~5 mg")]),
        ("1\\. &amp; &euro;5 &nope; &#8217;", [("paragraph", "1. & \u20ac5 &nope; \u2019")]),
        ("soft\u00adhy&nbsp;phen\ttab  two", [("paragraph", "softhy phen tab two")]),
        ("see <https://a.org> or https://b.org/x_y_z. Or www.c.org!", [
            ("paragraph", "see or . Or !")
        ]),
        ("a<br>b <span class='x'>c</span>", [("paragraph", "a b c")]),
        ("![The *best* clinic](a.png) text", [("paragraph", "text"), ("alt", "The best clinic")]),
        ("[a](b 'A cure') c", [("paragraph", "a c"), ("tooltip", "A cure")]),
        ('x <img src="a" alt="Tea &amp; us"> y', [("paragraph", "x y"), ("alt", "Tea & us")]),
        ("[not] [a link](no\n\n[1] (2)", [("paragraph", "[not] [a link](no"),
                                           ("paragraph", "[1] (2)")]),
        (":::tip\nWarm rooms\n:::\n", [("paragraph", "Warm rooms")]),
        ("import X from './x'\n\nexport const a = 1\n\nText {/* no */} here", [
            ("paragraph", "Text here")
        ]),
    ],
)  # fmt: skip
def test_blocks_and_roles(source: str, expected: list[tuple[str, str]]) -> None:
    check(source)
    assert blocks(source) == expected
    assert blocks(source.replace("\n", "\r\n")) == expected


def test_places_are_exact() -> None:
    source = "> Ketamine is a **game**-\n> changer &amp; a\n> *real* cure."
    assert origin(source, "game- changer") == "game**-\n> changer"
    assert origin(source, "changer & a real") == "changer &amp; a\n> *real"
    assert origin("a **game**-changer", "game-changer") == "game**-changer"
    assert origin("\ufeffA \\*star", "*star") == "\\*star"


def test_links_are_marked() -> None:
    source = (
        'A [*first* one](</a b> "Tip"), [two][Ref  x], [ref x][] and [Ref X], <http://e.f>.\n\n'
        '[ref x]: https://c.d/?a&amp;b "T"\n'
    )
    found = marks(source, "link")
    assert found == [
        ("/a b", "first one", '[*first* one](</a b> "Tip")'),
        ("https://c.d/?a&b", "two", "[two][Ref  x]"),
        ("https://c.d/?a&b", "ref x", "[ref x][]"),
        ("https://c.d/?a&b", "Ref X", "[Ref X]"),
        ("http://e.f", "", "<http://e.f>"),
    ]
    assert marks('<a href="/x">y</a> z', "link")[0][:2] == ("/x", "y")
    assert marks("(https://a.b/c_(d)_e).", "link")[0][0] == "https://a.b/c_(d)_e"


def test_footnotes_are_marked() -> None:
    source = "Better[^a] in a trial.\n\n[^a]: Smith, *Lancet*\n    2021.\n\n    More.\n\nEnd."
    assert marks(source, "footnote") == [("a", "", "[^a]")]
    assert [found[:2] for found in marks(source, "footnote-text")] == [
        ("a", "Smith, Lancet 2021."),
        ("a", "More."),
    ]
    assert blocks(source)[0] == ("paragraph", "Better in a trial.")
    assert blocks(source)[-1] == ("paragraph", "End.")


def test_superscripts_and_comments_are_marked() -> None:
    assert marks("so<sup>1</sup> it", "superscript") == [("", "1", "<sup>1</sup>")]
    source = "a <!-- kaplint: off --> b\n\n<!-- two\n\nlines -->\n\n{/* three */}\n"
    assert [value for value, _, _ in marks(source, "comment")] == [
        " kaplint: off ",
        " two\n\nlines ",
        " three ",
    ]
    assert blocks(source) == [("paragraph", "a b")]


def test_html_is_read_in_place() -> None:
    source = 'Before.\n\n<div class="x">\n<p>Raw <b>cure</b> &amp; more</p>\n</div>\n\nAfter.\n'
    prose = check(source)
    assert "Raw cure & more" in prose.text
    assert origin(source, "cure & more") == "cure</b> &amp; more"
    quoted = "> <div>\n> a <b>cure</b>\n> </div>\n"
    assert check(quoted).text.strip() == "a cure"
    assert origin(quoted, "cure") == "cure"


def test_front_matter() -> None:
    source = (
        "---\ntitle: \"A \\\"cure\\\"\"\nlayout: miracle\nmetaDescription: 'It''s fast'\n"
        "description: >-\n  Rapid\n  relief\n\n  For you\nexcerpt: plain # note\n  goes on\n"
        "seo:\n  title: Best clinic\nauthor:\n  title: Doctor\n"
        "og:title: Open\ntwitter_card: summary\nsummary: true\n"
        "kaplint:\n  - disable: cure\n---\nText {{ page.title }} {% if x %}here{% endif %}.\n"
    )
    check(source)
    assert blocks(source) == [
        ("title", 'A "cure"'),
        ("meta", "It's fast"),
        ("meta", "Rapid relief"),
        ("meta", "For you"),
        ("meta", "plain"),
        ("title", "Best clinic"),
        ("title", "Open"),
        ("paragraph", "Text here."),
    ]
    assert marks(source, "comment") == [("kaplint: disable: cure", "", "disable: cure")]
    assert read("---\nkaplint: off\n---\n").marks == (
        Mark("comment", 0, 0, 13, 16, "kaplint: off"),
    )


def test_toml_front_matter() -> None:
    source = (
        '\ufeff+++\ntitle = \'Tea\'\n[params.seo]\ndescription = """\nRapid\\u0020\n'
        'relief"""\n[other]\ntitle = "no"\n+++\n{{< figure src="x" >}} Text.'
    )
    check(source)
    assert blocks(source) == [("title", "Tea"), ("meta", "Rapid relief"), ("paragraph", "Text.")]


def test_two_rules_are_no_front_matter() -> None:
    assert blocks("---\n\nWe are a clinic.\n\n---\n") == [("paragraph", "We are a clinic.")]
    assert blocks("---\ntitle: never closed\n")[0][0] == "paragraph"


def test_braces_are_prose_where_nothing_is_a_template() -> None:
    assert blocks("a {{increase|decrease}} b") == [("paragraph", "a {{increase|decrease}} b")]


class _Words(HTMLParser):
    """The text of rendered Markdown without what stands in code."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.code += tag == "code"
        self.words += [value or "" for name, value in attrs if name in ("alt", "title")]

    def handle_endtag(self, tag: str) -> None:
        self.code -= tag == "code"

    def handle_data(self, data: str) -> None:
        if not self.code:
            self.words.append(data)


def rendered(source: str) -> str:
    """Return the letters of the page as markdown-it renders it, in alphabetical order."""
    words = _Words()
    words.feed(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(source))
    words.close()
    return "".join(sorted(ch for ch in "".join(words.words) if ch.isalnum()))


def letters(prose: Prose) -> str:
    return "".join(sorted(ch for ch in prose.text if ch.isalnum()))


PAGES = [
    """# Ketamine *therapy*

We offer **ketamine**-assisted care, and [our __team__](/team "The team") is with you.\\
It's `not` a cure; see [the study][s] or [s].

* one
* two

  second *paragraph* of two
    1. three
    2. four

           code in four
* five
      not code

[s]: <https://a.org/x y> 'Study *title*'

> quoted _text_
> - with a list
>   that goes on
and lazily so

| Dose | Effect | Cost |
|:-----|:------:|-----:|
| 0.5 mg/kg | *none* | $400 \\| $500 |
| ~~1 mg~~ | `code` some |
lazy row

Setext of
two lines
---
""",
    """Text with snake_case, 2 * 3 * 4, a*b*c, __init__, _a_b, **a*b**, ***both*** and **open.

[a [nested] link](b) [no link] (c) ![an *image* of [tea](x)](y 'cup') ![][s] [![in](a)](b)

10\\. not a list &amp; &copy; &#x41; &bogus;

- - deep
  - er

+ plus

  ```sh
  code
  ```
  after

~~~
tilde
~~~~
***
   three blanks
    four blanks go on

	tab code

1. one
1. two
  lazy
10) ten

<span title="no">inline *html*</span> and <b>bold</b>

a ` b `` c ` d

[x](<a b> (title in parentheses)) [y]( z ) [w](v"u") [p](q (r) s)
""",
    "Line one\r\nline *two\r\nthree* four\r\n\r\n- item\r\n\r\n  more\r\n\r\n# H #\r\n",
]


@pytest.mark.parametrize("source", PAGES)
def test_letters_are_those_of_the_rendered_page(source: str) -> None:
    check(source)
    # Definitions' titles and titles of inline tags: rendered per use, here once.
    clean = source.replace(" 'Study *title*'", "").replace(' title="no"', "")
    assert letters(read(clean)) == rendered(clean)


FRAGMENTS = [
    *"ab \n\n\n*_~`[]()<>!#|-+=:&\\{}\"'^.1\t\r\0\u00e9",
    "  ", "\n\n", "**", "](", "[^a]", "\n[^a]: ", "\n[a]: b\n", "](x)", "\n> ", "\n- ", "\n1. ",
    "\n# ", "```", "|-|", "\n|-|\n", "<b>", "</b>", "<!--", "-->", "{%", "%}", "{{", "}}", "&amp;",
    "https://a.b", "www.a", "<br>", "<sup>", "</sup>", "<a href='x'>", "</a>", "\n<div>\n", "![",
    "\n    ", "---\n", "title: ", "\ntitle: |\n  ", "+++\n", "title = ", "kaplint: ", "\u200b",
    "<img alt='a", "{/*", "*/}", "\nimport {", "\n===\n", "\n:::", "\n{% comment %}", "\u00a0",
]  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=60).map("".join))
@example("---\ntitle: |\n\n  ---\n")
@example("+++\n+++")
def test_fragments_keep_the_contract(source: str) -> None:
    check(source)
    check("---\n" + source + "\n---\n" + source)


@settings(deadline=None)
@given(st.text())
def test_any_text_keeps_the_contract(source: str) -> None:
    check(source)


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("ab *_`[]()!\n>-#\\.1~"), max_size=40))
def test_random_pages_have_the_letters_of_the_rendered_page(source: str) -> None:
    if "~" in source or "`" in source:
        return  # single tildes and code are read otherwise on purpose
    assert letters(read(source)) == rendered(source)


HOSTILE = [
    "[a](", "> ", "*a ", "[", "`", "- ", "<a ", "<!--", '<a b="', "{{", "{% a", "![a](", "[a](b)",
    "a**b_c ", "~a~~b", "[^a] ", "[a]: b\n", "> a\n", "a\\\n", "\\", "<sup>", "://", "a`b``",
    "<div>\n\n", "&#", "a|", "]", "\n|-|\n", "www.a(", "- * ", "\ttitle: \"a\n", "<x{",
]  # fmt: skip


@pytest.mark.parametrize("fragment", HOSTILE)
def test_hostile_pages_take_linear_time(fragment: str) -> None:
    def seconds(count: int) -> float:
        source = fragment * count
        best = float("inf")
        for _ in range(3):
            started = time.process_time()
            read(source)
            best = min(best, time.process_time() - started)
        return best

    short = seconds(2_500)
    assert seconds(20_000) < 8 * 3 * short + 0.1


def test_long_lines_and_deep_nests() -> None:
    started = time.process_time()
    read("word " * 1_000_000)
    read("[" * 50_000 + "]" * 50_000)
    read("".join("  " * depth + "- a\n" for depth in range(500)))
    read("> " * 5_000 + "a\n" + "b\n" * 5_000)
    read("- " * 5_000 + "a\n" + "\n" * 5_000 + "b")
    assert time.process_time() - started < 5


def test_a_page_is_read_faster_than_it_is_rendered() -> None:
    source = PAGES[0] * 20

    def seconds(work: object) -> float:
        assert callable(work)
        best = float("inf")
        for _ in range(3):
            started = time.process_time()
            work(source)
            best = min(best, time.process_time() - started)
        return best

    assert seconds(read) < seconds(MarkdownIt().render)
