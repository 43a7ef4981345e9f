"""Disguises change nothing: what a rule flags it flags in other letters, with marks and markup between."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from kaplint import rulebook
from kaplint.documents import open_document
from kaplint.linter import lint

_BOOK = rulebook.load()
_DOCS = rulebook.load_docs()


def _examples() -> list[tuple[int, str]]:
    found = []
    for number, rule in enumerate(_BOOK.rules):
        examples = _DOCS["rules"][rule.code]["bad"]
        assert isinstance(examples, list)
        for example in examples[:3]:
            text = str(example["text"]).replace("«", "").replace("»", "")
            if not re.search(r"[<>\[\]*_#|&`]|\n", text) and rule.scope == "span":
                found.append((number, text))
    return found


EXAMPLES = _examples()
_WORD = re.compile(r"[A-Za-z]{5,}")
_GREEK_AND_CYRILLIC = str.maketrans("aeopcxy", "аеорсху")


def _inside(mark: str) -> Callable[[str], str]:
    """Return a disguise that puts a mark into each longer word."""
    return lambda text: _WORD.sub(lambda m: m[0][:2] + mark + m[0][2:], text)


DISGUISES: dict[str, tuple[str, Callable[[str], str]]] = {
    "soft hyphens": (".txt", _inside("\u00ad")),
    "zero-width spaces": (".txt", _inside("\u200b")),
    "curly quotes": (".txt", lambda text: text.replace("'", "\u2019")),
    "non-breaking spaces": (".txt", lambda text: text.replace(" ", "\u00a0")),
    "non-breaking hyphens": (".txt", lambda text: text.replace("-", "\u2011")),
    "look-alike letters": (
        ".txt",
        lambda text: _WORD.sub(
            lambda m: m[0][:1] + m[0][1:3].translate(_GREEK_AND_CYRILLIC) + m[0][3:], text
        ),
    ),
    "full-width letters": (
        ".txt",
        lambda text: _WORD.sub(lambda m: "".join(chr(ord(c) + 0xFEE0) for c in m[0]), text),
    ),
    "mathematical letters": (
        ".txt",
        lambda text: _WORD.sub(
            lambda m: "".join(chr(0x1D5EE + ord(c) - 97) if c.islower() else c for c in m[0]), text
        ),
    ),
    "capitals": (".txt", str.upper),
    "emoji between words": (".txt", lambda text: text.replace(" ", " \U0001f389 ", 2)),
    "line breaks": (".md", lambda text: text.replace(" ", "\n", 3) if " - " not in text else text),
    "emphasis": (
        ".md",
        lambda text: _WORD.sub(lambda m: f"{m[0][:2]}**{m[0][2:]}**", text, count=4),
    ),
    "tags": (
        ".html",
        lambda text: "<p>" + _WORD.sub(lambda m: f"{m[0][:2]}<b>{m[0][2:]}</b>", text),
    ),
    "entities": (
        ".html",
        lambda text: "<p>" + "".join(f"&#{ord(c)};" if c in "aeu'" else c for c in text),
    ),
    "soft-hyphen entities": (".html", lambda text: "<p>" + _inside("&shy;")(text)),
}
# Capitals hide where a sentence begins and what is a name; the other disguises hide nothing.
LEAST = {"capitals": 0.97, "line breaks": 0.99}


def _flags(number: int, text: str, suffix: str) -> bool:
    document = open_document("page", text, _BOOK, suffix=suffix, excerpt=True)
    found = lint(document, [(number, _BOOK.rules[number])])
    return any(finding.excuse is None for finding in found)


@pytest.mark.parametrize("name", DISGUISES)
def test_a_disguise_changes_nothing(name: str) -> None:
    suffix, disguise = DISGUISES[name]
    plain = [(n, t) for n, t in EXAMPLES if _flags(n, t, suffix)]
    assert len(plain) > 0.9 * len(EXAMPLES)
    lost = [
        f"{_BOOK.rules[n].code}: {disguise(text)!r}"
        for n, text in plain
        if not _flags(n, disguise(text), suffix)
    ]
    assert len(lost) <= (1 - LEAST.get(name, 1.0)) * len(plain), "\n".join(lost[:20])
