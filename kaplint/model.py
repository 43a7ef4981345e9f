"""The nouns: every type that passes between two stages. No input, no output, no decisions.

All offsets are in characters, counted from 0, with the end exclusive. Two texts have offsets: the
*source*, the file as it was decoded, and the *prose*, what a reader of the page sees.
"""

from __future__ import annotations

from bisect import bisect_right

from kaplint.records import dataclass, field

__all__ = [
    "Block",
    "Edit",
    "Excuse",
    "Failure",
    "Finding",
    "Fix",
    "Mark",
    "Piece",
    "Prose",
    "Report",
    "Span",
]


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of prose and the stretch of source it was read from.

    Equal lengths mean letter for letter; otherwise the whole stretch stands for the whole source
    (``&amp;`` for ``&``). Prose that no piece covers (the break between two blocks) has no source.
    """

    start: int
    end: int
    source_start: int
    source_end: int


@dataclass(frozen=True, slots=True)
class Block:
    """A block of prose that no sentence crosses, with the part it plays on the page.

    ``role`` is one of: title, heading, paragraph, list-item, table-cell, quote, caption, button,
    label, option, alt, tooltip, placeholder, meta.
    """

    start: int
    end: int
    role: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Something a loader saw that is no prose but bears on it.

    ``kind`` is one of: link (``value`` is its address, the prose range its text), footnote (a
    reference to a note, ``value`` is its label), superscript (the prose range holds the text),
    comment (``value`` is what stands in it), hidden (the prose range is not shown to a reader).
    A mark without prose of its own has ``start == end``, the place in the prose where it stands.
    """

    kind: str
    start: int
    end: int
    source_start: int
    source_end: int
    value: str


@dataclass(frozen=True, slots=True)
class Prose:
    """What a loader makes of a source: the text a reader sees, and where each letter came from.

    Blocks are in order, do not overlap and are parted by at least one newline in ``text``. Pieces
    are in order of the prose and do not overlap.
    """

    text: str
    pieces: tuple[Piece, ...]
    blocks: tuple[Block, ...]
    marks: tuple[Mark, ...] = ()
    _starts: list[int] = field(default_factory=list, repr=False, compare=False)

    def source_span(self, start: int, end: int) -> Span:
        """Return the source range of the prose from ``start`` to ``end``, markup between included.

        Raises ValueError where no character of the range has a source.
        """
        if not self._starts and self.pieces:
            self._starts.extend(piece.start for piece in self.pieces)
        first = max(bisect_right(self._starts, start) - 1, 0)
        low = high = -1
        for piece in self.pieces[first:]:
            if piece.start >= end:
                break
            if piece.end <= start:
                continue
            exact = piece.end - piece.start == piece.source_end - piece.source_start
            if low < 0:
                skip = start - piece.start if exact and start > piece.start else 0
                low = piece.source_start + skip
            cut = piece.end - end if exact and end < piece.end else 0
            high = piece.source_end - cut
        if low < 0:
            message = f"no source for prose {start}:{end}"
            raise ValueError(message)
        return Span(low, high)

    def is_verbatim(self, start: int, end: int) -> bool:
        """Tell whether the source of the range is, letter for letter, the prose of the range."""
        if not self._starts and self.pieces:
            self._starts.extend(piece.start for piece in self.pieces)
        first = max(bisect_right(self._starts, start) - 1, 0)
        at = start
        source = -1
        for piece in self.pieces[first:]:
            if piece.end <= start:
                continue
            if piece.start > at or at >= end:
                break
            if piece.end - piece.start != piece.source_end - piece.source_start:
                return False
            here = piece.source_start + at - piece.start
            if source not in (-1, here):
                return False
            at = min(piece.end, end)
            source = piece.source_start + at - piece.start
        return at >= end


@dataclass(frozen=True, slots=True)
class Edit:
    """Put ``replacement`` in place of a range of the source."""

    start: int
    end: int
    replacement: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A proposal.

    ``kind`` is one of: edit (the smallest change that takes the claim out), rewrite (the sentence
    said anew), insert (words that are missing), delete, question (no edits: what the writer has to
    find out before the words can stand). ``safe`` edits only weaken the claim and keep the grammar;
    the others want a person's eye. ``text`` is how the words would read, or the question.
    ``sources`` are keys of the evidence register that a proposal rests on.
    """

    edits: tuple[Edit, ...]
    safe: bool
    text: str
    kind: str = "edit"
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Excuse:
    """Why a match is not reported: ``by`` names the guard, directive or setting."""

    by: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem at one place of one file.

    ``start`` and ``end`` are source offsets; lines and columns count from 1, columns in
    characters. ``scope`` is "span", or "document" for a duty of the whole page. Where copy is
    published in several jurisdictions, ``strictest`` names those whose severity it bears.
    """

    path: str
    rule: str
    name: str
    category: str
    severity: str
    confidence: str
    scope: str
    start: int
    end: int
    line: int
    column: int
    end_line: int
    end_column: int
    text: str
    message: str
    advice: str
    norms: tuple[str, ...]
    excerpt: str
    role: str
    fixes: tuple[Fix, ...] = ()
    excuse: Excuse | None = None
    strictest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be read or linted, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything one run found: findings (the excused ones too), failures, and the files read.

    ``not_read`` says how many files of the folders hold pages in a form that no reader knows, by
    their suffix.
    """

    findings: tuple[Finding, ...]
    failures: tuple[Failure, ...]
    files: tuple[str, ...]
    not_read: tuple[tuple[str, int], ...] = ()

    @property
    def reported(self) -> tuple[Finding, ...]:
        """Return the findings that nothing excuses."""
        return tuple(finding for finding in self.findings if finding.excuse is None)

    @property
    def excused(self) -> tuple[Finding, ...]:
        """Return the findings that a guard, a directive or a setting excuses."""
        return tuple(finding for finding in self.findings if finding.excuse is not None)
