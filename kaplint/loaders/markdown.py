"""Markdown as clinic sites write it: CommonMark, GitHub tables and notes, front matter, templates.

One pass over the lines finds the blocks, a second reads each block's inline markup. The inline
pass never builds text: it lists *cuts*, stretches of a block that are not prose (``**``, a code
span) or stand for other characters (``&amp;``, a line end). What no cut covers is prose, letter
for letter, so every place is exact. Nothing recurses, and each scan that can fail remembers that
it failed, so the time grows with the length of the page whatever stands in it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise

from kaplint.lazy import lazy
from kaplint.model import Block, Mark, Piece, Prose

__all__ = ["read"]

# A cut: where it starts and ends in the block's text, the prose that it stands for, what it is,
# and what goes with that.
_Cut = tuple[int, int, str, int, object]
_PLAIN, _GAP, _URL, _COMMENT, _FOOTNOTE, _OPEN, _CLOSE, _IMAGE = range(8)

# An open container: the indent that keeps a line inside (0 for a block quote), the role of its
# paragraphs, how many block quotes are open with it, and the footnote that it is part of.
_Box = tuple[int, str, int, str]

_LINE = lazy(r"([ \t]*)([^\r\n]*)(?:\r\n?|\n|\Z)")
_BLANKS = lazy(r"[ \t]*")
_SPACES = lazy(r"[ \t\r\n]*")
# Characters without width, and all runs that are not prose as they stand: several blanks, one that
# is no space, and any without width.
_NO_WIDTH = "\0\xad\u200b\u200c\u2060\ufeff"
_ODD = lazy(
    f"[{_NO_WIDTH}]+[ \t\xa0][ \t\xa0{_NO_WIDTH}]*|[ \t\xa0][ \t\xa0{_NO_WIDTH}]+|[\t\xa0]"
    f"|[{_NO_WIDTH}]+"
)
_MARGIN = " \t\xa0" + _NO_WIDTH
_BREAK = lazy(r"(?:\r\n?|\n)[ \t]*")

_ATX = lazy(r"#{1,6}(?=[ \t]|\Z)")
_ITEM = lazy(r"(?:[-+*]|(\d{1,9})[.)])(?=[ \t]|\Z)")
_TASK = lazy(r"\[[ xX]\](?=[ \t])[ \t]*")
_FENCE = lazy(r"`{3,}(?=[^`]*\Z)|~{3,}")
_FENCE_END = lazy(r"(`{3,}|~{3,})[ \t]*\Z")
_RULER = lazy(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?\Z")
_PIPE = lazy(r"\\.|\|")
_NOTE = lazy(r"\[\^([^\]\[\s]{1,200})\]:[ \t]*")
_NOTE_USE = lazy(r"\[\^([^\]\[\s]{1,200})\]")
_IMPORT = lazy(
    r"""import\s+(?:[^'"\r\n]*?\sfrom\s+)?['"][^'"\r\n]+['"];?[ \t]*\Z"""
    r"""|import\s+(?:type\s+)?\{[^}\r\n]*\Z"""
)
_EXPORT = lazy(
    r"export\s+(?:default|const|let|var|function|async|class|type|interface)\b|export\s*\{"
)
_BLOCK_TAGS = (
    "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details"
    "|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head"
    "|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p"
    "|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul"
)
_BLOCK_TAG = lazy(rf"(?:{_BLOCK_TAGS})\Z")
_HTML = lazy(
    r"<(?:(?P<raw>script|pre|style|textarea)(?=[\s>]|\Z)|(?P<comment>!--)|(?P<process>\?)"
    rf"|(?P<data>!\[CDATA\[)|(?P<declare>![a-z])|/?(?P<block>{_BLOCK_TAGS})(?=[\s/>]|\Z))",
    re.IGNORECASE,
)
_HTML_ENDS = {
    "raw": lazy(r"</(?:script|pre|style|textarea)>", re.IGNORECASE),
    "comment": lazy("-->"),
    "process": lazy(r"\?>"),
    "data": lazy(r"\]\]>"),
    "declare": lazy(">"),
    "block": None,
}
_MDX_END = lazy(r"\*/\}")
_DARK = lazy(
    r"\{%-?\s*(comment|highlight|schema|style|stylesheet|javascript)\b"
    r"|\{\{[<%]\s*(highlight|comment)\b"
)
_TAG = lazy(
    r"<(/?)([A-Za-z][A-Za-z0-9:._-]*)(?=[\s/>])"
    r"""([^<>"'{]*(?:(?:"[^"]*"|'[^']*'|\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\})[^<>"'{]*)*)>"""
)
_LONE_TAG = lazy(_TAG.pattern + r"[ \t]*\Z")
_ATTRIBUTE = lazy(r"""(?<![\w-])(alt|title|href)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_DECLARATION = lazy(r"<![A-Za-z][^<>]*>|<\?[^<>]*\?>|<!\[CDATA\[[^<>]*\]\]>")
_AUTOLINK = lazy(r"<([A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*|[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+)>")

# A colon is here for "https://", a brace for templates and the comments of MDX.
_TOKEN = lazy(r"[\\`*_~\[\]<&\n\r{:]")
_TOKEN_WWW = lazy(r"[\\`*_~\[\]<&\n\r{:]|www\.")
_TICKS = lazy(r"`+")
_ENTITY = lazy(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_SMALL = lazy(r"\\[!-/:-@\[-`{-~]|\\?(?:\r\n?|\n)[ \t]*|" + _ENTITY.pattern)
_SCHEME = lazy(r"(?:https?|ftp)\Z", re.IGNORECASE)
_URL_REST = lazy(r"[^\s<>\[\]|`]*")
_ANGLED = lazy(r"<([^<>\\\r\n]*(?:\\.[^<>\\\r\n]*)*)>")
_BARE_STOP = lazy(r"[()\\\s]")
_TITLE_TEXT = (
    r"""(?:"([^"\\]*(?:\\.[^"\\]*)*)"|'([^'\\]*(?:\\.[^'\\]*)*)'|\(([^()\\]*(?:\\.[^()\\]*)*)\))"""
)
_TITLE = lazy(_TITLE_TEXT, re.DOTALL)
_LABEL = lazy(r"\[([^\[\]\\]{0,999}(?:\\.[^\[\]\\]{0,999})*)\]", re.DOTALL)
_DEFINITION = lazy(
    r"[ \t]*\[(?!\^)([^\[\]\\]*(?:\\.[^\[\]\\]*)*)\]:[ \t]*(?:(?:\r\n?|\n)[ \t]*)?"
    r"(?:<([^<>\r\n]*)>|([^\s<]\S*))"
    rf"(?:(?:[ \t]*(?:\r\n?|\n)[ \t]*|[ \t]+){_TITLE_TEXT})?[ \t]*(?:\r\n?|\n|\Z)",
    re.DOTALL,
)
_ESCAPED = lazy(r"\\([!-/:-@\[-`{-~])")
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_ENTITIES = {
    "&amp;": "&",
    "&lt;": "<",
    "&gt;": ">",
    "&quot;": '"',
    "&apos;": "'",
    "&#39;": "'",
    "&nbsp;": " ",
    "&ndash;": "\u2013",
    "&mdash;": "\u2014",
    "&lsquo;": "\u2018",
    "&rsquo;": "\u2019",
    "&ldquo;": "\u201c",
    "&rdquo;": "\u201d",
    "&hellip;": "\u2026",
    "&copy;": "\u00a9",
    "&reg;": "\u00ae",
    "&trade;": "\u2122",
}
_DEEPEST_PARENTHESES = 32
_CODE_INDENT = 4
_NOTE_INDENT = 4


class _Lines:
    """Where the joined lines of a quoted paragraph stand in the source."""

    __slots__ = ("shifts", "starts")

    def __init__(self, starts: list[int], shifts: list[int]) -> None:
        """Keep, for each line, where it starts in the joined text and how far it was moved."""
        self.starts = starts
        self.shifts = shifts

    def source(self, at: int) -> int:
        """Return the source offset of a character of the joined text."""
        return at + self.shifts[bisect_right(self.starts, at) - 1]


# The text of one block: its role, its characters, where they are from (the shift when they lie
# together in the source), where in them to begin, and the footnote that it is part of.
_Leaf = tuple[str, str, "int | _Lines", int, str]


class _Page:
    """The prose as it grows."""

    __slots__ = ("blocks", "marks", "parts", "pieces", "size")

    def __init__(self) -> None:
        """Start with nothing."""
        self.parts: list[str] = []
        self.pieces: list[Piece] = []
        self.blocks: list[Block] = []
        self.marks: list[Mark] = []
        self.size = 0

    def prose(self) -> Prose:
        """Return what was written."""
        return Prose("".join(self.parts), tuple(self.pieces), tuple(self.blocks), tuple(self.marks))

    def write(  # noqa: C901, PLR0912, PLR0915 - the one hot loop; a call for each cut costs a third
        self, leaf: _Leaf, end: int, cuts: list[_Cut]
    ) -> list[tuple[int, int, list[_Cut]]]:
        """Write a block: the text up to ``end`` without the cuts, which are in order.

        Returns the images that were left out: where the words of each start and end, and the
        cuts inside.
        """
        role, text, where, at, note = leaf
        lines = None if isinstance(where, int) else where
        shift = where if isinstance(where, int) else 0
        start = size = self.size + 1 if self.size else 0
        pieces: list[Piece] = []
        out: list[str] = []
        marks: list[Mark] = []
        images: list[tuple[int, int, list[_Cut]]] = []
        opened: list[tuple[int, int]] = []
        gap = (0, 0)
        spaced = True
        cuts.append((end, end, "", _PLAIN, None))
        for cut in cuts:
            first, last, new, kind, value = cut
            if first < at:
                if images:
                    images[-1][2].append(cut)
                continue
            if first > at:
                run = text[at:first]
                if spaced:
                    run = run.lstrip(_MARGIN)
                    at = first - len(run)
                if run:
                    source = lines.source(at) if lines else at + shift
                    if gap[1]:
                        if out and run[0].isalnum() and out[-1][-1].isalnum():
                            out.append(" ")
                            pieces.append(Piece(size, size + 1, *gap))
                            size += 1
                        gap = (0, 0)
                    if "  " in run or "\t" in run or "\0" in run or not run.isascii():
                        size = _squeeze(run, source, size, out, pieces)
                    else:
                        out.append(run)
                        pieces.append(Piece(size, size + len(run), source, source + len(run)))
                        size += len(run)
                    spaced = not out or out[-1][-1] == " "
            at = last
            if new and (new != " " or not spaced):
                here = lines.source(first) if lines else first + shift
                there = lines.source(last) if lines else last + shift
                out.append(new)
                pieces.append(Piece(size, size + len(new), here, there))
                size += len(new)
                spaced = new == " "
            if not kind or role == "alt":
                continue
            here = lines.source(first) if lines else first + shift
            there = lines.source(last) if lines else last + shift
            if kind == _OPEN:
                opened.append((size, here))
            elif kind == _CLOSE:
                if opened and isinstance(value, tuple):
                    before, here = opened.pop()
                    marks.append(Mark(value[0], before, size, here, there, value[1]))
            elif kind == _IMAGE:
                if isinstance(value, tuple):
                    images.append((value[0], value[1], []))
                    at = value[2]
            elif kind == _COMMENT:
                marks.append(Mark("comment", size, size, here, there, str(value)))
            elif kind == _FOOTNOTE:
                marks.append(Mark("footnote", size, size, here, there, str(value)))
            else:
                gap = (here, there)
                if kind == _URL:
                    marks.append(Mark("link", size, size, here, there, str(value)))
        if spaced and out:
            size -= 1
            piece = pieces.pop()
            out[-1] = out[-1][:-1]
            if out[-1]:
                pieces.append(Piece(piece.start, size, piece.source_start, piece.source_end - 1))
        if size == start:
            start = size = self.size
        elif self.size:
            self.parts.append("\n")
        for mark in marks:
            if mark.end > size:
                low = min(mark.start, size)
                self.marks.append(
                    Mark(mark.kind, low, size, mark.source_start, mark.source_end, mark.value)
                )
            else:
                self.marks.append(mark)
        if size > start:
            if note:
                span = (pieces[0].source_start, pieces[-1].source_end)
                self.marks.append(Mark("footnote-text", start, size, *span, note))
            self.parts += out
            self.pieces += pieces
            self.blocks.append(Block(start, size, role))
            self.size = size
        return images

    def write_plain(self, role: str, text: str, source: int) -> None:
        """Write a block that is prose, letter for letter."""
        start = self.size
        if start:
            self.parts.append("\n")
            start += 1
        self.size = end = start + len(text)
        self.parts.append(text)
        self.pieces.append(Piece(start, end, source, source + len(text)))
        self.blocks.append(Block(start, end, role))

    def embed(self, prose: Prose, shift: int) -> None:
        """Write what another loader made of the stretch of source that starts at ``shift``."""
        base = self.size
        if prose.text:
            if base:
                self.parts.append("\n")
                base += 1
            self.parts.append(prose.text)
            self.size = base + len(prose.text)
        self.pieces += [
            Piece(p.start + base, p.end + base, p.source_start + shift, p.source_end + shift)
            for p in prose.pieces
        ]
        self.blocks += [Block(b.start + base, b.end + base, b.role) for b in prose.blocks]
        self.marks += [
            Mark(
                m.kind,
                m.start + base,
                m.end + base,
                m.source_start + shift,
                m.source_end + shift,
                m.value,
            )
            for m in prose.marks
        ]


def _squeeze(run: str, source: int, size: int, out: list[str], pieces: list[Piece]) -> int:
    """Write a stretch of prose with each run of blanks as one space; return the new size.

    Soft hyphens and other characters without width are left out.
    """
    at = 0
    for match in _ODD.finditer(run):
        first, last = match.span()
        if first > at:
            out.append(run[at:first])
            pieces.append(Piece(size, size + first - at, source + at, source + first))
            size += first - at
        at = last
        if match[0].strip(_NO_WIDTH):
            out.append(" ")
            pieces.append(Piece(size, size + 1, source + first, source + last))
            size += 1
    if at < len(run):
        out.append(run[at:])
        pieces.append(Piece(size, size + len(run) - at, source + at, source + len(run)))
        size += len(run) - at
    return size


def _columns(source: str, start: int, end: int, column: int) -> int:
    """Return the column after some blanks, tabs being as wide as in CommonMark."""
    for char in source[start:end]:
        column += 4 - column % 4 if char == "\t" else 1
    return column


def _entity(text: str) -> str:
    """Return what a character reference stands for, or "" when there is no such reference."""
    known = _ENTITIES.get(text)
    if known is not None:
        return known
    from html import unescape  # The table of names is slow to import.

    new = unescape(text)
    return "" if new == text else " " if new == "\xa0" else new


def _address(text: str) -> str:
    """Return an address without its backslashes and character references."""
    if "\\" in text:
        text = _ESCAPED.sub(r"\1", text)
    if "&" in text:
        text = _ENTITY.sub(lambda match: _entity(match[0]) or match[0], text)
    return text


def _label(text: str) -> str:
    """Return the form of a link label by which labels are compared."""
    return " ".join(text.split()).casefold()


def _small_cuts(text: str, start: int, end: int, *, escapes: bool = True) -> list[_Cut]:
    """Return the cuts of a title or an attribute: escapes, references and line ends only."""
    cuts: list[_Cut] = []
    for match in _SMALL.finditer(text, start, end):
        new = match[0]
        if new[-1] in " \t\r\n":
            new = " "
        elif new[0] == "&":
            new = _entity(new)
        elif escapes:
            new = new[1:]
        else:
            continue
        if new:
            cuts.append((*match.span(), new, _PLAIN, None))
    return cuts


def _is_punctuation(char: str) -> bool:
    """Tell whether a character counts as punctuation beside an emphasis marker."""
    if char < "\x80":
        return char in _PUNCTUATION
    if char.isalnum() or char.isspace():
        return False
    from unicodedata import category  # Few pages need it.

    return category(char)[0] in "PS"


class _Notes:
    """What inline markup can refer to: the page's link definitions and the kind of page it is."""

    __slots__ = ("addresses", "footnotes", "is_template")

    def __init__(self, *, is_template: bool) -> None:
        """Start with no definitions."""
        self.addresses: dict[str, str] = {}
        self.footnotes: set[str] = set()
        self.is_template = is_template


class _Inline:
    """One block's inline markup, read from left to right into cuts."""

    __slots__ = (
        "at",
        "brackets",
        "closers",
        "cuts",
        "dead",
        "delimiters",
        "missing",
        "notes",
        "pending",
        "text",
        "titles",
    )

    def __init__(self, text: str, notes: _Notes) -> None:
        """Prepare to read ``text``."""
        self.text = text
        self.notes = notes
        self.cuts: list[_Cut] = []
        self.titles: list[tuple[int, int, bool]] = []
        # Markers of emphasis: character, place, how many are left, how many there were, and
        # whether they can open and close.
        self.delimiters: list[tuple[str, int, int, bool, bool]] = []
        # Open brackets: place, whether of an image, how many delimiters came before, and
        # whether another bracket opened inside.
        self.brackets: list[list[int]] = []
        self.dead = 0
        self.at = 0
        self.missing: set[str] = set()
        self.closers: dict[int, list[int]] | None = None
        self.pending: dict[str, tuple[int, str]] = {}

    def read(self, start: int) -> list[_Cut]:
        """Return the cuts of the text from ``start`` on, in order."""
        text = self.text
        self.at = start
        token = _TOKEN_WWW if "www." in text else _TOKEN
        readers = _READERS
        for match in token.finditer(text, start):
            at = match.start()
            if at >= self.at:
                readers[text[at]](self, at)
        if self.delimiters:
            self.emphasis(0)
        self.cuts.sort()
        return self.cuts

    def find(self, needle: str, start: int) -> int:
        """Find a string, remembering that it does not come any more."""
        if needle in self.missing:
            return -1
        at = self.text.find(needle, start)
        if at < 0:
            self.missing.add(needle)
        return at

    def line_end(self, at: int) -> None:
        """Read a line end: one space, with the blanks on both sides."""
        text = self.text
        first = at
        while first > self.at and text[first - 1] in " \t":
            first -= 1
        match = _BREAK.match(text, at)
        self.at = match.end() if match else at + 1
        self.cuts.append((first, self.at, " ", _PLAIN, None))

    def escape(self, at: int) -> None:
        """Read a backslash."""
        following = self.text[at + 1 : at + 2]
        if following in _PUNCTUATION and following:
            self.at = at + 2
            self.cuts.append((at, self.at, following, _PLAIN, None))
        elif following in ("\n", "\r"):
            match = _BREAK.match(self.text, at + 1)
            self.at = match.end() if match else at + 2
            self.cuts.append((at, self.at, " ", _PLAIN, None))

    def code(self, at: int) -> None:
        """Read a code span, or backticks that nothing closes."""
        if self.closers is None:
            # Every run of backticks by its length, the last one first.
            self.closers = {}
            for match in _TICKS.finditer(self.text):
                self.closers.setdefault(match.end() - match.start(), []).append(match.start())
            for starts in self.closers.values():
                starts.reverse()
        end = _skip(_TICKS, self.text, at)
        self.at = end
        starts = self.closers.get(end - at, [])
        while starts and starts[-1] < end:
            starts.pop()
        if starts:
            self.at = starts.pop() + end - at
            self.cuts.append((at, self.at, "", _GAP, None))

    def delimiter(self, at: int) -> None:
        """Read a run of stars, underscores or tildes."""
        text = self.text
        char = text[at]
        end = at + 1
        size = len(text)
        while end < size and text[end] == char:
            end += 1
        self.at = end
        before = text[at - 1] if at else " "
        after = text[end] if end < size else " "
        if before.isalnum() and after.isalnum():
            if char == "_":
                return
            self.delimiters.append((char, at, end - at, True, True))
            return
        quiet_before = before.isspace()
        quiet_after = after.isspace()
        mark_before = not quiet_before and _is_punctuation(before)
        mark_after = not quiet_after and _is_punctuation(after)
        left = not quiet_after and (not mark_after or quiet_before or mark_before)
        right = not quiet_before and (not mark_before or quiet_after or mark_after)
        if char == "_":
            opens = left and (not right or mark_before)
            closes = right and (not left or mark_after)
        else:
            opens, closes = left, right
        if opens or closes:
            self.delimiters.append((char, at, end - at, opens, closes))

    def emphasis(self, bottom: int) -> None:
        """Pair the markers from ``bottom`` on and cut those that have a partner."""
        delimiters = self.delimiters
        cuts = self.cuts
        # Openers still to be closed: index, characters left.
        openers: list[list[int]] = []
        floors: dict[tuple[str, bool, int], int] = {}
        for index in range(bottom, len(delimiters)):
            char, at, left, opens, closes = delimiters[index]
            was = left
            while closes and left:
                key = (char, opens, was if char == "~" else was % 3)
                floor = floors.get(key, -1)
                found = len(openers) - 1
                while found >= 0 and openers[found][0] >= floor:
                    other = delimiters[openers[found][0]]
                    if other[0] == char and _pairs(other, char, was, opens=opens):
                        break
                    found -= 1
                else:
                    floors[key] = index
                    break
                del openers[found + 1 :]
                opener = openers[found]
                width = was if char == "~" else 2 if left > 1 and opener[1] > 1 else 1
                end = other[1] + opener[1]
                cuts.append((end - width, end, "", _PLAIN, None))
                cuts.append((at, at + width, "", _PLAIN, None))
                opener[1] -= width
                at += width
                left -= width
                if not opener[1]:
                    openers.pop()
            if opens and left == was:
                openers.append([index, left])
            elif opens and left:
                # What is left of a run that has closed something may open: it starts later.
                delimiters[index] = (char, at, was, opens, closes)
                openers.append([index, left])
        del delimiters[bottom:]

    def bracket(self, at: int) -> None:
        """Read an opening bracket: of a link, an image or a footnote reference."""
        text = self.text
        if text.startswith("^", at + 1):
            match = _NOTE_USE.match(text, at)
            if match and (
                not text.startswith("(", match.end()) or match[1] in self.notes.footnotes
            ):
                self.at = match.end()
                self.cuts.append((at, self.at, "", _FOOTNOTE, match[1]))
                return
        image = at > self.at and text[at - 1] == "!"
        if self.brackets:
            self.brackets[-1][3] = 1
        self.brackets.append([at - image, int(image), len(self.delimiters), 0])
        self.at = at + 1

    def unbracket(self, at: int) -> None:
        """Read a closing bracket: with what follows it may end a link or an image."""
        self.at = at + 1
        if not self.brackets:
            return
        start, image, depth, inner = self.brackets.pop()
        dead = len(self.brackets) < self.dead
        self.dead = min(self.dead, len(self.brackets))
        if dead and not image:
            return
        text = self.text
        inside = start + 1 + image
        tail = self.tail(at + 1) if text.startswith("(", at + 1) else None
        if tail is None and self.notes.addresses:
            tail = self.reference(at, inside, inner=bool(inner))
        if tail is None:
            return
        address, end = tail
        if len(self.delimiters) > depth:
            self.emphasis(depth)
        if image:
            self.cuts.append((start, inside, "", _IMAGE, (inside, at, end)))
            self.cuts.append((at, end, "", _PLAIN, None))
        else:
            self.cuts.append((start, inside, "", _OPEN, None))
            self.cuts.append((at, end, "", _CLOSE, ("link", address)))
            self.dead = len(self.brackets)
        self.at = end

    def reference(self, at: int, inside: int, *, inner: bool) -> tuple[str, int] | None:
        """Return the address and the end of a link by label whose text ends at ``at``."""
        text = self.text
        end = at + 1
        match = _LABEL.match(text, end) if text.startswith("[", end) else None
        if match and match[1]:
            address = self.notes.addresses.get(_label(match[1]))
            return None if address is None else (address, match.end())
        if inner or at - inside > 999:  # The longest label of CommonMark.
            return None
        address = self.notes.addresses.get(_label(text[inside:at]))
        return None if address is None else (address, match.end() if match else end)

    def tail(self, at: int) -> tuple[str, int] | None:
        """Return the address and the end of the ``(...)`` of a link, if that is what it is."""
        text = self.text
        size = len(text)
        start = _skip(_SPACES, text, at + 1)
        angled = _ANGLED.match(text, start)
        if angled:
            address = angled[1]
            end = angled.end()
        else:
            end = _bare_end(text, start)
            if end < 0 or text.startswith("<", start):
                return None
            address = text[start:end]
        after = _skip(_SPACES, text, end)
        title = _TITLE.match(text, after) if after > end else None
        if title:
            after = _skip(_SPACES, text, title.end())
        if after >= size or text[after] != ")":
            return None
        if title:
            self.titles.append((title.start() + 1, title.end() - 1, True))
        return _address(address), after + 1

    def angle(self, at: int) -> None:
        """Read what ``<`` opens: an address, a comment or a tag."""
        text = self.text
        if text.startswith("<!--", at):
            end = self.find("-->", at + 2)
            if end >= 0:
                self.at = end + 3
                self.cuts.append((at, self.at, "", _COMMENT, text[at + 4 : end]))
            return
        match = _AUTOLINK.match(text, at)
        if match:
            self.at = match.end()
            self.cuts.append((at, self.at, "", _URL, match[1]))
            return
        match = _TAG.match(text, at)
        if match:
            self.at = match.end()
            self.tag(match)
            return
        match = _DECLARATION.match(text, at)
        if match:
            self.at = match.end()
            self.cuts.append((at, self.at, "", _PLAIN, None))

    def tag(self, match: re.Match[str]) -> None:
        """Read an inline tag."""
        start, end = match.span()
        name = match[2].lower()
        if match[1]:
            if name in self.pending and name in ("a", "sup"):
                index, value = self.pending.pop(name)
                first, last, _, _, _ = self.cuts[index]
                self.cuts[index] = (first, last, "", _OPEN, None)
                what = ("link", value) if name == "a" else ("superscript", "")
                self.cuts.append((start, end, "", _CLOSE, what))
                return
        elif name == "sup":
            self.pending[name] = (len(self.cuts), "")
        elif "=" in match[3]:
            for attribute in _ATTRIBUTE.finditer(self.text, match.start(3), match.end(3)):
                kind = attribute[1].lower()
                span = attribute.span(2 if attribute[2] is not None else 3)
                if kind == "title":
                    self.titles.append((*span, False))
                elif kind == "href" and name == "a":
                    self.pending[name] = (len(self.cuts), _address(self.text[slice(*span)]))
                elif kind == "alt" and name == "img":
                    self.cuts.append((start, span[0], "", _IMAGE, (*span, end)))
                    self.cuts += _small_cuts(self.text, *span, escapes=False)
                    return
        new = " " if name == "br" or _BLOCK_TAG.match(name) else ""
        self.cuts.append((start, end, new, _PLAIN, None))

    def ampersand(self, at: int) -> None:
        """Read a character reference."""
        match = _ENTITY.match(self.text, at)
        new = _entity(match[0]) if match else ""
        if match and new:
            self.at = match.end()
            self.cuts.append((at, self.at, new, _PLAIN, None))

    def brace(self, at: int) -> None:
        """Read a template tag or a comment of MDX."""
        text = self.text
        opening = text[at : at + 2]
        if opening == "{/" and text.startswith("*", at + 2):
            end = self.find("*/}", at + 3)
            if end >= 0:
                self.at = end + 3
                self.cuts.append((at, self.at, "", _COMMENT, text[at + 3 : end]))
        elif self.notes.is_template and opening in ("{{", "{%", "{#"):
            closing = "}}" if opening == "{{" else opening[1] + "}"
            end = self.find(closing, at + 2)
            if end < 0:
                return
            self.at = end + 2
            if text.startswith("{{{", at) and text.startswith("}", self.at):
                self.at += 1
            if opening == "{#":
                self.cuts.append((at, self.at, "", _COMMENT, text[at + 2 : end]))
            else:
                self.cuts.append((at, self.at, "", _GAP, None))

    def colon(self, at: int) -> None:
        """Read a colon, which may stand in a bare address."""
        text = self.text
        if not text.startswith("://", at):
            return
        scheme = _SCHEME.search(text, max(self.at, at - 5), at)
        if scheme:
            self.url(scheme.start(), at + 3)

    def www(self, at: int) -> None:
        """Read "www.", which may begin a bare address."""
        self.url(at, at + 4)

    def url(self, start: int, inside: int) -> None:
        """Read a bare address that starts at ``start`` and goes on after ``inside``."""
        text = self.text
        if start and text[start - 1].isalnum():
            return
        found = text[start : _skip(_URL_REST, text, inside)]
        while True:
            short = found.rstrip("?!.,:;*_~'\"\u2019\u201d")
            if short.endswith(")"):
                extra = short.count(")") - short.count("(")
                bare = short.rstrip(")")
                short = short[: max(len(bare), len(short) - extra)] if extra > 0 else short
            if short == found:
                break
            found = short
        end = start + len(found)
        if end > inside:
            self.at = end
            self.cuts.append((start, end, "", _URL, found))


_READERS = {
    "\n": _Inline.line_end,
    "\r": _Inline.line_end,
    "\\": _Inline.escape,
    "`": _Inline.code,
    "*": _Inline.delimiter,
    "_": _Inline.delimiter,
    "~": _Inline.delimiter,
    "[": _Inline.bracket,
    "]": _Inline.unbracket,
    "<": _Inline.angle,
    "&": _Inline.ampersand,
    "{": _Inline.brace,
    ":": _Inline.colon,
    "w": _Inline.www,
}


def _pairs(opener: tuple[str, int, int, bool, bool], char: str, size: int, *, opens: bool) -> bool:
    """Tell whether an opening run goes with a closing run of ``size`` characters."""
    if char == "~":
        return opener[2] == size and size < 3  # "~" or "~~".
    total = opener[2] + size
    return not ((opener[4] or opens) and total % 3 == 0 and (size % 3 or opener[2] % 3))


def _skip(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Return the end of what a pattern that may match nothing matches here."""
    match = pattern.match(text, at)
    return match.end() if match else at


def _bare_end(text: str, start: int) -> int:
    """Return the end of an address without ``<>``, or -1 when its parentheses are too deep."""
    depth = 0
    after = start
    for match in _BARE_STOP.finditer(text, start):
        at = match.start()
        if at < after:
            continue
        char = text[at]
        if char == "(":
            depth += 1
            if depth > _DEEPEST_PARENTHESES:
                return -1
        elif char == ")":
            if not depth:
                return at
            depth -= 1
        elif char == "\\":
            after = at + 2
        else:
            return -1 if depth else at
    return -1


class _Blocks:
    """The lines of a page, read into blocks."""

    __slots__ = (
        "closing",
        "columns",
        "hollow",
        "leaves",
        "lines",
        "notes",
        "paragraph",
        "source",
        "stack",
        "stop",
        "verbatim",
    )

    def __init__(self, source: str, notes: _Notes) -> None:
        """Prepare to read ``source``."""
        self.source = source
        self.notes = notes
        # Blocks of text, and stretches of HTML as (start, lines).
        self.leaves: list[_Leaf | tuple[int, list[tuple[int, int]]]] = []
        self.stack: list[_Box] = []
        self.paragraph: list[tuple[int, int]] = []
        self.columns = 0
        # How deep the stack was when an item without text began.
        self.hollow = 0
        # What the lines up to an end are: "", "fence", "html" or "skip".
        self.verbatim = ""
        self.stop: re.Pattern[str] | None = None
        self.closing = ""
        self.lines: list[tuple[int, int]] = []

    def read(self, at: int) -> None:
        """Read all lines from ``at`` on."""
        source = self.source
        for match in _LINE.finditer(source, at):
            start, first = match.span(1)
            end = match.end(2)
            if first == end:
                self.blank()
                continue
            if self.paragraph and not self.stack and source[first].isalpha() and not self.verbatim:
                self.paragraph.append((first, end))
                continue
            self.line(start, first, end)
        if self.verbatim:
            self.finish_verbatim()
        self.finish_paragraph()

    def blank(self, quotes: int = 0) -> None:
        """Read an empty line that stands in so many block quotes."""
        if self.paragraph:
            self.finish_paragraph()
        self.columns = 0
        if self.hollow:
            # An item that begins with an empty line ends with it when that is all it holds.
            if self.hollow == len(self.stack):
                self.stack.pop()
            self.hollow = 0
        if self.verbatim:
            left = bool(self.stack) and self.stack[-1][2] > quotes
            if left or (self.verbatim != "fence" and self.stop is None):
                self.finish_verbatim()

    def shut(self, matched: int) -> None:
        """End the paragraph and the containers that the line is not part of."""
        if self.paragraph:
            self.finish_paragraph()
        self.columns = 0
        del self.stack[matched:]

    def finish_paragraph(self, role: str = "") -> None:
        """Make the open paragraph a leaf."""
        lines = self.paragraph
        if not lines:
            return
        self.paragraph = []
        source = self.source
        start = lines[0][0]
        quotes = 0
        note = ""
        if self.stack:
            _, inner, quotes, note = self.stack[-1]
            role = role or inner
        end = lines[-1][1]
        text = ""
        where: int | _Lines = start
        if quotes and len(lines) > 1:
            parts = []
            starts = []
            shifts = []
            size = 0
            for first, last in lines:
                part = source[first:last].rstrip(" \t")
                parts.append(part)
                starts.append(size)
                shifts.append(first - size)
                size += len(part) + 1
            text = "\n".join(parts)
            where = _Lines(starts, shifts)
        else:
            text = source[start:end].rstrip(" \t")
        begin = 0
        if text[0] == "[" and "]:" in text:
            begin = self.definitions(text, where)
        if begin < len(text):
            self.leaves.append((role or "paragraph", text, where, begin, note))

    def definitions(self, text: str, where: int | _Lines) -> int:
        """Read the link definitions a paragraph begins with; return where its text begins."""
        at = 0
        match = _DEFINITION.match(text)
        while match and match[1].strip():
            address = match[2] if match[2] is not None else match[3]
            self.notes.addresses.setdefault(_label(match[1]), _address(address))
            for group in (4, 5, 6):
                if match[group]:
                    leaf = ("tooltip", text[: match.end(group)], where, match.start(group), "")
                    self.leaves.append(leaf)
            at = match.end()
            if at >= len(text):
                break
            match = _DEFINITION.match(text, at)
        return at

    def finish_verbatim(self) -> None:
        """End a stretch that is not read line by line."""
        if self.verbatim == "html":
            self.leaves.append((self.lines[0][0], self.lines))
        self.verbatim = ""
        self.lines = []

    def add(self, role: str, start: int, end: int) -> None:
        """Make a stretch of one line a leaf."""
        text = self.source[start:end].rstrip(" \t")
        if text:
            note = self.stack[-1][3] if self.stack else ""
            self.leaves.append((role, text, start, 0, note))

    def line(self, start: int, first: int, end: int) -> None:
        """Read a line that is not empty."""
        source = self.source
        self.hollow = 0
        column = first - start
        if column and "\t" in source[start:first]:
            column = _columns(source, start, first, 0)
        base = matched = quotes = 0
        for need, _, quotes_here, _ in self.stack:
            if need:
                if column - base < need:
                    break
                base += need
            else:
                if column - base >= _CODE_INDENT or source[first] != ">":
                    break
                first, column, base = self.after_mark(first + 1, end, column + 1)
                quotes = quotes_here
                if first == end:
                    self.blank(quotes)
                    return
            matched += 1
        if self.verbatim:
            if matched == len(self.stack):
                self.feed(first, end, column - base)
                return
            self.finish_verbatim()
        self.start(first, end, column, base, matched)

    def after_mark(self, at: int, end: int, column: int) -> tuple[int, int, int]:
        """Return the place of the first character after a quote mark, its column and the base."""
        first = _BLANKS.match(self.source, at, end).end()  # type: ignore[union-attr]
        if first == at:
            return first, column, column
        return first, _columns(self.source, at, first, column), column + 1

    def feed(self, first: int, end: int, indent: int) -> None:
        """Read a line inside a fence, a stretch of HTML or something to skip."""
        if self.verbatim == "fence":
            match = _FENCE_END.match(self.source, first, end)
            if match and indent < _CODE_INDENT and match[1].startswith(self.closing):
                self.verbatim = ""
            return
        self.lines.append((first, end))
        if self.stop is not None and self.stop.search(self.source, first, end):
            self.finish_verbatim()

    def start(  # noqa: C901 - one branch for each kind of line
        self, first: int, end: int, column: int, base: int, matched: int
    ) -> None:
        """Read what a line starts, its open containers read."""
        source = self.source
        # The last character of the line that a thematic break of this character cannot hold.
        foreign: dict[str, int] = {}
        while True:
            whole = matched == len(self.stack)
            if column - base >= _CODE_INDENT:
                if self.paragraph:
                    break
                self.shut(matched)
                return
            char = source[first]
            if char == ">":
                self.shut(matched)
                _, _, quotes, note = self.stack[-1] if self.stack else (0, "", 0, "")
                self.stack.append((0, "quote", quotes + 1, note))
                matched += 1
                first, column, base = self.after_mark(first + 1, end, column + 1)
                if first == end:
                    return
                continue
            if char in "-*_+=" or char.isdigit():
                if char in "-=" and whole and self.paragraph:
                    bar = source[first:end].rstrip(" \t")
                    if not bar.strip(char):
                        self.finish_paragraph("heading")
                        return
                    if char == "-" and "|" in bar and self.table(bar):
                        return
                if char in "-*_" and first >= foreign.get(char, 0):
                    rest = source[first:end]
                    other = rest.rstrip(char + " \t")
                    if not other and rest.count(char) > 2:  # Three make a rule.
                        self.shut(matched)
                        return
                    foreign[char] = first + len(other)
                item = _ITEM.match(source, first, end)
                if not item:
                    break
                after = _BLANKS.match(source, item.end(), end).end()  # type: ignore[union-attr]
                if whole and self.paragraph and (after == end or item[1] not in (None, "1")):
                    break
                self.shut(matched)
                wide = item.end() - first
                inside = column + wide
                there = _columns(source, item.end(), after, inside)
                # Five blanks or more: one of them is the marker's, the others indent code.
                gap = 1 if after == end or there - inside > _CODE_INDENT else there - inside
                need = column - base + wide + gap
                _, _, quotes, note = self.stack[-1] if self.stack else (0, "", 0, "")
                self.stack.append((need, "list-item", quotes, note))
                matched += 1
                if after == end:
                    self.hollow = matched
                    return
                base += need
                first, column = after, there
                task = _TASK.match(source, first, end)
                if task and task.end() < end:
                    first, column = task.end(), base
                    break
                continue
            if char == "[" and source.startswith("^", first + 1):
                found = _NOTE.match(source, first, end)
                if found:
                    self.shut(matched)
                    quotes = self.stack[-1][2] if self.stack else 0
                    self.notes.footnotes.add(found[1])
                    self.stack.append((_NOTE_INDENT, "paragraph", quotes, found[1]))
                    matched += 1
                    if found.end() == end:
                        return
                    first = found.end()
                    base = column
                    continue
            elif char in _LEAF_STARTS and self.leaf(char, first, end, matched):
                return
            break
        self.text(first, end, matched)

    def text(self, first: int, end: int, matched: int) -> None:
        """Read a line that starts nothing: of a paragraph, or a row of a table."""
        if self.paragraph:
            self.paragraph.append((first, end))
        elif self.columns and matched == len(self.stack):
            self.row(first, end)
        else:
            self.shut(matched)
            self.paragraph.append((first, end))

    def leaf(self, char: str, first: int, end: int, matched: int) -> bool:
        """Read a line that may start a block that holds no other; tell whether it does."""
        source = self.source
        if char == "#":
            match = _ATX.match(source, first, end)
            if not match:
                return False
            self.shut(matched)
            self.heading(match.end(), end)
        elif char in "`~":
            match = _FENCE.match(source, first, end)
            if not match:
                return False
            self.shut(matched)
            self.verbatim = "fence"
            self.closing = match[0]
        elif char == "<":
            return self.html(first, end, matched)
        elif char == "|":
            whole = bool(self.paragraph) and matched == len(self.stack)
            return whole and self.table(source[first:end].rstrip(" \t"))
        elif char == ":":
            if source.startswith(":::", first):
                # A directive: its name is no prose, its content is.
                self.shut(matched)
                return True
            whole = bool(self.paragraph) and matched == len(self.stack)
            bar = source[first:end].rstrip(" \t") if whole else ""
            return "|" in bar and self.table(bar)
        elif char == "{":
            if source.startswith("{/*", first):
                self.shut(matched)
                self.begin("html", _MDX_END, first, first + 3, end)
                return True
            match = _DARK.match(source, first, end) if self.notes.is_template else None
            if not match:
                return False
            self.shut(matched)
            name = match[1]
            stop = rf"\{{%-?\s*end{name}" if name else rf"\{{\{{[<%]\s*/\s*{match[2]}"
            self.begin("skip", re.compile(stop), first, match.end(), end)
        elif not self.paragraph and not self.stack:
            if _IMPORT.match(source, first, end):
                if "{" in source[first:end] and "}" not in source[first:end]:
                    self.begin("skip", None, first, end, end)
                return True
            if not _EXPORT.match(source, first, end):
                return False
            self.begin("skip", None, first, end, end)
        else:
            return False
        return True

    def heading(self, first: int, end: int) -> None:
        """Read an ATX heading after its marks, without the marks and names that may end it."""
        source = self.source
        first = _BLANKS.match(source, first, end).end()  # type: ignore[union-attr]
        text = source[first:end].rstrip(" \t")
        bare = text.rstrip("#")
        if not bare or bare[-1] in " \t":
            text = bare.rstrip(" \t")
        if text.endswith("}"):
            brace = text.rfind("{")
            if brace > 0 and text[brace + 1] in "#.":
                text = text[:brace]
        self.add("heading", first, first + len(text))

    def begin(
        self, kind: str, stop: re.Pattern[str] | None, first: int, inside: int, end: int
    ) -> None:
        """Begin a stretch that ends with the line that ``stop`` matches, or before a blank one."""
        self.verbatim = kind
        self.stop = stop
        self.lines.append((first, end))
        if stop is not None and stop.search(self.source, inside, end):
            self.finish_verbatim()

    def html(self, first: int, end: int, matched: int) -> bool:
        """Begin a block of HTML, if the line does."""
        source = self.source
        match = _HTML.match(source, first, end)
        if match:
            kind = match.lastgroup or "block"
            self.shut(matched)
            inside = first + 2 if kind == "comment" else match.end()
            self.begin("html", _HTML_ENDS[kind], first, inside, end)
            return True
        if self.paragraph or not _LONE_TAG.match(source, first, end):
            return False
        self.shut(matched)
        self.begin("html", None, first, first, end)
        return True

    def table(self, bar: str) -> bool:
        """Begin a table under its delimiter row, if the paragraph's last line is its header."""
        if not _RULER.match(bar):
            return False
        header = self.paragraph[-1]
        if "|" not in self.source[slice(*header)]:
            return False
        columns = len(self.cells(*header))
        inner = bar.strip(" \t")
        if columns != inner.removeprefix("|").removesuffix("|").count("|") + 1:
            return False
        self.paragraph.pop()
        self.finish_paragraph()
        self.columns = columns
        self.row(*header)
        return True

    def cells(self, first: int, end: int) -> list[tuple[int, int]]:
        """Return where the cells of a row are."""
        source = self.source
        while end > first and source[end - 1] in " \t":
            end -= 1
        if source[first] == "|":
            first += 1
        bounds = []
        for match in _PIPE.finditer(source, first, end):
            if match[0] == "|":
                bounds.append((first, match.start()))
                first = match.end()
        if first < end or not bounds:
            bounds.append((first, end))
        return bounds

    def row(self, first: int, end: int) -> None:
        """Read the cells of a row."""
        source = self.source
        for start, stop in self.cells(first, end)[: self.columns]:
            inside = _BLANKS.match(source, start, stop).end()  # type: ignore[union-attr]
            self.add("table-cell", inside, stop)


_LEAF_STARTS = frozenset("#`~<|:{ie")


def _write_text(page: _Page, leaf: _Leaf, notes: _Notes) -> None:
    """Write a block of text, then the images and titles that were in it."""
    role, text, where, begin, note = leaf
    if role == "tooltip":
        page.write(leaf, len(text), _small_cuts(text, begin, len(text)))
        return
    if not _TOKEN.search(text, begin) and "www." not in text:
        if (
            not (begin or note)
            and text.isascii()
            and isinstance(where, int)
            and not ("  " in text or "\t" in text or "\0" in text)
        ):
            page.write_plain(role, text, where)
        else:
            page.write(leaf, len(text), [])
        return
    inline = _Inline(text, notes)
    for first, last, cuts in page.write(leaf, len(text), inline.read(begin)):
        inside = [cut for cut in cuts if first <= cut[0] < last]
        page.write(("alt", text, where, first, ""), last, inside)
    for first, last, escapes in sorted(inline.titles):
        cuts = _small_cuts(text, first, last, escapes=escapes)
        page.write(("tooltip", text, where, first, ""), last, cuts)


def _write_html(page: _Page, source: str, lines: list[tuple[int, int]]) -> None:
    """Write a stretch of HTML."""
    start = lines[0][0]
    end = lines[-1][1]
    stretch = source[start:end]
    if ">" in "".join(source[one[1] : two[0]] for one, two in pairwise(lines)):
        # In a block quote: the marks become blanks, so that every offset stays.
        parts = []
        at = start
        for first, last in lines:
            parts += [" " * (first - at), source[first:last]]
            at = last
        stretch = "".join(parts)
    bare = stretch.rstrip(" \t")
    for opening, closing in (("<!--", "-->"), ("{/*", "*/}")):
        if bare.startswith(opening):
            at = bare.find(closing, 2)
            # A comment that nothing closes goes on to the end, as in a browser.
            stop = at if at >= 0 else len(bare)
            inner = bare[len(opening) : stop]
            end = start + min(stop + 3, len(bare))
            page.marks.append(Mark("comment", page.size, page.size, start, end, inner))
            start = end
            stretch = stretch[stop + 3 :]
            if not stretch.strip():
                return
            break
    from kaplint.loaders import html  # Many pages hold no HTML.

    page.embed(html.read(stretch), start)


# Front matter.

_YAML = lazy(r"---[ \t]*(?:\r\n?|\n)")
_TOML = lazy(r"\+\+\+[ \t]*(?:\r\n?|\n)")
_YAML_END = lazy(r"(?:\r\n?|\n|^)(?:---|\.\.\.)[ \t]*(?=\r|\n|\Z)")
_TOML_END = lazy(r"(?:\r\n?|\n|^)\+\+\+[ \t]*(?=\r|\n|\Z)")
_YAML_KEY = lazy(
    r"""((?:-[ \t]+)*)(["']?)([A-Za-z_][\w.-]*(?::[\w-]+)*)\2[ \t]*:(?=[ \t\r\n]|\Z)[ \t]*"""
)
_YAML_LIKE = lazy(r"(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n?|\n))*[ \t]*(?:-[ \t]|[^\s:#][^:\r\n]*:)")
_TOML_KEY = lazy(r"""["']?([A-Za-z_][\w.:-]*)["']?[ \t]*=[ \t]*""")
_TOML_TABLE = lazy(r"\[\[?[ \t]*([\w.\"' -]+?)[ \t]*\]\]?")
_HUMP = lazy(r"(?<=[a-z])(?=[A-Z])")
_SCALAR_HEAD = lazy(r"[|>][0-9+-]{0,2}[ \t]*(?:#[^\r\n]*)?\Z")
_DOUBLE = lazy(r'"([^"\\]*(?:\\.[^"\\]*)*)"', re.DOTALL)
_SINGLE = lazy(r"'([^']*(?:''[^']*)*)'")
_TRIPLE = lazy(r'"""([^"\\]*(?:(?:\\.|"{1,2}(?!"))[^"\\]*)*)"""', re.DOTALL)
_TRIPLE_RAW = lazy(r"'''([^']*(?:'{1,2}(?!')[^']*)*)'''")
_NO_COPY = frozenset(("true", "false", "null", "~", "yes", "no"))
_DOUBLE_CUT = lazy(
    r"[ \t]*(?:\r\n?|\n)\s*|\\(?:\r\n?|\n)\s*"
    r"|\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[^\r\n])",
)
_SINGLE_CUT = lazy(r"[ \t]*(?:\r\n?|\n)\s*|''")
_FOLD_CUT = lazy(r"[ \t]*(?:\r\n?|\n)\s*")
_PARAGRAPH_GAP = lazy(r"[ \t]*(?:\r\n?|\n)(?:[ \t]*(?:\r\n?|\n))+[ \t]*")
_COPY = frozenset(
    (
        "title",
        "subtitle",
        "description",
        "excerpt",
        "summary",
        "tagline",
        "headline",
        "seo_title",
        "seo_description",
        "meta_title",
        "meta_description",
        "og_title",
        "og_description",
        "og_image_alt",
        "twitter_title",
        "twitter_description",
        "twitter_image_alt",
    )
)
_PARENTS = frozenset(
    ("seo", "og", "opengraph", "open_graph", "twitter", "social", "hero", "meta", "params")
)


def _front_matter(page: _Page, source: str, begin: int) -> int:
    """Write what is copy in the front matter; return where the body begins."""
    if source.startswith("---", begin):
        opening, closing = _YAML, _YAML_END
    elif source.startswith("+++", begin):
        opening, closing = _TOML, _TOML_END
    else:
        return begin
    head = opening.match(source, begin)
    if not head:
        return begin
    start = head.end()
    # The line end before the closing mark may be the one after the opening mark.
    tail = closing.search(source, start - 1)
    if not tail:
        return begin
    end = max(start, tail.start())
    if opening is _YAML:
        # Two thematic breaks with text between them are no front matter.
        if source[start:end].strip() and not _YAML_LIKE.match(source, start, end):
            return begin
        _read_yaml(page, source, start, end)
    else:
        _read_toml(page, source, start, end)
    return tail.end()


def _key(text: str) -> str:
    """Return the one form of a key: ``metaTitle``, ``meta-title`` and ``meta:title`` are one."""
    if not text.islower():
        text = _HUMP.sub("_", text).lower()
    return text.replace("-", "_").replace(":", "_").replace(".", "_")


def _role(key: str) -> str:
    """Return the role of a field."""
    return "title" if key.endswith(("title", "headline")) else "meta"


def _is_copy(key: str, parents: list[str]) -> bool:
    """Tell whether a reader of the page or of a search result sees the field."""
    if not all(parent in _PARENTS for parent in parents):
        return False
    if key in _COPY:
        return True
    name = key.rpartition("_")[2]
    return key.startswith(("twitter_", "og_")) and name in ("title", "description", "headline")


def _read_yaml(page: _Page, source: str, start: int, end: int) -> None:
    """Read YAML front matter: the scalars that are copy, and directives."""
    # The open mappings: indent and key.
    parents: list[tuple[int, str]] = []
    directive = -1
    after = start
    for match in _LINE.finditer(source, start, end):
        at, first = match.span(1)
        stop = match.end(2)
        # A line inside a scalar that was read already.
        if at < after or first == stop or source[first] == "#":
            continue
        indent = first - at
        if directive >= 0:
            item = source.startswith("-", first)
            if indent > directive or (item and indent == directive):
                _directive(page, source, first + item, stop)
                continue
            directive = -1
        found = _YAML_KEY.match(source, first, stop)
        if not found:
            continue
        indent += len(found[1])
        while parents and parents[-1][0] >= indent:
            parents.pop()
        key = _key(found[3])
        value = found.end()
        if key == "kaplint" and not parents:
            directive = indent
            _directive(page, source, value, stop)
        elif value == stop or source[value] == "#":
            if key in _COPY and _is_copy(key, [name for _, name in parents]):
                after = _plain(page, source, (first, stop), end, indent, _role(key))
            parents.append((indent, "-" if found[1] else key))
        elif not found[1] and _is_copy(key, [name for _, name in parents]):
            after = _yaml_scalar(page, source, (value, stop), end, indent, _role(key))


def _directive(page: _Page, source: str, first: int, end: int) -> None:
    """Mark a directive, the value of ``kaplint:`` or an item under it."""
    value = source[first:end]
    first += len(value) - len(value.lstrip(" \t"))
    value = value.strip(" \t")
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
        first += 1
    if value:
        place = (page.size, page.size, first, first + len(value))
        page.marks.append(Mark("comment", *place, f"kaplint: {value}"))


def _yaml_scalar(
    page: _Page, source: str, line: tuple[int, int], end: int, indent: int, role: str
) -> int:
    """Write the scalar that begins on a line; return where it ends."""
    first, stop = line
    char = source[first]
    if char in "\"'":
        match = (_DOUBLE if char == '"' else _SINGLE).match(source, first, end)
        if match:
            _quoted(page, source, match.span(1), role, _DOUBLE_CUT if char == '"' else _SINGLE_CUT)
            return match.end()
        return stop
    if char in "|>":
        if not _SCALAR_HEAD.match(source, first, stop):
            return stop
        return _folded(page, source, stop, end, indent, role)
    if char in "&*!{[%@`":
        return stop
    return _plain(page, source, line, end, indent, role)


def _quoted(
    page: _Page, source: str, span: tuple[int, int], role: str, pattern: re.Pattern[str]
) -> None:
    """Write a quoted scalar."""
    first, last = span
    cuts: list[_Cut] = []
    for match in pattern.finditer(source, first, last):
        new = match[0]
        if new == "''":
            new = "'"
        elif new[0] != "\\":
            new = " "
        elif new[1] in "\r\n":
            new = ""
        elif len(new) > 2:  # A character by its number.
            number = int(new[2:], 16)  # noqa: FURB166 - the prefix is no "0x"
            is_text = number < 0x110000 and not 0xD800 <= number < 0xE000
            new = chr(number) if is_text else "\ufffd"
        else:
            new = " " if new[1] in "nrt" else new[1]
        cuts.append((*match.span(), new, _PLAIN, None))
    page.write((role, source, 0, first, ""), last, cuts)


def _indented(source: str, after: int, end: int, indent: int) -> tuple[int, int]:
    """Return where the lines that are indented deeper than ``indent`` start and end."""
    first = last = -1
    for match in _LINE.finditer(source, after, end):
        start, inside = match.span(1)
        stop = match.end(2)
        if inside == stop:
            continue
        if start > after and inside - start <= indent:
            break
        if start > after:
            first = inside if first < 0 else first
            last = stop
    return first, last


def _folded(page: _Page, source: str, after: int, end: int, indent: int, role: str) -> int:
    """Write a block scalar, each of its paragraphs as a block; return where it ends."""
    first, last = _indented(source, after, end, indent)
    if first < 0:
        return after
    at = first
    for gap in [*_PARAGRAPH_GAP.finditer(source, first, last), None]:
        stop = gap.start() if gap else last
        cuts: list[_Cut] = [
            (*match.span(), " ", _PLAIN, None) for match in _FOLD_CUT.finditer(source, at, stop)
        ]
        page.write((role, source, 0, at, ""), stop, cuts)
        if gap:
            at = gap.end()
    return last


def _plain(
    page: _Page, source: str, line: tuple[int, int], end: int, indent: int, role: str
) -> int:
    """Write a plain scalar, which may go on on deeper lines; return where it ends."""
    first, stop = line
    empty = _YAML_KEY.match(source, first, stop) is not None
    more, last = _indented(source, stop, end, indent)
    if empty:
        # "title:" and the words below it; what looks like a key or an item is no words.
        if more < 0 or source[more] in "-\"'|>&*!{[" or _YAML_KEY.match(source, more, last):
            return stop
        first = more
    elif more < 0:
        last = stop
    for cut in (source.find(" #", first, last), source.find("\t#", first, last)):
        last = cut if cut >= 0 else last
    while last > first and source[last - 1] in " \t\r\n":
        last -= 1
    if last > first and source[first:last].lower() not in _NO_COPY:
        cuts: list[_Cut] = [
            (*match.span(), " ", _PLAIN, None) for match in _FOLD_CUT.finditer(source, first, last)
        ]
        page.write((role, source, 0, first, ""), last, cuts)
    return max(last, stop)


def _read_toml(page: _Page, source: str, start: int, end: int) -> None:
    """Read TOML front matter: the strings that are copy, and directives."""
    parents: list[str] = []
    after = start
    for line in _LINE.finditer(source, start, end):
        at, first = line.span(1)
        stop = line.end(2)
        if at < after or first == stop:
            continue
        table = _TOML_TABLE.match(source, first, stop)
        if table:
            parents = [_key(part.strip(" \t\"'")) for part in table[1].split(".")]
            continue
        found = _TOML_KEY.match(source, first, stop)
        if not found:
            continue
        value = found.end()
        if found[1] == "kaplint" and not parents:
            _directive(page, source, value, stop)
            continue
        names = [_key(part) for part in found[1].split(".")]
        if not _is_copy(names[-1], parents + names[:-1]):
            continue
        for pattern, cut in (
            (_TRIPLE, _DOUBLE_CUT),
            (_TRIPLE_RAW, _FOLD_CUT),
            (_DOUBLE, _DOUBLE_CUT),
            (_SINGLE, _FOLD_CUT),
        ):
            match = pattern.match(source, value, end)
            if match:
                _quoted(page, source, match.span(1), _role(names[-1]), cut)
                after = match.end()
                break


def read(source: str) -> Prose:
    """Return the prose of a Markdown or MDX page."""
    page = _Page()
    begin = 1 if source.startswith("\ufeff") else 0
    body = _front_matter(page, source, begin)
    notes = _Notes(is_template=body > begin or "{%" in source or "{{<" in source)
    blocks = _Blocks(source, notes)
    blocks.read(body)
    for leaf in blocks.leaves:
        if len(leaf) == 2:  # A stretch of HTML
            _write_html(page, source, leaf[1])
        else:
            _write_text(page, leaf, notes)
    return page.prose()
