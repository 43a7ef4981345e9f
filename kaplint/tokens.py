"""Words: fold a prose, cut it into tokens, and tag each with the vocabulary classes it belongs to.

A tagged sentence is one string in which each token stands as ``" TAGS/word"``: a space, one
private-use character for each class, a slash and the folded word. The patterns of rules are
compiled to regular expressions over that string, so that a class of a thousand words costs no
more than a single letter, and a match is found by the regex engine instead of by Python.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from kaplint.lazy import lazy

__all__ = [
    "BREAK",
    "CAPITAL",
    "LARGE",
    "NUMBER",
    "PUNCTUATION",
    "Lexicon",
    "Tokens",
    "encode_tags",
    "fold",
    "is_mark",
    "tokenize",
]

# Tags that the tokeniser itself gives; the vocabulary's classes follow from FIRST_CLASS on.
PUNCTUATION = "\ue000"  # any mark of punctuation
BREAK = "\ue001"  # a mark that parts clauses for good: ; : dash ( ) . ! ?
NUMBER = "\ue002"
CAPITAL = "\ue003"  # a word that begins with a capital
LARGE = "\ue004"  # a count of 500 or more that is no year
FIRST_CLASS = 0xE010

# Marks that a reader does not see, and accents and strokes laid upon a letter; a word may hold them.
INVISIBLE = (
    "\u00ad\u0300-\u036f\u061c\u115f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064"
    "\ufe00-\ufe0f\ufeff"
)
_INVISIBLE = lazy(f"[{INVISIBLE}]+")

# To Python a raised figure is a letter; here it is the number of a note and ends the word.
_RAISED = "\u00b2\u00b3\u00b9\u2070-\u2079"
_LETTER = rf"[^\W\d_{_RAISED}]"
# Full stops are no tokens: within a sentence they stand in abbreviations and for words left out.
_MARKS = r"[%$£€&+=<>~@\u2044/]|#(?![A-Za-z])|[,;:!?()\[\]\u2014\u2013\u2022|]|--"
_MARK = lazy(_MARKS)
_TOKEN = lazy(
    r"\[[A-Za-z]\][a-z]+|"  # [H]elps: a letter that a quotation changed
    rf"{_LETTER}(?:[^\W_{_RAISED}]|[{INVISIBLE}])*(?:(?<=[nN])'[tT](?![^\W_]))?"
    r"|'(?i:s|ll|ve|re|m|d)(?![^\W_])"
    r"|[0-9]+(?:[.,][0-9]+)*"
    rf"|{_MARKS}"
)
# The same for text without letters beyond ASCII, in which classes of letters are cheap to test.
_TOKEN_ASCII = re.compile(
    r"\[[A-Za-z]\][a-z]+|"
    r"[A-Za-z][A-Za-z0-9]*(?:(?<=[nN])'[tT](?![A-Za-z0-9]))?"
    r"|'(?i:s|ll|ve|re|m|d)(?![A-Za-z0-9])"
    r"|[0-9]+(?:[.,][0-9]+)*"
    rf"|{_MARKS}",
    re.ASCII,
)
_BREAKS = frozenset(";:.!?()[]—–…•|") | {"--"}
_CAMEL = lazy(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")

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
_WIDE = lazy("[\uff01-\uff5e\u2100-\u214f\u24b6-\u24e9]")
_STYLED = lazy("[\U00010000-\U0010ffff]")


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


def encode_tags(tags: str) -> str:
    """Return tags as numbers in ASCII: a file of them is read several times faster."""
    return " ".join(str(ord(tag) - FIRST_CLASS) for tag in tags)


def _decode_tags(numbers: str) -> str:
    return "".join([chr(FIRST_CLASS + int(number)) for number in numbers.split()])


def _is_large(number: str) -> bool:
    digits = number.replace(",", "")
    if not digits.isdigit() or len(digits) > 12:
        return False
    return int(digits) >= 500 and (number != digits or not 1900 <= int(digits) < 2100)


def is_mark(word: str) -> bool:
    """Tell whether a word, as a pattern writes it, is a mark that the tokeniser keeps."""
    return _MARK.fullmatch(word) is not None


# So many sentences are remembered: pages of a site share their headers and footers.
MOST_KNOWN = 4096


class Lexicon:
    """Which classes a word belongs to, alone or as part of a term of several words."""

    __slots__ = (
        "_cache",
        "_decoded",
        "_entries",
        "_further",
        "_globs",
        "_options",
        "_sentences",
        "_tags",
    )

    def __init__(
        self,
        tags: list[tuple[str, str]],
        entries: dict[str, str],
        globs: list[tuple[str, str, str]],
    ) -> None:
        """Take the tables of a rule pack.

        ``tags``: pairs of the tags of a term's first word and of its further words, as
        ``encode_tags`` writes them. ``entries``:
        first letter to all words that begin with it, each as ``|word:number;further words=number``
        with the numbers of pairs; one long string costs nothing to load, and a page has few
        distinct words to look for in it. ``globs``: (start of the word, end of the word, tag).
        """
        self._tags = tags
        self._decoded: dict[int, tuple[str, str]] = {}
        self._entries = entries
        # Words that begin terms: what may follow them, as it stands in the table; and read.
        self._further: dict[str, str] = {}
        self._options: dict[tuple[str, str], list[tuple[list[str], str, str]]] = {}
        self._globs = globs
        self._cache: dict[str, tuple[str, str, str]] = {}
        self._sentences: dict[str, tuple[list[str], list[str], list[str]]] = {}

    def _pair(self, number: int) -> tuple[str, str]:
        found = self._decoded.get(number)
        if found is None:
            begin, inside = self._tags[number]
            found = self._decoded[number] = (_decode_tags(begin), _decode_tags(inside))
        return found

    def _entry(self, word: str) -> str:
        """Return what the tables say of a folded word, "" where they do not have it."""
        letter = self._entries.get(word[:1])
        if letter is None:
            return ""
        start = letter.find(f"|{word}:")
        if start < 0:
            return ""
        start += len(word) + 2
        return letter[start : letter.index("|", start)]

    def lookup(self, raw: str) -> tuple[str, str, str]:
        """Return the folded word, its tags, and both as they stand in a tagged sentence."""
        found = self._cache.get(raw)
        if found is None:
            if len(self._cache) > 200_000:  # an endless input must not fill the memory
                self._cache.clear()
            given = raw
            if raw[0] == "[" and len(raw) > 1:
                raw = raw[1] + raw[3:]
            word = "\u2044" if raw == "/" else self._fold(raw)
            alone, _, further = self._entry(word).partition(";")
            tags = self._pair(int(alone))[0] if alone else ""
            if further:
                self._further[word] = f";{further}"
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
                tags += NUMBER + LARGE if _is_large(raw) else NUMBER
            elif raw[0] != "'":
                tags += PUNCTUATION + BREAK if raw in _BREAKS else PUNCTUATION
            found = self._cache[given] = (word, tags, f" {tags}/{word}")
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
            if mixed or bool(self._entry(plain)):
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

    def tagged(self, sentence: str) -> tuple[list[str], list[str], list[str]]:
        """Return words, tags and tagged words of a folded sentence, terms of several words tagged.

        The lists are shared with whoever asks for the same sentence again: do not change them.
        """
        found = self._sentences.get(sentence)
        if found is None:
            if len(self._sentences) > MOST_KNOWN:
                self._sentences.clear()
            read = self.read(sentence, 0, len(sentence))
            words = [word for word, _, _ in read]
            tags = [tag for _, tag, _ in read]
            if self.phrases(words, tags, 0, len(words)):
                parts = [f" {tag}/{word}" for tag, word in zip(tags, words)]
            else:
                parts = [part for _, _, part in read]
            found = self._sentences[sentence] = (words, tags, parts)
        return found

    def _read_options(self, word: str, second: str) -> list[tuple[list[str], str, str]]:
        """Return the terms that begin with two words: what follows, the tags of first and others."""
        further, options = self._further[word], []
        start = further.find(f";{second}")
        while start >= 0:
            stop = further.find(";", start + 1)
            option = further[start + 1 : stop if stop >= 0 else None]
            words, _, number = option.rpartition("=")
            first, *rest = words.split(" ")
            if first == second:
                begin, inside = self._pair(int(number))
                options.append((rest, begin, inside))
            start = further.find(f";{second}", start + 1)
        self._options[word, second] = options
        return options

    def phrases(self, words: list[str], tags: list[str], start: int, end: int) -> bool:
        """Add the tags of terms of several words to the tokens of a range; tell if there are any."""
        any_found = False
        table = self._further  # of words that were looked up, as all of these were
        for at in range(start, end - 1):
            further = table.get(words[at])
            # Most pairs are no term: a look for the second word is cheaper than to read them all.
            if further is None or f";{words[at + 1]}" not in further:
                continue
            pair = (words[at], words[at + 1])
            options = self._options.get(pair)
            if options is None:
                options = self._read_options(*pair)
            for rest, first_tags, other_tags in options:
                last = at + 2 + len(rest)
                if last <= end and (not rest or words[at + 2 : last] == rest):
                    any_found = True
                    tags[at] += first_tags
                    for inner in range(at + 1, last):
                        tags[inner] += other_tags
        return any_found


class Tokens:
    """The tokens of a prose: words and tags as lists, places worked out where they are asked for.

    A page without findings never needs places, and one with some needs those of a few sentences.
    """

    __slots__ = ("_firsts", "_places", "_ranges", "_text", "tags", "words")

    def __init__(self, text: str) -> None:
        """Start with no tokens of a folded text."""
        self._text = text
        self._ranges: list[tuple[int, int]] = []
        self._firsts: list[int] = []
        self._places: dict[int, list[tuple[str, int, int]]] = {}
        self.words: list[str] = []
        self.tags: list[str] = []

    def add(self, start: int, end: int, words: list[str], tags: list[str]) -> None:
        """Add the tokens of a range of the text."""
        self._ranges.append((start, end))
        self._firsts.append(len(self.words))
        self.words += words
        self.tags += tags

    def _place(self, at: int) -> tuple[str, int, int]:
        number = bisect_right(self._firsts, at) - 1
        pieces = self._places.get(number)
        if pieces is None:
            pieces = self._places[number] = _pieces(self._text, *self._ranges[number])
        return pieces[at - self._firsts[number]]

    def start(self, at: int) -> int:
        """Return where a token starts in the prose."""
        return self._place(at)[1]

    def end(self, at: int) -> int:
        """Return where a token ends in the prose."""
        return self._place(at)[2]

    @property
    def starts(self) -> list[int]:
        """Return where each token starts in the prose."""
        return [self.start(at) for at in range(len(self.words))]

    @property
    def ends(self) -> list[int]:
        """Return where each token ends in the prose."""
        return [self.end(at) for at in range(len(self.words))]


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
    found = lexicon.read(text, 0, len(text))
    tokens.add(0, len(text), [word for word, _, _ in found], [tags for _, tags, _ in found])
    return tokens
