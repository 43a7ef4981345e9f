"""Citations of the register as references: plain, BibTeX or CSL-JSON.

Each is a dozen fields of known content, so a writer of our own is shorter than the use of a library;
those that format references bring style files and an XML parser along.
"""

from __future__ import annotations

import json
import re

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Iterable

    from kaplint.register import Citation, Entry

__all__ = ["FORMATS", "bibtex", "csl_json", "plain"]

_SUFFIXES = ("Jr", "Sr", "II", "III", "IV")
_INITIALS = re.compile(r"[A-Z](?:-?[A-Z])*")
# What TeX reads as a command, and how it is written as itself.
_TEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "{": r"\{",
    "}": r"\}",
    **{mark: f"\\{mark}" for mark in "&%$#_"},
}


def _name(author: str) -> tuple[str, str, str]:
    """Return family name, initials and suffix; a body or a single name is all family."""
    words = author.split()
    suffix = words.pop() if len(words) > 2 and words[-1] in _SUFFIXES else ""
    if len(words) > 1 and _INITIALS.fullmatch(words[-1]):
        given = re.sub("([A-Z])", r"\1. ", words[-1]).replace(" -", "-").strip()
        return " ".join(words[:-1]), given, suffix
    return author, "", ""


def plain(citation: Citation) -> str:
    """Return one line as medical journals print it, with the address to send a reader to."""
    authors = ", ".join(citation.authors) + (", et al" if citation.et_al else "")
    place = f"{citation.year or ''}"
    if citation.volume or citation.pages:
        issue = f"({citation.issue})" if citation.issue else ""
        pages = f":{citation.pages}" if citation.pages else ""
        place += f"{';' if place else ''}{citation.volume}{issue}{pages}"
    where = " ".join(part for part in (citation.journal, place) if part)
    title = citation.title
    parts = [
        authors and f"{authors}.",
        title if title.endswith(("?", "!")) or not title else f"{title}.",
        where and f"{where}.",
        citation.link,
    ]
    return " ".join(part for part in parts if part)


def _plain(entries: Iterable[Entry]) -> str:
    return "".join(f"{plain(e.citation)}\n" for e in entries if e.citation)


def bibtex(entries: Iterable[Entry]) -> str:
    """Return the citations as a BibTeX file in UTF-8."""
    return "\n".join(_record(entry.key, entry.citation) for entry in entries if entry.citation)


def _record(key: str, citation: Citation) -> str:
    authors = []
    for author in citation.authors:
        family, given, suffix = _name(author)
        # A name of one part stands in braces, or its words would be taken for a given name.
        whole = ", ".join(_tex(part) for part in (family, suffix, given) if part)
        authors.append(whole if given else f"{{{whole}}}")
    if citation.et_al:
        authors.append("others")
    fields = {
        "author": " and ".join(authors),
        # The inner braces keep a style from changing capitals (PTSD, CBT).
        "title": f"{{{_tex(citation.title)}}}" if citation.title else "",
        "journal": _tex(citation.journal),
        "year": str(citation.year or ""),
        "volume": _tex(citation.volume),
        "number": _tex(citation.issue),
        "pages": _tex(citation.pages).replace("-", "--"),
        # These are read as they stand by the packages that set them.
        "doi": citation.doi,
        "pmid": citation.pmid,
        "pmcid": citation.pmcid,
        "url": citation.link,
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@{'article' if citation.journal else 'misc'}{{{key},\n{lines}}}\n"


def _tex(text: str) -> str:
    return "".join(_TEX.get(letter, letter) for letter in text)


def csl_json(entries: Iterable[Entry]) -> str:
    """Return the citations as CSL-JSON, as Zotero and pandoc read it."""
    items = [_item(entry.key, entry.citation) for entry in entries if entry.citation]
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def _item(key: str, citation: Citation) -> dict[str, object]:
    authors: list[dict[str, str]] = []
    for author in citation.authors:
        family, given, suffix = _name(author)
        name = {"family": family, "given": given} if given else {"literal": family}
        authors.append(name | ({"suffix": suffix} if suffix else {}))
    if citation.et_al:
        authors.append({"literal": "et al."})
    item: dict[str, object] = {
        "id": key,
        "type": "article-journal" if citation.journal else "document",
        "title": citation.title,
        "author": authors,
        "container-title": citation.journal,
        "issued": {"date-parts": [[citation.year]]} if citation.year else {},
        "volume": citation.volume,
        "issue": citation.issue,
        "page": citation.pages,
        "DOI": citation.doi,
        "PMID": citation.pmid,
        "PMCID": citation.pmcid,
        "URL": citation.link,
    }
    return {name: value for name, value in item.items() if value}


# Formats that ``kaplint evidence export`` writes, by the name the user types.
FORMATS = {"plain": _plain, "bibtex": bibtex, "csl-json": csl_json}
