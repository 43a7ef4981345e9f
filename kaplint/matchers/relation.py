"""``find: relation:`` a subject, a relation and an object within reach, active or passive."""

from __future__ import annotations

from collections.abc import Iterator

from kaplint.matchers.phrase import longest

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from kaplint.documents import Document, Hit, Match
    from kaplint.matchers.interface import PackWriter
    from kaplint.rulebook import Rule
    from kaplint.yamlfile import Node, YamlFile

__all__ = ["Relation"]


class Relation:
    """Subject, relation, object; in the passive the object comes first and the subject after "by"."""

    scope = "span"

    def read(self, file: YamlFile, node: Node, pack: PackWriter) -> object:
        """Read the three parts, ``reach`` (words between them, 4) and ``passive`` (a pattern)."""
        entries = file.mapping(
            node,
            {"subject": True, "relation": True, "object": True, "passive": False, "reach": False},
        )
        if not {"subject", "relation", "object"} <= entries.keys():
            return None
        reach = file.number(entries["reach"]) if "reach" in entries else 4
        subject, relation, thing = (
            f"({file.text(entries[key])})" for key in ("subject", "relation", "object")
        )
        pack.scan(f"{subject} ..{reach} {relation} ..{reach} {thing}", file, entries["relation"])
        if "passive" in entries:
            passive = file.text(entries["passive"])
            pack.scan(
                f"{thing} ..{reach} ({passive}) ..1 (by|with|through|thanks to) ..{reach} {subject}",
                file,
                entries["passive"],
            )
        return None

    def find(self, rule: Rule, hits: list[Hit], document: Document) -> Iterator[Match]:
        """Return a match for each hit; of two that overlap the longer one stands."""
        del rule
        for hit in longest(hits):
            yield document.match(hit)
