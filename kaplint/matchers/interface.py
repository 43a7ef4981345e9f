"""What a kind of finding has to offer, and what it is given."""

from __future__ import annotations

TYPE_CHECKING = False  # importing typing is slow, and type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Protocol

    from kaplint.documents import Document, Hit, Match
    from kaplint.rulebook import Rule
    from kaplint.yamlfile import Node, YamlFile

    class PackWriter(Protocol):
        """What a matcher may ask while a pack is built."""

        categories: tuple[str, ...]

        def scan(self, text: str, file: YamlFile, node: Node) -> None:
            """Have a pattern looked for in every page, for the rule that is being read."""

        def place(self, file: YamlFile, node: Node, texts: list[str]) -> list[object]:
            """Compile patterns that the matcher looks for itself."""

        def facts(self, file: YamlFile, node: Node, table: str) -> dict[str, object]:
            """Compile a table of facts, its entities and relations made classes of the vocabulary."""

        def evidence(self, file: YamlFile, node: Node) -> bool:
            """Make classes of the words by which pages refer to the register of evidence."""

    class Matcher(Protocol):
        """A kind of finding."""

        scope: str

        def read(self, file: YamlFile, node: Node, pack: PackWriter) -> object:
            """Check what stands under the key and return what ``find`` needs, as plain JSON.

            Mistakes are added to the file's problems.
            """

        def find(self, rule: Rule, hits: list[Hit], document: Document) -> Iterator[Match]:
            """Turn the hits of the rule's scanned patterns into matches."""
