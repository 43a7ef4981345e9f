"""``find: fact:`` sentences that contradict a table of facts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kaplint.documents import Document, Hit, Match
    from kaplint.matchers.interface import PackWriter
    from kaplint.rulebook import Rule
    from kaplint.yamlfile import Node, YamlFile

__all__ = ["Fact"]


class Fact:
    """Subject, relation and object, judged by a table."""

    scope = "span"

    def read(self, file: YamlFile, node: Node, pack: PackWriter) -> object:
        """Read the name of the table."""
        return None

    def find(self, rule: Rule, hits: list[Hit], document: Document) -> Iterator[Match]:
        """Return statements that the table contradicts."""
        return iter(())
