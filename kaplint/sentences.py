"""Split a block of prose into sentences, fit for clinic copy."""

from __future__ import annotations

import re

__all__ = ["split"]

# Where a sentence may end: the mark, what closes it, references that belong to it, white space.
# It is tried once for each run of marks, so a line of a thousand dots costs no more than its length.
_END = re.compile(
    r"(?P<mark>[.!?\u2026](?<![.!?\u2026]{2})[.!?\u2026]*)(?P<close>[\"'\u2019\u201d\u00bb)\]]*)"
    r"(?:(?:[ \u00a0]?(?:\(\d{1,3}(?:[ ,\u2013-]+\d{1,3})*\)|\[\d{1,3}(?:[ ,\u2013-]+\d{1,3})*\])"
    r"|[\u00b9\u00b2\u00b3\u2070-\u2079])+\.?"
    r"|(?<=[^\W\d_][^\W\d_][.!?])\d{1,3}(?:[,\u2013-]\d{1,3})*)?"  # a note set above the line, as plain text
    r"(?P<space>\s+|$)"
)
_LAST_WORD = re.compile(r"([^\W\d_](?:[^\W\d_]|\.(?=[^\W\d_]))*)$")
_NEXT_WORD = re.compile(r"[\"'\u2018\u201c(\[\u00ab]*([^\W_]+)")

# After these a full stop never ends a sentence.
_NEVER = frozenset(
    (
        "dr drs mr mrs ms mx prof rev sr jr mt vs viz cf approx fig figs eq eds vol pp "
        "nos e.g i.e eg ie hon capt sgt lt messrs dept"
    ).split()
)
# After these it does only where the next word begins sentences.
_SOMETIMES = frozenset(
    (
        "u.s u.k u.s.a e.u d.c n.y m.d ph.d d.o d.d.s r.n p.a n.p m.s b.a b.s psy.d l.c.s.w "
        "a.m p.m am pm etc al inc ltd co corp st ave rd blvd sec jan feb mar apr "
        "jun jul aug sep sept oct nov dec no ca est m.e"
    ).split()
)
_STARTERS = frozenset(
    (
        "the a an this that these those it its we our you your he she his her they their "
        "there here i my in on at for from with by to of as if when while after before since "
        "because although though however but and so or yet not no what why how who where "
        "which ask call book visit learn read contact some many most all each every both "
        "patients people treatment ketamine research studies please take get let do does is "
        "are can may will then thus also once during until unless under over one two three"
    ).split()
)


def split(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the sentences of ``text[start:end]`` as ranges, without white space around them.

    Offsets are those of ``text``; what stands outside of the range is not looked at.
    """
    block = text[start:end]
    sentences: list[tuple[int, int]] = []
    begin = 0
    for match in _END.finditer(block):
        if _ends(block, match, begin):
            _add(sentences, block, begin, match.start("space"), start)
            begin = match.end()
    _add(sentences, block, begin, len(block), start)
    return sentences


# Longer than any sentence that a person wrote: data, or a page without full stops. It is cut at white
# space, so that the work on a page grows with its length and no faster.
LONGEST = 1000


def _add(sentences: list[tuple[int, int]], block: str, begin: int, end: int, offset: int) -> None:
    while end - begin > LONGEST:
        space = max(
            block.rfind(" ", begin, begin + LONGEST), block.rfind("\n", begin, begin + LONGEST)
        )
        cut = space if space > begin else begin + LONGEST
        _add(sentences, block, begin, cut, offset)
        begin = cut
    text = block[begin:end]
    begin += len(text) - len(text.lstrip())
    if text := text.strip():
        sentences.append((offset + begin, offset + begin + len(text)))


def _ends(text: str, match: re.Match[str], begin: int) -> bool:
    if match.end() >= len(text):
        return True
    mark = match["mark"]
    if text.startswith((".", "\u2026"), match.end()):  # "helps . . . reduce": words left out
        return False
    following = _NEXT_WORD.match(text, match.end())
    word = following[1] if following else ""
    if mark == ".":
        near = text[max(begin, match.start() - 24) : match.start()]
        before = _LAST_WORD.search(near, near.rfind(" ") + 1)
        last = before[1].lower() if before else ""
        if last in _NEVER:
            return False
        single = len(last) == 1 and before is not None and before[1].isupper() and last != "i"
        if single or last in _SOMETIMES:
            return word.lower() in _STARTERS and word[:1].isupper()
        # "1. Call us": a number alone is the label of an item, not a sentence.
        if not before and text[begin : match.start()].strip().isdigit():
            return False
    elif (mark.startswith((".", "\u2026")) and len(mark) > 1) or mark == "\u2026":
        return bool(word) and not word[0].islower()
    # "Yahoo! said", "Is it safe? and other questions"
    return not word[:1].islower()
