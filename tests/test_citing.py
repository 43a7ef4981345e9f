"""Citations in the style of the file they stand in."""

from __future__ import annotations

import pytest

from kaplint.citing import cite, end_of_text, listed
from kaplint.fixes import apply
from kaplint.model import Fix
from kaplint.register import Citation, Entry

DOI = "10.1000/x1"
ONE = Entry(
    key="alpha-2013",
    kind="trial",
    status="confirmed",
    citation=Citation(
        authors=("Alpha AB", "Beta C", "Gamma D"),
        title="A trial of sleep & rest",
        journal="Journal of Rest",
        year=2013,
        volume="4",
        issue="2",
        pages="10-19",
        doi=DOI,
    ),
)
TWO = Entry(
    key="delta-2020",
    kind="review",
    status="confirmed",
    citation=Citation(authors=("Delta E", "Zeta F"), title="A review of rest", year=2020),
)
LINK = f"https://doi.org/{DOI}"
FULL = (
    f"Alpha AB, Beta C, Gamma D. A trial of sleep & rest. Journal of Rest 2013;4(2):10-19. {LINK}"
)
ESCAPED = FULL.replace("&", "&amp;")
PAGE = '<p>Rest heals.<sup><a href="#ref1">1</a></sup></p>\n<h2>References</h2>\n<ol>\n'
SAID = "Rest may help some people."


def written(source: str, kind: str, *entries: Entry) -> tuple[str, str]:
    """Return the sentence with its citation, and the source with its references extended."""
    cited = cite(source, kind, SAID, entries or (ONE,))
    assert cited is not None
    fix = Fix(cited.edits, safe=False, text="")
    return cited.text, apply(source, [fix]).text if cited.edits else source


@pytest.mark.parametrize(
    ("source", "kind", "text", "after"),
    [
        # Footnotes of Markdown.
        (
            "Rest heals.[^1]\n\n[^1]: Somebody 2001.\n",
            "markdown",
            "Rest may help some people.[^2]",
            f"Rest heals.[^1]\n\n[^1]: Somebody 2001.\n[^2]: {FULL}\n",
        ),
        (
            "Rest heals[^a].\n\n[^a]: Somebody 2001.\n    More of it.\n\nThe end.\n",
            "markdown",
            "Rest may help some people[^1].",
            f"Rest heals[^a].\n\n[^a]: Somebody 2001.\n    More of it.\n[^1]: {FULL}\n\nThe end.\n",
        ),
        # A numbered list.
        (
            "Rest heals [1].\n\n## References\n\n1. Somebody 2001.\n2. Another 2002.\n",
            "markdown",
            "Rest may help some people [3].",
            f"Rest heals [1].\n\n## References\n\n1. Somebody 2001.\n2. Another 2002.\n3. {FULL}\n",
        ),
        (
            "Rest heals (1).\n\nReferences\n1. Somebody 2001.",
            "text",
            "Rest may help some people (2).",
            f"Rest heals (1).\n\nReferences\n1. Somebody 2001.\n2. {FULL}",
        ),
        (
            "Rest heals.<sup>1</sup>\n\n## Sources\n\n1. Somebody 2001.\n",
            "markdown",
            "Rest may help some people.<sup>2</sup>",
            f"Rest heals.<sup>1</sup>\n\n## Sources\n\n1. Somebody 2001.\n2. {FULL}\n",
        ),
        # Bullets.
        (
            "Rest heals.\n\n## Sources\n\n- Somebody 2001.\n",
            "markdown",
            "Rest may help some people (Alpha et al. 2013).",
            f"Rest heals.\n\n## Sources\n\n- Somebody 2001.\n- {FULL}\n",
        ),
        # No list.
        (
            "Rest heals.\n",
            "markdown",
            f"Rest may help some people ([Alpha et al. 2013]({LINK})).",
            "Rest heals.\n",
        ),
        (
            "Rest heals.\n",
            "text",
            "Rest may help some people (Alpha et al. 2013).",
            "Rest heals.\n",
        ),
        (
            "<p>Rest heals.</p>",
            "html",
            f'Rest may help some people (<a href="{LINK}">Alpha et al. 2013</a>).',
            "<p>Rest heals.</p>",
        ),
        # Lists of HTML.
        (
            f'{PAGE}  <li id="ref1">Somebody 2001.</li>\n</ol>\n',
            "html",
            'Rest may help some people.<sup><a href="#ref2">2</a></sup>',
            f'{PAGE}  <li id="ref1">Somebody 2001.</li>\n  <li id="ref2">{ESCAPED}</li>\n</ol>\n',
        ),
        (
            "<p>Rest heals.<sup>1</sup></p><h3>Sources</h3><ol><li>Somebody</li></ol>",
            "html",
            "Rest may help some people.<sup>2</sup>",
            f"<p>Rest heals.<sup>1</sup></p><h3>Sources</h3><ol><li>Somebody</li><li>{ESCAPED}</li></ol>",
        ),
    ],
)
def test_a_file_is_cited_in_as_it_cites(source: str, kind: str, text: str, after: str) -> None:
    assert written(source, kind) == (text, after)


def test_a_source_that_is_listed_is_not_listed_again() -> None:
    source = f"Rest heals [1].\n\n## References\n\n1. Somebody 2001.\n2. Alpha. {LINK}\n"
    assert listed(source, ONE)
    assert not listed(source, TWO)
    assert written(source, "markdown") == ("Rest may help some people [2].", source)
    page = f'<p>A.<sup>1</sup></p><h2>References</h2><ol><li>{LINK}</li><li id="r2">B</li></ol>'
    assert written(page, "html") == ("Rest may help some people.<sup>1</sup>", page)


def test_two_sources_share_a_mark() -> None:
    text, after = written("Rest heals (1).\n\nReferences\n1. Somebody.", "text", ONE, TWO)
    assert text == "Rest may help some people (2, 3)."
    assert after.endswith(f"2. {FULL}\n3. Delta E, Zeta F. A review of rest. 2020.")
    plain, _ = written("Rest heals.", "text", ONE, TWO)
    assert plain == "Rest may help some people (Alpha et al. 2013; Delta and Zeta 2020)."


def test_what_is_not_confirmed_cannot_be_cited() -> None:
    assert cite("Rest.", "text", SAID, [Entry("x", "untraced", "unconfirmed")]) is None


@pytest.mark.parametrize(
    ("source", "kind", "rest"),
    [
        ("One.\n\nTwo.\n\n## References\n\n1. A\n", "markdown", "\n\n## References\n\n1. A\n"),
        ("One.[^1]\n\n[^1]: A\n", "markdown", "\n\n[^1]: A\n"),
        ("One.\n\nTwo.\n\n", "markdown", "\n\n"),
        ("One.\n\nSources:\nA\n", "text", "\n\nSources:\nA\n"),
        ("<p>One.</p><h2>Sources</h2><ol></ol>", "html", "<h2>Sources</h2><ol></ol>"),
        ("<main><p>One.</p></main>", "html", "</main>"),
        ("<p>One.</p>\n<footer>x</footer>", "html", "<footer>x</footer>"),
    ],
)
def test_the_end_of_the_text_is_before_the_references(source: str, kind: str, rest: str) -> None:
    assert source[end_of_text(source, kind) :] == rest
