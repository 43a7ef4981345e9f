"""``find: absence:`` a duty of the whole page: it says one thing and never another."""

from __future__ import annotations

from collections.abc import Iterator

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from kaplint.documents import Document, Hit, Match
    from kaplint.matchers.interface import PackWriter
    from kaplint.rulebook import Rule
    from kaplint.yamlfile import Node, YamlFile

__all__ = ["Absence"]


class Absence:
    """Set off by ``where``, on pages that also have each of ``with``, quieted by any of ``lacks``.

    ``lacks`` takes patterns, and the words ``link`` (a link to a source outside the site) and
    ``note`` (a footnote or numbered reference). Only text that a reader can see counts. ``words``
    is the least length of a page that owes the duty.
    """

    scope = "document"

    def read(self, file: YamlFile, node: Node, pack: PackWriter) -> object:
        """Read the patterns."""
        entries = file.mapping(
            node, {"where": True, "with": False, "lacks": True, "words": False, "cites": False}
        )
        if "where" in entries:
            for item in file.items(entries["where"]):
                pack.scan(file.text(item), file, item)
        company = [
            pack.place(file, item, [file.text(item)])
            for item in (file.items(entries["with"]) if "with" in entries else [])
        ]
        lacks: list[object] = []
        if "lacks" in entries:
            lacks = pack.place(file, entries["lacks"], file.texts(entries["lacks"]))
        return {
            "with": company,
            "lacks": lacks,
            "words": file.number(entries["words"]) if "words" in entries else 0,
            "cites": file.flag(entries["cites"]) if "cites" in entries else False,
        }

    def find(self, rule: Rule, hits: list[Hit], document: Document) -> Iterator[Match]:
        """Return the first place that sets the duty off, if nothing on the page meets it."""
        if not hits:
            return
        duty = rule.duty
        if duty is None or (document.words < duty.words and not document.excerpt):
            return
        if duty.cites and document.has_reference():
            return
        if any(document.shows(pattern) for pattern in duty.lacks):
            return
        if not all(document.shows(pattern) for pattern in duty.company):
            return
        for hit in sorted(hits, key=lambda h: (h.sentence, h.start)):
            yield document.match(hit)
