"""``find: statistic:`` figures of the named shapes (vocabulary classes ``figure-<shape>``)."""

from __future__ import annotations

from collections.abc import Iterator

from kaplint.matchers.phrase import longest

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from kaplint.documents import Document, Hit, Match
    from kaplint.matchers.interface import PackWriter
    from kaplint.rulebook import Rule
    from kaplint.yamlfile import Node, YamlFile

__all__ = ["Statistic"]


class Statistic:
    """Figures: percentages, proportions, counts of people, sums, multiples."""

    scope = "span"

    def read(self, file: YamlFile, node: Node, pack: PackWriter) -> object:
        """Read a list of shapes."""
        for item in file.items(node):
            pack.scan(f"{{figure-{file.text(item)}}}", file, item)
        return None

    def find(self, rule: Rule, hits: list[Hit], document: Document) -> Iterator[Match]:
        """Return one match for each figure, the longest where shapes overlap."""
        del rule
        for hit in longest(hits):
            yield document.match(hit)
