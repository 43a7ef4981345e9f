"""Words: fold a prose, cut it into tokens, and tag each with the vocabulary classes it belongs to.

A tagged sentence is one string in which each token stands as ``" TAGS/word"``: a space, one
private-use character for each class, a slash and the folded word. The patterns of rules are
compiled to regular expressions over that string, so that a class of a thousand words costs no
more than a single letter, and a match is found by the regex engine instead of by Python.
"""

from __future__ import annotations

import re

__all__ = [
    "BREAK",
    "CAPITAL",
    "NUMBER",
    "PUNCTUATION",
    "Lexicon",
    "Tokens",
    "fold",
    "is_mark",
    "tokenize",
]

# Tags that the tokeniser itself gives; the vocabulary's classes follow from FIRST_CLASS on.
PUNCTUATION = "\ue000"  # any mark of punctuation
BREAK = "\ue001"  # a mark that parts clauses for good: ; : dash ( ) . ! ?
NUMBER = "\ue002"
CAPITAL = "\ue003"  # a word that begins with a capital
FIRST_CLASS = 0xE010

# Marks that a reader does not see, and accents and strokes laid upon a letter; a word may hold them.
INVISIBLE = (
    "\u00ad\u0300-\u036f\u061c\u115f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064"
    "\ufe00-\ufe0f\ufeff"
)
_INVISIBLE = re.compile(f"[{INVISIBLE}]+")

# To Python a raised figure is a letter; here it is the number of a note and ends the word.
_RAISED = "\u00b2\u00b3\u00b9\u2070-\u2079"
_LETTER = rf"[^\W\d_{_RAISED}]"
_MARKS = r"[%$£€&+=<>~@\u2044/]|#(?![A-Za-z])|[,;:.!?()\[\]\u2014\u2013\u2026\u2022|]|--"
_MARK = re.compile(_MARKS)
_TOKEN = re.compile(
    rf"{_LETTER}(?:[^\W_{_RAISED}]|[{INVISIBLE}])*(?:(?<=[nN])'[tT](?![^\W_]))?"
    r"|'(?i:s|ll|ve|re|m|d)(?![^\W_])"
    r"|[0-9]+(?:[.,][0-9]+)*"
    rf"|{_MARKS}"
)
# The same for text without letters beyond ASCII, in which classes of letters are cheap to test.
_TOKEN_ASCII = re.compile(
    r"[A-Za-z][A-Za-z0-9]*(?:(?<=[nN])'[tT](?![A-Za-z0-9]))?"
    r"|'(?i:s|ll|ve|re|m|d)(?![A-Za-z0-9])"
    r"|[0-9]+(?:[.,][0-9]+)*"
    rf"|{_MARKS}",
    re.ASCII,
)
_BREAKS = frozenset(";:.!?()[]—–…•|") | {"--"}
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")

# Letters of other scripts that look like Latin ones; folded only inside a word with Latin letters.
_LOOKALIKES = str.maketrans(
    "авсԁегһіјкӏмнопрԛѕтхуѵԝ" + "αβγεηικνορτυχω" + "ıɑɡ",
    "abcderhijklmhonpqstxyvw" + "abyeniknoptuxw" + "iag",
)
# Greek capitals that look like another letter than their small form does.
_CAPITALS = str.maketrans("ΗΜΥΖ", "HMYZ")
# Signs that stand for a plainer one; each as long as what it stands for.
_SIGNS = {
    "\u2018": "'",
    "\u2019": "'",
    "\u201b": "'",
    "\u02bc": "'",
    "\u2032": "'",
    "\u00b4": "'",
    "\uff07": "'",
    "\u00a0": " ",
    "\u202f": " ",
    "\u2009": " ",
    "\u2010": "-",
    "\u2011": "-",
    "\u2212": "-",
    "\u2015": "\u2014",
}
_PLAIN = tuple((odd, plain) for odd, plain in _SIGNS.items())
# Full-width letters, single letters made into signs (\u210e, \u2102), letters in circles.
_WIDE = re.compile("[\uff01-\uff5e\u2100-\u214f\u24b6-\u24e9]")
_STYLED = re.compile("[\U00010000-\U0010ffff]")


def _plain(match: re.Match[str]) -> str:
    """Return a full-width or styled letter (𝗰) made plain, where that keeps the length."""
    from unicodedata import normalize  # rare, and slow to import

    plain = normalize("NFKC", match.group())
    return plain if len(plain) == 1 else match.group()


def fold(text: str) -> str:
    """Return the text with quotes, dashes and letters made plain; of the same length, case kept."""
    if text.isascii():
        return text
    for odd, plain in _PLAIN:
        if odd in text:
            text = text.replace(odd, plain)
    if _WIDE.search(text):
        text = _WIDE.sub(_plain, text)
    if _STYLED.search(text):
        text = _STYLED.sub(_plain, text)
    return text


def is_mark(word: str) -> bool:
    """Tell whether a word, as a pattern writes it, is a mark that the tokeniser keeps."""
    return _MARK.fullmatch(word) is not None


