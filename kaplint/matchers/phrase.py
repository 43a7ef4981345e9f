"""``find: phrase:`` a list of patterns; each place that one matches is a finding."""

from __future__ import annotations

from collections.abc import Iterator

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from kaplint.documents import Document, Hit, Match
    from kaplint.matchers.interface import PackWriter
    from kaplint.rulebook import Rule
    from kaplint.yamlfile import Node, YamlFile

__all__ = ["Phrase"]


class Phrase:
    """Words, by pattern."""

    scope = "span"

    def read(self, file: YamlFile, node: Node, pack: PackWriter) -> object:
        """Read a list of patterns."""
        for item in file.items(node):
            pack.scan(file.text(item), file, item)
        return None

    def find(self, rule: Rule, hits: list[Hit], document: Document) -> Iterator[Match]:
        """Return a match for each hit; of two that overlap the longer one stands."""
        del rule
        for hit in longest(hits):
            yield document.match(hit)


def longest(hits: list[Hit]) -> list[Hit]:
    """Return the hits without those that overlap a longer one, in order of place."""
    kept: dict[int, list[Hit]] = {}  # by sentence: a page may hold thousands
    for hit in sorted(hits, key=lambda h: (h.sentence, h.start - h.end, h.start)):
        beside = kept.setdefault(hit.sentence, [])
        if not any(other.start < hit.end and hit.start < other.end for other in beside):
            beside.append(hit)
    return sorted(
        (hit for some in kept.values() for hit in some), key=lambda h: (h.sentence, h.start)
    )
