"""``find: readability:`` the school grade that a page asks of its reader, against a target."""

from __future__ import annotations

from collections.abc import Iterator

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from kaplint.documents import Document, Hit, Match
    from kaplint.matchers.interface import PackWriter
    from kaplint.rulebook import Rule
    from kaplint.yamlfile import Node, YamlFile

__all__ = ["Readability"]


class Readability:
    """Flesch-Kincaid grade of the page; on only where the configuration sets a target."""

    scope = "document"

    def read(self, file: YamlFile, node: Node, pack: PackWriter) -> object:
        """Read the least number of words that a page must have to be graded."""
        del pack
        entries = file.mapping(node, {"words": True})
        return file.number(entries["words"]) if "words" in entries else 100

    def find(self, rule: Rule, hits: list[Hit], document: Document) -> Iterator[Match]:
        """Return one match, at the page's longest sentence, where the grade is above the target."""
        del hits
        least = rule.data
        if document.target_grade is None or not isinstance(least, int):
            return
        if document.words < least and not document.excerpt:
            return
        from kaplint.readability import grade

        found = grade(document)
        if found > document.target_grade:
            sentence = max(document.sentences, key=lambda s: s.last - s.first)
            match = document.match_at(sentence.start, sentence.end)
            if match is not None:
                match.groups["grade"] = f"{found:.0f}"
                match.groups["target"] = f"{document.target_grade:g}"
                yield match
