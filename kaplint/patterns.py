r"""The pattern language of rules: the one place where a pattern becomes a regular expression.

A pattern is read word by word; case, hyphens, quotes and markup do not matter.

=================  =============================================================================
``cure for``       these words, one after the other
``[cure]``         any form of the word: cure, cures, cured, curing
``cure*``          any word that begins so; ``*free`` any that ends so
``{condition}``    any term of a vocabulary class; ``{relieve:ing}`` only in that form (base, s,
                   past, participle, ing, one, many)
``(a|b c)``        one of these
``x? (x y)? {c}*`` optional; ``*`` up to eight times, ``+`` at least once
``..``             up to three words between, within a clause; ``..5`` up to five
``...``            up to six words between, commas included; ``...9`` up to nine
``, : % &``        these marks (``\?``, ``\$``, ``\.`` for those that mean something here)
``^`` ``$``        the beginning and the end of the sentence
``!x``             the next word is not x
``name=x``         remember x for a rewording, which writes ``{name}``
``<x y>``          report only this part
=================  =============================================================================

Every choice is bounded, and a pattern that could try too many ways at one place is refused when
the rule is read, so no text makes a pattern run away.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from math import fsum

from kaplint.tokens import BREAK, PUNCTUATION, is_mark

__all__ = ["Compiled", "PatternError", "Vocabulary", "compile_pattern"]

MOST_WAYS = 60_000
MOST_REPEATS = 8

_SCAN = re.compile(
    r"\s+"
    r"|(?P<class>\{(?P<cname>[a-z0-9-]+)(?::(?P<form>[a-z]+))?\})"
    r"|(?P<forms>\[(?P<fword>[^\[\]\s]+)\])"
    r"|(?P<gap>\.\.\.?(?P<size>[0-9]*))"
    r"|(?P<name>[a-z][a-z_]*)=(?=\S)"
    r"|(?P<escape>\\.)"
    # A star at the beginning of a word is part of it, one behind something else repeats that.
    r"|(?P<glob>(?<![^\s(|<!=])\*[^\W_]+|[^\W_]+\*)"
    r"|(?P<open>\()|(?P<close>\))|(?P<bar>\|)|(?P<not>!)|(?P<quant>[?*+])"
    r"|(?P<left><)|(?P<right>>)|(?P<start>\^)|(?P<end>\$)"
    r"|(?P<word>[^\W_]+n't|'(?:s|ll|ve|re|m|d)\b|[^\W\d_][^\W_]*|[0-9]+(?:[.,][0-9]+)*)"
    r"|(?P<mark>--|[,;:%&#~@/£€\u2014\u2013\u2026])"
    r"|(?P<hyphen>-)"
    r"|(?P<bad>.)",
    re.DOTALL,
)
_ONE_WORD = re.compile(r"[^\W\d_][^\W_]*")
_FORMS = ("base", "s", "past", "participle", "ing", "one", "many")


class PatternError(ValueError):
    """A pattern is wrong; the text says what and where in it."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the pattern compiler asks of the vocabulary.

    ``tag(name, form)`` gives the private-use characters of a class: of a term's first word, and of
    its further words ("" where all terms are single words). It raises KeyError for an unknown
    class. ``forms(word)`` gives every form of a word; ``shape(name)`` the pattern that a class is
    short for, or None; ``glob(start, end)`` the character of a word ending or beginning;
    ``weight(key)`` how common a word or a class is in clinic copy. ``compiled`` is where the compiler
    keeps what it made of those shapes.
    """

    tag: Callable[[str, str], tuple[str, str]]
    forms: Callable[[str], list[str]]
    shape: Callable[[str], str | None]
    glob: Callable[[str, str], str]
    weight: Callable[[str], float]
    compiled: dict[str, _Node]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A pattern as the engine runs it.

    ``regex`` runs over a tagged sentence; ``needs`` holds sets of keys (words or class characters),
    rarest first: every match holds at least one key of each set. ``groups`` are the remembered
    names.
    """

    regex: str
    needs: tuple[tuple[str, ...], ...]
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Node:
    regex: str
    needs: tuple[frozenset[str], ...]
    # How many ways there can be to match it at one place of one text. Alternatives that begin with
    # different words exclude each other, so a long list of words is still one way.
    ways: int
    empty: bool  # may match nothing
    first: frozenset[str] | None = frozenset()  # the words it may begin with; None: who knows
    loose: bool = False  # a repeat, perhaps with things that may be left out: not to be repeated
    words: tuple[str, ...] = ()  # one token, one of these words, and nothing else


_SILENT = _Node("", (), 1, True)


def _exclusive(branches: list[_Node]) -> int:
    """Return how many ways alternatives have together: most by one first word, and all others."""
    by_word: dict[str, int] = {}
    others = 0
    for branch in branches:
        if branch.first:
            for word in branch.first:
                by_word[word] = by_word.get(word, 0) + branch.ways
        else:
            others += branch.ways
    return max(by_word.values(), default=0) + others


