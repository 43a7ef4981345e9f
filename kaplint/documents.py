"""A page, read and cut up: prose, blocks, sentences, tokens, and the way back to the source."""

from __future__ import annotations

import re
from bisect import bisect_right

from kaplint.lazy import lazy
from kaplint.records import dataclass, field
from kaplint.sentences import split
from kaplint.tokens import Tokens, fold

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from kaplint.fidelity.pages import Mention
    from kaplint.model import Prose, Span
    from kaplint.rulebook import PlacePattern, Rulebook

__all__ = ["Document", "Hit", "Match", "Sentence", "open_document"]

_LINE_END = lazy(r"\r\n|\r|\n")

# A page is of a genre if it has so many tokens, so many different terms of the genre, one of them to
# so many tokens, and so many to each term of sellers. Leaflets were counted on 350 pages of health
# agencies (three in four are leaflets by this) and 350 of clinics and shops (one is).
GENRE_WORDS = 60
GENRE_TERMS = 3
GENRES = (("working-notes", "builder-voice", 60, 2), ("leaflet", "leaflet-voice", 115, 4))


class Sentence:
    """A sentence: its place in the prose, its tokens, and itself as one tagged string."""

    __slots__ = (
        "_encoded",
        "_keys",
        "block",
        "end",
        "first",
        "heading",
        "index",
        "last",
        "parts",
        "role",
        "start",
    )

    def __init__(self, index: int, start: int, end: int, block: int, role: str) -> None:
        """Start without tokens; the document adds them."""
        self.index = index
        self.start = start
        self.end = end
        self.block = block
        self.role = role
        self.first = self.last = 0
        self.heading = -1
        self.parts: list[str] = []
        self._encoded = ""
        self._keys: frozenset[str] | None = None

    @property
    def encoded(self) -> str:
        """Return the tagged sentence that patterns run over."""
        if not self._encoded:
            self._encoded = "".join(self.parts) + " "
        return self._encoded


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a scanned pattern matched: a sentence and a range of tokens, with remembered parts."""

    sentence: int
    start: int
    end: int
    pattern: int


@dataclass(frozen=True, slots=True)
class Match:
    """A stretch of one sentence that a rule speaks of."""

    sentence: Sentence
    start: int  # tokens
    end: int
    prose_start: int
    prose_end: int
    groups: dict[str, str] = field(default_factory=dict)


class Document:
    """A page as matchers and guards see it.

    ``text`` is the prose with quotes, dashes and letter forms made plain, of the same length, so
    that an offset into one is an offset into the other.
    """

    __slots__ = (
        "_genre",
        "_lines",
        "_page",
        "_shown",
        "_starts",
        "claims",
        "excerpt",
        "format",
        "found",
        "mentions",
        "page",
        "path",
        "prose",
        "quotes",
        "rulebook",
        "sentences",
        "source",
        "sources",
        "target_grade",
        "text",
        "tokens",
    )

    def __init__(
        self,
        path: str,
        source: str,
        prose: Prose,
        rulebook: Rulebook,
        *,
        target_grade: float | None = None,
        excerpt: bool = False,
    ) -> None:
        """Cut the prose into sentences and tokens.

        ``excerpt`` says that the text is an example of a rule: it counts as a whole page, however
        short, and needs no health topic.
        """
        self.path = path
        self.source = source
        self.prose = prose
        self.rulebook = rulebook
        self.target_grade = target_grade
        self.excerpt = excerpt
        # The module that read the source: markdown, html or text.
        self.format = "text"
        # Of a part cut out of a page: the page, which patterns of the whole page are looked for in.
        self.page: Document | None = None
        # The match of each finding, by rule, start and end.
        self.found: dict[tuple[str, int, int], Match] = {}
        # What rules of other kinds matched, by category, and whether it is plain (neither hedged nor
        # found by a rule of low confidence): the linter fills it for duties of the page.
        self.claims: list[tuple[str, Match, bool]] = []
        # What guards found out about a sentence or a block, for the next match in it.
        self.sources: dict[int, tuple[str, str, str]] = {}
        self.quotes: dict[int, list[int]] = {}
        # What the page says of the register of evidence; None: nobody has asked yet.
        self.mentions: list[Mention] | None = None
        self.text = fold(prose.text)
        self._genre: tuple[str, str] | tuple[()] | None = None
        self._lines: list[int] = []
        self._page: frozenset[str] | None = None
        self._shown: dict[int, bool] = {}
        self.sentences: list[Sentence] = []
        self.tokens = Tokens(self.text)
        self._cut()
        self._starts = [sentence.start for sentence in self.sentences]

    def _cut(self) -> None:
        text, tokens, sentences = self.text, self.tokens, self.sentences
        lexicon = self.rulebook.lexicon
        heading = -1
        for number, block in enumerate(self.prose.blocks):
            for start, end in split(text, block.start, block.end):
                words, tags, parts = lexicon.tagged(text[start:end])
                if not words:
                    continue
                sentence = Sentence(len(sentences), start, end, number, block.role)
                sentence.first = len(tokens.words)
                sentence.last = sentence.first + len(words)
                sentence.heading = heading
                sentence.parts = parts
                tokens.add(start, end, words, tags)
                if block.role in ("heading", "title"):
                    heading = sentence.index
                sentences.append(sentence)

    @property
    def words(self) -> int:
        """Return the number of tokens of the page."""
        return len(self.tokens.words)

    def keys(self, sentence: Sentence) -> frozenset[str]:
        """Return the words and class characters that stand in a sentence."""
        if sentence._keys is None:  # noqa: SLF001 (the document fills its sentences)
            tokens = self.tokens
            found = set(tokens.words[sentence.first : sentence.last])
            found.update("".join(tokens.tags[sentence.first : sentence.last]))
            sentence._keys = frozenset(found)  # noqa: SLF001
        return sentence._keys  # noqa: SLF001

    def holds(self, pattern: PlacePattern, sentence: Sentence) -> re.Match[str] | None:
        """Look for a pattern in one sentence."""
        if pattern.keys:
            keys = self.keys(sentence)
            if any(need.isdisjoint(keys) for need in pattern.keys):
                return None
        return pattern.compiled.search(sentence.encoded)

    def shows(self, patterns: PlacePattern | tuple[PlacePattern, ...]) -> bool:
        """Tell whether a reader of the page sees any of the patterns."""
        if self.page is not None:
            return self.page.shows(patterns)
        if isinstance(patterns, tuple):
            return any(self.shows(pattern) for pattern in patterns)
        found = self._shown.get(patterns.number)
        if found is None:
            found = self._shown[patterns.number] = self._search(patterns)
        return found

    def _search(self, pattern: PlacePattern) -> bool:
        if self._page is None:
            page = set(self.tokens.words)
            page.update("".join(self.tokens.tags))
            self._page = frozenset(page)
        if any(need.isdisjoint(self._page) for need in pattern.keys):
            return False
        return any(
            self.holds(pattern, sentence) is not None and not self.hidden(sentence)
            for sentence in self.sentences
        )

    def genre(self) -> tuple[str, str] | None:
        """Return what kind of page this is where it is not copy that sells, and words that show it.

        ``leaflet``: it teaches. Leaflets of health services, encyclopaedias and research summaries
        state what treatments do, and nobody is sold one. ``working-notes``: it is written for those
        who build the site.
        """
        if self.page is not None:
            return self.page.genre()
        if self._genre is None:
            self._genre = self._tell_genre()
        return self._genre or None

    def _tell_genre(self) -> tuple[str, str] | tuple[()]:
        if self.excerpt or self.words < GENRE_WORDS:
            return ()
        classes = self.rulebook.classes
        sells = classes["sales-voice"][0]
        sold = sum(1 for tags in self.tokens.tags if sells in tags)
        for name, voice, share, odds in GENRES:
            count, terms = self._terms(classes[voice])
            if len(terms) >= GENRE_TERMS and count * share >= self.words and count >= odds * sold:
                return name, ", ".join(terms[:GENRE_TERMS])
        return ()

    def _terms(self, group: str) -> tuple[int, list[str]]:
        """Return how often terms of a class stand on the page, and which they are."""
        first, further = group[0], group[1:]
        words, tags = self.tokens.words, self.tokens.tags
        count = 0
        terms: dict[str, None] = {}
        for at, tag in enumerate(tags):
            if first in tag:
                count += 1
                end = at + 1
                while further and end < len(words) and further in tags[end]:
                    end += 1
                terms[" ".join(words[at:end])] = None
        return count, list(terms)

    def hidden(self, sentence: Sentence) -> bool:
        """Tell whether a sentence stands in an element that is not shown."""
        return any(
            mark.kind == "hidden" and mark.start <= sentence.start and sentence.end <= mark.end
            for mark in self.prose.marks
        )

    def has_reference(self) -> bool:
        """Tell whether the page has any reference: a note, a numbered source, a link to a source."""
        from kaplint.guards import is_source

        return any(
            mark.kind in ("footnote", "footnote-text", "superscript")
            or (mark.kind == "link" and is_source(mark.value))
            for mark in self.prose.marks
        ) or any(_REFERENCE.search(self.text, s.start, s.end) for s in self.sentences)

    def match(self, hit: Hit) -> Match:
        """Return the match of a hit; a part marked < > is the match, if the pattern has one."""
        sentence = self.sentences[hit.sentence]
        return self.match_tokens(sentence, hit.start, hit.end)

    def match_tokens(
        self, sentence: Sentence, start: int, end: int, groups: dict[str, str] | None = None
    ) -> Match:
        """Return the match over a range of tokens, marks of punctuation at its ends left out."""
        return Match(
            sentence, start, end, self.tokens.start(start), self.tokens.end(end - 1), groups or {}
        )

    def match_at(self, start: int, end: int) -> Match | None:
        """Return the match over a range of the prose, cut at its sentence; None outside of any."""
        number = bisect_right(self._starts, start) - 1
        if number < 0:
            return None
        sentence = self.sentences[number]
        if start >= sentence.end:
            return None
        tokens = self.tokens
        inside = [
            at
            for at in range(sentence.first, sentence.last)
            if tokens.end(at) > start and tokens.start(at) < end
        ]
        if not inside:
            return None
        return self.match_tokens(sentence, inside[0], inside[-1] + 1)

    def source_span(self, match: Match) -> Span:
        """Return the source range of a match."""
        return self.prose.source_span(match.prose_start, match.prose_end)

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column of a source offset, both counted from 1, columns in characters."""
        if not self._lines:
            self._lines = [0, *(m.end() for m in _LINE_END.finditer(self.source))]
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def line(self, number: int) -> str:
        """Return a source line without its end; lines count from 1."""
        self.position(0)
        start = self._lines[number - 1]
        stop = self._lines[number] if number < len(self._lines) else len(self.source)
        return self.source[start:stop].rstrip("\r\n")


_REFERENCE = lazy(
    r"[a-z)\"'%.,;][ \u00a0]?[\[(]\d{1,3}(?:\s*[,\u2013-]\s*\d{1,3})*[\])](?!\s*\d{3})"
    r"|\bet al\b|\bdoi\b|\bpmid\b|[a-z.][\u00b9\u00b2\u00b3\u2070-\u2079]"
    r"|\b(?:19|20)\d\d;\s?\d+|\b\d{1,4}\(\d+\):\d+",
    re.IGNORECASE,
)


def open_document(
    path: str,
    source: str,
    rulebook: Rulebook,
    *,
    suffix: str = "",
    target_grade: float | None = None,
    excerpt: bool = False,
) -> Document:
    """Read a source by the suffix of its path (or the one given) and cut it up.

    Raises LoadError for a suffix that no loader reads.
    """
    from kaplint.loaders import LOADERS, loader, suffix_of

    prose = loader(suffix or path)(source)
    document = Document(path, source, prose, rulebook, target_grade=target_grade, excerpt=excerpt)
    document.format = LOADERS[suffix_of(suffix or path)]
    return document
