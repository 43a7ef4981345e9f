"""Plain text: a block for each line, or for each paragraph where an editor has wrapped the lines.

A line is taken to go on in the next one when both look like the text of one sentence: the first
is about as long as wrapped lines are and ends no sentence, the second starts with a small letter,
or with a word that had no room in the line before. The line end is then a space in the prose, so
that a claim that runs over it is found.
"""

from __future__ import annotations

from itertools import pairwise

from kaplint.lazy import lazy
from kaplint.model import Block, Piece, Prose

__all__ = ["read"]

# A line without the blanks around it. No part matches what its neighbour does.
_LINE = lazy("([ \t\xa0]*)([^\r\n\f\v\u2028\u2029]*)(\r\n|[\r\n\f\v\u2028\u2029]|\\Z)")
_BLANKS = " \t\xa0"
_ITEM = lazy(
    r"(?:[-*+\u2022\u00b7\u2013\u2014\u25aa\u25cf\u25e6\u2023]|[0-9]{1,3}[.)]|\([0-9]{1,3}\)"
    r"|[A-Za-z]\))[ \t\xa0]+(?=[^ \t\xa0])|[\u2022\u00b7\u25aa\u25cf\u25e6\u2023](?=\w)"
)
_CLOSED = lazy(r"""[.!?:;\u2026][)\]"'\u2019\u201d*]*(?:[ ]?[(\[][0-9, \u2013-]+[)\]])?\Z""")
_WORD = lazy(r"\S+")
_HYPHENATED = lazy(r"[^\W\d_]-\Z")
_SHORTEST_WRAPPED = 50
_LONGEST_WRAPPED = 100
_LONGEST_HEADING = 11

# Where a line's text starts and ends, and how far it is indented, its marker included.
_Row = tuple[int, int, int, bool]


class _Text:
    """The prose as it grows."""

    __slots__ = ("blocks", "parts", "pieces", "size", "source")

    def __init__(self, source: str) -> None:
        """Start with nothing."""
        self.source = source
        self.parts: list[str] = []
        self.pieces: list[Piece] = []
        self.blocks: list[Block] = []
        self.size = 0

    def paragraph(self, rows: list[_Row], *, is_last: bool) -> None:
        """Write rows that no empty line parts, those that belong together as one block."""
        count = len(rows)
        if count == 1:
            self.block(rows, is_last=is_last)
            return
        source = self.source
        goes_on = [_goes_on(source, one, two) for one, two in pairwise(rows)]
        width = 0
        if "small" in goes_on:
            width = max(end - start + indent for start, end, indent, _ in rows)
        first = 0
        for index, how in enumerate(goes_on):
            joined = how == "small"
            if how == "maybe" and _SHORTEST_WRAPPED <= width <= _LONGEST_WRAPPED:
                start, end, indent, _ = rows[index]
                word = _WORD.match(source, rows[index + 1][0])
                room = width - (end - start + indent)
                joined = word is not None and word.end() - word.start() + 1 > room
            if not joined:
                self.block(rows[first : index + 1], is_last=False)
                first = index + 1
        self.block(rows[first:], is_last=is_last)

    def block(self, rows: list[_Row], *, is_last: bool) -> None:
        """Write rows as one block."""
        source = self.source
        if self.parts:
            self.parts.append("\n")
            self.size += 1
        start = self.size
        before = -1
        for first, last, _, _ in rows:
            if before >= 0 and not _HYPHENATED.search(source, before - 2, before):
                self.parts.append(" ")
                self.pieces.append(Piece(self.size, self.size + 1, before, first))
                self.size += 1
            self.parts.append(source[first:last])
            self.pieces.append(Piece(self.size, self.size + last - first, first, last))
            self.size += last - first
            before = last
        first, last, _, is_item = rows[0]
        role = "paragraph"
        if is_item:
            role = "list-item"
        elif len(rows) == 1 and not is_last and _is_heading(source, first, last):
            role = "heading"
        self.blocks.append(Block(start, self.size, role))


def _goes_on(source: str, one: _Row, two: _Row) -> str:
    """Tell whether a row goes on in the next: "small" for yes, "maybe", or "" for no."""
    start, end, indent, is_item = one
    length = end - start + indent
    if two[3] or length > _LONGEST_WRAPPED:
        return ""
    small = source[two[0]].islower()
    if is_item and small and two[2] >= indent and not _CLOSED.search(source, end - 12, end):
        return "small"
    if length < _SHORTEST_WRAPPED or _CLOSED.search(source, max(start, end - 12), end):
        return ""
    return "small" if small else "maybe"


def _is_heading(source: str, start: int, end: int) -> bool:
    """Tell whether a line is short and has no closing punctuation."""
    if source[end - 1] in ".!?:;,\u2026" or end - start > _LONGEST_WRAPPED:
        return False
    return len(source[start:end].split()) <= _LONGEST_HEADING


def read(source: str) -> Prose:
    """Return the prose of a plain text."""
    text = _Text(source)
    rows: list[_Row] = []
    for match in _LINE.finditer(source, 1 if source.startswith("\ufeff") else 0):
        start, end = match.span(2)
        if start == end:
            if rows:
                text.paragraph(rows, is_last=match.end() == len(source) and not match[3])
                rows = []
            continue
        line = match[2]
        bare = line.rstrip(_BLANKS)
        indent = start - match.start()
        end = start + len(bare)
        item = _ITEM.match(source, start, end)
        if item:
            indent += item.end() - start
            start = item.end()
        rows.append((start, end, indent, item is not None))
    if rows:
        text.paragraph(rows, is_last=True)
    return Prose("".join(text.parts), tuple(text.pieces), tuple(text.blocks))