def _token(words: Iterable[str]) -> str:
    """Return the expression for one token that is one of some words."""
    escaped = [re.escape(word) for word in dict.fromkeys(words)]
    body = escaped[0] if len(escaped) == 1 else f"(?:{'|'.join(escaped)})"
    return f" [^ /]*/{body}(?= )"


def _joined(branches: list[_Node]) -> Iterator[str]:
    """Yield the expressions of alternatives, words that stand side by side as one: its tags are read once."""
    words: list[str] = []
    for branch in branches:
        if branch.words:
            words += branch.words
            continue
        if words:
            yield _token(words)
            words = []
        yield branch.regex
    if words:
        yield _token(words)


def _begins(nodes: list[_Node]) -> frozenset[str] | None:
    """Return the words that a sequence may begin with, or None where it may be any."""
    found: frozenset[str] = frozenset()
    for node in nodes:
        if node.first is None:
            return None
        found |= node.first
        if not node.empty:
            return found
    return None


class _Parser:
    def __init__(self, pattern: str, vocabulary: Vocabulary, depth: int = 0) -> None:
        self.pattern = pattern
        self.vocabulary = vocabulary
        self.depth = depth
        self.items = [
            (match.lastgroup or "", match)
            for match in _SCAN.finditer(pattern)
            if match.lastgroup is not None
        ]
        self.at = 0
        self.groups: list[str] = []
        self.spans = 0

    def fail(self, what: str) -> PatternError:
        place = self.items[self.at][1].start() if self.at < len(self.items) else len(self.pattern)
        return PatternError(f"{what}, at character {place + 1} of '{self.pattern}'")

    def peek(self) -> str:
        return self.items[self.at][0] if self.at < len(self.items) else ""

    def alternatives(self) -> _Node:
        branches = [self.sequence()]
        while self.peek() == "bar":
            self.at += 1
            branches.append(self.sequence())
        if len(branches) == 1:
            return branches[0]
        needs: tuple[frozenset[str], ...] = ()
        if all(branch.needs for branch in branches):
            rarest = [
                min(b.needs, key=self.common) if b.needs[1:] else b.needs[0] for b in branches
            ]
            needs = (frozenset().union(*rarest),)
        return _Node(
            "(?:" + "|".join(_joined(branches)) + ")",
            needs,
            _exclusive(branches),
            any(branch.empty for branch in branches),
            None
            if any(branch.first is None for branch in branches)
            else frozenset().union(*(branch.first or () for branch in branches)),
            any(branch.loose for branch in branches),
            tuple(word for branch in branches for word in branch.words)
            if all(branch.words for branch in branches)
            else (),
        )

    def common(self, keys: frozenset[str]) -> tuple[float, list[str]]:
        """Return how common a set of keys is, and what tells equals apart."""
        return fsum(map(self.vocabulary.weight, keys)), sorted(keys)

    def sequence(self) -> _Node:
        nodes = []
        while self.peek() not in ("", "bar", "close", "right"):
            nodes.append(self.item())
        if not nodes:
            raise self.fail("nothing stands here")
        if len(nodes) == 1 and nodes[0].words:
            return nodes[0]
        ways = 1
        for node in nodes:
            ways *= node.ways
        return _Node(
            "".join(node.regex for node in nodes),
            tuple(need for node in nodes for need in node.needs),
            ways,
            all(node.empty for node in nodes),
            _begins(nodes),
            all(node.empty or node.loose for node in nodes),
        )

    def item(self) -> _Node:
        if self.peek() in ("", "bar", "close", "right"):
            raise self.fail("nothing stands here")
        kind, match = self.items[self.at]
        if kind == "not":
            self.at += 1
            node = self.item()
            return _Node(f"(?!{node.regex})", (), 1, True)
        if kind == "name":
            self.at += 1
            name = match["name"]
            if name in self.groups:
                raise self.fail(f"the name '{name}' stands twice")
            self.groups.append(name)
            node = self.item()
            return replace(node, regex=f"(?P<{name}>{node.regex})", words=())
        node = self.atom()
        while self.peek() == "quant":
            quant = self.items[self.at][1]["quant"]
            self.at += 1
            if node.empty:
                raise self.fail("only something that is not empty can be repeated or left out")
            if quant == "?":
                node = _Node(f"(?:{node.regex})?", (), node.ways + 1, True, node.first, node.loose)
            else:
                if node.loose:
                    self.at -= 1
                    raise self.fail("a repeat of a repeat can be cut up in too many ways")
                least = 1 if quant == "+" else 0
                node = _Node(
                    f"(?:{node.regex}){{{least},{MOST_REPEATS}}}",
                    node.needs if least else (),
                    # Repeats of one thing are matched greedily and seldom given back.
                    node.ways * 3,
                    not least,
                    node.first,
                    loose=True,
                )
        return node

    def atom(self) -> _Node:
        kind, match = self.items[self.at]
        self.at += 1
        if kind == "word":
            return self.word(match.group().lower())
        if kind in ("mark", "escape"):
            mark = match.group().removeprefix("\\")
            if kind == "escape" and not is_mark(mark):
                self.at -= 1
                raise self.fail(
                    f"'{match.group()}' is no mark of punctuation that texts are cut at"
                )
            return self.word("\u2044" if mark == "/" else mark)
        if kind == "hyphen":
            return _SILENT
        if kind == "class":
            return self.named(match["cname"], match["form"] or "")
        if kind == "forms":
            return self.forms(match["fword"].lower())
        if kind == "glob":
            start, _, end = match.group().lower().partition("*")
            tag = self.vocabulary.glob(start, end)
            return _Node(f" [^ /]*{tag}[^ ]*", (frozenset(tag),), 1, False, None)
        if kind == "gap":
            wide = match.group().startswith("...")
            most = int(match["size"] or (6 if wide else 3))
            if most > 20:
                self.at -= 1
                raise self.fail("a gap may be at most 20 words")
            stop = BREAK if wide else PUNCTUATION
            return _Node(f"(?: [^ /{stop}]*/[^ ]+){{0,{most}}}?", (), most + 1, True, None)
        if kind == "open":
            node = self.alternatives()
            if self.peek() != "close":
                raise self.fail("a ( has no )")
            self.at += 1
            return replace(node, regex=f"(?:{node.regex})")
        if kind == "left":
            self.spans += 1
            node = self.alternatives()
            if self.peek() != "right":
                raise self.fail("a < has no >")
            self.at += 1
            if self.spans > 1:
                raise self.fail("only one part can be marked < >")
            return replace(node, regex=f"(?P<_span>{node.regex})", words=())
        if kind == "start":
            return _Node(rf"\A(?: [^ /]*{PUNCTUATION}[^ ]*)*", (), 1, True)
        if kind == "end":
            return _Node(rf"(?=(?: [^ /]*{PUNCTUATION}[^ ]*)* \Z)", (), 1, True)
        self.at -= 1
        raise self.fail(f"'{match.group()}' means nothing here")

    def word(self, word: str) -> _Node:
        only = frozenset((word,))
        return _Node(_token((word,)), (only,), 1, False, only, words=(word,))

    def forms(self, word: str) -> _Node:
        if not _ONE_WORD.fullmatch(word):
            self.at -= 1
            raise self.fail(f"[{word}] takes one word, without hyphen or mark")
        forms = frozenset(self.vocabulary.forms(word))
        words = tuple(sorted(forms, key=lambda f: (-len(f), f)))
        return _Node(_token(words), (forms,), 1, False, forms, words=words)

    def named(self, name: str, form: str) -> _Node:
        if form and form not in _FORMS:
            self.at -= 1
            raise self.fail(f"no such form: {form} (there are {', '.join(_FORMS)})")
        shape = self.vocabulary.shape(name)
        if shape is not None:
            if form:
                self.at -= 1
                raise self.fail(f"{{{name}}} is short for a pattern and has no forms")
            known = self.vocabulary.compiled.get(name)
            if known is not None:
                return known
            if self.depth > 6:
                raise self.fail(f"{{{name}}} stands for itself")
            inner = _Parser(shape, self.vocabulary, self.depth + 1)
            node = inner.whole()
            if inner.groups or inner.spans:
                raise self.fail(f"{{{name}}} may not hold names or < >")
            made = replace(node, regex=f"(?:{node.regex})")
            self.vocabulary.compiled[name] = made
            return made
        try:
            begin, inside = self.vocabulary.tag(name, form)
        except KeyError as error:
            self.at -= 1
            raise self.fail(str(error.args[0])) from None
        tail = f"(?: [^ /]*{inside}[^ ]*)*" if inside else ""
        return _Node(f" [^ /]*{begin}[^ ]*{tail}", (frozenset(begin),), 1, False, None)

    def whole(self) -> _Node:
        node = self.alternatives()
        if self.at < len(self.items):
            raise self.fail("a ) or > has no beginning")
        return node


def compile_pattern(
    pattern: str, vocabulary: Vocabulary, *, may_be_empty: bool = False
) -> Compiled:
    """Compile one pattern.

    Raises PatternError where it is wrong, could match nothing, or could try too many ways.
    """
    parser = _Parser(pattern, vocabulary)
    node = parser.whole()
    if node.empty and not may_be_empty:
        message = f"'{pattern}' could match nothing at all"
        raise PatternError(message)
    if node.ways > MOST_WAYS:
        message = (
            f"'{pattern}' could try {node.ways:,} ways at one place (at most {MOST_WAYS:,}): "
            "shorten its gaps or split it"
        )
        raise PatternError(message)
    needs = tuple(tuple(sorted(keys)) for keys in sorted(node.needs, key=parser.common)[:3])
    return Compiled(node.regex, needs, tuple(parser.groups))
