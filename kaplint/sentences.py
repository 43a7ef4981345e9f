"""Split a block of prose into sentences, fit for clinic copy."""

from __future__ import annotations

import re

__all__ = ["split"]

# Where a sentence may end: the mark, what closes it, references that belong to it, white space.
_END = re.compile(
    r"(?P<mark>[.!?\u2026]+)(?P<close>[\"'\u2019\u201d\u00bb)\]]*)"
    r"(?P<notes>(?:[ \u00a0]?(?:\(\d{1,3}(?:[ ,\u2013-]+\d{1,3})*\)|\[\d{1,3}(?:[ ,\u2013-]+\d{1,3})*\]))*"
    r"[\u00b9\u00b2\u00b3\u2070-\u2079]*\.?)"
    r"(?P<space>\s+|$)"
)
_LAST_WORD = re.compile(r"([^\W\d_](?:[^\W\d_]|\.(?=[^\W\d_]))*)$")
_NEXT_WORD = re.compile(r"[\"'\u2018\u201c(\[\u00ab]*([^\W_]+)")

# After these a full stop never ends a sentence.
_NEVER = frozenset(
    (
        "dr mr mrs ms mx prof rev sr jr st mt vs viz cf ca approx fig figs eq ed eds vol pp "
        "ch sec no nos e.g i.e eg ie et.al hon gen col capt sgt lt messrs dept est"
    ).split()
) - {"no", "st", "ed", "sec", "ch", "est", "ca", "gen", "col"}
# After these it does only where the next word begins sentences.
_SOMETIMES = frozenset(
    (
        "u.s u.k u.s.a e.u d.c n.y m.d ph.d d.o d.d.s r.n p.a n.p m.s b.a b.s psy.d l.c.s.w "
        "a.m p.m am pm etc al inc ltd co corp st ave rd blvd mg ml kg lb lbs oz min mins hr "
        "hrs sec jan feb mar apr jun jul aug sep sept oct nov dec no ca est m.e"
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

    A line break of the prose ends a sentence. Offsets are those of ``text``.
    """
    sentences: list[tuple[int, int]] = []
    begin = start
    for match in _END.finditer(text, start, end):
        if match.start() < begin or not _ends(text, match, begin, end):
            continue
        _add(sentences, text, begin, match.start("space"))
        begin = match.end()
    _add(sentences, text, begin, end)
    return sentences


def _add(sentences: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        sentences.append((start, end))


def _ends(text: str, match: re.Match[str], begin: int, end: int) -> bool:
    if match.end() >= end:
        return True
    mark = match["mark"]
    following = _NEXT_WORD.match(text, match.end(), end)
    word = following[1] if following else ""
    if mark == ".":
        before = _LAST_WORD.search(text, max(begin, match.start() - 24), match.start())
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
    elif word and word[0].islower() and not match["close"]:
        # "Yahoo! said", "Is it safe? and other questions"
        return False
    return not (word and word[0].islower())
