"""Words: fold a prose, cut it into tokens, and tag each with the vocabulary classes it belongs to.

A tagged sentence is one string in which each token stands as ``" TAGS/word"``: a space, one
private-use character for each class, a slash and the folded word. The patterns of rules are
compiled to regular expressions over that string, so that a class of a thousand words costs no
more than a single letter, and a match is found by the regex engine instead of by Python.
"""

from __future__ import annotations

import re

__all__ = ["BREAK", "CAPITAL", "NUMBER", "PUNCTUATION", "Lexicon", "Tokens", "fold", "tokenize"]

# Tags that the tokeniser itself gives; the vocabulary's classes follow from FIRST_CLASS on.
PUNCTUATION = "\ue000"  # any mark of punctuation
BREAK = "\ue001"  # a mark that parts clauses for good: ; : dash ( ) . ! ?
NUMBER = "\ue002"
CAPITAL = "\ue003"  # a word that begins with a capital
FIRST_CLASS = 0xE010

# Marks that a reader does not see; a word may hold them.
INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff"
)
_INVISIBLE = re.compile(f"[{INVISIBLE}]+")

_LETTER = r"[^\W\d_]"
_TOKEN = re.compile(
    rf"(?P<contraction>{_LETTER}+n't(?![^\W_]))"
    rf"|(?P<clitic>'(?:s|ll|ve|re|m|d)(?![^\W_]))"
    rf"|(?P<word>{_LETTER}(?:[^\W_]|[{INVISIBLE}])*)"
    r"|(?P<number>[0-9]+(?:[.,][0-9]+)*)"
    r"|(?P<mark>[%$£€&+=#<>~@\u2044/]|[,;:.!?()\[\]\u2014\u2013\u2026\u2022|]|--)"
)
_BREAKS = frozenset(";:.!?()[]—–…•|") | {"--"}
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")

# Letters of other scripts that look like Latin ones; folded only inside a word with Latin letters.
_LOOKALIKES = str.maketrans(
    "авсԁеԛһіјкӏмнорԛѕтухуѵԝ" + "αβγεικνορτυχω",
    "abcdeqhijklmhopqstuxyvw" + "abyeiknoptuxw",
)
_SAME_LENGTH = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201b": "'",
        "\u02bc": "'",
        "\u2032": "'",
        "\uff07": "'",
        "\u00b4": "'",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\u2011": "-",
        "\u2010": "-",
        "\u2212": "-",
        "\u2015": "\u2014",
        "\uff05": "%",
        "\uff0c": ",",
        "\uff01": "!",
        "\uff1f": "?",
    }
    | {chr(0xFF01 + i): chr(0x21 + i) for i in range(94)}
)


def _mathematical(text: str) -> str:
    """Return the text with styled letters (𝗰𝘂𝗿𝗲) made plain, where that keeps the length."""
    from unicodedata import normalize  # rare: only for text beyond the basic plane

    return "".join(
        plain if ord(letter) > 0xFFFF and len(plain := normalize("NFKC", letter)) == 1 else letter
        for letter in text
    )


def fold(text: str) -> str:
    """Return the text with quotes, dashes and letters made plain; of the same length, case kept."""
    if text.isascii():
        return text
    folded = text.translate(_SAME_LENGTH)
    if max(folded) > "\uffff":
        folded = _mathematical(folded)
    if len(folded) != len(text):  # a normal form that is longer: keep places, give up on it
        folded = "".join(
            new if len(new) == 1 else old
            for old, new in ((letter, letter.translate(_SAME_LENGTH)) for letter in text)
        )
    return folded


class Lexicon:
    """Which classes a word belongs to, alone or as part of a term of several words."""

    __slots__ = ("_cache", "_globs", "_phrases", "_words")

    def __init__(
        self,
        words: dict[str, str],
        phrases: dict[str, dict[str, list[tuple[list[str], str, str]]]],
        globs: list[tuple[str, str, str]],
    ) -> None:
        """Take the tables of a rule pack.

        ``words``: word to tags. ``phrases``: first word to second word to (words after those, tags
        of the first, tags of the others). ``globs``: (start of the word, end of the word, tag).
        """
        self._words = words
        self._phrases = phrases
        self._globs = globs
        self._cache: dict[str, tuple[str, str]] = {}

    def lookup(self, raw: str) -> tuple[str, str]:
        """Return the folded word and the tags of a word as it stands in the text."""
        found = self._cache.get(raw)
        if found is None:
            word = raw
            if not word.isascii():
                word = _INVISIBLE.sub("", word).lower()
                if not word.isascii():
                    plain = word.translate(_LOOKALIKES)
                    if (
                        plain.isascii() and any("a" <= letter <= "z" for letter in word)
                    ) or plain in self._words:
                        word = plain
            else:
                word = word.lower()
            tags = self._words.get(word, "")
            for start, end, tag in self._globs:
                if word.startswith(start) and word.endswith(end) and len(word) > len(start + end):
                    tags += tag
            if raw[0].isupper():
                tags += CAPITAL
            elif raw[0].isdigit():
                tags += NUMBER
            found = self._cache[raw] = (word, tags)
            if len(self._cache) > 200_000:  # a hostile or endless input must not fill the memory
                self._cache.clear()
        return found

    def phrases(self, words: list[str], tags: list[str], start: int, end: int) -> None:
        """Add the tags of terms of several words to the tokens from ``start`` to ``end``."""
        table = self._phrases
        for at in range(start, end - 1):
            seconds = table.get(words[at])
            if seconds is None:
                continue
            options = seconds.get(words[at + 1])
            if options is None:
                continue
            for rest, first_tags, other_tags in options:
                last = at + 2 + len(rest)
                if last <= end and (not rest or words[at + 2 : last] == rest):
                    tags[at] += first_tags
                    for inner in range(at + 1, last):
                        tags[inner] += other_tags


class Tokens:
    """The tokens of a prose, as parallel lists: words, tags, and places in the prose."""

    __slots__ = ("ends", "starts", "tags", "words")

    def __init__(self) -> None:
        """Start with no tokens."""
        self.words: list[str] = []
        self.tags: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []


def tokenize(text: str, lexicon: Lexicon) -> Tokens:
    """Cut a folded text into tokens and tag each word by itself."""
    tokens = Tokens()
    add_word, add_tags = tokens.words.append, tokens.tags.append
    add_start, add_end = tokens.starts.append, tokens.ends.append
    lookup = lexicon.lookup
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        raw = match.group()
        if match.lastgroup == "mark":
            if raw == "/":
                raw = "\u2044"
            word, tags = raw, lexicon.lookup(raw)[1] + PUNCTUATION
            if raw in _BREAKS:
                tags += BREAK
        elif start and text[start - 1] == "#" and not (raw.islower() or raw.isupper()):
            for part in _CAMEL.finditer(raw):
                word, tags = lookup(part.group())
                add_word(word)
                add_tags(tags)
                add_start(start + part.start())
                add_end(start + part.end())
            continue
        else:
            word, tags = lookup(raw)
        add_word(word)
        add_tags(tags)
        add_start(start)
        add_end(end)
    return tokens