class Lexicon:
    """Which classes a word belongs to, alone or as part of a term of several words."""

    __slots__ = ("_cache", "_globs", "_options", "_phrases", "_tags", "_words")

    def __init__(
        self,
        tags: list[tuple[str, str]],
        words: dict[str, int],
        phrases: dict[str, str],
        globs: list[tuple[str, str, str]],
    ) -> None:
        """Take the tables of a rule pack.

        ``tags``: pairs of the tags of a term's first word and of its further words. ``words``: word
        to the number of its pair. ``phrases``: first word to lines of further words, a tab and the
        number of the pair; read when a page has the word, since most pages have few of them.
        ``globs``: (start of the word, end of the word, tag).
        """
        self._tags = tags
        self._words = words
        self._phrases = phrases
        self._options: dict[str, dict[str, list[tuple[list[str], str, str]]]] = {}
        self._globs = globs
        self._cache: dict[str, tuple[str, str, str]] = {}

    def lookup(self, raw: str) -> tuple[str, str, str]:
        """Return the folded word, its tags, and both as they stand in a tagged sentence."""
        found = self._cache.get(raw)
        if found is None:
            if len(self._cache) > 200_000:  # an endless input must not fill the memory
                self._cache.clear()
            word = "\u2044" if raw == "/" else self._fold(raw)
            number = self._words.get(word)
            tags = "" if number is None else self._tags[number][0]
            if raw[0].isalpha():
                for start, end, tag in self._globs:
                    if (
                        word.startswith(start)
                        and word.endswith(end)
                        and len(word) > len(start + end)
                    ):
                        tags += tag
                if raw[0].isupper():
                    tags += CAPITAL
            elif raw[0].isdigit():
                tags += NUMBER
            elif raw[0] != "'":
                tags += PUNCTUATION + BREAK if raw in _BREAKS else PUNCTUATION
            found = self._cache[raw] = (word, tags, f" {tags}/{word}")
        return found

    def _fold(self, raw: str) -> str:
        word = raw.lower()
        if word.isascii() or not raw[0].isalpha():
            return word
        from unicodedata import normalize  # rare, and slow to import

        # First what belongs together (an accent and its letter), then what a sign stands for (ﬁ).
        raw = normalize("NFKC", _INVISIBLE.sub("", normalize("NFC", raw)))
        word = "".join(raw.lower().split())
        if not word.isascii():
            plain = "".join(raw.translate(_CAPITALS).lower().translate(_LOOKALIKES).split())
            mixed = plain.isascii() and any("a" <= letter <= "z" for letter in word)
            if mixed or plain in self._words:
                return plain
        return word

    def read(self, text: str, start: int, end: int) -> list[tuple[str, str, str]]:
        """Return what ``lookup`` says of each token of a range of a folded text, in order."""
        cache = self._cache
        piece = text[start:end]
        raws = (_TOKEN_ASCII if piece.isascii() else _TOKEN).findall(piece)
        found = [cache.get(raw) or self.lookup(raw) for raw in raws]
        if "#" in piece:
            found = [self.lookup(raw) for raw, _, _ in _pieces(text, start, end)]
        return found

    def _read_options(self, first: str) -> dict[str, list[tuple[list[str], str, str]]]:
        options: dict[str, list[tuple[list[str], str, str]]] = {}
        for line in self._phrases[first].split("\n"):
            further, _, number = line.partition("\t")
            second, *rest = further.split(" ")
            begin, inside = self._tags[int(number)]
            options.setdefault(second, []).append((rest, begin, inside))
        self._options[first] = options
        return options

    def phrases(self, words: list[str], tags: list[str], start: int, end: int) -> bool:
        """Add the tags of terms of several words to the tokens of a range; tell if there are any."""
        any_found = False
        table = self._phrases
        for at in range(start, end - 1):
            word = words[at]
            if word not in table:
                continue
            options = (self._options.get(word) or self._read_options(word)).get(words[at + 1])
            if options is None:
                continue
            for rest, first_tags, other_tags in options:
                last = at + 2 + len(rest)
                if last <= end and (not rest or words[at + 2 : last] == rest):
                    any_found = True
                    tags[at] += first_tags
                    for inner in range(at + 1, last):
                        tags[inner] += other_tags
        return any_found


class Tokens:
    """The tokens of a prose, as parallel lists: words, tags, and places in the prose.

    Places are worked out when first asked for: a page without findings never needs them.
    """

    __slots__ = ("_ends", "_ranges", "_starts", "_text", "tags", "words")

    def __init__(self, text: str) -> None:
        """Start with no tokens of a folded text."""
        self._text = text
        self._ranges: list[tuple[int, int]] = []
        self._starts: list[int] = []
        self._ends: list[int] = []
        self.words: list[str] = []
        self.tags: list[str] = []

    def add(self, start: int, end: int, found: list[tuple[str, str, str]]) -> None:
        """Add the tokens of a range of the text, as ``Lexicon.read`` returns them."""
        self._ranges.append((start, end))
        self.words += [word for word, _, _ in found]
        self.tags += [tags for _, tags, _ in found]

    def _place(self) -> None:
        pieces = [piece for start, end in self._ranges for piece in _pieces(self._text, start, end)]
        self._starts = [start for _, start, _ in pieces]
        self._ends = [end for _, _, end in pieces]

    @property
    def starts(self) -> list[int]:
        """Return where each token starts in the prose."""
        if len(self._starts) != len(self.words):
            self._place()
        return self._starts

    @property
    def ends(self) -> list[int]:
        """Return where each token ends in the prose."""
        if len(self._ends) != len(self.words):
            self._place()
        return self._ends


def _pieces(text: str, start: int, end: int) -> list[tuple[str, int, int]]:
    """Return the tokens of a range with their places; hash tags are cut at their humps."""
    pieces: list[tuple[str, int, int]] = []
    for match in _TOKEN.finditer(text, start, end):
        raw, at = match.group(), match.start()
        if at > start and text[at - 1] == "#" and not (raw.islower() or raw.isupper()):
            pieces += [(p.group(), at + p.start(), at + p.end()) for p in _CAMEL.finditer(raw)]
        else:
            pieces.append((raw, at, match.end()))
    return pieces


def tokenize(text: str, lexicon: Lexicon) -> Tokens:
    """Cut a folded text into tokens and tag each word by itself."""
    tokens = Tokens(text)
    tokens.add(0, len(text), lexicon.read(text, 0, len(text)))
    return tokens
