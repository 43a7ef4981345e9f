"""Citations in a file's own style: the mark in the text, and the entry in its list of references."""

from __future__ import annotations

import re

from kaplint.lazy import lazy
from kaplint.model import Edit
from kaplint.records import dataclass
from kaplint.references import plain

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Sequence

    from kaplint.register import Entry

__all__ = [
    "Cited",
    "References",
    "cite",
    "end_of_text",
    "escaped",
    "listed",
    "references",
]

_HEADING = (
    r"(?:references?|sources?|notes|footnotes|bibliography|citations?|works cited|further reading"
    r"|literature|studies cited|evidence)"
)
_MD_HEADING = lazy(
    rf"^(?:#{{1,6}}[ \t]+|\*\*|__)?{_HEADING}(?:\*\*|__|[ \t]*#*|:)?[ \t]*:?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_MD_HASH = lazy(rf"^(#{{1,6}})[ \t]+{_HEADING}\b", re.IGNORECASE | re.MULTILINE)
_HTML_HEADING = lazy(
    rf"<(h[1-6]|p|strong|b|summary)\b[^>]*>\s*(?:<[^>]+>\s*)*{_HEADING}\s*:?\s*(?:</[^>]+>\s*)*</\1>",
    re.IGNORECASE,
)
_MD_NOTE = lazy(r"^\[\^([^\]\s]+)\]:", re.MULTILINE)
_MD_NUMBERED = lazy(r"^([ \t]{0,3})(?:\[)?(\d{1,3})([.)\]]\.?)([ \t]+)\S", re.MULTILINE)
_MD_BULLET = lazy(r"^([ \t]{0,3}[-*+][ \t]+)\S", re.MULTILINE)
_HTML_LIST = lazy(r"<(ol|ul)\b[^>]*>(.*?)</\1\s*>", re.IGNORECASE | re.DOTALL)
_HTML_ITEM = lazy(r"([ \t]*)<li\b([^>]*)>", re.IGNORECASE)
_HTML_ID = lazy(r"""\bid\s*=\s*["']?([A-Za-z_-]*?)(\d+)["']?""", re.IGNORECASE)
_HTML_LINKED = lazy(
    r"""<sup\b[^>]*>\s*<a\b[^>]*\bhref\s*=\s*["']#[A-Za-z_-]*\d+["']""", re.IGNORECASE
)
_RAISED = lazy(r"<sup\b[^>]*>\s*\[?\d", re.IGNORECASE)
_SQUARE = lazy(r"(?<=[\w.,;)\"'%])[ ]?\[\d{1,3}(?:[,\u2013-] ?\d{1,3})*\](?!\()")
_ROUND = lazy(r"(?<=[\w.,;)\"'%])[ ]?\(\d{1,2}(?:[,\u2013-] ?\d{1,2})*\)")
_LINKED = lazy(r"\[\[?\d{1,3}\]?\]\(")
_AFTER_STOP = lazy(r"[.!?]\"?[ ]?(?:\[\^|\[\d|\(\d|<sup)")
_BEFORE_STOP = lazy(r"(?:\[\^[^\]]+\]|\[\d+\]|\(\d+\)|</sup>)[.!?]")
_END_OF_HTML = lazy(
    r"[ \t]*<(?:footer\b|/main>|/article>|/body>"
    r"|section[^>]*(?:id|class)=[\"'][^\"']*(?:footer|reference|sources)[^\"']*[\"'])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class References:
    """How a file gives its sources.

    ``style`` is one of: note (Markdown footnotes), number (a numbered list), author (names and
    years in brackets), link. ``mark`` is a sample of the mark in the text with ``{n}`` for the
    number; ``last`` the greatest number used; ``end`` the source offset where the next reference
    goes, -1 where there is no list; ``item`` the reference to put there, with ``{n}`` and
    ``{text}``. ``after`` says that marks stand after the full stop.
    """

    style: str
    mark: str
    last: int
    end: int
    item: str
    after: bool


@dataclass(frozen=True, slots=True)
class Cited:
    """A sentence with its citation, as source, and the edits that extend the references."""

    text: str
    edits: tuple[Edit, ...]


def references(source: str, kind: str) -> References:
    """Return how a file of a kind (markdown, html, text) gives its sources."""
    after = len(_AFTER_STOP.findall(source)) >= len(_BEFORE_STOP.findall(source))
    if kind == "html":
        return _html(source, after=after)
    notes = list(_MD_NOTE.finditer(source)) if kind == "markdown" else []
    if notes:
        numbers = [int(note[1]) for note in notes if note[1].isdigit()]
        end = _paragraph_end(source, notes[-1].end())
        return References("note", "[^{n}]", max(numbers, default=0), end, "\n[^{n}]: {text}", after)
    heading = None
    for heading in _MD_HEADING.finditer(source):  # noqa: B007 (the last one counts)
        pass
    if heading is None:
        return References("link" if kind == "markdown" else "author", "", 0, -1, "", False)
    items = list(_MD_NUMBERED.finditer(source, heading.end()))
    if items:
        last = items[-1]
        end = _line_end(source, last.end())
        item = f"\n{source[last.start() : last.start(2)]}{{n}}{last[3]}{last[4]}{{text}}"
        if "\n\n" in source[items[-2].end() : last.start()] if len(items) > 1 else False:
            item = f"\n{item}"
        return References("number", _sample(source, kind), int(last[2]), end, item, after)
    bullets = list(_MD_BULLET.finditer(source, heading.end()))
    if bullets:
        end = _line_end(source, bullets[-1].end())
        return References("author", "", 0, end, f"\n{bullets[-1][1]}{{text}}", False)
    end = len(source.rstrip())
    return References("author", "", 0, end, "\n\n{text}", False)


def _html(source: str, *, after: bool) -> References:
    heading = None
    for heading in _HTML_HEADING.finditer(source):  # noqa: B007 (the last one counts)
        pass
    found = _HTML_LIST.search(source, heading.end()) if heading else None
    if found is None:
        return References("link", "", 0, -1, "", False)
    items = list(_HTML_ITEM.finditer(source, found.start(2), found.end(2)))
    if found[1].lower() == "ul" or not items:
        indent = items[-1][1] if items else ""
        return References(
            "author", "", 0, _inner_end(source, found), f"\n{indent}<li>{{text}}</li>", False
        )
    named = _HTML_ID.search(items[-1][2])
    linked = bool(_HTML_LINKED.search(source))
    name = f' id="{named[1]}{{n}}"' if named else ""
    if linked and named:
        mark = f'<sup><a href="#{named[1]}{{n}}">{{n}}</a></sup>'
    elif _RAISED.search(source):
        mark = "<sup>{n}</sup>"
    else:
        mark = _sample(source, "html")
    lines = "\n" in found[2]
    item = f"{chr(10) if lines else ''}{items[-1][1] if lines else ''}<li{name}>{{text}}</li>"
    return References("number", mark, len(items), _inner_end(source, found), item, after)


def _inner_end(source: str, found: re.Match[str]) -> int:
    """Return where the content of a list ends, the blanks before its closing tag left out."""
    return found.start(2) + len(source[found.start(2) : found.end(2)].rstrip())


def _sample(source: str, kind: str) -> str:
    """Return the mark that numbers have in the text."""
    raised = len(_RAISED.findall(source)) if kind != "text" else 0
    counts = {
        "<sup>{n}</sup>": raised,
        " [{n}]": len(_SQUARE.findall(source)),
        " ({n})": len(_ROUND.findall(source)),
    }
    best = max(counts, key=lambda mark: counts[mark])
    return best if counts[best] else " ({n})"


def _line_end(source: str, at: int) -> int:
    end = source.find("\n", at)
    end = len(source) if end < 0 else end
    # A reference may go on in lines that are indented or plain, up to an empty one.
    while True:
        following = source[end + 1 :].split("\n", 1)[0]
        if end >= len(source) or not following.strip() or following.lstrip().startswith(("#", "<")):
            return end - (source[end - 1 : end] == "\r")
        end = end + 1 + len(following)


def _paragraph_end(source: str, at: int) -> int:
    found = re.compile(r"\n[ \t]*\r?\n(?![ \t]{2,}\S)|\Z").search(source, at)
    end = found.start() if found else len(source)
    return len(source[:end].rstrip())


# What a reference says


def _surname(author: str) -> str:
    words = author.split()
    # "Grunebaum MF": initials follow the name.
    return " ".join(w for w in words if not (w.isupper() and len(w) <= 3)) or author


def short_name(entry: Entry) -> str:
    """Return author and year, or what else a source is called by in running text."""
    citation = entry.citation
    if citation is None:
        return ""
    year = str(citation.year) if citation.year else ""
    authors = citation.authors
    if not authors:
        return ", ".join(part for part in (citation.journal or citation.title, year) if part)
    name = _surname(authors[0])
    if len(authors) == 2 and not citation.et_al:
        name = f"{name} and {_surname(authors[1])}"
    elif len(authors) > 2 or citation.et_al:
        name = f"{name} et al."
    return f"{name} {year}".strip()


def listed(source: str, entry: Entry) -> bool:
    """Tell whether a file gives an entry among its sources already."""
    return _place(source, entry) >= 0


def _place(source: str, entry: Entry) -> int:
    citation = entry.citation
    if citation is None:
        return -1
    low = source.lower()
    for sign in (citation.doi, citation.pmid if len(citation.pmid) > 6 else "", citation.title):
        if sign and len(sign) > 6:
            at = low.find(sign.lower())
            if at >= 0:
                return at
    return -1


def cite(source: str, kind: str, sentence: str, entries: Sequence[Entry]) -> Cited | None:
    """Return a sentence with the citation of some entries, as the file cites.

    None where nothing is known of them that could be cited.
    """
    entries = [entry for entry in entries if entry.citation and short_name(entry)]
    if not entries:
        return None
    sentence = escaped(sentence, kind)
    style = references(source, kind)
    if style.style in ("note", "number"):
        edits: list[str] = []
        marks: list[str] = []
        last = style.last
        for entry in entries:
            known = _number(source, entry, style)
            if known:
                marks.append(known)
                continue
            last += 1
            marks.append(str(last))
            text = plain(entry.citation) if entry.citation else ""
            edits.append(
                style.item.replace("{n}", str(last)).replace("{text}", escaped(text, kind))
            )
        mark = "".join(style.mark.replace("{n}", number) for number in marks)
        if style.mark.startswith(" "):
            bracket = style.mark.strip()
            mark = " " + bracket.replace("{n}", ", ".join(marks))
        added = (Edit(style.end, style.end, "".join(edits)),) if edits else ()
        return Cited(_marked(sentence, mark, after=style.after), added)
    names = []
    for entry in entries:
        name = short_name(entry)
        link = entry.citation.link if entry.citation else ""
        if style.style == "link" and link and kind == "markdown":
            names.append(f"[{name}]({link})")
        elif style.style == "link" and link and kind == "html":
            names.append(f'<a href="{escaped(link, kind)}">{escaped(name, kind)}</a>')
        else:
            names.append(escaped(name, kind))
    text = _marked(sentence, f" ({'; '.join(names)})", after=False)
    if style.end < 0:
        return Cited(text, ())
    new = [entry for entry in entries if not listed(source, entry)]
    items = "".join(
        style.item.replace("{text}", escaped(plain(entry.citation), kind))
        for entry in new
        if entry.citation
    )
    return Cited(text, (Edit(style.end, style.end, items),) if items else ())


def escaped(text: str, kind: str) -> str:
    """Return a text as it is written in a file of a kind (markdown, html, text)."""
    if kind != "html":
        return text
    for letter, name in (("&", "amp"), ("<", "lt"), (">", "gt"), ('"', "quot")):
        text = text.replace(letter, f"&{name};")
    return text


def _marked(sentence: str, mark: str, *, after: bool) -> str:
    stop = sentence[-1:] if sentence[-1:] in ".!?" else ""
    if not stop:
        return sentence + mark
    if after:
        return sentence + mark.lstrip() if mark.startswith("[^") or "<" in mark else sentence + mark
    return sentence[:-1] + mark + stop


def _number(source: str, entry: Entry, style: References) -> str:
    """Return the number that an entry has in the list of references, or ""."""
    at = _place(source, entry)
    if at < 0:
        return ""
    if style.style == "note":
        before = [note for note in _MD_NOTE.finditer(source) if note.start() < at]
        return before[-1][1] if before else ""
    if "<li" in style.item:
        heading = None
        for heading in _HTML_HEADING.finditer(source):  # noqa: B007 (the last one counts)
            pass
        found = _HTML_LIST.search(source, heading.end()) if heading else None
        if found is None or not found.start(2) <= at < found.end(2):
            return ""
        return str(sum(1 for item in _HTML_ITEM.finditer(source, found.start(2), at)))
    items = [item for item in _MD_NUMBERED.finditer(source) if item.start() < at]
    return items[-1][2] if items else ""


def end_of_text(source: str, kind: str) -> int:
    """Return where words at the end of a page go: before its references and its footer."""
    if kind == "html":
        headings = list(_HTML_HEADING.finditer(source))
        if headings:
            return headings[-1].start()
        end = _END_OF_HTML.search(source)
        return end.start() if end else len(source.rstrip())
    heading = None
    for heading in _MD_HEADING.finditer(source):  # noqa: B007 (the last one counts)
        pass
    note = _MD_NOTE.search(source) if kind == "markdown" else None
    ends = [found.start() for found in (heading, note) if found and found.start()]
    return len(source[: min(ends, default=len(source))].rstrip())
